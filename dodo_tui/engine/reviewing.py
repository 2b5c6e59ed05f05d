"""Saying what files are: what waits for the user's word, searches, and carrying the word out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dodo_tui.domain.ids import Kind
from dodo_tui.engine.base import EngineBase
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from dodo_tui.domain.review import Corrected, Correction, Reach, ReviewEntry, Subject
    from dodo_tui.domain.why import Why


class Reviewing(EngineBase, part=True):
    """Reads and writes what files are; `title_search` tells how a search goes."""

    async def read_review(self) -> tuple[ReviewEntry, ...]:
        """What waits for the user's word, and what no provider knew."""
        from dodo_tui.storage.review import review_entries

        return await self.store.run(review_entries)

    async def read_review_entry(self, subject: Subject) -> ReviewEntry | None:
        """How a file or a title stands; None: it is not known any more."""
        from dodo_tui.storage.review import entry_of

        return await self.store.run(entry_of, subject)

    async def read_file_of(self, key: str) -> ReviewEntry | None:
        """How the file of a film, an episode or a title stands, or what was imported by its name.

        None: nothing of it is here.
        """
        from dodo_tui.storage.review import entry_of_key

        return await self.store.run(entry_of_key, key)

    async def read_reach(self, subject: Subject) -> Reach | None:
        """How many files each scope of a decision would be about."""
        from dodo_tui.tracking.correcting.reaching import reach_of

        return await reach_of(self.store, subject)

    async def read_why(self, key: str) -> Why | None:
        """Everything that is known of a film or an episode, from the file to what waits."""
        from dodo_tui.storage.why import why

        return await self.store.run(why, self.profile.id, key)

    def search_title(self, text: str, *, is_episode: bool) -> None:
        """Look for titles of a name; `title_search` tells how it goes."""
        from dodo_tui.domain.review import TitleSearch

        self.title_search = TitleSearch(text, running=True)
        self.run_worker(
            self._search_title(text, is_episode),
            group="title-search",
            exclusive=True,
            exit_on_error=False,
        )

    async def _search_title(self, text: str, is_episode: bool) -> None:
        from dodo_tui.domain.review import TitleSearch
        from dodo_tui.engine.identifying import account_to_ask
        from dodo_tui.tracking.identifying.identify import search_titles

        kinds = (Kind.SHOW, Kind.ANIME, Kind.MOVIE)
        if not is_episode:
            kinds = (Kind.MOVIE, Kind.SHOW, Kind.ANIME)
        account = await self.store.run(account_to_ask, self.profile.id)
        if account is None:
            trouble = (
                "Titles are looked up at Simkl or Trakt. Connect one under Settings, Integrations."
            )
            self.title_search = TitleSearch(text, trouble=trouble)
            return
        try:
            provider = await asyncio.to_thread(
                self.services.provider, account.provider, account.profile_id
            )
            try:
                found = await search_titles(self.store, provider, self.clock, text, kinds)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError, StorageError) as error:
            self.title_search = TitleSearch(text, trouble=f"{error} Try again later.")
            return
        self.title_search = TitleSearch(text, found=found)

    async def correct(self, correction: Correction) -> Corrected | None:
        """Carry out what the user says of a file; None where it could not be: `trouble` says why.

        What was told wrongly is taken back and told right.
        """
        from dodo_tui.tracking.correcting.correct import CannotCorrectError, correct

        try:
            corrected = await correct(self.store, self.clock, correction)
        except (StorageError, CannotCorrectError) as error:
            self.trouble = str(error)
            return None
        self.trouble = None
        self._after_write()
        return corrected

    async def accept_candidate(self, media_id: str) -> str:
        """The user says that a title is what it may be; answers the id it has from now on."""
        from dodo_tui.domain.review import Choice, Correction, Scope

        entry = await self.read_file_of(media_id)
        if entry is None or not entry.candidates:
            return media_id
        best = entry.candidates[0]
        choice = Choice(best.kind, best.title, best.year, best.ids, best.media_id)
        done = await self.correct(Correction(entry.subject, Scope.SERIES, choice))
        return media_id if done is None else done.media_id
