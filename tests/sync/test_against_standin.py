"""Two real dodo data folders and the stand-in for Simkl, with faults between any two requests."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import SAME_VIEWING
from dodo_tui.domain.status import SyncState
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import (
    Fault,
    gateway_error,
    rate_limited,
    server_error,
    write_locked,
)
from dodo_tui.standin.simkl.server import StandIn
from tests.support.folders import memory_folder
from tests.support.standins import CUT_SHORT
from tests.sync.device import Device
from tests.sync.phone import BREAKING_BAD, INCEPTION, MATRIX, device_at
from tests.sync.server import FILM, Place, key_of

THINGS: list[tuple[Media, Place]] = [
    (INCEPTION, FILM),
    (MATRIX, FILM),
    (BREAKING_BAD, (1, 1)),
    (BREAKING_BAD, (1, 2)),
    (BREAKING_BAD, (2, 1)),
]

FAULTS: list[Fault] = [
    *CUT_SHORT,
    server_error(),
    gateway_error(),
    rate_limited(),
    write_locked(),
]

ERRORS = [timedelta(0), timedelta(days=-5 * 365), timedelta(days=5 * 365)]
"""How wrong a clock may be: a Pi without a network begins where it was built, or anywhere."""

things = st.integers(0, len(THINGS) - 1)
who = st.sampled_from([0, 1])


class TwoFolders(RuleBasedStateMachine):
    """What happens on two devices and on Simkl's own site, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = memory_folder()
        self.time = ManualClock()
        self.standin = StandIn(clock=self.time, seed=1)
        self.standin.start()
        self.runner = asyncio.Runner()
        self.devices: list[Device] = []
        self.removed: set[str] = set()
        self.played: list[tuple[int, str]] = []
        self.person = self.standin.person()
        self.person.mark_watched(BREAKING_BAD.title, 3, 1)
        self.person.mark_watched("Charade")

    @initialize(error=st.sampled_from(ERRORS))
    def set_up(self, error: timedelta) -> None:
        """Two devices are signed in; the clock of one may be wrong by years. Nobody has synced."""
        for name, wrong_by in (("tv", error), ("laptop", timedelta(0))):
            folder = Path(self.folder.name) / name
            device = device_at(self.standin, self.time, folder, wrong_by)
            self.devices.append(self.runner.run(device))

    def run_sync(self, device: Device) -> None:
        """A sync that must succeed."""
        self.time.advance(1200.0)
        result = self.runner.run(device.sync())
        assert (result.state, result.error) == (SyncState.IDLE, None)

    @rule(device=who, thing=things, percent=st.sampled_from([20.0, 55.0, 95.0]))
    def play(self, device: int, thing: int, percent: float) -> None:
        """Somebody plays something on a device."""
        self.time.advance(1200.0)
        media, place = THINGS[thing]
        self.devices[device].play(media, place, percent)
        if percent > 90:
            self.played.append((device, str(key_of(media, place))))

    @rule(device=who, thing=things, days=st.sampled_from([0, 3, 400]))
    def mark(self, device: int, thing: int, days: int) -> None:
        """Somebody marks something watched by hand, now or long ago."""
        self.time.advance(1200.0)
        media, place = THINGS[thing]
        clock = self.devices[device].clock
        self.devices[device].mark(media, place, clock.now() - timedelta(days=days))
        self.played.append((device, str(key_of(media, place))))

    @rule(device=who, thing=things)
    def unmark(self, device: int, thing: int) -> None:
        """Somebody marks something unwatched by hand."""
        self.time.advance(1200.0)
        media, place = THINGS[thing]
        self.devices[device].unmark(media, place)
        if place == FILM:
            self.removed.add(media.title)

    @rule(thing=things)
    def watch_elsewhere(self, thing: int) -> None:
        """Something is watched where dodo does not run."""
        self.time.advance(1200.0)
        media, place = THINGS[thing]
        self.person.mark_watched(media.title, *_ref(place))

    @rule(thing=things)
    def unwatch_elsewhere(self, thing: int) -> None:
        """Something is marked unwatched where dodo does not run.

        An episode only once both devices have heard that it was watched: what was told by one and
        never heard back may have been filed under another number, and its absence says nothing.
        """
        media, place = THINGS[thing]
        if place != FILM:
            for device in self.devices * 2:
                self.run_sync(device)
        self.time.advance(1200.0)
        self.person.mark_unwatched(media.title, *_ref(place))

    @rule(thing=things)
    def pause_elsewhere(self, thing: int) -> None:
        """Something is paused where dodo does not run."""
        self.time.advance(1200.0)
        media, place = THINGS[thing]
        self.person.pause(media.title, 37.5, *_ref(place))

    @rule(thing=things)
    def remove_elsewhere(self, thing: int) -> None:
        """A title is taken off the list where dodo does not run."""
        self.time.advance(1200.0)
        media, _ = THINGS[thing]
        self.person.remove(media.title)
        self.removed.add(media.title)

    @rule(
        device=who,
        fault=st.sampled_from([None, *range(len(FAULTS))]),
        skip=st.integers(0, 8),
        count=st.integers(1, 5),
    )
    def sync(self, device: int, fault: int | None, skip: int, count: int) -> None:
        """A device syncs; any request may go wrong, alone or with those after it."""
        self.time.advance(1200.0)
        if fault is not None:
            self.standin.faults.add("/", FAULTS[fault], count=count, skip=skip)
        self.runner.run(self.devices[device].sync())
        self.standin.faults.clear()

    def teardown(self) -> None:
        """In the end both sync twice; then nothing is left to do, and both know the same."""
        try:
            for device in self.devices * 2:
                self.run_sync(device)
            for device in self.devices:
                self.standin.log.clear()
                self.run_sync(device)
                assert self.standin.log.lines() == ["GET /sync/activities 200"]
            self.check_agreement()
            self.check_history()
            assert self.standin.errors == []
            assert self.standin.violations == []
        finally:
            for device in self.devices:
                self.runner.run(device.provider.close())
                device.close()
            self.runner.close()
            self.standin.stop()
            self.folder.cleanup()

    def check_agreement(self) -> None:
        """Both devices and Simkl have watched the same."""
        library = self.person.member.library
        for media, place in THINGS:
            if media.title in self.removed:
                continue
            title = self.standin.world.title(media.title)
            entry = library.get(title)
            key = (0, 0) if place == FILM else place
            there = entry is not None and any(
                watched == place or (place == FILM and entry.watched) for watched in entry.watched
            )
            for device in self.devices:
                progress = device.progress(media, place)
                here = progress is not None and progress.watched
                assert here == there, (media.title, key)

    def check_history(self) -> None:
        """Every viewing is there once."""
        for number, device in enumerate(self.devices):
            plays = device.history()
            own = [play.key for play in plays if play.source != "simkl" and play.watched_at]
            assert sorted(own) == sorted(key for who, key in self.played if who == number)
            for play in plays:
                if play.source != "simkl" or play.watched_at is None:
                    continue
                near = [
                    other
                    for other in plays
                    if other.key == play.key
                    and other.watched_at is not None
                    and abs(other.watched_at - play.watched_at) < SAME_VIEWING
                ]
                assert near == [play]


def _ref(place: Place) -> tuple[int, ...]:
    return () if place == FILM else place


TestTwoFolders = TwoFolders.TestCase
TestTwoFolders.settings = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
