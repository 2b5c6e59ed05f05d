"""A clock that is wrong, by hours or by years: nothing is lost, doubled or put out of order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dodo_tui.clock import CorrectedClock
from dodo_tui.providers.errors import ThrottledError
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.tracking.draining.drain import drain
from tests.support.clock import FakeClock
from tests.sync.device import Device, dated, earlier
from tests.sync.phone import BREAKING_BAD, INCEPTION, MATRIX, device_at
from tests.sync.server import FILM, HEAT, MemoryProvider, MemoryServer

YEARS, HOURS = timedelta(days=5 * 365), timedelta(hours=3)
WRONG = [YEARS, -YEARS, HOURS, -HOURS]
AHEAD = [YEARS, HOURS]
MINUTES = timedelta(minutes=5)

At = Callable[[timedelta], Awaitable[Device]]


@pytest.fixture
def time() -> ManualClock:
    """How late it really is."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[StandIn]:
    """A Simkl that knows it."""
    with StandIn(clock=time, seed=1) as running:
        yield running
    assert running.errors == []
    assert running.violations == []


@pytest.fixture
async def at(standin: StandIn, time: ManualClock, tmp_path: Path) -> AsyncIterator[At]:
    """Makes the television, with a clock that is wrong by so much."""
    made: list[Device] = []

    async def make(error: timedelta) -> Device:
        made.append(await device_at(standin, time, tmp_path / "tv", error))
        return made[-1]

    yield make
    for device in made:
        await device.provider.close()
        device.close()


@pytest.mark.parametrize("error", AHEAD)
async def test_what_was_played_by_a_clock_ahead_is_not_on_top_for_ever(
    at: At, standin: StandIn, time: ManualClock, error: timedelta
) -> None:
    """Without a network nobody knows better; by the first answer it is set right, in its order."""
    tv = await at(error)
    for media in (INCEPTION, MATRIX):
        tv.play(media, FILM, 95.0)
        time.advance(3600.0)
    tv.play(BREAKING_BAD, (1, 1), 42.0)
    await tv.sync()
    now = time.now()
    assert all(play.started_at <= now for play in tv.history())
    assert [card.position_seconds for card in tv.continue_watching()] == [0.42 * 6000]
    time.advance(60.0)
    tv.play(BREAKING_BAD, (1, 2), 95.0)
    keys = [play.key for play in tv.history()]
    first = "tt0903747:1"
    assert keys == [f"{first}:2", f"{first}:1", str(MATRIX.id), str(INCEPTION.id)]
    await tv.sync()
    await tv.sync()
    assert [play.key for play in tv.history()] == keys
    for media in (INCEPTION, MATRIX):
        progress = dated(tv.progress(media))
        assert progress.watched_at is not None
        assert progress.watched_at <= now
        assert standin.person().has_watched(media.title)


def start_anew(tv: Device) -> None:
    """Dodo is started again: the machine's clock is as wrong as ever, and nobody has said so."""
    clock = tv.clock
    assert isinstance(clock, CorrectedClock)
    clock.__init__(clock.machine, lambda: 0.0)  # type: ignore[misc]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("error", WRONG)
async def test_what_a_provider_has_stamped_bears_its_time(
    at: At, time: ManualClock, error: timedelta, is_first: bool
) -> None:
    """A viewing that was told as it happened: the true time wins, and there is one viewing."""
    tv = await at(error)
    if not is_first:
        await tv.sync()
        start_anew(tv)
    time.advance(1200.0)
    truly_at = time.now()
    tv.play(INCEPTION, FILM, 95.0)
    assert (await drain(tv.store, tv.account, tv.provider, tv.clock)).sent == 1
    for _ in range(3):
        time.advance(1200.0)
        await tv.sync()
    (play,) = tv.history()
    assert play.watched_at is not None
    assert play.ended_at is not None
    assert abs(play.watched_at - truly_at) < MINUTES
    assert play.started_at <= play.watched_at <= play.ended_at
    progress = dated(tv.progress(INCEPTION))
    assert progress.watched_at == play.watched_at
    assert abs(progress.touched_at - truly_at) < MINUTES


@pytest.mark.parametrize("error", WRONG)
async def test_what_was_watched_elsewhere_keeps_its_time(
    at: At, standin: StandIn, time: ManualClock, error: timedelta
) -> None:
    """However late a device thinks that it is, also with nothing but older ones to hear of."""
    standin.person().mark_watched(INCEPTION.title)
    seen_at = time.now()
    time.advance(30 * 86_400.0)
    tv = await at(error)
    await tv.sync()
    (play,) = tv.history()
    assert play.watched_at is not None
    assert abs(play.watched_at - seen_at) < MINUTES


async def test_a_viewing_elsewhere_is_not_taken_for_ours(tmp_path: Path) -> None:
    """Seen here on Monday and there on Wednesday, before the next sync: two viewings."""
    clock = FakeClock()
    server = MemoryServer(clock)
    sure = CorrectedClock(clock, lambda: 0.0)
    tv = Device(tmp_path / "tv", MemoryProvider(server), sure)
    sure.learn(clock.now())
    await tv.sync()
    clock.advance(60)
    tv.play(HEAT, FILM, 95.0)
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    clock.advance(2 * 86_400)
    again = earlier(clock, seconds=1)
    del server.titles[str(HEAT.id)].watched[FILM]
    server.watch(HEAT, FILM, again)
    await tv.sync()
    assert [play.source for play in tv.history()] == ["simkl", "mpv"]
    tv.close()


async def test_a_wait_of_years_is_no_wait(tv: Device, server: MemoryServer) -> None:
    """It was asked for while the clock was ahead; nobody asks to wait for longer than a day."""
    until = server.clock.now() + YEARS
    server.fail_at, server.error = 0, ThrottledError("Too many requests.", until)
    await tv.sync()
    assert (await tv.sync()).error is None


@pytest.mark.parametrize("error", WRONG)
async def test_an_evening_without_a_network_finds_its_place(
    at: At, standin: StandIn, time: ManualClock, error: timedelta
) -> None:
    """A machine without a battery: what it has dated wrongly is set right by the first answer.

    Before it is told, for a date that was sent stays; to the second, for the process that wrote it
    has run on. What was marked with a time that the user named keeps that.
    """
    tv = await at(error)
    standin.offline = True
    begun: dict[str, datetime] = {}
    for media in (INCEPTION, MATRIX):
        time.advance(3600.0)
        begun[media.title] = time.now()
        tv.play(media, FILM, 95.0)
    long_ago = time.now() - timedelta(days=900)
    tv.mark(BREAKING_BAD, (1, 1), long_ago)
    time.advance(1800.0)
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    standin.offline = False
    time.advance(1800.0)
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    for _ in range(2):
        await tv.sync()
        time.advance(1200.0)
    assert len(tv.history()) == 3
    for media in (INCEPTION, MATRIX):
        watched_at = dated(tv.progress(media)).watched_at
        assert watched_at is not None
        assert abs(watched_at - begun[media.title]) < MINUTES / 60
        title = standin.world.title(media.title)
        entry = standin.person().member.library.get(title)
        assert entry is not None
        assert entry.last_watched_at is not None
        assert abs(entry.last_watched_at - begun[media.title]) < MINUTES / 60
    marked = dated(tv.progress(BREAKING_BAD, (1, 1)))
    assert marked.watched_at is not None
    assert abs(marked.watched_at - long_ago) < MINUTES / 60
