"""Two devices, two providers and two phones: one play, two deliveries, and nothing passed on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import SAME_VIEWING
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.domain.status import SyncState
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Fault, gateway_error
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from tests.support.folders import memory_folder
from tests.support.standins import CUT_SHORT
from tests.sync.phone import BREAKING_BAD, INCEPTION, MATRIX
from tests.sync.server import FILM, Place, key_of
from tests.sync.twins import Twin, twin_at
from tests.sync.viewings import same_viewing

THINGS: list[tuple[Media, Place]] = [
    (INCEPTION, FILM),
    (MATRIX, FILM),
    (BREAKING_BAD, (1, 1)),
    (BREAKING_BAD, (1, 2)),
]
FAULTS: list[Fault] = [*CUT_SHORT, gateway_error()]

things = st.integers(0, len(THINGS) - 1)
who = st.sampled_from([0, 1])


class World:
    """Two stand-ins that know the same titles, on one clock, and devices at both."""

    def __init__(self) -> None:
        self.folder = memory_folder()
        self.time = ManualClock()
        self.simkl = StandIn(clock=self.time, seed=1)
        self.trakt = TraktStandIn(clock=self.time, seed=2, catalogue=self.simkl.world.catalogue)
        self.simkl.start()
        self.trakt.start()
        self.runner = asyncio.Runner()
        self.twins: list[Twin] = []

    def add_twin(self, name: str) -> Twin:
        """One more device."""
        folder = Path(self.folder.name) / name
        self.twins.append(self.runner.run(twin_at(self.simkl, self.trakt, self.time, folder)))
        return self.twins[-1]

    def sync(self, twin: Twin) -> None:
        """A sync with both that must succeed."""
        self.time.advance(1200)
        for result in self.runner.run(twin.sync()):
            assert (result.state, result.error) == (SyncState.IDLE, None)

    def settle(self) -> None:
        """Everybody syncs twice."""
        for twin in self.twins * 2:
            self.sync(twin)

    def told_trakt(self, media: Media, place: Place) -> list[datetime]:
        """The plays that Trakt has."""
        plays = self.trakt.person().plays(media.title, *_ref(place))
        return [play for play in plays if play is not None]

    def told_simkl(self, media: Media, place: Place) -> bool:
        """Whether Simkl has it watched."""
        return self.simkl.person().has_watched(media.title, *_ref(place))

    def close(self) -> None:
        """End everything."""
        for twin in self.twins:
            self.runner.run(twin.close())
        self.runner.close()
        self.simkl.stop()
        self.trakt.stop()
        self.folder.cleanup()
        assert self.simkl.errors + self.trakt.errors == []
        assert self.simkl.violations + self.trakt.violations == []


def _ref(place: Place) -> tuple[int, ...]:
    return () if place == FILM else place


def is_watched(twin: Twin, media: Media, place: Place) -> bool:
    """Whether a device has it watched."""
    progress = twin.device.progress(media, place)
    return progress is not None and progress.watched


class TwoProviders(RuleBasedStateMachine):
    """What happens on two devices and at both providers, in any order, with failing requests."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        for name in ("tv", "laptop"):
            self.world.sync(self.world.add_twin(name))
        self.played: list[tuple[int, int, datetime]] = []
        """Device, thing, when."""
        self.elsewhere: dict[str, set[int]] = {"simkl": set(), "trakt": set()}
        self.unmarked: set[int] = set()

    @rule(device=who, thing=things, percent=st.sampled_from([20.0, 95.0]))
    def play(self, device: int, thing: int, percent: float) -> None:
        """Somebody plays something on a device."""
        self.world.time.advance(1200)
        media, place = THINGS[thing]
        now = self.world.time.now()
        self.world.twins[device].device.play(media, place, percent)
        if percent > 90:
            self.played.append((device, thing, now))

    @rule(device=who, thing=things, hours=st.sampled_from([0, 30]))
    def mark(self, device: int, thing: int, hours: int) -> None:
        """Somebody marks something watched by hand."""
        self.world.time.advance(1200)
        media, place = THINGS[thing]
        at = self.world.time.now() - timedelta(hours=hours)
        self.world.twins[device].device.mark(media, place, at)
        self.played.append((device, thing, at))

    @rule(device=who, thing=things)
    def unmark(self, device: int, thing: int) -> None:
        """Somebody marks something unwatched by hand."""
        self.world.time.advance(1200)
        self.world.twins[device].device.unmark(*THINGS[thing])
        self.unmarked.add(thing)

    @rule(provider=st.sampled_from(["simkl", "trakt"]), thing=things)
    def watch_elsewhere(self, provider: str, thing: int) -> None:
        """Something is watched where dodo does not run, and told to one provider."""
        self.world.time.advance(1200)
        media, place = THINGS[thing]
        if provider == "simkl":
            self.world.simkl.person().mark_watched(media.title, *_ref(place))
        else:
            self.world.trakt.person().watch(media.title, *_ref(place))
        self.elsewhere[provider].add(thing)

    @rule(thing=things)
    def pause_elsewhere(self, thing: int) -> None:
        """Something is paused where dodo does not run."""
        self.world.time.advance(1200)
        media, place = THINGS[thing]
        self.world.trakt.person().pause(media.title, 37.5, *_ref(place))

    @rule(device=who, at=st.sampled_from(["simkl", "trakt", "both"]),
          fault=st.sampled_from([None, *range(len(FAULTS))]), skip=st.integers(0, 6))  # fmt: skip
    def sync(self, device: int, at: str, fault: int | None, skip: int) -> None:
        """A device syncs; any request to either or both may go wrong."""
        self.world.time.advance(1200)
        named = {"simkl": (self.world.simkl,), "trakt": (self.world.trakt,)}
        faulty = named.get(at, (self.world.simkl, self.world.trakt))
        if fault is not None:
            for standin in faulty:
                standin.faults.add("/", FAULTS[fault], count=5, skip=skip)
        simkl, trakt = self.world.runner.run(self.world.twins[device].sync())
        if at == "simkl":
            assert trakt.error is None
        if at == "trakt":
            assert simkl.error is None
        for standin in faulty:
            standin.faults.clear()

    def teardown(self) -> None:
        """In the end everybody syncs twice; then nothing is left to do."""
        try:
            self.world.settle()
            for twin in self.world.twins:
                self.world.simkl.log.clear()
                self.world.trakt.log.clear()
                self.world.sync(twin)
                assert self.world.simkl.log.lines() == ["GET /sync/activities 200"]
                assert self.world.trakt.log.lines() == ["GET /sync/last_activities 200"]
            self.check_one_play_per_viewing()
            self.check_nothing_is_passed_on()
            self.check_devices()
        finally:
            self.world.close()

    def check_one_play_per_viewing(self) -> None:
        """Each viewing of a device is at Trakt once, and at Simkl."""
        for _, thing, at in self.played:
            if thing in self.unmarked:
                continue
            told = self.world.told_trakt(*THINGS[thing])
            assert sum(abs(at - each) < SAME_VIEWING for each in told) == 1, THINGS[thing]
            assert self.world.told_simkl(*THINGS[thing])

    def check_nothing_is_passed_on(self) -> None:
        """What only one provider was told by a phone, the other one has not heard of."""
        here = {thing for _, thing, _ in self.played} | self.unmarked
        for thing in self.elsewhere["simkl"] - self.elsewhere["trakt"] - here:
            assert self.world.told_trakt(*THINGS[thing]) == []
        for thing in self.elsewhere["trakt"] - self.elsewhere["simkl"] - here:
            assert not self.world.told_simkl(*THINGS[thing])

    def check_devices(self) -> None:
        """Both devices know everything, and each viewing once."""
        known = self.elsewhere["simkl"] | self.elsewhere["trakt"]
        known |= {thing for _, thing, _ in self.played}
        for number, twin in enumerate(self.world.twins):
            for thing in known - self.unmarked:
                assert is_watched(twin, *THINGS[thing]), THINGS[thing]
            plays = [play for play in twin.device.history() if play.watched_at is not None]
            own = [play.key for play in plays if play.source in ("mpv", "manual")]
            mine = [str(key_of(*THINGS[thing])) for who, thing, _ in self.played if who == number]
            assert sorted(own) == sorted(mine)
            for play in plays:
                assert same_viewing(play, plays) == [play]


