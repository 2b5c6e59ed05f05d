"""Two devices and a server: whatever happens in whatever order, it ends in one truth."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Progress
from tests.support.clock import FakeClock
from tests.support.folders import memory_folder
from tests.sync.device import Device
from tests.sync.server import (
    FILM,
    HEAT,
    SEVERANCE,
    MemoryProvider,
    MemoryServer,
    Place,
    film,
    key_of,
    place_of,
)
from tests.sync.viewings import same_viewing

THINGS: list[tuple[Media, Place]] = [
    (HEAT, FILM),
    (film(1), FILM),
    (SEVERANCE, (1, 1)),
    (SEVERANCE, (1, 2)),
    (SEVERANCE, (2, 1)),
]
things = st.integers(0, len(THINGS) - 1)
who = st.sampled_from([0, 1])


class TwoDevices(RuleBasedStateMachine):
    """Plays, pauses, marks and removals on two devices and a phone, with failing requests."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = memory_folder()
        self.clock = FakeClock()
        self.server = MemoryServer(self.clock)
        self.runner = asyncio.Runner()
        root = Path(self.folder.name)
        self.devices = [
            Device(root / name, MemoryProvider(self.server), self.clock)
            for name in ("tv", "laptop")
        ]
        self.removed: set[str] = set()
        """Titles that were taken off the list: what was played of them stays where it was."""
        self.played: list[tuple[int, str]] = []
        self.backdated: set[int] = set()
        """What was marked by hand as watched long ago: whoever does that is done with it here."""

    def pass_time(self) -> None:
        """Everything happens at a second of its own, and some of it long after the last."""
        self.clock.advance(1200.0)

    @rule(device=who, thing=things, percent=st.sampled_from([20.0, 55.0, 95.0]))
    def play(self, device: int, thing: int, percent: float) -> None:
        """Somebody plays something on a device."""
        self.pass_time()
        media, place = THINGS[thing]
        self.devices[device].play(media, place, percent)
        if percent > 90:
            self.played.append((device, str(key_of(media, place))))

    @rule(device=who, thing=things, days=st.sampled_from([0, 3, 400]))
    def mark(self, device: int, thing: int, days: int) -> None:
        """Somebody marks something watched by hand, now or long ago."""
        self.pass_time()
        media, place = THINGS[thing]
        at = self.clock.now() - timedelta(days=days)
        if days:
            self.backdated.add(thing)
        self.devices[device].mark(media, place, at)
        self.played.append((device, str(key_of(media, place))))

    @rule(device=who, thing=things)
    def unmark(self, device: int, thing: int) -> None:
        """Somebody marks something unwatched; of a film that is all there is on the list."""
        self.pass_time()
        media, place = THINGS[thing]
        self.devices[device].unmark(media, place)
        if place == FILM:
            self.removed.add(str(media.id))

    @rule(thing=things)
    def watch_on_phone(self, thing: int) -> None:
        """Something is watched where dodo does not run."""
        self.pass_time()
        media, place = THINGS[thing]
        self.server.watch(media, place, self.clock.now())
        self.server.clear_point(media)

    @rule(thing=things)
    def pause_on_phone(self, thing: int) -> None:
        """Something is paused where dodo does not run."""
        self.pass_time()
        media, place = THINGS[thing]
        self.server.pause(media, place, 37.0, self.clock.now())

    @rule(thing=things)
    def remove_on_phone(self, thing: int) -> None:
        """A title is taken off the list where dodo does not run."""
        self.pass_time()
        media, _ = THINGS[thing]
        self.server.remove(media)
        self.removed.add(str(media.id))

    @rule(status=st.sampled_from([ListStatus.HOLD, ListStatus.WATCHING]))
    def put_aside_on_phone(self, status: ListStatus) -> None:
        """A series goes on hold or comes back."""
        self.pass_time()
        self.server.put(SEVERANCE, status)

    @rule(device=who, fails_at=st.one_of(st.none(), st.integers(0, 6)))
    def sync(self, device: int, fails_at: int | None) -> None:
        """A device syncs; the network may go at any request."""
        self.pass_time()
        self.server.fail_at = fails_at
        self.runner.run(self.devices[device].sync())
        self.server.fail_at = None

    def teardown(self) -> None:
        """In the end both sync twice, and then nothing is left to do."""
        try:
            for device in self.devices * 2:
                self.pass_time()
                result = self.runner.run(device.sync())
                assert result.error is None
            for device in self.devices:
                self.pass_time()
                self.server.requests.clear()
                self.runner.run(device.sync())
                assert self.server.requests == ["snapshot"]
            self.check_agreement()
            self.check_resume_points()
            self.check_history()
        finally:
            for device in self.devices:
                device.close()
            self.runner.close()
            self.folder.cleanup()

    def check_agreement(self) -> None:
        """Both devices and the server have watched the same."""
        for media, place in THINGS:
            if str(media.id) in self.removed:
                continue
            entry = self.server.titles.get(str(media.id))
            there = entry is not None and place in entry.watched
            here = [_is_watched(device.progress(media, place)) for device in self.devices]
            assert here == [there, there], (media.title, place)

    def check_resume_points(self) -> None:
        """What can be continued there can be continued on both devices, at the same place."""
        points = self.runner.run(self.devices[0].provider.resume_points())
        for point in points:
            media = self.server.media_of(point.item)
            place = place_of(point.item)
            if THINGS.index((media, place)) in self.backdated:
                continue
            for device in self.devices:
                progress = device.progress(media, place)
                assert progress is not None
                ratio = progress.ratio
                if point.paused_at is not None and progress.touched_at <= point.paused_at:
                    assert ratio is not None, (media.title, place)
                    assert abs(ratio - point.percent / 100) < 0.01

    def check_history(self) -> None:
        """Every viewing is there once: our own all, and others' none that is ours."""
        for number, device in enumerate(self.devices):
            plays = device.history()
            own = [(play.key) for play in plays if play.source != "simkl" and play.watched_at]
            assert sorted(own) == sorted(key for who, key in self.played if who == number)
            heard = [play for play in plays if play.source == "simkl"]
            for play in heard:
                assert same_viewing(play, plays) == [play]


def _is_watched(progress: Progress | None) -> bool:
    return progress is not None and progress.watched


TestTwoDevices = TwoDevices.TestCase
TestTwoDevices.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
