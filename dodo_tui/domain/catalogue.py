"""What the catalogue says of a title, and when it is time to ask it (again).

Pure. A series that goes on is asked about once a week, because an episode may have been announced;
what has ended hardly changes. There is a bound for a day: the catalogue costs nothing of a user's
quota, and is not to be read out by a program that runs all the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from dodo_tui.values import dataclass

AGE_GOES_ON = timedelta(days=7)
AGE_ENDED = timedelta(days=90)
"""How old an answer may be before it is asked for again."""

MOST_A_DAY = 40
"""So many questions are asked within 24 hours without anybody looking at the title."""


class Question(StrEnum):
    """What can be asked about a title."""

    EPISODES = "episodes"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class Asked:
    """A title that somebody watches or plans, and when the catalogue was asked about it."""

    media_id: str
    is_series: bool
    is_planned: bool
    goes_on: bool
    """Whether more of it is to come, as far as we know."""
    details_at: datetime | None
    episodes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question."""

    media_id: str
    question: Question


def what_to_ask(titles: Iterable[Asked], now: datetime, asked_today: int) -> tuple[Ask, ...]:
    """The questions that are due, the most useful first and no more than the day allows.

    Episodes make Up next, so they come first; then the pages of what is planned, which say when a
    title is out; then the others'. `titles` come in the order in which they were touched.
    """
    known = tuple(titles)
    due = [
        Ask(title.media_id, Question.EPISODES)
        for title in known
        if title.is_series and _is_old(title.episodes_at, title.goes_on, now)
    ]
    for is_planned in (True, False):
        due += [
            Ask(title.media_id, Question.DETAILS)
            for title in known
            if title.is_planned is is_planned and _is_old(title.details_at, title.goes_on, now)
        ]
    return tuple(due[: max(MOST_A_DAY - asked_today, 0)])


def ask_for_screen(title: Asked, now: datetime) -> tuple[Ask, ...]:
    """What is missing or old of a title that somebody looks at."""
    asks = []
    if _is_old(title.details_at, title.goes_on, now):
        asks.append(Ask(title.media_id, Question.DETAILS))
    if title.is_series and _is_old(title.episodes_at, title.goes_on, now):
        asks.append(Ask(title.media_id, Question.EPISODES))
    return tuple(asks)


def _is_old(asked_at: datetime | None, goes_on: bool, now: datetime) -> bool:
    """Whether an answer is missing or too old; one from the future was dated by a wrong clock."""
    if asked_at is None or asked_at > now + timedelta(days=1):
        return True
    return asked_at <= now - (AGE_GOES_ON if goes_on else AGE_ENDED)
