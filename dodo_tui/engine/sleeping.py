"""Before this machine sleeps what plays is paused, kept and told; afterwards one looks again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dodo_tui.clock import slept_seconds
from dodo_tui.engine.steering import Steering

if TYPE_CHECKING:
    from dodo_tui.engine.logind import Logind

_AFTER_START_SECONDS = 3.0
"""Nothing of it is imported for the first picture."""

_SLEEP_SECONDS = 3.0
"""A suspension that is noticed; the two clocks that tell of it are not read at the same moment."""


class Sleeping(Steering, part=True):
    """Minds the sleep of the machine, also where nobody says when it begins."""

    _slept_seconds = 0.0

    def on_mount(self) -> None:
        """It may have slept before."""
        self._slept_seconds = slept_seconds()

    def on_ready(self) -> None:
        """Hear of it, where there is somebody to say it."""
        logind = self.services.logind()
        if logind is not None:
            self.run_worker(self._mind_sleep(logind), group="sleep", exit_on_error=False)

    async def _mind_sleep(self, logind: Logind) -> None:
        await self.clock.sleep(_AFTER_START_SECONDS)
        await logind.mind(self._before_sleep, self._after_sleep)

    async def _before_sleep(self) -> None:
        """What plays here is paused; what is watched elsewhere is kept as it stands."""
        from dodo_tui.engine.settling import pause, settle

        await asyncio.gather(pause(self.session), self.hold_watching())
        await settle(self.store, self.delivery, self.clock)

    def _after_sleep(self) -> None:
        """The other devices were awake, players may have come, and sockets may be dead."""
        self.look_again()
        self.delivery.ask_sync()

    def _look_for_changes(self) -> None:
        """Once a second: also whether the machine was suspended and nobody has said so."""
        super()._look_for_changes()
        before, self._slept_seconds = self._slept_seconds, slept_seconds()
        if self._slept_seconds - before >= _SLEEP_SECONDS:
            self._after_sleep()
