"""Rows that made no sense are asked for again: when, and from where."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.domain.asking_again import Again, after_pull, pull_since
from tests.support.clock import START

DAY = timedelta(days=1)


@pytest.mark.parametrize("before", [None, Again("a", START, 2)])
@pytest.mark.parametrize("malformed", [0, 3])
def test_a_first_pull_has_nothing_to_ask_for_again(before: Again | None, malformed: int) -> None:
    """A library is never pulled whole twice."""
    assert after_pull(before, None, malformed, START) is None
    assert pull_since(None, before, START) is None


def test_what_makes_sense_is_not_asked_for_again() -> None:
    """Neither after a pull that was understood, nor once an old one is."""
    assert after_pull(None, "a", 0, START) is None
    assert after_pull(Again("a", START, 4), "a", 0, START) is None
    assert pull_since("b", None, START) == "b"


def test_nonsense_is_asked_for_at_once_and_then_ever_more_rarely() -> None:
    """From before it, by the next sync; then after 1, 2, 4, … 32 days."""
    again = after_pull(None, "a", 1, START)
    assert again == Again("a", START)
    waits = []
    for _ in range(8):
        assert again is not None
        assert pull_since("b", again, again.at) == "a"
        assert pull_since("b", again, again.at - timedelta(seconds=1)) == "b"
        now = again.at
        again = after_pull(again, "a", 1, now)
        assert again is not None
        waits.append(again.at - now)
    assert waits == [DAY, 2 * DAY, 4 * DAY, 8 * DAY, 16 * DAY, 32 * DAY, 32 * DAY, 32 * DAY]


@pytest.mark.parametrize(
    ("waits", "at"), [(9 * DAY, DAY), (timedelta(hours=3), timedelta(hours=3))]
)
def test_more_nonsense_since_is_asked_for_within_a_day(waits: timedelta, at: timedelta) -> None:
    """Or as soon as was to be asked anyway; from before the first of it."""
    before = Again("a", START + waits, 4)
    assert after_pull(before, "b", 1, START) == Again("a", START + at, 4)
    assert after_pull(before, "b", 0, START) == before


def test_a_wait_that_no_right_clock_has_set_is_none() -> None:
    """Longer than the longest."""
    assert not Again("a", START + 32 * DAY, 9).is_due(START)
    assert Again("a", START + 33 * DAY, 9).is_due(START)
