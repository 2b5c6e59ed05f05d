"""What lies on top of a screen of dodo."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.worker import Worker

from dodo_tui.tui.nav.modal import NavModal

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp


class DodoModal(NavModal[None]):
    """A small screen on top of one of dodo's."""

    @property
    def dodo(self) -> DodoApp:
        """The app, with its type."""
        return cast("DodoApp", self.app)

    def refill(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Read what it shows, instead of a reading that is under way."""
        _worker: Worker[None] = self.run_worker(
            partial(self.dodo.with_trouble_said, work),
            group="fill",
            exclusive=True,
            exit_on_error=False,
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Reading for it failed: the app says so."""
        self.dodo.on_worker_state_changed(event)
