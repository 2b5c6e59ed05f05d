"""Players that lie about time."""

from __future__ import annotations

import pytest

from dodo_tui.players.numbers import MOST_SECONDS, number_of, seconds_of, speed_of

HUGE = pytest.param(10**400, id="huge")
NO_NUMBERS: list[object] = [None, True, "7", [], {}, float("nan"), float("inf"), HUGE]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_is_nothing(value: object) -> None:
    """JSON allows all of these, and Python reads them."""
    assert number_of(value) is None
    assert seconds_of(value, 1e7) is None
    assert speed_of(value) == 1.0


@pytest.mark.parametrize("value", [-1, -0.5, 1e9, 1e300])
def test_what_no_film_has_is_nothing(value: float) -> None:
    """Before its beginning, or after years."""
    assert seconds_of(value) is None


def test_what_is_a_number_is_taken_as_one() -> None:
    """Whole or not."""
    assert (seconds_of(0), seconds_of(90.5), seconds_of(600, 1 / 60)) == (0.0, 90.5, 36000.0)
    assert (speed_of(2), speed_of(0), speed_of(-3), speed_of(1000)) == (2.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize("per_second", [1.0, 1e6, 1 / 60])
def test_a_week_is_the_longest_that_anything_runs(per_second: float) -> None:
    """In whatever unit it is told; a camera that has run for days is still one."""
    week = 7 * 24 * 3600
    assert seconds_of(week * per_second, per_second) == week == MOST_SECONDS
    assert seconds_of((week + 1) * per_second, per_second) is None
