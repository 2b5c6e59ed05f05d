"""Draining the queue at Trakt, over real sockets: whatever is lost, each viewing is there once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from dodo_tui.clock import Clock, CorrectedClock
from dodo_tui.domain.account import Account, Tokens
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueState
from dodo_tui.domain.status import SyncState
from dodo_tui.domain.thresholds import PROMPT_SECONDS
from dodo_tui.providers.trakt.client import App
from dodo_tui.providers.trakt.failures import LOCKED
from dodo_tui.providers.trakt.provider import TraktProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Fault, HalfAnswer, Hold, Malformed, Reply, Reset, gateway_error
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage import queued
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_media
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import Drained, drain
from dodo_tui.tracking.draining.order import SETTLING_SECONDS
from tests.providers.standin_support import StandInClock
from tests.providers.support import MemoryStore
from tests.storage.support import delivered, put_account, put_mark, put_profile, put_row
from tests.support.folders import memory_folder
from tests.support.standins import well_behaved

FILM = "tt0133093"
OTHER = "tt1375666"
SHOW = "tt0903747"


@pytest.fixture
def time() -> ManualClock:
    """The time of server and client."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[TraktStandIn]:
    """A running stand-in; no test may break a usage rule."""
    with well_behaved(TraktStandIn(clock=time, seed=1)) as running:
        yield running


class KilledError(BaseException):
    """The process ends here and now."""


class Mortal:
    """A store whose process is killed before its n-th piece of work from now on."""

    def __init__(self, store: Store, dies_in: int | None = None) -> None:
        self.store = store
        self.path = store.path
        self.dies_in = dies_in
        self.done = 0

    async def run(self, work: Callable[..., object], *arguments: object, **named: object) -> object:
        """Do a piece of work, or die before it."""
        if self.done == self.dies_in:
            raise KilledError
        self.done += 1
        return await self.store.run(work, *arguments, **named)


class SkewedClock(StandInClock):
    """A clock that is wrong by so much."""

    def __init__(self, clock: ManualClock, by: timedelta) -> None:
        super().__init__(clock)
        self._by = by

    def now(self) -> datetime:
        """The wrong time of day."""
        return super().now() + self._by


@dataclass
class Device:
    """A store that is signed in to the stand-in, as a user of its own."""

    user: str
    store: Store
    account: Account
    standin: TraktStandIn
    time: ManualClock
    clock: Clock
    provider: TraktProvider

    def watched(
        self, key: str, play: str, ago: timedelta = timedelta(), *, live: bool = False
    ) -> datetime:
        """Somebody has watched something; `live` as a viewing of this moment."""
        at = (self.clock.now() - ago).replace(microsecond=0)
        self.store.run_now(put_mark, key, play, at=at)
        percent = 91.5 if live else None
        self.store.run_now(
            put_row, self.account, QueueKind.WATCHED, key, play_id=play, percent=percent, at=at
        )
        return at

    def put(self, kind: QueueKind, key: str, play: str | None, percent: float | None) -> None:
        """Queue something of this moment."""
        at = self.clock.now()
        self.store.run_now(put_row, self.account, kind, key, play_id=play, percent=percent, at=at)

    async def drain(self, store: Mortal | None = None) -> Drained:
        """Send what is due."""
        over: Store = self.store if store is None else store  # type: ignore[assignment]
        return await drain(over, self.account, self.provider, self.clock, jitter=lambda: 0.5)

    async def drain_to_the_end(self) -> None:
        """Send what waits, going through every back-off."""
        for _ in range(30):
            result = await self.drain()
            if result.next_at is None:
                return
            self.time.advance((result.next_at - self.clock.now()).total_seconds())
        raise AssertionError("it never ends")

    def plays(self, key: str, *place: int) -> list[datetime | None]:
        """When the stand-in thinks it was watched."""
        return self.standin.person(self.user).plays(key, *place)

    def left(self) -> list[tuple[str, str]]:
        """What is still in the queue."""
        rows = self.store.run_now(queued.all_facts, 1)
        return [(row.key, row.state) for row in rows]


def _put_titles(connection: sqlite3.Connection, now: datetime) -> None:
    with transaction(connection, durable=False):
        for key, kind, title, year in (
            (FILM, Kind.MOVIE, "The Matrix", 1999),
            (OTHER, Kind.MOVIE, "Inception", 2010),
            (SHOW, Kind.SHOW, "Breaking Bad", 2008),
            ("tt9999999", Kind.MOVIE, "Nobody Knows This One", 1901),
        ):
            save_media(connection, Media(MediaId.parse(key), kind, title, year, Ids(imdb=key)), now)


