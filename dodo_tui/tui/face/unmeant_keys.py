"""Keys that were meant for what the program has just taken out of their way."""

from __future__ import annotations

from textual import events

from dodo_tui.engine.app import EngineApp
from dodo_tui.tui.keys import MENU, OK, Direction

MOVED_SECONDS = 0.5
"""So long after the program moved the focus a key was meant for what had it before."""

_ON_FOCUS = frozenset((*Direction, *OK.split(","), *MENU.split(",")))
"""Keys that do something with what is in focus."""


class UnmeantKeys(EngineApp, part=True):
    """Lets keys do nothing while they cannot have been meant for what they would act on."""

    async def on_event(self, event: events.Event) -> None:
        """Drop a key that was pressed before one can have seen what it would act on."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            now = self.clock.monotonic()
            if now < self._deaf_until_seconds:
                return
            if event.key in _ON_FOCUS and now < self._focus_moved_until_seconds:
                return
        await super().on_event(event)

    def focus_was_moved(self) -> None:
        """The program moved the focus by itself: keys for what is in focus wait a moment."""
        self._focus_moved_until_seconds = self.clock.monotonic() + MOVED_SECONDS

    def screen_was_closed(self) -> None:
        """The program closes a screen by itself, and what lies on it: every key waits a moment.

        Who was writing there would give commands with the letters that follow.
        """
        self._deaf_until_seconds = self.clock.monotonic() + MOVED_SECONDS

    _focus_moved_until_seconds = float("-inf")
    _deaf_until_seconds = float("-inf")
