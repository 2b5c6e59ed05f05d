"""A clock that servers set right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dodo_tui.clock import CorrectedClock, is_measured, learner
from tests.support.clock import START, FakeClock

YEAR = timedelta(days=365)


def test_an_unheard_clock_is_the_machines() -> None:
    """Nobody has said anything, so nothing is known."""
    clock = CorrectedClock(FakeClock(), lambda: 0.0)
    assert clock.now() == START
    assert not is_measured(clock)
    assert learner(FakeClock()) is None


@pytest.mark.parametrize("error", [YEAR, -YEAR])
def test_a_server_sets_it_right(error: timedelta) -> None:
    """From then on time is counted by what nobody sets, a suspension included."""
    machine = FakeClock(START + error)
    slept = [0.0]
    clock = CorrectedClock(machine, lambda: slept[0])
    learn = learner(clock)
    assert learn is not None
    learn(START)
    machine.advance(60)
    slept[0] = 3600.0
    assert clock.now() == START + timedelta(seconds=3660)
    assert is_measured(clock)


def test_a_machine_that_is_right_again_is_followed() -> None:
    """Somebody has set its clock meanwhile; it knows the fractions of a second, too."""
    machine = FakeClock(START - YEAR)
    clock = CorrectedClock(machine, lambda: 0.0)
    clock.learn(START)
    machine.start = START + timedelta(milliseconds=400)
    clock.learn(START)
    assert clock.now() == machine.now()


def test_small_differences_are_none() -> None:
    """An answer takes a while, and servers differ by seconds."""
    machine = FakeClock()
    clock = CorrectedClock(machine, lambda: 0.0)
    clock.learn(START + timedelta(seconds=90))
    assert clock.now() == START


def test_a_server_that_does_not_know_the_time_either_is_not_believed() -> None:
    """Its battery is empty, too."""
    clock = CorrectedClock(FakeClock(), lambda: 0.0)
    clock.learn(datetime(1970, 1, 1, tzinfo=UTC))
    assert clock.now() == START
    assert not is_measured(clock)
