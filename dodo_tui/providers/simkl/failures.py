"""Which kind of error a failed answer of Simkl's is: one table, and the sentences for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dodo_tui.domain.text import clean_text
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.simkl.replies import SimklReply
from dodo_tui.providers.waiting import local_time, retry_after

SECOND_LIMIT_WAIT_SECONDS = 1.0
"""Simkl: after `rate_limit` wait about a second, whatever `Retry-After` says."""

LOCK_SECONDS = 20.0
"""Simkl: one write of a user may hold the others back for up to 20 s."""

UNKNOWN_LIMIT_WAIT_SECONDS = 60.0
"""After a 429 that names no limit and no time."""

NOT_CONNECTED = "Simkl is not connected."
SIGN_IN_REFUSED = "Simkl does not accept the sign-in any more. Connect again."
READING_ONLY = "Simkl lets dodo only read. Connect again and allow writing."
CLIENT_ID_MISSING = "No Simkl client id is set. Set DODO_SIMKL_CLIENT_ID."
CLIENT_ID_REFUSED = "The Simkl client id is not accepted. Check DODO_SIMKL_CLIENT_ID."
CLIENT_ID_BLOCKED = (
    "The Simkl client id is not accepted: it is wrong, disabled or blocked for a while."
)
NONSENSE = "Simkl sent an answer that makes no sense."

_TOKEN_LIKE = re.compile(r"simkl_[a-z]{2}_\S+|\b[0-9a-fA-F]{64}\b")
_DAILY_LIMITS = frozenset({"user_limit_exceeded", "app_limit_exceeded"})


class TooManyItemsError(RejectedError):
    """Simkl wants the request split into smaller ones."""


def failure(reply: SimklReply, now: datetime) -> ProviderError:
    """The error that an answer which is no success stands for.

    Statuses that mean something only to one call (409, and 404 for a scrobble) are its own to
    look at first.
    """
    if reply.status >= 500:
        return BrokenError(f"Simkl has trouble of its own ({reply.status}).")
    if reply.status == 429:
        return _throttled(reply, now)
    if reply.status == 412:
        # Also the block for over-use, hence not a matter of the client id's spelling alone.
        return MisconfiguredError(CLIENT_ID_BLOCKED)
    if not reply.is_json or not 400 <= reply.status < 500:
        return BrokenError(NONSENSE)
    if reply.error == "rate_limit":
        until = now + timedelta(seconds=LOCK_SECONDS)
        return ThrottledError("Simkl is still busy with an earlier change.", until)
    if reply.error in ("invalid_client", "unauthorized_client"):
        return MisconfiguredError(CLIENT_ID_REFUSED)
    if reply.status == 401 and reply.error != "user_token_required":
        return UnauthorizedError(SIGN_IN_REFUSED)
    if reply.error == "insufficient_scope":
        return UnauthorizedError(READING_ONLY)
    if reply.error == "max_items" or reply.status == 413:
        return TooManyItemsError("Simkl finds the request too large.")
    return RejectedError(f"Simkl refuses this: {said(reply)}.")


def said(reply: SimklReply) -> str:
    """Simkl's own words for a failure, safe to show; the status where there are none."""
    text = reply.text("message") or reply.text("error_description") or reply.error
    words = clean_text(_TOKEN_LIKE.sub("…", text), 120).rstrip(".! ")
    return words or str(reply.status)


def _throttled(reply: SimklReply, now: datetime) -> ThrottledError:
    """A 429: a second for the limit per second, the time told for the daily one."""
    if reply.error == "rate_limit":
        until = now + timedelta(seconds=SECOND_LIMIT_WAIT_SECONDS)
        return ThrottledError("Simkl asks to wait a moment.", until)
    told = retry_after(reply.headers, now)
    if told is not None:
        until = told
    elif reply.error in _DAILY_LIMITS:
        until = quota_reset(now)
    else:
        until = now + timedelta(seconds=UNKNOWN_LIMIT_WAIT_SECONDS)
    return ThrottledError(f"Simkl asks to wait until {local_time(until)}.", until)


def quota_reset(now: datetime) -> datetime:
    """When the daily quota starts anew, in UTC. Simkl: midnight America/New_York."""
    zone = new_york()
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).astimezone(UTC)


def new_york() -> tzinfo:
    """New York's time zone; its winter time, an hour late in summer, where no zones are known."""
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=-5))
