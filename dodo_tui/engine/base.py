"""What every concern of the engine stands on: the parts, the state that follows the database.

The concerns (`playing`, `signing_in`, `syncing`, `libraries`, `marking`, `listing`, `reading`) are
classes over this one; `app` joins them. A screen calls a method; how it went shows in the state.

What is not needed for the first picture of Home is imported where it is used.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from dodo_tui.config import Settings
from dodo_tui.domain.audience import Privacy
from dodo_tui.domain.cards import Home
from dodo_tui.domain.ids import InvalidKeyError
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import SyncProgress, SyncStatus
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.state import RemovalQuestion, StatefulApp
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage.audience import privacy
from dodo_tui.storage.company import company
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import CATALOGUE_LEASE, QUEUE_LEASE, Lease
from dodo_tui.storage.profiles import ProfileError, has_open_plays, profiles
from dodo_tui.storage.shelves import read_home
from dodo_tui.storage.unsure import count_unsure
from dodo_tui.tracking.status import Overview, overview
from dodo_tui.values import dataclass

if TYPE_CHECKING:
    from dodo_tui.domain.account import Account
    from dodo_tui.engine.cataloguing import Cataloguing
    from dodo_tui.engine.delivery import Delivery

_MOST_NAMED = 8
"""How many of the titles in question are named."""

_SAID = (StorageError, ProviderError, CredentialsError, InvalidKeyError, ProfileError)
"""Errors whose text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class SeenState:
    """What the database says, of one moment."""

    profile: Profile
    people: tuple[Profile, ...]
    home: Home
    overview: Overview
    removals: tuple[RemovalQuestion, ...]
    privacy: Privacy
    to_review: int


def read_state(
    connection: sqlite3.Connection,
    wanted: Profile,
    settings: Settings,
    now: datetime,
    *,
    with_cards: bool = True,
) -> SeenState:
    """Everything the state shows of a profile; of the first one where it has been deleted."""
    people = profiles(connection)
    profile = next((person for person in people if person.id == wanted.id), None) or people[0]
    home = read_home(connection, profile.id, now) if with_cards else Home()
    seen = overview(connection, profile.id, settings)
    removals = _removals(connection, profile.id, seen.syncs)
    return SeenState(
        profile, people, home, seen, removals, privacy(connection), count_unsure(connection)
    )


def _removals(
    connection: sqlite3.Connection, profile_id: int, syncs: tuple[SyncStatus, ...]
) -> tuple[RemovalQuestion, ...]:
    """What waits for the user's word, provider by provider."""
    asking = [sync for sync in syncs if sync.asking]
    if not asking:
        return ()
    from dodo_tui.storage.accounts import find_account
    from dodo_tui.storage.lists import asked_titles

    found = []
    for sync in asking:
        account = find_account(connection, profile_id, sync.provider)
        if account is not None:
            count, titles, asked_at = asked_titles(connection, account.id, _MOST_NAMED)
            found.append(RemovalQuestion(sync.provider, count, titles, asked_at))
    return tuple(found)


def _close_abandoned(connection: sqlite3.Connection, now: datetime) -> None:
    """Close the plays of processes that have gone, before Home is read."""
    if has_open_plays(connection):
        from dodo_tui.tracking.record import close_abandoned

        close_abandoned(connection, now)


