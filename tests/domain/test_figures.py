"""Numbers as people read them."""

from __future__ import annotations

import pytest

from dodo_tui.domain.figures import clock_text, counted, length_text, percent_text, ratio_text


def test_one_is_one_and_thousands_stand_apart() -> None:
    """A noun follows its number."""
    assert [counted(count, "film") for count in (0, 1, 2, 10_012)] == [
        "0 films",
        "1 film",
        "2 films",
        "10 012 films",
    ]


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(None, "0 %"), (0.424, "42 %"), (0.426, "43 %"), (-1.0, "0 %"), (1.7, "100 %")],
)
def test_a_share_is_never_less_than_nothing_nor_more_than_all(
    ratio: float | None, words: str
) -> None:
    """Whatever a provider or a file has said; a percentage reads as the share does."""
    assert ratio_text(ratio) == words
    assert percent_text(100 * (ratio or 0.0)) == words


def test_a_position_has_hours_only_where_there_are_some() -> None:
    """And none lies before the beginning."""
    assert [clock_text(seconds) for seconds in (-3.0, 59.9, 1450.0, 5050.0)] == [
        "0:00",
        "0:59",
        "24:10",
        "1:24:10",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0 s"), (12.7, "12 s"), (59.9, "59 s"), (60.0, "1 min"), (5400.0, "90 min")],
)
def test_what_is_short_is_not_said_in_minutes(seconds: float, text: str) -> None:
    """Nothing that was played is "0 min"."""
    assert length_text(seconds) == text
