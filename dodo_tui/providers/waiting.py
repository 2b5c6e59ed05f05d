"""How long a server asks to wait, within reason, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LEAST_WAIT = timedelta(seconds=1)

MAX_WAIT = timedelta(hours=25)
"""The longest day there is; a longer `Retry-After` is nonsense."""


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The time of a `Retry-After` header (seconds or a date), kept within a sane range."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        until = now + timedelta(seconds=min(int(text[:9]), MAX_WAIT.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(text)
            until = until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return min(max(until, now + LEAST_WAIT), now + MAX_WAIT)


def local_time(moment: datetime) -> str:
    """`20:31`, in the user's zone, not earlier than the moment itself."""
    minute = timedelta(minutes=1)
    return (moment + minute - timedelta(microseconds=1)).astimezone().strftime("%H:%M")
