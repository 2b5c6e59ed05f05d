"""Signing in with a code that is typed on another device: AUTH V2, or the classic PIN.

Which of the two a client id belongs to is found out by asking: V2 first; where it says
`invalid_client`, the classic one. To the user both are "open simkl.com/pin and type this".
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from urllib.parse import quote, urlsplit

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Tokens
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.device_codes import CODE, bounded_seconds, web_address
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.sign_in import (
    CodeExpired,
    CodeShown,
    DeviceCode,
    SignedIn,
    SignInStep,
    StillWaiting,
)
from dodo_tui.providers.simkl.client import SimklClient
from dodo_tui.providers.simkl.failures import CLIENT_ID_REFUSED, NONSENSE, READING_ONLY, failure
from dodo_tui.providers.simkl.models import DeviceAnswer, TokenAnswer
from dodo_tui.providers.simkl.replies import SimklReply
from dodo_tui.providers.simkl.tokens import (
    PUBLIC_SCOPE,
    SCOPE,
    is_v2,
    may_write,
    tokens_from,
)
from dodo_tui.providers.wire import parse

_log = logging.getLogger(__name__)

PIN_PAGE = "https://simkl.com/pin"
"""Where codes are typed in, when Simkl names no usable address."""

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

# What Simkl says (900 s and 5 s), and the range in which we believe it.
_LIFE_SECONDS, _MIN_LIFE_SECONDS, _MAX_LIFE_SECONDS = 900.0, 1.0, 3600.0
_INTERVAL_SECONDS, _MIN_INTERVAL_SECONDS, _MAX_INTERVAL_SECONDS = 5.0, 1.0, 60.0

_SLOW_DOWN_SECONDS = 5.0
"""Simkl: after `slow_down` add 5 s, and wait the whole new interval: the early try reset it."""

_OUR_MISTAKES = frozenset({"invalid_request", "unsupported_grant_type", "invalid_scope"})
_CODE_IS_DEAD = frozenset({"expired_token", "invalid_grant", "access_denied"})


class _Wait(Enum):
    """A poll's answer that is not the end of it."""

    PENDING = auto()
    SLOW_DOWN = auto()
    DEAD = auto()


_PollResult = Tokens | _Wait
_Poll = Callable[[], Awaitable[_PollResult]]


@dataclass(frozen=True, slots=True)
class _Started:
    """A code to show, and the question to repeat until it has been typed in."""

    code: DeviceCode
    life_seconds: float
    poll: _Poll


async def sign_in(client: SimklClient, clock: Clock) -> AsyncIterator[SignInStep]:
    """The steps of one sign-in; ends after `SignedIn` or `CodeExpired`.

    Trouble while a code is on show does not end it: `StillWaiting` says what is wrong. Simkl
    never tells a refusal, so the code's own end is the only other way out.

    Raises:
        OfflineError, BrokenError, ThrottledError: no code could be had.
        MisconfiguredError: the client id is not accepted.
        UnauthorizedError: the user's grant does not allow writing.
        RejectedError: Simkl finds our request malformed.
    """
    started = await _start_v2(client, clock) or await _start_v1(client, clock)
    code = started.code
    deadline = clock.monotonic() + started.life_seconds
    yield CodeShown(code)
    extra_wait = 0.0
    while (left := deadline - clock.monotonic()) > 0:
        await clock.sleep(min(code.interval_seconds + extra_wait, left))
        if clock.monotonic() >= deadline:
            break
        extra_wait = 0.0
        try:
            result = await started.poll()
        except ThrottledError as trouble:
            extra_wait = max(0.0, (trouble.until - clock.now()).total_seconds())
            yield StillWaiting(code, str(trouble))
            continue
        except (OfflineError, BrokenError) as trouble:
            yield StillWaiting(code, str(trouble))
            continue
        if isinstance(result, Tokens):
            if not may_write(result):
                await revoke(client, result)
                raise UnauthorizedError(READING_ONLY)
            yield SignedIn(result)
            return
        if result is _Wait.DEAD:
            break
        if result is _Wait.SLOW_DOWN:
            code = replace(code, interval_seconds=code.interval_seconds + _SLOW_DOWN_SECONDS)
        yield StillWaiting(code)
    yield CodeExpired()


async def revoke(client: SimklClient, tokens: Tokens) -> None:
    """End a grant, best effort.

    Simkl: revoking either token of AUTH V2 ends the whole grant, and the refresh token is the one
    that no other process can have replaced. Classic tokens cannot be revoked by an app.
    """
    if not is_v2(tokens):
        return
    try:
        reply = await client.oauth("/oauth2/revoke", {"token": tokens.refresh or tokens.access})
    except ProviderError as error:
        _log.info("Simkl: the grant could not be revoked: %s", error)
        return
    if not reply.ok:
        _log.info("Simkl: the grant could not be revoked: %s", reply.error or reply.status)


