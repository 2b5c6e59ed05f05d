"""Draining the queue over real sockets, against the stand-in Simkl and on its clock."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueState
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import (
    Fault,
    Reset,
    client_refused,
    gateway_error,
    quota_exceeded,
    server_error,
    token_refused,
)
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import queued, sending
from dodo_tui.storage.account_status import provider_status
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import known_ids, save_media
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import Drained, drain
from tests.providers.standin_support import StandInClock, signed_in
from tests.providers.support import MemoryStore
from tests.storage.support import delivered, put_account, put_mark, put_profile, put_row
from tests.support.standins import CUT_SHORT, well_behaved

FILM = "tt0133093"
SHOW = "tt0903747"
_HOUR = timedelta(hours=1)


@pytest.fixture
def time() -> ManualClock:
    """The time of server and client."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[StandIn]:
    """A running stand-in; no test may break a usage rule."""
    with well_behaved(StandIn(clock=time, seed=1)) as running:
        yield running


class Simkl:
    """A store that is signed in to the stand-in."""

    def __init__(self, store: Store, account: Account, provider: SimklProvider, standin: StandIn,
                 time: ManualClock) -> None:  # fmt: skip
        self.store, self.account, self.provider = store, account, provider
        self.standin, self.time, self.clock = standin, time, StandInClock(time)

    def put(
        self, kind: QueueKind, key: str = FILM, play: str | None = None,
        percent: float | None = None, ago: timedelta = timedelta(),
    ) -> None:  # fmt: skip
        """Queue something that happened so long ago."""
        at = self.clock.now() - ago
        if play is not None:
            self.store.run_now(put_mark, key, play, at=at)
        self.store.run_now(put_row, self.account, kind, key, play_id=play, percent=percent, at=at)

    async def drain(self) -> Drained:
        """Send what is due."""
        return await drain(self.store, self.account, self.provider, self.clock, jitter=lambda: 0.5)

    async def drain_to_the_end(self) -> None:
        """Send what waits, going through every back-off."""
        for _ in range(20):
            result = await self.drain()
            if result.next_at is None:
                return
            self.time.advance((result.next_at - self.clock.now()).total_seconds())
        raise AssertionError("it never ends")

    @property
    def paths(self) -> list[str]:
        """What was asked of the stand-in since the sign-in."""
        return [entry.path for entry in self.standin.log.entries() if "/oauth" not in entry.path]

    def watched_at(self, key: str = FILM, *place: int) -> datetime | None:
        """When the stand-in thinks it was watched."""
        return self.standin.person().watched_at(key, *place)


def _put_titles(connection: sqlite3.Connection, now: datetime) -> None:
    with transaction(connection, durable=False):
        for key, kind, title, year in (
            (FILM, Kind.MOVIE, "The Matrix", 1999),
            (SHOW, Kind.SHOW, "Breaking Bad", 2008),
            ("tt9999999", Kind.MOVIE, "Nobody Knows This One", 1901),
        ):
            save_media(connection, Media(MediaId.parse(key), kind, title, year, Ids(imdb=key)), now)


@pytest_asyncio.fixture
async def simkl(tmp_path: Path, standin: StandIn, time: ManualClock) -> AsyncIterator[Simkl]:
    """Signed in, with titles to tell about."""
    clock = StandInClock(time)
    store = Store.open(tmp_path / "dodo.db")
    store.run_now(put_profile)
    store.run_now(_put_titles, clock.now())
    account = store.run_now(put_account)
    tokens = MemoryStore(None)
    provider = SimklProvider("demo-v2", standin.url, tokens, clock)
    tokens.tokens = await signed_in(standin, provider)
    yield Simkl(store, account, provider, standin, time)
    await provider.close()
    store.close()


async def test_a_viewing_is_watched_there_with_four_calls(simkl: Simkl) -> None:
    """Start, pause, start, stop: the whole of a film on the wire."""
    for kind, percent in (
        (QueueKind.START, 5.0), (QueueKind.PAUSE, 40.0), (QueueKind.START, 40.0),
    ):  # fmt: skip
        simkl.put(kind, percent=percent)
        await simkl.drain()
    assert simkl.standin.watching_now() is not None
    simkl.put(QueueKind.WATCHED, play="p1", percent=90.1)
    await simkl.drain()
    assert simkl.paths == [
        "/scrobble/start",
        "/scrobble/pause",
        "/scrobble/start",
        "/scrobble/stop",
    ]
    assert simkl.watched_at() is not None
    assert simkl.store.run_now(delivered, "p1") == DeliveryState.SENT
    assert simkl.store.run_now(known_ids, FILM).simkl is not None


async def test_leaving_at_eighty_five_percent_is_not_watched_there(simkl: Simkl) -> None:
    """Defect 21, as Simkl sees it."""
    simkl.put(QueueKind.START, percent=80.0)
    await simkl.drain()
    simkl.put(QueueKind.PROGRESS, play="p1", percent=85.0)
    await simkl.drain()
    assert simkl.watched_at() is None
    points = await simkl.provider.resume_points()
    assert [point.percent for point in getattr(points, "points", points)] == [85.0]


async def test_what_was_watched_offline_arrives_with_its_true_time(simkl: Simkl) -> None:
    """The story of the first issue: no network, a whole evening, then everything."""
    simkl.standin.offline = True
    seen = simkl.clock.now()
    simkl.put(QueueKind.START, play="p1", percent=5.0)
    assert (await simkl.drain()).state is SyncState.OFFLINE
    simkl.put(QueueKind.WATCHED, play="p1", percent=90.0)
    simkl.put(QueueKind.WATCHED, f"{SHOW}:1:1", "p2", 90.0)
    assert (await simkl.drain()).state is SyncState.OFFLINE
    simkl.time.advance(3 * 3600)
    simkl.standin.offline = False
    simkl.store.run_now(queued.make_due, simkl.account.id, simkl.clock.now())
    result = await simkl.drain()
    assert (result.state, result.sent) == (SyncState.IDLE, 2)
    assert simkl.paths == ["/sync/history"]
    for moment in (simkl.watched_at(), simkl.watched_at(SHOW, 1, 1)):
        assert moment is not None
        assert abs((moment - seen).total_seconds()) < 60
    assert simkl.standin.watching_now() is None