NewDevice = Callable[..., Device]


@pytest_asyncio.fixture
async def new_device(standin: TraktStandIn, time: ManualClock) -> AsyncIterator[NewDevice]:
    """Make devices that are signed in, each as another user."""
    made: list[Device] = []
    folder = memory_folder()

    def make(ahead: timedelta = timedelta(), *, is_corrected: bool = False) -> Device:
        user, clock = f"user-{len(made)}", cast("Clock", SkewedClock(time, ahead))
        if is_corrected:
            clock = CorrectedClock(clock, lambda: 0.0)
        store = Store.open(Path(folder.name) / f"{user}.db")
        store.run_now(put_profile)
        store.run_now(_put_titles, clock.now())
        account = store.run_now(put_account, provider="trakt")
        accounts = standin.world.accounts
        grant = accounts.grant("demo-trakt", accounts.user(user), 10**7)
        tokens = MemoryStore(Tokens(grant.access_token, grant.refresh_token))
        app = App("demo-trakt", None, standin.url, standin.auth_url)
        provider = TraktProvider(app, tokens, clock)
        made.append(Device(user, store, account, standin, time, clock, provider))
        return made[-1]

    yield make
    for device in made:
        await device.provider.close()
        device.store.close()
    folder.cleanup()


class Evening:
    """What waits: a viewing of just now, and what was watched while there was no network."""

    def __init__(self, device: Device) -> None:
        self.device = device
        device.put(QueueKind.START, FILM, "live", 5.0)
        self.live = device.watched(FILM, "live", live=True)
        self.first = device.watched(OTHER, "once", timedelta(days=3))
        self.second = device.watched(OTHER, "again", timedelta(days=1))
        self.episodes = [
            device.watched(f"{SHOW}:1:{number}", f"e{number}", timedelta(hours=5 - number))
            for number in (1, 2)
        ]

    def check(self) -> None:
        """Each viewing is there once, at its time, and nothing waits any more."""
        device = self.device
        assert device.left() == []
        told = device.plays(FILM)
        assert len(told) == 1
        assert told[0] is not None
        assert abs((told[0] - self.live).total_seconds()) <= PROMPT_SECONDS
        assert sorted(device.plays(OTHER)) == [self.first, self.second]  # type: ignore[type-var]
        assert [device.plays(SHOW, 1, number) for number in (1, 2)] == [
            [at] for at in self.episodes
        ]
        sent = [device.store.run_now(delivered, play) for play in ("live", "once", "again", "e1")]
        assert sent == [DeliveryState.SENT] * 4


async def _requests_of_an_evening(new_device: NewDevice) -> int:
    """How many requests it takes when nothing goes wrong."""
    device = new_device()
    evening = Evening(device)
    device.standin.log.clear()
    await device.drain_to_the_end()
    evening.check()
    return len(device.standin.log)


