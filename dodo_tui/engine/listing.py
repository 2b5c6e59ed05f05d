"""Ratings, lists and forgetting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dodo_tui.domain.ids import Key
from dodo_tui.domain.lists import ListStatus
from dodo_tui.engine.base import EngineBase

if TYPE_CHECKING:
    from dodo_tui.domain.forgetting import ForgetPlan


class Listing(EngineBase, part=True):
    """Writes what the user says about a title as a whole; `key` may be any of its episodes'."""

    def rate(self, key: str, rating: int | None) -> None:
        """Rate a title 1–10, or take the rating back."""
        from dodo_tui.tracking import listing

        async def write() -> None:
            now = self.clock.now()
            await self.store.run(listing.rate, self.profile.id, Key.parse(key), rating, now)
            self._after_write()

        self._do(write())

    def set_list(self, key: str, status: ListStatus | None) -> None:
        """Put a title on a list, or take it off all of them. What was watched of it stays."""
        from dodo_tui.tracking import listing

        async def write() -> None:
            now = self.clock.now()
            try:
                await self.store.run(listing.set_list, self.profile.id, Key.parse(key), status, now)
            except listing.NotPossibleError as error:
                self.trouble = str(error)
            self._after_write()

        self._do(write())

    def unhide(self, key: str) -> None:
        """Show a hidden title again."""
        from dodo_tui.tracking import listing

        async def write() -> None:
            now = self.clock.now()
            await self.store.run(listing.unhide, self.profile.id, Key.parse(key), now)
            self._after_write()

        self._do(write())

    async def plan_forget(self, key: str) -> ForgetPlan | None:
        """What forgetting a title would do."""
        from dodo_tui.tracking import listing

        return await self.store.run(listing.plan_forget, self.profile.id, Key.parse(key))

    def forget(self, key: str, *, there: bool) -> None:
        """Forget what was watched of a title, at the providers, too, if `there`."""
        from dodo_tui.tracking import listing

        async def write() -> None:
            now = self.clock.now()
            try:
                await self.store.run(
                    listing.forget, self.profile.id, Key.parse(key), now, there=there
                )
            except listing.NotPossibleError as error:
                self.trouble = str(error)
            self._after_write()

        self._do(write())