async def test_a_thousand_facts_leave_in_twenty_five_requests(simkl: Simkl) -> None:
    """Counted where they arrive."""
    for number in range(1000):
        simkl.put(QueueKind.WATCHED, f"{SHOW}:1:{number % 7 + 1}", ago=_HOUR)
    assert (await simkl.drain()).sent == 1000
    assert 20 <= len(simkl.paths) <= 25
    assert simkl.store.run_now(sending.next_rows, simkl.account.id, 1) == ()


@pytest.mark.parametrize(
    "fault",
    [
        *CUT_SHORT,
        server_error(),
        gateway_error(),
    ],
)
@pytest.mark.parametrize("late", [False, True])
async def test_trouble_on_the_way_neither_loses_nor_doubles(
    simkl: Simkl, fault: Fault, late: bool
) -> None:
    """Whether or not the lost answer was to a request that had taken effect."""
    simkl.standin.faults.add("/scrobble|/sync/history", fault)
    seen = simkl.clock.now() - (_HOUR if late else timedelta())
    simkl.put(QueueKind.WATCHED, play="p1", percent=91.0, ago=_HOUR if late else timedelta())
    await simkl.drain_to_the_end()
    moment = simkl.watched_at()
    assert moment is not None
    assert abs((moment - seen).total_seconds()) < 60
    assert simkl.store.run_now(delivered, "p1") == DeliveryState.SENT
    assert simkl.store.run_now(queued.all_facts, 1) == ()


async def test_a_pause_whose_answer_was_lost_is_not_told_twice(simkl: Simkl) -> None:
    """It is looked for first: Simkl stamps every pause now."""
    simkl.standin.faults.add("/scrobble/pause", Reset(after_processing=True))
    simkl.put(QueueKind.PROGRESS, play="p1", percent=50.0)
    await simkl.drain_to_the_end()
    assert simkl.paths.count("/scrobble/pause") == 1
    assert "/sync/playback" in simkl.paths


async def test_a_quota_is_respected_to_the_second(simkl: Simkl) -> None:
    """Retry-After, also when somebody asks by hand."""
    simkl.standin.faults.add("/sync/history", quota_exceeded(7200))
    simkl.put(QueueKind.WATCHED, ago=_HOUR)
    result = await simkl.drain()
    assert result.next_at is not None
    assert abs((result.next_at - simkl.clock.now()).total_seconds() - 7200) < 5
    simkl.store.run_now(queued.make_due, simkl.account.id, simkl.clock.now())
    simkl.store.run_now(queued.retry, 1, None, simkl.clock.now())
    assert (await simkl.drain()).sent == 0
    assert len(simkl.paths) == 1
    simkl.time.advance(7200)
    assert (await simkl.drain()).sent == 1


async def test_a_client_id_that_is_refused_waits(simkl: Simkl) -> None:
    """412 may be a block for over-use: nobody loops on it."""
    simkl.standin.faults.add("/sync/history", client_refused(), count=None)
    simkl.put(QueueKind.WATCHED, ago=_HOUR)
    result = await simkl.drain()
    assert result.state is SyncState.ERROR
    assert (await simkl.drain()).next_at == result.next_at
    assert len(simkl.paths) == 1


async def test_a_sign_in_that_ended_asks_to_reconnect(simkl: Simkl) -> None:
    """And loses nothing."""
    simkl.standin.faults.add("/sync", token_refused(), count=None)
    simkl.put(QueueKind.WATCHED, ago=_HOUR)
    result = await simkl.drain()
    assert result.state is SyncState.ERROR
    status = simkl.store.run_now(provider_status, 1, "simkl", "Simkl", True)
    assert status.needs_reconnect
    assert len(simkl.store.run_now(queued.all_facts, 1)) == 1


async def test_an_unknown_film_is_held_and_the_others_arrive(simkl: Simkl) -> None:
    """In one batch, and live."""
    simkl.put(QueueKind.WATCHED, "tt9999999", "p1", ago=_HOUR)
    simkl.put(QueueKind.WATCHED, FILM, "p2", ago=_HOUR)
    simkl.put(QueueKind.WATCHED, "tt9999999", "p3", 95.0)
    simkl.put(QueueKind.WATCHED, f"{SHOW}:1:1", "p4", 95.0)
    result = await simkl.drain()
    assert result.sent == 2
    held = simkl.store.run_now(queued.all_facts, 1)
    assert [(row.play_id, row.state) for row in held] == [
        ("p1", QueueState.HELD), ("p3", QueueState.HELD),
    ]  # fmt: skip
    assert simkl.watched_at() is not None
    assert simkl.watched_at(SHOW, 1, 1) is not None


async def test_marked_and_taken_back_there_as_here(simkl: Simkl) -> None:
    """One episode, never the whole show."""
    simkl.put(QueueKind.WATCHED, f"{SHOW}:1:1")
    simkl.put(QueueKind.WATCHED, f"{SHOW}:1:2")
    simkl.put(QueueKind.UNWATCHED, f"{SHOW}:1:1")
    assert (await simkl.drain()).sent == 3
    assert simkl.watched_at(SHOW, 1, 1) is None
    assert simkl.watched_at(SHOW, 1, 2) is not None
    assert simkl.watched_at(SHOW, 1, 3) is None
