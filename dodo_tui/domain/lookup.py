"""What came of asking a provider what something is, and how long that answer is good for.

Three outcomes: found, none, try again later. "Later" is no answer: it is never taken for none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

FOUND_DAYS = 90
NONE_DAYS = 30
"""What nobody knew may have been added since."""

_FIRST_RETRY = timedelta(minutes=10)
_LONGEST_RETRY = timedelta(days=1)


class Outcome(StrEnum):
    """What a lookup came to."""

    FOUND = "found"
    NONE = "none"
    LATER = "later"


def expires_at(outcome: Outcome, attempts: int, now: datetime) -> datetime:
    """When the same thing may be asked again; `attempts` have failed before this one."""
    if outcome is Outcome.LATER:
        wait = _FIRST_RETRY.total_seconds() * 2.0 ** min(attempts, 16)
        return now + min(timedelta(seconds=wait), _LONGEST_RETRY)
    return now + timedelta(days=FOUND_DAYS if outcome is Outcome.FOUND else NONE_DAYS)
