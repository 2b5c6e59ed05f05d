"""What screens read from the database beyond the reactive state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dodo_tui.engine.base import EngineBase
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from dodo_tui.domain.browse import LibraryTitle
    from dodo_tui.domain.cards import About, TitlePage
    from dodo_tui.domain.history import HistoryEntry
    from dodo_tui.domain.queue import NamedFact
    from dodo_tui.domain.statistics import Statistics

MOST_HISTORY = 1000
"""How many plays the history screen holds."""


class Reading(EngineBase, part=True):
    """Reads for screens; all of it off the event loop."""

    async def with_trouble_said(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do what reads; what the database cannot do is one sentence on the screen."""
        try:
            await work()
        except StorageError as error:
            self.trouble = str(error)

    async def read_sync_log(self) -> tuple[tuple[datetime, str], ...]:
        """What the syncs did, newest first, in words."""
        from dodo_tui.storage.synclog import sync_log

        return await self.store.run(sync_log, self.profile.id)

    async def read_title(self, media_id: str) -> TitlePage | None:
        """Everything about a title, also by an id that it no longer has; None if it is unknown."""
        return await self.store.run(_page_of, self.profile.id, media_id)

    async def read_about(self, media_id: str) -> About:
        """What the catalogue has said of a title so far; nobody is asked."""
        from dodo_tui.storage.catalogue import about_title

        return await self.store.run(about_title, media_id)

    def look_up(self, media_id: str) -> None:
        """Ask the catalogue what is missing of a title that is being looked at.

        What comes shows with the next `revision`.
        """

        async def ask() -> None:
            await self.catalogue.ask_about(media_id)

        self.run_worker(ask(), group="look-up", exclusive=True, exit_on_error=False)

    async def read_titles(self) -> tuple[LibraryTitle, ...]:
        """Every title on this device or on the watchlist, in no order."""
        from dodo_tui.storage.browse import library_titles

        return await self.store.run(library_titles, self.profile.id, self.clock.now())

    async def read_history(self) -> tuple[HistoryEntry, ...]:
        """The plays of the profile, newest first."""
        from dodo_tui.storage.history import history

        return await self.store.run(history, self.profile.id, MOST_HISTORY)

    async def read_month(self, year: int, month: int) -> tuple[HistoryEntry, ...]:
        """The plays of the profile in a month (1–12) of this place, newest first."""
        from dodo_tui.domain.statistics import month_bounds
        from dodo_tui.storage.history import history

        between = month_bounds(year, month)
        return await self.store.run(history, self.profile.id, limit=MOST_HISTORY, between=between)

    async def read_statistics(self, year: int) -> Statistics:
        """A year of the profile, added up."""
        from dodo_tui.storage.statistics import statistics

        return await self.store.run(statistics, self.profile.id, year, self.clock.now())

    async def read_queue(self) -> tuple[NamedFact, ...]:
        """What waits, with the name of what each row is about."""
        from dodo_tui.storage.history import named_facts

        return await self.store.run(named_facts, self.profile.id)

    async def is_untouched(self) -> bool:
        """Whether nothing was watched, found or connected here yet."""
        from dodo_tui.storage.profiles import is_untouched

        return await self.store.run(is_untouched)

    async def read_folders(self) -> tuple[str, ...]:
        """The media folders."""
        from dodo_tui.storage.folders import media_folders

        return await self.store.run(media_folders)


def _page_of(connection: sqlite3.Connection, profile_id: int, media_id: str) -> TitlePage | None:
    """A title's page by whichever of its ids: one that was open may have been identified since."""
    from dodo_tui.storage.media import find_media
    from dodo_tui.storage.shelves import title_page

    known = find_media(connection, media_id)
    return title_page(connection, profile_id, str(known.id) if known is not None else media_id)
