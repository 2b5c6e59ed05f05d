"""Devices that sync with a provider, each with a database of its own."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account, User
from dodo_tui.domain.cards import Card
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.media import Media
from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.progress import Progress
from dodo_tui.domain.queue import Told
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts
from dodo_tui.storage.database import transaction
from dodo_tui.storage.history import history
from dodo_tui.storage.media import save_media
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.shelves import home_shelves
from dodo_tui.storage.store import Store
from dodo_tui.tracking.marks import mark_unwatched, mark_watched
from dodo_tui.tracking.record import Entry, write_entry
from dodo_tui.tracking.scrobble import decide
from dodo_tui.tracking.sync import SyncResult, sync
from dodo_tui.tracking.viewing import new_play_id
from tests.support.clock import FakeClock
from tests.sync.server import DURATION_SECONDS, FILM, MemoryProvider, Place, key_of


class Device:
    """A dodo with a database of its own, signed in to a provider."""

    def __init__(self, folder: Path, provider: Provider, clock: Clock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.store = Store.open(folder / "dodo.db")
        self.clock = clock
        self.profile = self.store.run_now(active_profile, None, self.clock.now())
        self.provider = provider
        self.user: str | None = None
        self.account = self.connect("1")

    def connect(self, user: str) -> Account:
        """Sign in."""
        if isinstance(self.provider, MemoryProvider) and self.user not in (None, user):
            self.provider.pulled_whole.clear()
        self.user = user
        self.account = self.store.run_now(
            accounts.connect_account,
            self.profile.id,
            "simkl",
            User(user, f"User {user}"),
            self.clock.now(),
        )
        return self.account

    async def sync(self) -> SyncResult:
        """One sync."""
        return await sync(self.store, self.account, self.provider, self.clock, by_hand=True)

    def play(self, media: Media, place: Place, percent: float) -> None:
        """A viewing that ends now; it counts as watched from 90 % on."""
        now = self.clock.now()
        viewing = self.viewing(media, place, percent)
        watched_at = now if percent >= 90 else None
        playback = replace(viewing, end=End.CLOSED, watched_at=watched_at)
        decision = decide(Told(started=True), playback)
        entry = Entry(playback, decision, opens=True, touches=True)
        self.store.run_now(write_entry, entry, now)

    def viewing(self, media: Media, place: Place, percent: float) -> Playback:
        """One that stands now where so much of it was seen."""
        now = self.clock.now()
        self.know(media)
        return Playback(
            play_id=new_play_id(),
            profile_id=self.profile.id,
            key=str(key_of(media, place)),
            title=media.title,
            label="",
            source="mpv",
            item="1",
            started_at=now - timedelta(seconds=1),
            at=now,
            clock_seconds=0.0,
            position_seconds=percent / 100 * DURATION_SECONDS,
            duration_seconds=DURATION_SECONDS,
            furthest_seconds=percent / 100 * DURATION_SECONDS,
            played_seconds=DURATION_SECONDS,
        )

    def know(self, media: Media) -> None:
        """Have heard of a title before."""

        def save(connection: sqlite3.Connection) -> None:
            with transaction(connection, durable=False):
                save_media(connection, media, self.clock.now())

        self.store.run_now(save)

    def mark(self, media: Media, place: Place, at: datetime) -> None:
        """Mark watched by hand."""
        self.know(media)
        key = key_of(media, place)
        self.store.run_now(mark_watched, self.profile.id, key, at, self.clock.now())

    def unmark(self, media: Media, place: Place) -> None:
        """Mark unwatched by hand."""
        key = key_of(media, place)
        self.store.run_now(mark_unwatched, self.profile.id, key, self.clock.now())

    def progress(self, media: Media, place: Place = FILM) -> Progress | None:
        """Where the profile stands."""
        key = str(key_of(media, place))
        return self.store.run_now(find_progress, self.profile.id, key)

    def history(self) -> tuple[HistoryEntry, ...]:
        """The plays, newest first."""
        return self.store.run_now(history, self.profile.id)

    def continue_watching(self) -> tuple[Card, ...]:
        """The row of Home."""
        return self.store.run_now(home_shelves, self.profile.id, self.clock.now())[0]

    def close(self) -> None:
        """End it."""
        self.store.close()


def earlier(clock: FakeClock, **ago: float) -> datetime:
    """A whole second of the past."""
    return (clock.now() - timedelta(**ago)).replace(microsecond=0)


def dated(progress: Progress | None) -> Progress:
    """A progress row that must be there, for comparing."""
    assert progress is not None
    return replace(progress)
