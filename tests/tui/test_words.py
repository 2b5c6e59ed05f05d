"""Small texts that several screens say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.tui.words import ago, day_and_hour, found_text, looking_text
from tests.support.clock import START


@pytest.mark.parametrize(
    ("days", "hours", "words"),
    [(0, 0, "just now"), (0, 3, "3 h ago"), (40, 0, f"{START - timedelta(days=40):%a}")],
)
def test_what_is_of_this_year_is_said_without_it(days: int, hours: int, words: str) -> None:
    """The nearer, the finer."""
    said = ago(START - timedelta(days=days, hours=hours), START)
    assert said.startswith(words)
    assert str(START.year) not in said


@pytest.mark.parametrize("years", [1, 7])
def test_what_is_of_another_year_says_which(years: int) -> None:
    """Last year's March is not this year's."""
    moment = START - timedelta(days=366 * years)
    for words in (ago(moment, START), day_and_hour(moment, START)):
        assert words.endswith(str(moment.year))


def test_a_column_of_times_is_even() -> None:
    """Nothing is wider than the hour of a day of this year."""
    assert len(day_and_hour(START, START)) == 12


def test_a_look_through_the_folders_is_told_in_the_same_words_everywhere() -> None:
    """While it goes on, and what it came to."""
    assert looking_text(10_012) == "Looking for files: 10 012 seen"
    assert found_text(1, 0) == "1 video, 0 new"
    assert found_text(10_012, 1_200) == "10 012 videos, 1 200 new"
