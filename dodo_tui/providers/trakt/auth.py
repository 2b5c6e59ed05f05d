"""Signing in with a code that is typed on another device, and every answer to the polling."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from enum import Enum, auto
from urllib.parse import quote, urlsplit

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Tokens
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.device_codes import CODE, bounded_seconds, web_address
from dodo_tui.providers.errors import (
    BrokenError,
    OfflineError,
    ProviderError,
    RejectedError,
    ThrottledError,
)
from dodo_tui.providers.sign_in import (
    CodeExpired,
    CodeShown,
    DeviceCode,
    SignedIn,
    SignInStep,
    StillWaiting,
)
from dodo_tui.providers.trakt.client import TraktClient
from dodo_tui.providers.trakt.failures import NONSENSE, failure, throttled
from dodo_tui.providers.trakt.models import DeviceAnswer, TokenAnswer
from dodo_tui.providers.trakt.replies import TraktReply
from dodo_tui.providers.trakt.tokens import tokens_from
from dodo_tui.providers.wire import parse

_log = logging.getLogger(__name__)

CODE_PAGE = "https://auth.trakt.tv/activate"
"""Where codes are typed in, when Trakt names no usable address."""

REFUSED = "The sign-in was refused at Trakt."
CODE_UNKNOWN = "Trakt does not know this code any more."
CODE_USED = "This code has been used already."

# What Trakt says (600 s and 5 s), and the range in which we believe it.
_LIFE_SECONDS, _MIN_LIFE_SECONDS, _MAX_LIFE_SECONDS = 600.0, 1.0, 3600.0
_INTERVAL_SECONDS, _MIN_INTERVAL_SECONDS, _MAX_INTERVAL_SECONDS = 5.0, 1.0, 60.0

_SLOW_DOWN_SECONDS = 5.0
"""Trakt: after a 429 poll so much more slowly, or as slowly as `Retry-After` says."""

_WAITING = frozenset({"", "authorization_pending"})
_CODE_IS_DEAD = frozenset({"expired_token", "invalid_grant"})
_APP_IS_REFUSED = frozenset({"invalid_client", "unauthorized_client"})


class _Wait(Enum):
    """A poll's answer that is no tokens."""

    PENDING = auto()
    SLOW_DOWN = auto()
    RUN_OUT = auto()
    UNKNOWN = auto()
    USED = auto()


_ENDINGS = {_Wait.RUN_OUT: None, _Wait.UNKNOWN: CODE_UNKNOWN, _Wait.USED: CODE_USED}
"""The answers that end a code, each with a sentence where it is not its time."""

_ENDING_STATUSES = {404: _Wait.UNKNOWN, 409: _Wait.USED, 410: _Wait.RUN_OUT}


async def sign_in(client: TraktClient, clock: Clock) -> AsyncIterator[SignInStep]:
    """The steps of one sign-in; ends after `SignedIn` or `CodeExpired`.

    Trouble while a code is on show does not end it: `StillWaiting` says what is wrong, and asks
    half as often. Stops when the code's life is over, whatever is answered.

    Raises:
        OfflineError, BrokenError, ThrottledError: no code could be had.
        MisconfiguredError: the app is not accepted; without a secret, or with this one.
        RejectedError: the user refused.
    """
    reply = await client.oauth("/oauth/device/code", {})
    code, life_seconds = _shown(client, reply, clock)
    deadline = clock.monotonic() + life_seconds
    yield CodeShown(code)
    ended: str | None = None
    interval = code.interval_seconds
    wait = interval
    while (left := deadline - clock.monotonic()) > 0:
        await clock.sleep(min(wait, left))
        if clock.monotonic() >= deadline:
            break
        wait = interval
        try:
            reply = await client.oauth("/oauth/device/token", {"code": code.secret})
            result = _poll_result(client, reply, clock)
        except (OfflineError, BrokenError, ThrottledError) as trouble:
            wait = 2 * interval
            yield StillWaiting(code, str(trouble))
            continue
        if isinstance(result, Tokens):
            yield SignedIn(result)
            return
        if result in _ENDINGS:
            ended = _ENDINGS[result]
            break
        if result is _Wait.SLOW_DOWN:
            asked = (throttled(reply, clock.now()).until - clock.now()).total_seconds()
            interval += _SLOW_DOWN_SECONDS
            wait = max(interval, min(asked, life_seconds))
        yield StillWaiting(code)
    yield CodeExpired(ended)


