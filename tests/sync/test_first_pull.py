"""A first pull that is interrupted goes on where it stopped: nothing is asked for whole twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dodo_tui.domain.status import SyncState
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Fault, Reset, server_error
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.pulls import cursors
from dodo_tui.tracking import sync
from dodo_tui.tracking.applying import pieces
from dodo_tui.tracking.first_sync import Choice, choose, plan_first_sync
from dodo_tui.tracking.undo import undo_sync
from tests.support.standins import CUT_SHORT, well_behaved
from tests.sync.device import Device, dated
from tests.sync.phone import BREAKING_BAD, INCEPTION, MATRIX, device_at
from tests.sync.server import FILM

ANIME = "Cowboy Bebop"

ACTIVITIES = "GET /sync/activities 200"
SHOWS, MOVIES, ANIMES = (f"GET /sync/all-items/{name} 200" for name in ("shows", "movies", "anime"))
POINTS = "GET /sync/playback 200"
DELTA = "GET /sync/all-items 200"


@pytest.fixture
def time() -> ManualClock:
    """The time of everybody."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[StandIn]:
    """A stand-in with a small library."""
    with well_behaved(StandIn(clock=time, seed=1)) as standin:
        person = standin.person()
        person.mark_watched(BREAKING_BAD.title, 1, 1)
        person.mark_watched(INCEPTION.title)
        person.mark_watched(ANIME, 1, 1)
        yield standin


@pytest.fixture
async def device(standin: StandIn, time: ManualClock, tmp_path: Path) -> AsyncIterator[Device]:
    """A dodo that has just been signed in."""
    device = await device_at(standin, time, tmp_path / "tv")
    time.advance(60)
    standin.log.clear()
    yield device
    await device.provider.close()
    device.close()


def knows_everything(device: Device) -> bool:
    """Whether all that the library held at first is known."""
    film, episode = device.progress(INCEPTION), device.progress(BREAKING_BAD, (1, 1))
    return dated(film).watched and dated(episode).watched and len(device.history()) >= 3


async def test_a_first_pull_is_five_requests(device: Device, standin: StandIn) -> None:
    """Timestamps, the three types, the resume points; who is asked comes before."""
    await device.sync()
    assert standin.log.lines() == [ACTIVITIES, SHOWS, MOVIES, ANIMES, POINTS]
    assert knows_everything(device)


@pytest.mark.parametrize("fault", [server_error(), *CUT_SHORT])
@pytest.mark.parametrize("number", range(5))
async def test_whatever_fails_the_next_one_goes_on_from_there(
    device: Device, standin: StandIn, time: ManualClock, fault: Fault, number: int
) -> None:
    """A finished type is not asked for again; what failed is, and what had not been asked for."""
    standin.faults.add("/sync/", fault, skip=number)
    result = await device.sync()
    assert result.error is not None
    assert device.store.run_now(cursors, device.account.id).text is None
    standin.log.clear()
    time.advance(900)
    result = await device.sync()
    assert (result.state, result.error) == (SyncState.IDLE, None)
    whole = [ACTIVITIES, SHOWS, MOVIES, ANIMES, POINTS]
    assert standin.log.lines() == [ACTIVITIES, *whole[max(number, 1) :]]
    assert knows_everything(device)


async def test_what_moved_meanwhile_comes_as_a_delta(
    device: Device, standin: StandIn, time: ManualClock
) -> None:
    """Between two tries a show that had been told moves on, and a film comes and goes."""
    standin.faults.add("/sync/all-items/anime", server_error())
    await device.sync()
    time.advance(86_400)
    standin.person().mark_watched(BREAKING_BAD.title, 1, 2)
    standin.person().mark_watched(MATRIX.title)
    standin.person().remove(INCEPTION.title)
    standin.log.clear()
    time.advance(900)
    await device.sync()
    assert standin.log.lines() == [ACTIVITIES, ANIMES, POINTS, DELTA, DELTA]
    assert dated(device.progress(BREAKING_BAD, (1, 2))).watched
    assert dated(device.progress(MATRIX)).watched
    assert device.progress(INCEPTION) is None
    standin.log.clear()
    time.advance(900)
    await device.sync()
    assert standin.log.lines() == [ACTIVITIES]


@pytest.mark.parametrize("portion", range(3))
async def test_killed_between_two_pieces(
    device: Device,
    standin: StandIn,
    time: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    portion: int,
) -> None:
    """The answer was on disk before anything was made of it."""
    merge_alone = pieces.merge_alone
    left = portion

    def killed(*args: object) -> None:
        nonlocal left
        if left == 0:
            raise asyncio.CancelledError
        left -= 1
        merge_alone(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sync, "merge_alone", killed)
    with pytest.raises(asyncio.CancelledError):
        await device.sync()
    monkeypatch.undo()
    standin.log.clear()
    time.advance(900)
    assert (await device.sync()).error is None
    whole = [SHOWS, MOVIES, ANIMES]
    assert standin.log.lines() == [ACTIVITIES, *whole[portion + 1 :], POINTS]
    assert knows_everything(device)


async def test_a_plan_that_failed_and_one_that_was_answered_a_week_later(
    device: Device, standin: StandIn, time: ManualClock
) -> None:
    """Counted in two goes, chosen in the next week: still nothing is asked for whole twice."""
    standin.faults.add("/sync/all-items/movies", Reset())
    with pytest.raises(Exception, match="cannot be reached"):
        await plan_first_sync(device.store, device.account, device.provider, device.clock)
    time.advance(60)
    plan = await plan_first_sync(device.store, device.account, device.provider, device.clock)
    assert (plan.there.films, plan.there.episodes) == (1, 2)
    time.advance(7 * 86_400)
    standin.person().mark_watched(MATRIX.title)
    time.advance(60)
    device.store.run_now(choose, device.account.id, Choice.MERGE)
    standin.log.clear()
    await device.sync()
    assert standin.log.lines()[-3:] == [ACTIVITIES, POINTS, DELTA]
    assert knows_everything(device)
    assert dated(device.progress(MATRIX)).watched


async def test_undone_and_done_again(device: Device, standin: StandIn, time: ManualClock) -> None:
    """The second first sync goes by the answers of the first one, and what moved since."""
    await device.sync()
    time.advance(900)
    standin.person().mark_watched(MATRIX.title)
    time.advance(60)
    await device.sync()
    device.store.run_now(undo_sync, device.account, device.clock.now())
    assert device.progress(INCEPTION) is None
    time.advance(900)
    standin.log.clear()
    device.store.run_now(choose, device.account.id, Choice.MERGE)
    await device.sync()
    assert standin.log.lines() == [ACTIVITIES, POINTS, DELTA]
    assert knows_everything(device)
    assert dated(device.progress(MATRIX)).watched
    assert device.progress(INCEPTION, FILM) is not None


async def test_too_large_for_one_answer(
    device: Device, standin: StandIn, time: ManualClock
) -> None:
    """By status then, and after an interruption only the statuses that are missing."""
    standin.person().mark_watched(MATRIX.title)
    standin.settings.max_items = 1
    standin.faults.add("/sync/all-items/movies/completed", server_error())
    assert (await device.sync()).error is not None
    standin.settings.max_items = None
    standin.log.clear()
    time.advance(900)
    await device.sync()
    movies = [f"GET /sync/all-items/movies/{name} 200" for name in ("completed", "dropped")]
    assert standin.log.lines()[1:] == [*movies, ANIMES, POINTS]
    assert dated(device.progress(MATRIX)).watched
