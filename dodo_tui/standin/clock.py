"""The times the stand-in lives by, and how the API writes and reads them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

MANUAL_START = datetime(2026, 11, 2, 12, 0, 0, tzinfo=UTC)
"""Where a `ManualClock` begins when it is not told: a Monday noon."""


class Clock(Protocol):
    """What the stand-in asks for the time; every time it reports comes from here."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...


class SystemClock:
    """The machine's own clock, for the demo."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is advanced; any thread may do so."""

    def __init__(self, start: datetime = MANUAL_START) -> None:
        self._now = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time of day, in UTC."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> datetime:
        """Move on by so many seconds and answer the new time."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            return self._now

    def move_to(self, moment: datetime) -> None:
        """Set the time; it may also go backwards, as a bad clock does."""
        with self._lock:
            self._now = moment.astimezone(UTC)


def whole_second(moment: datetime) -> datetime:
    """The moment in UTC without its fraction: the API's times have one-second granularity."""
    return moment.astimezone(UTC).replace(microsecond=0)


def iso(moment: datetime) -> str:
    """A time as the API writes most of them: `2026-10-14T07:12:20Z`."""
    return whole_second(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_null(moment: datetime | None) -> str | None:
    """A time as the API writes it, or null for "never"."""
    return None if moment is None else iso(moment)


def iso_with_offset(moment: datetime) -> str:
    """A time as the API writes air dates: with the offset of New York's winter."""
    return whole_second(moment).astimezone(timezone(timedelta(hours=-5))).isoformat()


def parse_time(text: object) -> datetime | None:
    """A time a client sent (ISO 8601, `Z` or an offset; none means UTC), or None."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        return None
    return whole_second(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def milliseconds(moment: datetime) -> str:
    """A time as Trakt writes it: `2026-10-14T07:12:20.000Z`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
