"""Looking after the plays of other processes: one that was killed cannot close its own."""

from __future__ import annotations

import contextlib

from dodo_tui.engine.base import EngineBase
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.owner import is_alive, this_process


class Outliving(EngineBase, part=True):
    """Closes the play of a process that has gone, within seconds."""

    _others_that_play: frozenset[str] = frozenset()

    def on_ready(self) -> None:
        """Somebody may be playing already."""
        self._do(self._note_who_plays())

    async def refresh_state(self) -> None:
        """Also note who plays."""
        await super().refresh_state()
        with contextlib.suppress(StorageError):  # it has been said already
            await self._note_who_plays()

    async def _note_who_plays(self) -> None:
        from dodo_tui.storage.plays import open_play_owners

        self._others_that_play = await self.store.run(open_play_owners) - {this_process()}

    def _look_for_changes(self) -> None:
        """Once a second: also whether whoever plays still lives."""
        super()._look_for_changes()
        if all(map(is_alive, self._others_that_play)):
            return
        self._others_that_play = frozenset()
        from dodo_tui.tracking.record import close_abandoned

        async def close() -> None:
            if await self.store.run(close_abandoned, self.clock.now()):
                self._after_write()

        self._do(close())
