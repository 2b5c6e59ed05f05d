"""Two people of a household who are signed in with one account."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from dodo_tui.domain.account import Account, User
from dodo_tui.domain.ids import Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.queue import QueueKind, Told
from dodo_tui.library.match import Verdict
from dodo_tui.storage import accounts, queued
from dodo_tui.storage.history import history
from dodo_tui.storage.plays import open_plays
from dodo_tui.storage.profiles import add_profile
from dodo_tui.tracking.identifying.due import NamedTitle
from dodo_tui.tracking.identifying.judging import Thought
from dodo_tui.tracking.identifying.keeping import adopt
from dodo_tui.tracking.record import Entry, close_play, write_entry
from dodo_tui.tracking.scrobble import decide
from dodo_tui.tracking.sync import sync
from tests.sync.device import Device, earlier
from tests.sync.server import FILM, HEAT, MemoryProvider, MemoryServer


class Ben:
    """The other one, with an account of his own at this device that is the same user's."""

    def __init__(self, tv: Device, server: MemoryServer) -> None:
        self.tv = tv
        self.profile: Profile = tv.store.run_now(add_profile, "Ben", tv.clock.now())
        self.provider = MemoryProvider(server)
        self.account: Account = tv.store.run_now(
            accounts.connect_account, self.profile.id, "simkl", User("1", "User 1"), tv.clock.now()
        )

    async def sync(self) -> None:
        """One sync."""
        tv = self.tv
        await sync(tv.store, self.account, self.provider, tv.clock, by_hand=True)

    @property
    def sources(self) -> list[str]:
        """Where his plays are from, newest first."""
        return [play.source for play in self.tv.store.run_now(history, self.profile.id)]


@pytest.fixture
def ben(tv: Device, server: MemoryServer) -> Ben:
    """Beside whoever the television's dodo is."""
    return Ben(tv, server)


def together(tv: Device, ben: Ben, *, is_over: bool) -> Playback:
    """Both watch a film."""
    return replace(
        tv.viewing(HEAT, FILM, 95.0),
        watched_at=tv.clock.now() if is_over else None,
        with_profile_ids=(ben.profile.id,),
    )


def facts(tv: Device, ben: Ben) -> list[QueueKind]:
    """What is still to be told, in anybody's name."""
    rows = [tv.store.run_now(queued.all_facts, each.id) for each in (tv.profile, ben.profile)]
    return [row.kind for row in (*rows[0], *rows[1])]


async def test_each_has_what_was_watched_elsewhere(
    tv: Device, ben: Ben, server: MemoryServer
) -> None:
    """Both are told the same viewing, and have it in the history once."""
    server.watch(HEAT, FILM, earlier(server.clock, days=3))
    for _ in range(2):
        await tv.sync()
        await ben.sync()
    assert [play.source for play in tv.history()] == ["simkl"]
    assert ben.sources == ["simkl"]


async def test_what_both_watch_is_told_once(tv: Device, ben: Ben, server: MemoryServer) -> None:
    """Else one who counts what it is told would count it twice."""
    playback = together(tv, ben, is_over=True)
    entry = Entry(playback, decide(Told(started=True), playback), opens=True, touches=True)
    tv.store.run_now(write_entry, entry, tv.clock.now())
    assert facts(tv, ben) == [QueueKind.WATCHED]
    server.clock.advance(1200)
    for _ in range(2):
        await tv.sync()
        await ben.sync()
    assert sum("deliver" in request for request in server.requests) == 1
    assert [play.source for play in tv.history()] == ["mpv"]
    assert ben.sources == ["mpv"]


def test_what_both_watched_when_dodo_was_killed_is_told_once(tv: Device, ben: Ben) -> None:
    """Their plays are closed one by one, by whoever comes first."""
    playback = together(tv, ben, is_over=False)
    entry = Entry(playback, decide(Told(), replace(playback, paused=True)), True, True)
    tv.store.run_now(write_entry, entry, tv.clock.now())

    def close(connection: sqlite3.Connection) -> int:
        return sum(close_play(connection, play, tv.clock.now()) for play in open_plays(connection))

    assert tv.store.run_now(close) == 2
    assert facts(tv, ben) == [QueueKind.WATCHED]


async def test_what_is_identified_later_is_told_once(
    tv: Device, ben: Ben, server: MemoryServer
) -> None:
    """Both watched it before either was signed in, and both chose to merge."""
    local = Media(MediaId.parse("local:0123456789abcdef"), Kind.MOVIE, "Heat", 1995)
    playback = replace(
        tv.viewing(local, FILM, 95.0),
        end=End.CLOSED,
        watched_at=tv.clock.now(),
        with_profile_ids=(ben.profile.id,),
    )
    told = decide(Told(started=True), playback)
    tv.store.run_now(write_entry, Entry(playback, told, opens=True, touches=True), tv.clock.now())
    server.clock.advance(3600)
    tv.connect("1")
    ben.account = tv.store.run_now(
        accounts.connect_account, ben.profile.id, "simkl", User("1", "User 1"), tv.clock.now()
    )
    await tv.sync()
    await ben.sync()
    heat = Thought(HEAT, Verdict.SURE, "", 1.0)
    unknown = NamedTitle("local:0123456789abcdef", "Heat (1995).mkv")
    assert tv.store.run_now(adopt, unknown, heat, tv.clock.now())
    assert facts(tv, ben) == [QueueKind.WATCHED]
    for _ in range(2):
        server.clock.advance(1200)
        await tv.sync()
        await ben.sync()
    assert [each for each in server.requests if each.startswith("deliver")] == ["deliver 1"]
    assert server.titles[str(HEAT.id)].watched == {FILM: playback.at.replace(microsecond=0)}