async def revoke(client: TraktClient, tokens: Tokens) -> None:
    """End a grant, best effort."""
    try:
        reply = await client.oauth("/oauth/revoke", {"token": tokens.access})
    except ProviderError as error:
        _log.info("Trakt: the grant could not be revoked: %s", error)
        return
    if not reply.ok:
        _log.info("Trakt: the grant could not be revoked: %s", reply.error or reply.status)


def _poll_result(client: TraktClient, reply: TraktReply, clock: Clock) -> Tokens | _Wait:
    """What a poll says, by its status; a 400 with a word of OAuth's own by that.

    Trakt: 400 pending (the body may be empty, or no JSON), 404 unknown, 409 used, 410 run out,
    418 refused, 429 too fast. Pages, and whatever else Cloudflare sends, say nothing.

    Raises:
        MisconfiguredError: the app is not accepted.
        RejectedError: the user refused.
        BrokenError, ThrottledError: nothing about the sign-in was said.
    """
    if reply.ok:
        answer = parse(TokenAnswer, reply.data)
        if answer is None:
            raise BrokenError(NONSENSE)
        return tokens_from(answer, clock.now())
    word = reply.error if reply.status in (400, 401, 403) else ""
    if reply.status == 418 or word == "access_denied":
        raise RejectedError(REFUSED)
    if word in _APP_IS_REFUSED or (reply.status in (401, 403) and reply.is_json):
        raise client.app_refused()
    if reply.status in _ENDING_STATUSES:
        return _ENDING_STATUSES[reply.status]
    if word in _CODE_IS_DEAD:
        return _Wait.RUN_OUT
    if reply.status == 429 or word == "slow_down":
        return _Wait.SLOW_DOWN
    if reply.status == 400 and word in _WAITING:
        return _Wait.PENDING
    error = failure(reply, clock.now())
    if isinstance(error, BrokenError | ThrottledError):
        raise error
    raise BrokenError(NONSENSE)


def _shown(client: TraktClient, reply: TraktReply, clock: Clock) -> tuple[DeviceCode, float]:
    """The code to show and how many seconds it lives. Nothing the server says is taken on trust.

    Trakt: the address is shown as it came. With the code appended it fills the code in, or did so
    until 2026; a QR code of that still leads to the page.

    Raises:
        ProviderError: there is no code in the answer, or none that could be typed in.
    """
    if reply.error in _APP_IS_REFUSED or (reply.status in (401, 403) and reply.is_json):
        raise client.app_refused()
    if not reply.ok:
        raise failure(reply, clock.now())
    answer = parse(DeviceAnswer, reply.data)
    user_code = "" if answer is None else clean_text(answer.user_code, 64)
    if answer is None or not CODE.fullmatch(user_code):
        raise BrokenError(NONSENSE)
    given = web_address(answer.verification_url) or CODE_PAGE
    address = urlsplit(given)._replace(query="", fragment="").geturl().rstrip("/")
    life = bounded_seconds(answer.expires_in, _MIN_LIFE_SECONDS, _MAX_LIFE_SECONDS)
    life = life or _LIFE_SECONDS
    interval = bounded_seconds(answer.interval, _MIN_INTERVAL_SECONDS, _MAX_INTERVAL_SECONDS)
    code = DeviceCode(
        user_code=user_code,
        address=address,
        direct_address=f"{address}/{quote(user_code)}",
        expires_at=clock.now() + timedelta(seconds=life),
        interval_seconds=interval or _INTERVAL_SECONDS,
        secret=answer.device_code,
    )
    return code, life
