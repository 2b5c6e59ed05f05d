"""What tokens of Simkl's are, and how they are renewed.

Simkl: a refresh kills the previous access token at once, and the refresh token stays the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from dodo_tui.domain.account import Tokens
from dodo_tui.providers.device_codes import bounded_seconds
from dodo_tui.providers.errors import BrokenError, UnauthorizedError
from dodo_tui.providers.keeper import EARLY
from dodo_tui.providers.simkl.failures import NONSENSE, SIGN_IN_REFUSED, failure
from dodo_tui.providers.simkl.models import TokenAnswer
from dodo_tui.providers.simkl.replies import SimklReply
from dodo_tui.providers.wire import parse

V2_PREFIX = "simkl_at_"
"""Simkl: what an access token of AUTH V2 begins with; those of V1 are 64 hexadecimal digits."""

WRITE_SCOPE = "media:write"
SCOPE = f"media:read {WRITE_SCOPE}"
"""Simkl: without a scope, reading only is granted in silence."""

PUBLIC_SCOPE = "public"
"""The scope of every V1 token, which allows writing."""

_SHARE_LEFT = 1 / 7
"""Simkl: renew about a day before the end of the seven days; shorter lives in proportion."""

_MAX_LIFE_SECONDS = 10 * 365 * 86_400

AskForTokens = Callable[[dict[str, str]], Awaitable[SimklReply]]
"""Sends a form to Simkl's token address."""


def is_v2(tokens: Tokens) -> bool:
    """Whether tokens are of AUTH V2, which expire and can be renewed."""
    return tokens.access.startswith(V2_PREFIX) or tokens.refresh is not None


def may_write(tokens: Tokens) -> bool:
    """Whether the granted scope allows writing."""
    return tokens.scope == PUBLIC_SCOPE or WRITE_SCOPE in tokens.scope.split()


def tokens_from(answer: TokenAnswer, now: datetime, previous: Tokens | None = None) -> Tokens:
    """The tokens of an answer; what a renewal does not repeat stays as it was.

    OAuth 2.0: an absent scope is the one that was asked for.
    """
    life = bounded_seconds(answer.expires_in, 60, _MAX_LIFE_SECONDS)
    asked = SCOPE if previous is None else previous.scope
    early = None if life is None else min(EARLY, timedelta(seconds=life) * _SHARE_LEFT)
    expires_at = None if life is None else now + timedelta(seconds=life)
    return Tokens(
        access=answer.access_token,
        refresh=answer.refresh_token or (previous.refresh if previous else None),
        expires_at=expires_at,
        scope=asked if answer.scope is None else answer.scope,
        renew_at=None if expires_at is None or early is None else expires_at - early,
    )


async def refreshed(
    ask: AskForTokens, now: Callable[[], datetime], tokens: Tokens, secret: str
) -> Tokens:
    """A new access token, asked for with the refresh token.

    Simkl: `invalid_grant` means that the user took the grant back, or 180 unused days. Any other
    refusal says nothing about the fact that is being sent, so it is not a rejection.

    Raises:
        UnauthorizedError: the grant has ended.
        ProviderError: there is none to be had now.
    """
    reply = await ask({"grant_type": "refresh_token", "refresh_token": secret})
    if reply.ok and (answer := parse(TokenAnswer, reply.data)) is not None:
        return tokens_from(answer, now(), tokens)
    if reply.error == "invalid_grant":
        raise UnauthorizedError(SIGN_IN_REFUSED)
    if reply.error == "invalid_client":
        raise failure(reply, now())
    raise BrokenError(NONSENSE)
