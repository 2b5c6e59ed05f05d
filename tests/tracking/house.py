"""A household with files on a disk, signed in to the stand-in Simkl over real sockets."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from dodo_tui.config import Settings
from dodo_tui.domain.account import Account, User
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.progress import Progress
from dodo_tui.domain.queue import QueueKind, Told
from dodo_tui.domain.review import Choice, Corrected, Correction, Place, Scope
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import accounts, files, queued
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.store import Store
from dodo_tui.tracking.correcting.correct import correct
from dodo_tui.tracking.playing import parts_of
from dodo_tui.tracking.record import Entry, write_entry
from dodo_tui.tracking.scanning import scan_library
from dodo_tui.tracking.scrobble import decide
from dodo_tui.tracking.sync import SyncResult, sync
from dodo_tui.tracking.viewing import new_play_id
from tests.providers.standin_support import StandInClock, signed_in
from tests.providers.support import MemoryStore

DURATION = 3000.0

BREAKING_BAD = Choice(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747"), "tt0903747")
WALKING_DEAD = Choice(Kind.SHOW, "The Walking Dead", 2010, Ids(imdb="tt1520211"), "tt1520211")
MATRIX = Choice(Kind.MOVIE, "The Matrix", 1999, Ids(imdb="tt0133093"), "tt0133093")
INCEPTION = Choice(Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666"), "tt1375666")


class House:
    """Files, a database, and an account that has been synced once."""

    def __init__(self, root: Path, standin: StandIn, time: ManualClock) -> None:
        self.folder = root / "media"
        self.folder.mkdir(parents=True)
        self.standin, self.time = standin, time
        self.clock = StandInClock(time)
        self.store = Store.open(root / "dodo.db")
        self.profile = self.store.run_now(active_profile, None, self.clock.now())
        self.tokens = MemoryStore(None)
        self.provider = SimklProvider("demo-v2", standin.url, self.tokens, self.clock)

    async def begin(self) -> None:
        """Sign in, and sync for the first time."""
        self.tokens.tokens = await signed_in(self.standin, self.provider)
        await self.sync()

    @property
    def account(self) -> Account:
        """The account of the profile."""
        found = self.store.run_now(accounts.find_account, self.profile.id, "simkl")
        if found is not None:
            return found
        return self.store.run_now(
            accounts.connect_account, self.profile.id, "simkl", User("1", "Dodo"), self.clock.now()
        )

    async def close(self) -> None:
        """End it."""
        await self.provider.close()
        self.store.close()

    def add(self, *names: str) -> None:
        """Put files into the folder and find them."""
        for name in names:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        self.scan()

    def scan(self) -> None:
        """Look through the folder."""
        settings = Settings(library=(str(self.folder),))
        scan_library(self.store, settings, self.clock, lambda _progress: None, lambda: False)

    def file(self, name: str) -> files.LibraryFile:
        """A file as it is known."""
        found = self.store.run_now(files.find_file, str(self.folder / name))
        assert found is not None, name
        return found

    def keys(self, name: str) -> tuple[str, ...]:
        """What a file is taken for."""
        return self.file(name).keys

    async def play(self, name: str, percent: float = 95.0) -> str:
        """Play a file so far; it is watched from 90 % on. Answers the id of the viewing."""
        self.time.advance(7200)
        path = str(self.folder / name)
        part = (await parts_of(self.store, path, self.clock))[0]
        now = self.clock.now()
        position = percent / 100 * DURATION
        playback = Playback(
            play_id=new_play_id(),
            profile_id=self.profile.id,
            key=part.key,
            title=part.title,
            label="",
            source="mpv",
            item="1",
            started_at=now - timedelta(seconds=1),
            at=now,
            clock_seconds=0.0,
            position_seconds=position,
            duration_seconds=DURATION,
            furthest_seconds=position,
            played_seconds=position,
            end=End.CLOSED,
            watched_at=now if percent >= 90 else None,
            path=path,
        )
        decision = decide(Told(started=True), playback)
        entry = Entry(playback, decision, opens=True, touches=True)
        self.store.run_now(write_entry, entry, now)
        return playback.play_id

    async def sync(self) -> SyncResult:
        """One sync, a while after the last thing."""
        self.time.advance(1200)
        return await sync(self.store, self.account, self.provider, self.clock, by_hand=True)

    async def sync_to_the_end(self) -> None:
        """Sync until one has gone through."""
        for _ in range(20):
            if (await self.sync()).error is None and not self.facts:
                return
        raise AssertionError(self.facts)

    async def correct(
        self,
        name: str,
        choice: Choice | None,
        scope: Scope = Scope.SERIES,
        place: tuple[int, int] | None = None,
    ) -> Corrected:
        """Say what a file is."""
        where = None if place is None else Place(*place)
        return await correct(
            self.store, self.clock, Correction(self.file(name).id, scope, choice, where)
        )

    async def back_to_name(self, name: str) -> Corrected:
        """Take back what was said of a file."""
        correction = Correction(self.file(name).id, Scope.FILE, None, takes_back=True)
        return await correct(self.store, self.clock, correction)

    @property
    def facts(self) -> list[tuple[QueueKind, str]]:
        """What waits, in order."""
        rows = self.store.run_now(queued.all_facts, self.profile.id)
        return [(row.kind, row.key) for row in rows]

    def progress(self, key: str) -> Progress | None:
        """Where the profile stands."""
        return self.store.run_now(find_progress, self.profile.id, key)

    def watched_there(self, title: str, *place: int) -> datetime | None:
        """When Simkl thinks that it was watched."""
        return self.standin.person().watched_at(title, *place)