async def _start_v2(client: SimklClient, clock: Clock) -> _Started | None:
    """A code of AUTH V2; None where the client id is not of that kind."""
    reply = await client.oauth("/oauth2/device", {"scope": SCOPE})
    if reply.error == "invalid_client":
        return None
    code, life_seconds = _shown(reply, clock, is_classic=False)

    async def poll() -> _PollResult:
        form = {"grant_type": _DEVICE_GRANT, "device_code": code.secret}
        return _v2_result(await client.oauth("/oauth2/token", form), clock)

    return _Started(code, life_seconds, poll)


async def _start_v1(client: SimklClient, clock: Clock) -> _Started:
    """A code of the classic sign-in. Raises MisconfiguredError: both kinds refuse the id."""
    reply = await client.pin()
    if reply.error in ("unauthorized_client", "invalid_client", "client_id_failed"):
        raise MisconfiguredError(CLIENT_ID_REFUSED)
    code, life_seconds = _shown(reply, clock, is_classic=True)

    async def poll() -> _PollResult:
        return _v1_result(await client.pin(code.secret))

    return _Started(code, life_seconds, poll)


def _v2_result(reply: SimklReply, clock: Clock) -> _PollResult:
    """What a poll of AUTH V2 says. Simkl: refused looks like not yet approved."""
    if reply.ok:
        return tokens_from(_tokens_of(reply), clock.now())
    if reply.error == "authorization_pending":
        return _Wait.PENDING
    if reply.error == "slow_down":
        return _Wait.SLOW_DOWN
    if reply.error in _CODE_IS_DEAD:
        return _Wait.DEAD
    if reply.error in ("invalid_client", "unauthorized_client"):
        raise MisconfiguredError(CLIENT_ID_REFUSED)
    if reply.error in _OUR_MISTAKES:
        raise RejectedError(f"Simkl refuses the sign-in: {reply.error}.")
    raise BrokenError(NONSENSE)


def _v1_result(reply: SimklReply) -> _PollResult:
    """What a poll of the classic sign-in says.

    Simkl: an answer with a `device_code` means that the code is unknown, used or expired and that
    a new one has been made; polling the old one would go on for ever.
    """
    if reply.error in ("unauthorized_client", "client_id_failed"):
        raise MisconfiguredError(CLIENT_ID_REFUSED)
    if not reply.ok:
        raise BrokenError(NONSENSE)
    if "access_token" in reply.record:
        return Tokens(access=_tokens_of(reply).access_token, scope=PUBLIC_SCOPE)
    if "device_code" in reply.record:
        return _Wait.DEAD
    if reply.text("result") != "KO":
        raise BrokenError(NONSENSE)
    is_slow_down = reply.text("message").strip(" .").casefold() == "slow down"
    return _Wait.SLOW_DOWN if is_slow_down else _Wait.PENDING


def _tokens_of(reply: SimklReply) -> TokenAnswer:
    """The tokens of a success, or BrokenError."""
    answer = parse(TokenAnswer, reply.data)
    if answer is None:
        raise BrokenError(NONSENSE)
    return answer


def _shown(reply: SimklReply, clock: Clock, *, is_classic: bool) -> tuple[DeviceCode, float]:
    """The code to show and how many seconds it lives. Nothing the server says is taken on trust.

    Raises:
        ProviderError: there is no code in the answer, or none that could be typed in.
    """
    if not reply.ok:
        raise failure(reply, clock.now())
    answer = parse(DeviceAnswer, reply.data)
    user_code = "" if answer is None else clean_text(answer.user_code, 64)
    if answer is None or not CODE.fullmatch(user_code) or not (is_classic or answer.device_code):
        raise BrokenError(NONSENSE)
    given = web_address(answer.verification_uri) or web_address(answer.verification_url) or PIN_PAGE
    address = urlsplit(given)._replace(query="", fragment="").geturl().rstrip("/")
    direct = None if is_classic else web_address(answer.verification_uri_complete)
    if direct is None or urlsplit(direct)[:2] != urlsplit(address)[:2]:
        # Also where it leads to another site than the address shown: a QR code is not read by eye.
        ending = f"/{quote(user_code)}" if is_classic else f"?user_code={quote(user_code)}"
        direct = address + ending
    life = bounded_seconds(answer.expires_in, _MIN_LIFE_SECONDS, _MAX_LIFE_SECONDS) or _LIFE_SECONDS
    interval = bounded_seconds(answer.interval, _MIN_INTERVAL_SECONDS, _MAX_INTERVAL_SECONDS)
    code = DeviceCode(
        user_code=user_code,
        address=address,
        direct_address=direct,
        expires_at=clock.now() + timedelta(seconds=life),
        interval_seconds=interval or _INTERVAL_SECONDS,
        # The classic `device_code` is a fixed word; there the user's code is what polls.
        secret=user_code if is_classic else answer.device_code,
    )
    return code, life