FAULTS: dict[str, Callable[[], Fault]] = {
    "before it is sent on": Reset,
    "after it took effect": lambda: Reset(after_processing=True),
    "half an answer": HalfAnswer,
    "an answer that is no JSON": Malformed,
    "a gateway's page": gateway_error,
    "Cloudflare's page": lambda: Reply(520, b"<h1>520</h1>", {"Content-Type": "text/html"}),
    "wait": lambda: Reply(429, b"", {"Retry-After": "10"}),
    "wait, says a page": lambda: Reply(429, b"<h1>1015</h1>", {"Content-Type": "text/html"}),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_every_request_cut_once_or_twice(new_device: NewDevice, name: str) -> None:
    """Whichever request is cut, and the one after it: exactly one play for each viewing."""
    for cut in range(await _requests_of_an_evening(new_device) + 1):
        for count in (1, 2):
            device = new_device()
            evening = Evening(device)
            device.standin.faults.add("/", FAULTS[name](), skip=cut, count=count)
            await device.drain_to_the_end()
            device.standin.faults.clear()
            evening.check()


async def test_killed_at_every_point(new_device: NewDevice) -> None:
    """Killed before any piece of work on the database, so also between an answer and its save."""
    device = new_device()
    evening, store = Evening(device), Mortal(device.store)
    await device.drain(store)
    evening.check()
    for point in range(store.done):
        device = new_device()
        evening = Evening(device)
        with pytest.raises(KilledError):
            await device.drain(Mortal(device.store, point))
        device.time.advance(SETTLING_SECONDS)
        await device.drain_to_the_end()
        evening.check()


@pytest.mark.parametrize("after", [False, True])
async def test_killed_while_a_request_is_under_way(new_device: NewDevice, after: bool) -> None:
    """Killed after sending, before or after the request has taken effect."""
    for cut in range(await _requests_of_an_evening(new_device)):
        device = new_device()
        evening = Evening(device)
        hold = Hold(after_processing=after)
        rule = device.standin.faults.add("/", hold, skip=cut)
        draining = asyncio.create_task(device.drain())
        await asyncio.to_thread(hold.reached.wait, 10)
        draining.cancel()
        with pytest.raises(asyncio.CancelledError):
            await draining
        await device.provider.close()
        device.standin.faults.remove(rule)
        device.time.advance(SETTLING_SECONDS)
        await device.drain_to_the_end()
        evening.check()


async def test_what_was_never_sent_goes_at_once_when_the_network_is_back(
    new_device: NewDevice,
) -> None:
    """Nobody was reached, so there is no doubt, nothing to look for and nothing to wait for."""
    device = new_device()
    at = device.watched(OTHER, "once", timedelta(days=1))
    device.standin.offline = True
    assert (await device.drain()).state is SyncState.OFFLINE
    device.standin.offline = False
    device.standin.log.clear()
    device.store.run_now(queued.make_due, device.account.id, device.clock.now())
    await device.drain()
    assert device.plays(OTHER) == [at]
    assert [entry.line for entry in device.standin.log.entries()] == ["POST /sync/history 201"]


async def test_nothing_is_looked_for_that_was_answered(new_device: NewDevice) -> None:
    """Looking up costs a request, so it is done only when there is a doubt."""
    device = new_device()
    Evening(device)
    device.standin.log.clear()
    await device.drain_to_the_end()
    assert device.standin.log.entries("/sync/history", "GET") == []


@pytest.mark.parametrize("is_corrected", [False, True])
@pytest.mark.parametrize("hours", [-3, 5, -40_000, 40_000])
async def test_a_clock_that_is_wrong_finds_what_was_stopped(
    new_device: NewDevice, hours: int, is_corrected: bool
) -> None:
    """A stop is stamped by Trakt's clock, which may be hours from ours, or years.

    Also where that is known by the first answer, which is lost.
    """
    device = new_device(timedelta(hours=hours), is_corrected=is_corrected)
    device.watched(FILM, "live", live=True)
    device.standin.faults.add("/scrobble/stop", Reset(after_processing=True))
    await device.drain_to_the_end()
    assert len(device.plays(FILM)) == 1
    assert device.left() == []


async def test_what_was_sent_by_a_clock_ahead_does_not_hold_up_the_queue_for_years(
    new_device: NewDevice,
) -> None:
    """The mark of a request without an answer was set in a year that has not come."""
    device = new_device(timedelta(days=2000))
    device.watched(FILM, "live", live=True)
    hold = Hold(after_processing=True)
    rule = device.standin.faults.add("/scrobble/stop", hold)
    draining = asyncio.create_task(device.drain())
    await asyncio.to_thread(hold.reached.wait, 10)
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    await device.provider.close()
    device.standin.faults.remove(rule)
    device.clock._by = timedelta(0)  # type: ignore[attr-defined]
    assert (await device.drain()).next_at is None
    assert device.left() == []


async def test_rewatched_within_minutes_is_two_viewings(new_device: NewDevice) -> None:
    """A short film seen twice in a row: the play of the first does not stand for the second."""
    device = new_device()
    device.watched(FILM, "one", timedelta(minutes=4), live=True)
    await device.drain_to_the_end()
    assert len(device.plays(FILM)) == 1
    device.watched(FILM, "two")
    device.standin.faults.add("/sync/history", Reset(), method="POST")
    await device.drain_to_the_end()
    assert len(device.plays(FILM)) == 2


# Trakt's own rules


async def test_409_is_done_and_never_repeated(new_device: NewDevice) -> None:
    """A title scrobbled within the hour is answered 409: told, and no second play is made."""
    device = new_device()
    device.watched(FILM, "one", live=True)
    await device.drain_to_the_end()
    device.time.advance(600)
    device.watched(FILM, "two", live=True)
    device.standin.log.clear()
    await device.drain_to_the_end()
    assert [entry.line for entry in device.standin.log.entries()] == ["POST /scrobble/stop 409"]
    assert len(device.plays(FILM)) == 1
    assert device.store.run_now(delivered, "two") == DeliveryState.SENT


async def test_what_trakt_does_not_know_is_held_and_holds_up_nothing(
    new_device: NewDevice,
) -> None:
    """The others of the batch are told."""
    device = new_device()
    device.watched("tt9999999", "unknown", timedelta(hours=2))
    at = device.watched(OTHER, "known", timedelta(hours=1))
    await device.drain_to_the_end()
    assert device.left() == [("tt9999999", QueueState.HELD)]
    assert device.plays(OTHER) == [at]


async def test_a_full_account_waits_and_says_so(new_device: NewDevice) -> None:
    """420: nothing is thrown away, nothing is held, and it goes on when there is room."""
    device = new_device()
    at = device.watched(OTHER, "once", timedelta(hours=1))
    full = Reply(420, b"", {"X-Account-Limit": "100000"})
    device.standin.faults.add("/sync/history", full, method="POST")
    result = await device.drain()
    assert result.state is SyncState.ERROR
    assert result.error == (
        "The Trakt account is full. Remove something there, or become a paying member."
    )
    assert device.left() == [(OTHER, QueueState.WAITING)]
    await device.drain_to_the_end()
    assert device.plays(OTHER) == [at]


async def test_a_locked_account_is_left_alone_for_a_day(new_device: NewDevice) -> None:
    """423: only its user can do something about it."""
    device = new_device()
    device.watched(OTHER, "once", timedelta(hours=1))
    device.standin.world.accounts.user(device.user).locked = True
    result = await device.drain()
    assert result.error == LOCKED
    until = device.clock.now() + timedelta(days=1)
    assert result.next_at == until
    assert device.left() == [(OTHER, QueueState.WAITING)]
    asked = len(device.standin.log.entries())
    again = await device.drain()
    assert (again.error, again.next_at) == (LOCKED, until), "why it waits is not forgotten"
    assert len(device.standin.log.entries()) == asked


async def test_a_lost_grant_keeps_what_waits(new_device: NewDevice) -> None:
    """Disconnected at Trakt: the queue grows on, and the account asks to reconnect."""
    device = new_device()
    device.watched(OTHER, "once", timedelta(hours=1))
    device.standin.person(device.user).revoke_access()
    result = await device.drain()
    assert result.error == "Trakt does not accept the sign-in any more. Connect again."
    assert device.left() == [(OTHER, QueueState.WAITING)]


async def test_writes_are_a_second_apart(new_device: NewDevice) -> None:
    """Two hundred facts: never two writes within a second, never refused, in batches."""
    device = new_device()
    for number in range(1, 8):
        device.watched(f"{SHOW}:1:{number}", f"a{number}", timedelta(hours=number))
        device.put(QueueKind.UNWATCHED, f"{SHOW}:2:{number}", None, None)
    device.standin.log.clear()
    await device.drain_to_the_end()
    times = [entry.at for entry in device.standin.log.entries(method="POST")]
    gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert gaps
    assert min(gaps) >= 1.0
    assert {entry.status for entry in device.standin.log.entries()} <= {200, 201}


async def test_a_thousand_facts_are_few_requests(new_device: NewDevice) -> None:
    """In batches, each sent once and none looked for."""
    device = new_device()
    for number in range(1_000):
        season, episode = divmod(number % 60, 12)
        device.watched(
            f"{SHOW}:{season + 1}:{episode % 7 + 1}", f"p{number}", timedelta(hours=number + 1)
        )
    device.standin.log.clear()
    await device.drain_to_the_end()
    assert len(device.standin.log) <= 25
    assert len(device.standin.person(device.user).member.plays) == 1_000
    assert device.left() == []


async def test_no_show_goes_without_its_episodes(new_device: NewDevice) -> None:
    """The stand-in notes a body that would mark a whole show; the fixture asserts there is none."""
    device = new_device()
    device.watched(f"{SHOW}:1:3", "one", timedelta(hours=1))
    device.put(QueueKind.UNWATCHED, f"{SHOW}:1:4", None, None)
    await device.drain_to_the_end()
    bodies = [entry.body for entry in device.standin.log.entries("/sync/history", "POST")]
    assert all("episodes" in season for season in _seasons(bodies))
    assert len(_seasons(bodies)) == 2


def _seasons(bodies: list[Any]) -> list[Any]:
    return [season for body in bodies for show in body["shows"] for season in show["seasons"]]
