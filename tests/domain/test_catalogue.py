"""What is asked of the catalogue, when, and how much in a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.catalogue import (
    AGE_ENDED,
    AGE_GOES_ON,
    MOST_A_DAY,
    Ask,
    Asked,
    Question,
    ask_for_screen,
    what_to_ask,
)
from tests.support.clock import START

_DAY = timedelta(days=1)
SHOW = Asked("show", True, is_planned=False, goes_on=False, details_at=START, episodes_at=START)
FILM = Asked("film", False, is_planned=False, goes_on=False, details_at=START, episodes_at=None)

EPISODES, DETAILS = Question.EPISODES, Question.DETAILS


def _asks(*titles: Asked, now: datetime = START, asked: int = 0) -> list[tuple[str, Question]]:
    return [(ask.media_id, ask.question) for ask in what_to_ask(titles, now, asked)]


def test_episodes_first_then_what_is_planned_then_the_rest() -> None:
    """Each in the order in which titles were touched."""
    new = replace(SHOW, media_id="new", details_at=None, episodes_at=None)
    planned = replace(FILM, media_id="planned", is_planned=True, details_at=None)
    film = replace(FILM, details_at=None)
    assert _asks(film, new, planned) == [
        ("new", EPISODES),
        ("planned", DETAILS),
        ("film", DETAILS),
        ("new", DETAILS),
    ]


def test_a_film_has_no_episodes_to_ask_for() -> None:
    """Its page is enough."""
    assert _asks(replace(FILM, details_at=None)) == [("film", DETAILS)]


@pytest.mark.parametrize(
    ("goes_on", "age", "is_asked"),
    [
        (True, AGE_GOES_ON, True),
        (True, AGE_GOES_ON - timedelta(seconds=1), False),
        (False, AGE_ENDED, True),
        (False, AGE_ENDED - timedelta(seconds=1), False),
    ],
)
def test_what_goes_on_is_asked_about_weekly(goes_on: bool, age: timedelta, is_asked: bool) -> None:
    """What has ended hardly ever."""
    title = replace(SHOW, goes_on=goes_on)
    assert bool(_asks(title, now=START + age)) is is_asked
    assert bool(ask_for_screen(title, START + age)) is is_asked


def test_an_answer_from_the_future_was_dated_by_a_wrong_clock() -> None:
    """It is asked for again."""
    title = replace(SHOW, episodes_at=START + 400 * _DAY)
    assert _asks(title) == [("show", EPISODES)]


def test_somebody_looking_is_always_answered() -> None:
    """The bound of a day is for what nobody looks at."""
    title = replace(SHOW, details_at=None, episodes_at=None)
    assert _asks(title, asked=MOST_A_DAY) == []
    assert ask_for_screen(title, START) == (Ask("show", DETAILS), Ask("show", EPISODES))


@given(st.integers(0, 200), st.integers(0, 100))
def test_a_day_is_bounded(titles: int, asked: int) -> None:
    """Whatever is due."""
    due = [
        replace(SHOW, media_id=str(number), details_at=None, episodes_at=None)
        for number in range(titles)
    ]
    asks = _asks(*due, asked=asked)
    assert len(asks) == min(2 * titles, max(MOST_A_DAY - asked, 0))
    assert len(set(asks)) == len(asks)
