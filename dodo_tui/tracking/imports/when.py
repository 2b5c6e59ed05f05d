"""Times as people and programs write them into tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from dodo_tui.domain.times import from_iso

_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_OTHER_DAY = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_NUMBER = re.compile(r"\d{9,10}|\d{13}", re.ASCII)
_EARLIEST_YEAR = 1901
_NOBODY_KNOWS = {(1970, 1, 1)}
"""What programs write that have no date; nobody keeps a history of that day."""


@dataclass(frozen=True, slots=True)
class When:
    """When something was watched or rated, as far as it is known."""

    at: datetime | None = None
    is_day: bool = False
    """Only the day is known; `at` is noon of it, UTC, which is on that day nearly everywhere."""


UNKNOWN = When()


def read_when(text: str, *, day_first: bool = False) -> When:
    """A time; what does not say a day for certain is unknown.

    `day_first`: `03/04/2024` is in April. Without it such a date is unknown, unless one of the two
    numbers can be no month.
    """
    text = text.strip().removesuffix(" UTC")[:40]
    if _NUMBER.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _checked(datetime.fromtimestamp(seconds, UTC), is_day=False)
    try:
        if day := _ISO_DAY.fullmatch(text):
            return _checked(_noon(int(day[1]), int(day[2]), int(day[3])), is_day=True)
        if other := _OTHER_DAY.fullmatch(text):
            return _ordered(other, day_first)
        return _checked(from_iso(text), is_day=False) if text else UNKNOWN
    except (ValueError, OverflowError):
        return UNKNOWN


def _ordered(found: re.Match[str], day_first: bool) -> When:
    one, other, year = int(found[1]), int(found[2]), int(found[3])
    if not day_first and max(one, other) <= 12 and one != other:
        return UNKNOWN
    day, month = (one, other) if day_first or one > 12 else (other, one)
    if found[4] is None:
        return _checked(_noon(year, month, day), is_day=True)
    clock = (int(found[4]), int(found[5]), int(found[6] or 0))
    return _checked(datetime(year, month, day, *clock, tzinfo=UTC), is_day=False)


def _noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def _checked(moment: datetime, *, is_day: bool) -> When:
    if moment.year < _EARLIEST_YEAR or (moment.year, moment.month, moment.day) in _NOBODY_KNOWS:
        return UNKNOWN
    return When(moment, is_day)
