"""Which kind of error a failed answer of Trakt's is: one table, and the sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dodo_tui.domain.text import clean_text
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.trakt.replies import TraktReply
from dodo_tui.providers.waiting import local_time, retry_after

EDGE_WAITS_SECONDS = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Trakt: a 429 of Cloudflare's may name no time; so long is waited after the first, second, …"""

EDGE_BLOCK = timedelta(minutes=5)
"""Trakt: a 403 that is a page is Cloudflare's; keep away for five minutes and more."""

LOCKED_WAIT = timedelta(days=1)
"""Trakt: a locked account is left alone for a day; only its user and their support can help."""

FULL_WAIT = timedelta(hours=1)
"""An account whose history is full is tried again so much later: its user may have made room."""

NOT_CONNECTED = "Trakt is not connected."
SIGN_IN_REFUSED = "Trakt does not accept the sign-in any more. Connect again."
CLIENT_ID_MISSING = "No Trakt client id is set. Set DODO_TRAKT_CLIENT_ID."
CLIENT_ID_REFUSED = (
    "The Trakt client id is not accepted: it is wrong, or the app was deleted. "
    "Check DODO_TRAKT_CLIENT_ID."
)
APP_ALONE_REFUSED = (
    "Trakt did not accept this app without a client secret. "
    "Set DODO_TRAKT_CLIENT_SECRET to the secret of your own app."
)
APP_REFUSED = (
    "Trakt does not accept the client id with this secret. "
    "Check DODO_TRAKT_CLIENT_ID and DODO_TRAKT_CLIENT_SECRET."
)
LOCKED = (
    "Trakt has locked this account. Only Trakt's support can open it again; "
    "connect again after that."
)
DEACTIVATED = (
    "This Trakt account is deactivated. Only Trakt's support can open it again; "
    "connect again after that."
)
MEMBERS_ONLY = "Trakt offers this to paying members only."
FULL = "The Trakt account is full. Remove something there, or become a paying member."
NONSENSE = "Trakt sent an answer that makes no sense."


def failure(reply: TraktReply, now: datetime, blocks: int = 0) -> ProviderError:
    """The error that an answer which is no success stands for.

    `blocks` counts the refusals without a time before this one. Statuses that mean something only
    to one call (409, and 404 for a scrobble) are its own to look at first.
    """
    status = reply.status
    if status == 429:
        return throttled(reply, now, blocks)
    if status >= 500:
        return BrokenError(f"Trakt has trouble of its own ({status}).")
    if status == 403 and not reply.is_json:
        until = now + EDGE_BLOCK
        return ThrottledError(f"Trakt turns dodo away until {local_time(until)}.", until)
    if status == 423:
        words = DEACTIVATED if _is_true(reply.headers, "x-account-deactivated") else LOCKED
        return ThrottledError(words, now + LOCKED_WAIT)
    simple: dict[int, ProviderError] = {
        401: UnauthorizedError(SIGN_IN_REFUSED),
        403: MisconfiguredError(CLIENT_ID_REFUSED),
        420: RejectedError(FULL),
        426: RejectedError(MEMBERS_ONLY),
    }
    if status in simple:
        return simple[status]
    if not reply.is_json or not 400 <= status < 500:
        return BrokenError(NONSENSE)
    return RejectedError(f"Trakt refuses this: {said(reply)}.")


def throttled(reply: TraktReply, now: datetime, blocks: int = 0) -> ThrottledError:
    """A 429: the time told, else longer with every one in a row."""
    until = retry_after(reply.headers, now)
    if until is None:
        wait = EDGE_WAITS_SECONDS[min(blocks, len(EDGE_WAITS_SECONDS) - 1)]
        until = now + timedelta(seconds=wait)
    return ThrottledError(f"Trakt asks to wait until {local_time(until)}.", until)


def said(reply: TraktReply) -> str:
    """Trakt's own words for a failure, safe to show; the status where there are none.

    Only words meant for people, and never those of a sign-in: they might repeat a token.
    """
    text = reply.text("message") or reply.error
    return clean_text(text, 120).rstrip(".! ") or str(reply.status)


def _is_true(headers: Mapping[str, str], name: str) -> bool:
    return headers.get(name, "").strip().lower() == "true"