class EngineBase(StatefulApp, part=True):
    """The open parts of a running dodo, and its state."""

    SHOWS_CARDS: ClassVar[bool] = True
    """Whether anybody looks at the rows of Home: without a screen they need not be read."""

    def __init__(self, parts: Parts, *, ansi_color: bool = False) -> None:
        """Show what the database says at once: nothing here waits for the network."""
        super().__init__(ansi_color=ansi_color)
        store, clock = parts.store, parts.clock
        self.store = store
        self.set_reactive(EngineBase.profile, parts.profile)
        self.settings = parts.settings
        self.paths = parts.paths
        self.services = parts.services
        self.clock = clock
        self._change_mark = store.change_mark()
        self._progress: Mapping[tuple[int, str], SyncProgress] = {}
        """How far each sync is that this process runs, by profile and provider."""
        self._refresh_wanted = asyncio.Event()
        store.run_now(_close_abandoned, clock.now())
        self._show(self._read_now(parts.profile))
        along = store.run_now(company, self.profile.id)
        self.company = tuple(person for person in self.people if person.id in along)

    @cached_property
    def delivery(self) -> Delivery:
        """Talks with the providers, once Home is painted."""
        from dodo_tui.engine.delivery import Delivery

        return Delivery(
            self.store,
            self.services,
            Lease(self.paths.data / QUEUE_LEASE),
            self.clock,
            self.request_refresh,
            lambda: self.auto_sync,
            on_progress=self._show_progress,
        )

    @cached_property
    def catalogue(self) -> Cataloguing:
        """Asks what is not known yet of what is watched, once Home is painted."""
        from dodo_tui.engine.cataloguing import Cataloguing

        return Cataloguing(
            self.store,
            self.services,
            Lease(self.paths.data / CATALOGUE_LEASE),
            self.clock,
            self.request_refresh,
        )

    def _read_now(self, profile: Profile) -> SeenState:
        """Read the state before the loop runs."""
        return self.store.run_now(
            read_state, profile, self.settings, self.clock.now(), with_cards=self.SHOWS_CARDS
        )

    async def find_account(self, profile_id: int, provider: str) -> Account | None:
        """The account with which a profile is signed in to a provider; None if it is not.

        Raises:
            StorageError: SQLite failed.
        """
        from dodo_tui.storage.accounts import find_account

        return await self.store.run(find_account, profile_id, provider)

    def _do(self, work: Coroutine[None, None, None]) -> None:
        """Carry out something small that the user has asked for; trouble is said, not raised."""

        async def guarded() -> None:
            try:
                await work
            except _SAID as error:
                self.trouble = str(error)

        self.run_worker(guarded(), group="settings", exit_on_error=False)

    def _look_for_changes(self) -> None:
        """Notice what any process has written, within a second, and that a minute has passed."""
        self.minute = int(self.clock.monotonic() // 60)
        mark = self.store.change_mark()
        if mark != self._change_mark:
            self._change_mark = mark
            self.request_refresh()
            self.delivery.wake()

    def request_refresh(self) -> None:
        """Read the state again soon; many requests in a row are one."""
        self._refresh_wanted.set()

    async def _refresh_loop(self) -> None:
        while True:
            await self._refresh_wanted.wait()
            self._refresh_wanted.clear()
            await self.refresh_state()

    async def refresh_state(self) -> None:
        """Set the state to what the database says now."""
        await self._show_profile(self.profile)

    async def _show_profile(self, profile: Profile, *, switch: bool = False) -> None:
        """Set the state to that of a profile; `switch` where it is to be another one's.

        What is shown and who is watching change in one go: no card of one is ever another's.
        """
        before = self.profile.id
        try:
            seen = await self.store.run(
                read_state, profile, self.settings, self.clock.now(), with_cards=self.SHOWS_CARDS
            )
        except StorageError as error:
            self.trouble = str(error)
            return
        if not switch and before != self.profile.id:
            return  # somebody else is watching since; their state is shown already
        was_synced = [sync.last_sync_at for sync in self.sync]
        self._show(seen)
        if was_synced != [sync.last_sync_at for sync in self.sync]:
            self.catalogue.wake()
        self.revision += 1

    def _show(self, seen: SeenState) -> None:
        self.people = seen.people
        if self.profile.id != seen.profile.id:
            self.company = ()
        self.profile = seen.profile
        companions = {person.id for person in self.company}
        self.company = tuple(person for person in seen.people if person.id in companions)
        self.privacy = seen.privacy
        self.continue_watching = seen.home.continue_watching
        self.up_next = seen.home.up_next
        self.library = seen.home.library
        self.watchlist = seen.home.watchlist
        self.providers = seen.overview.providers
        self.sync = self._with_progress(seen.overview.syncs)
        self.removals = seen.removals
        self.auto_sync = seen.overview.auto_sync_enabled
        self.to_review = seen.to_review

    def _viewing_begun(self) -> None:
        """A viewing has begun in another player."""

    def _viewing_over(self) -> None:
        """A viewing has ended and is recorded."""
        self.request_refresh()
        self.delivery.ask_sync()

    def _show_progress(self) -> None:
        """A sync of this process has come further, or ended: nothing to read for that."""
        self._progress = self.delivery.progress
        self.sync = self._with_progress(self.sync)

    def _with_progress(self, syncs: tuple[SyncStatus, ...]) -> tuple[SyncStatus, ...]:
        return tuple(
            replace(sync, progress=self._progress.get((self.profile.id, sync.provider)))
            for sync in syncs
        )

    def _after_write(self) -> None:
        """Something was written, and maybe queued."""
        self.request_refresh()
        self.catalogue.wake()
        self.delivery.wake()
