"""Marks by hand."""

from __future__ import annotations

from dodo_tui.domain.ids import Key
from dodo_tui.engine.base import EngineBase


class Marking(EngineBase, part=True):
    """Writes what the user says about a title."""

    def mark(self, key: str, *, watched: bool) -> None:
        """Mark a film or an episode watched now, or take the mark back."""
        from dodo_tui.tracking import marks

        profile_id = self.profile.id

        async def write() -> None:
            now = self.clock.now()
            parsed = Key.parse(key)
            if watched:
                await self.store.run(marks.mark_watched, profile_id, parsed, now, now)
            else:
                await self.store.run(marks.mark_unwatched, profile_id, parsed, now)
            self._after_write()

        self._do(write())

    def hide(self, key: str) -> None:
        """Hide a title until it is played again."""
        from dodo_tui.tracking import marks

        profile_id = self.profile.id

        async def write() -> None:
            await self.store.run(marks.hide, profile_id, Key.parse(key), self.clock.now())
            self._after_write()

        self._do(write())
