"""A sentence about something that went wrong is said once: who has seen it is left in peace."""

from __future__ import annotations

from textual import events

from dodo_tui.tui.face.set_once import SetOnce

READING_SECONDS = 8.0
"""As long a sentence stays at least, however many keys are pressed meanwhile."""


class Troubles(SetOnce, part=True):
    """Takes a sentence away with a key, once it could be read; what still lasts stays said."""

    _said_at_seconds = 0.0

    def watch_trouble(self, trouble: str | None) -> None:
        """Remember since when it can be read."""
        if trouble is not None:
            self._said_at_seconds = self.clock.monotonic()

    async def on_event(self, event: events.Event) -> None:
        """A key shows that somebody is there, who has read what was said before."""
        if isinstance(event, events.Key) and not event.is_forwarded and self._is_over:
            self.trouble = None
        await super().on_event(event)

    @property
    def _is_over(self) -> bool:
        """Whether there is a sentence that says nothing new any more."""
        if self.trouble is None or self.trouble_lasts:
            return False
        return self.clock.monotonic() - self._said_at_seconds >= READING_SECONDS
