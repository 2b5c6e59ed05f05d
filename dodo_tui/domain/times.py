"""Times as dodo keeps them: UTC, ISO 8601 with `Z`, unknown is None and never made up."""

from __future__ import annotations

from datetime import UTC, datetime

END_OF_TIME = "9999"
"""Later than every time that `to_iso` writes."""

_PLACEHOLDER_BEFORE_YEAR = 2000


def to_iso(moment: datetime) -> str:
    """`2026-11-22T20:15:00.250Z`: UTC with milliseconds, the form kept in the database."""
    return _in_utc(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_iso_seconds(moment: datetime) -> str:
    """`2026-11-22T20:15:00Z`: UTC with whole seconds, the form sent to providers."""
    return _in_utc(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read an ISO 8601 time; one without an offset is taken as UTC.

    Raises:
        ValueError: the text is no such time.

    """
    moment = datetime.fromisoformat(text)
    try:
        return _in_utc(moment)
    except OverflowError as error:
        raise ValueError(f"outside of all calendars: {text[:40]}") from error


def maybe_to_iso(moment: datetime | None) -> str | None:
    """As `to_iso`; unknown stays None."""
    return to_iso(moment) if moment else None


def maybe_from_iso(text: str | None) -> datetime | None:
    """As `from_iso`; None or an empty text is unknown."""
    return from_iso(text) if text else None


def _in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without an offset is UTC already, never the machine's zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def known_time(value: object) -> datetime | None:
    """A provider's time, or None where it says nothing.

    Simkl: a watched time before the year 2000 is a placeholder for "a very long time ago".
    """
    if not isinstance(value, str):
        return None
    try:
        moment = from_iso(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _PLACEHOLDER_BEFORE_YEAR else None
