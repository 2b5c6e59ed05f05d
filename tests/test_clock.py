"""A clock that servers set right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dodo_tui.clock import SLACK, CorrectedClock, Misdated, is_measured, learner, take_misdated
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


@pytest.mark.parametrize("error", [-YEAR, YEAR, -timedelta(minutes=5), timedelta(minutes=5)])
def test_what_was_written_by_a_wrong_clock_is_told_once(error: timedelta) -> None:
    """From when to when, and how late it was. What has its true time already is not among it."""
    machine = FakeClock(START + error)
    slept = [0.0]
    clock = CorrectedClock(machine, lambda: slept[0])
    assert take_misdated(clock) is None
    machine.advance(1800)
    slept[0] = 1800.0
    now = START + timedelta(hours=1)
    clock.learn(now)
    until = min(now + error, START) if error < timedelta() else now + error
    assert take_misdated(clock) == Misdated(START + error, until, -error)
    assert take_misdated(clock) is None


def test_only_the_first_answer_tells_what_was_misdated() -> None:
    """Since then it is known how late it is, whatever the machine is set to."""
    machine = FakeClock(START - YEAR)
    clock = CorrectedClock(machine, lambda: 0.0)
    clock.learn(START)
    assert take_misdated(clock) is not None
    machine.start -= YEAR
    clock.learn(START)
    assert take_misdated(clock) is None


@pytest.mark.parametrize("error", [SLACK, -SLACK, timedelta()])
def test_a_clock_that_is_right_has_misdated_nothing(error: timedelta) -> None:
    """As near to the server's as two right ones are."""
    clock = CorrectedClock(FakeClock(START + error), lambda: 0.0)
    clock.learn(START)
    assert take_misdated(clock) is None
    assert take_misdated(FakeClock()) is None