TestTwoProviders = TwoProviders.TestCase
TestTwoProviders.settings = settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture
def world() -> Iterator[World]:
    """Both stand-ins."""
    made = World()
    yield made
    made.close()


def test_one_play_has_two_deliveries_of_their_own(world: World) -> None:
    """One provider away: the other is told at once, and the first as soon as it is back."""
    twin = world.add_twin("tv")
    world.sync(twin)
    twin.device.play(INCEPTION, FILM, 95.0)
    world.trakt.offline = True
    simkl, trakt = world.runner.run(twin.sync())
    assert (simkl.error, trakt.state) == (None, SyncState.OFFLINE)
    (play,) = twin.device.history()
    assert play.delivered == {"simkl": DeliveryState.SENT, "trakt": DeliveryState.WAITING}
    world.trakt.offline = False
    world.sync(twin)
    (play,) = twin.device.history()
    assert play.delivered == {"simkl": DeliveryState.SENT, "trakt": DeliveryState.SENT}
    assert len(world.told_trakt(INCEPTION, FILM)) == 1


def test_a_first_sync_sends_what_was_watched_here_and_nothing_of_the_other(world: World) -> None:
    """Connecting Trakt later: what Simkl told stays between Simkl and dodo."""
    world.simkl.person().mark_watched(MATRIX.title)
    twin = world.add_twin("tv")
    world.runner.run(twin.device.sync())
    twin.device.play(INCEPTION, FILM, 95.0)
    world.sync(twin)
    assert is_watched(twin, MATRIX, FILM)
    assert len(world.told_trakt(INCEPTION, FILM)) == 1
    assert world.told_trakt(MATRIX, FILM) == []
