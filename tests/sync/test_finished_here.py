"""A play finished here removes the resume point there, however the provider came to hear of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from dodo_tui.domain.account import Account
from dodo_tui.domain.media import Media
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.protocol import Provider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.sync import SyncResult
from tests.support.standins import well_behaved
from tests.sync.device import Device
from tests.sync.phone import BREAKING_BAD, INCEPTION, device_at
from tests.sync.server import FILM, Place
from tests.sync.twins import trakt_device_at

THINGS = [(INCEPTION, FILM), (BREAKING_BAD, (2, 3))]


@dataclass(frozen=True, slots=True)
class House:
    """A television with dodo, and a phone at the same account of a provider."""

    tv: Device
    account: Account
    provider: Provider
    sync_now: Callable[[], Awaitable[SyncResult]]
    standin: StandIn | TraktStandIn
    time: ManualClock

    async def sync(self) -> None:
        """A sync that succeeds, some time later."""
        self.time.advance(1200)
        result = await self.sync_now()
        assert (result.state, result.error) == (SyncState.IDLE, None)

    async def tell(self) -> None:
        """What was done here is told as it happens, without a sync."""
        self.time.advance(1)
        drained = await drain(self.tv.store, self.account, self.provider, self.tv.clock)
        assert drained.error is None
        self.time.advance(60)

    def pause_on_phone(self, media: Media, place: Place, percent: float) -> None:
        """Stop there; it is kept under a new id."""
        self.time.advance(60)
        self.standin.person().pause(media.title, percent, *_ref(place))
        self.time.advance(60)

    def is_kept(self, media: Media, place: Place) -> bool:
        """Whether the provider keeps a resume point, shown or not."""
        if isinstance(self.standin, StandIn):
            return self.standin.person().playback(media.title) is not None
        return self.standin.person().playback(media.title, *_ref(place)) is not None


def _ref(place: Place) -> tuple[int, ...]:
    return () if place == FILM else place


@pytest_asyncio.fixture(params=["simkl", "trakt"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A house at each provider, synced once."""
    time = ManualClock()
    if request.param == "simkl":
        with well_behaved(StandIn(clock=time, seed=1)) as simkl:
            tv = await device_at(simkl, time, tmp_path / "tv")
            made = House(tv, tv.account, tv.provider, tv.sync, simkl, time)
            await made.sync()
            yield made
            await tv.provider.close()
            tv.close()
        return
    with well_behaved(TraktStandIn(clock=time, seed=1)) as trakt:
        device = await trakt_device_at(trakt, time, tmp_path / "tv")
        made = House(device.device, device.account, device.provider, device.sync, trakt, time)
        made.tv.clock = device.clock
        await made.sync()
        yield made
        await device.provider.close()
        device.device.close()


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_marked_after_it_was_paused_here(house: House, media: Media, place: Place) -> None:
    """The pause here has given the phone's resume point another id; a mark is told as history."""
    house.pause_on_phone(media, place, 30.0)
    await house.sync()
    house.tv.play(media, place, 42.0)
    await house.tell()
    assert house.is_kept(media, place)
    house.tv.mark(media, place, house.tv.clock.now())
    await house.sync()
    assert not house.is_kept(media, place)


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_marked_and_told_at_once(house: House, media: Media, place: Place) -> None:
    """The provider has heard of the mark before the sync looks at what has moved."""
    house.tv.play(media, place, 42.0)
    await house.tell()
    house.tv.mark(media, place, house.tv.clock.now())
    await house.tell()
    await house.sync()
    assert not house.is_kept(media, place)


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_finished_offline_after_the_phone(house: House, media: Media, place: Place) -> None:
    """Nobody here had heard of the phone's resume point when it was finished here."""
    house.pause_on_phone(media, place, 30.0)
    house.tv.play(media, place, 95.0)
    house.time.advance(3600)
    await house.sync()
    assert not house.is_kept(media, place)


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_finished_offline_in_two_goes(house: House, media: Media, place: Place) -> None:
    """A pause and an end wait; the phone's resume point, known here, has another id by now."""
    house.pause_on_phone(media, place, 30.0)
    await house.sync()
    house.pause_on_phone(media, place, 35.0)
    house.tv.play(media, place, 50.0)
    house.time.advance(3600)
    house.tv.play(media, place, 95.0)
    house.time.advance(3600)
    await house.sync()
    assert not house.is_kept(media, place)


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_stopped_and_marked_at_once(house: House, media: Media, place: Place) -> None:
    """The end of the viewing and the mark leave with one sync: no resume point is made any more."""
    house.tv.play(media, place, 42.0)
    house.time.advance(1)
    house.tv.mark(media, place, house.tv.clock.now())
    house.time.advance(1)
    assert (await house.sync_now()).error is None
    assert not house.is_kept(media, place)


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_begun_again_on_the_phone(house: House, media: Media, place: Place) -> None:
    """What was paused after it was finished here is another viewing, and stays."""
    house.tv.mark(media, place, house.tv.clock.now())
    house.pause_on_phone(media, place, 30.0)
    await house.sync()
    await house.sync()
    assert house.is_kept(media, place)
    progress = house.tv.progress(media, place)
    assert progress is not None
    assert progress.ratio == pytest.approx(0.3)


@pytest.mark.parametrize(("media", "place"), THINGS)
async def test_finished_on_the_phone(house: House, media: Media, place: Place) -> None:
    """What the provider itself knows to be watched is its own to clear away; here it is watched."""
    house.pause_on_phone(media, place, 30.0)
    if isinstance(house.standin, StandIn):
        house.standin.person().mark_watched(media.title, *_ref(place))
    else:
        house.standin.person().watch(media.title, *_ref(place))
    await house.sync()
    assert house.is_kept(media, place)
    assert house.tv.continue_watching() == ()
