"""The tokens in use: read from the store for every call, renewed under its lock.

Simkl: a refresh kills the previous access token at once, and the refresh token stays the same.
Two processes that refresh at will would log each other out, so whoever gets the lock reads the
store again first, and saves before using.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import (
    BrokenError,
    OfflineError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.protocol import TokenStore
from dodo_tui.providers.simkl.failures import NONSENSE, NOT_CONNECTED, SIGN_IN_REFUSED, failure
from dodo_tui.providers.simkl.models import TokenAnswer, parse
from dodo_tui.providers.simkl.replies import SimklReply

_log = logging.getLogger(__name__)

V2_PREFIX = "simkl_at_"
"""Simkl: what an access token of AUTH V2 begins with; those of V1 are 64 hexadecimal digits."""

WRITE_SCOPE = "media:write"
SCOPE = f"media:read {WRITE_SCOPE}"
"""Simkl: without a scope, reading only is granted in silence."""

PUBLIC_SCOPE = "public"
"""The scope of every V1 token, which allows writing."""

_SHARE_LEFT = 1 / 7
"""Simkl: renew about a day before the end of the seven days; shorter lives in proportion."""

_EARLY = timedelta(days=1)
_RETRY_SECONDS = 600.0
"""A renewal ahead of time that failed is not tried again before every single call."""

_MAX_LIFE_SECONDS = 10 * 365 * 86_400

AskForTokens = Callable[[dict[str, str]], Awaitable[SimklReply]]
"""Sends a form to Simkl's token address."""


def is_v2(tokens: Tokens) -> bool:
    """Whether tokens are of AUTH V2, which expire and can be renewed."""
    return tokens.access.startswith(V2_PREFIX) or tokens.refresh is not None


def may_write(tokens: Tokens) -> bool:
    """Whether the granted scope allows writing."""
    return tokens.scope == PUBLIC_SCOPE or WRITE_SCOPE in tokens.scope.split()


def seconds(value: object, lowest: float, highest: float) -> float | None:
    """A duration the server names, kept within a sane range; None where it is no number."""
    try:
        number = float(value) if isinstance(value, (int, float, str)) else float("nan")
    except (ValueError, OverflowError):
        return None
    return None if number != number else min(max(number, lowest), highest)


def tokens_from(answer: TokenAnswer, now: datetime, previous: Tokens | None = None) -> Tokens:
    """The tokens of an answer; what a renewal does not repeat stays as it was.

    OAuth 2.0: an absent scope is the one that was asked for.
    """
    life = seconds(answer.expires_in, 60, _MAX_LIFE_SECONDS)
    asked = SCOPE if previous is None else previous.scope
    return Tokens(
        access=answer.access_token,
        refresh=answer.refresh_token or (previous.refresh if previous else None),
        expires_at=None if life is None else now + timedelta(seconds=life),
        scope=asked if answer.scope is None else answer.scope,
    )


class TokenKeeper:
    """Hands out the tokens of one account, fresh ones when they are needed."""

    def __init__(self, store: TokenStore | None, clock: Clock, ask: AskForTokens) -> None:
        self._store = store
        self._clock = clock
        self._ask = ask
        self._early = _EARLY
        self._not_before = float("-inf")

    async def stored(self) -> Tokens | None:
        """The tokens as they are kept now, be they good or not."""
        return None if self._store is None else await self._store.load()

    async def usable(self) -> Tokens:
        """The tokens to use now, renewed when their end is near.

        Raises:
            UnauthorizedError: nobody is signed in, or the grant has ended.
            OfflineError, BrokenError, ThrottledError: they have run out and cannot be renewed now.
        """
        tokens = await self.stored()
        if tokens is None:
            raise UnauthorizedError(NOT_CONNECTED)
        if not self._is_due(tokens) or self._clock.monotonic() < self._not_before:
            return tokens
        try:
            return await self._renew(self._is_due)
        except (OfflineError, BrokenError, ThrottledError) as error:
            if tokens.expires_at is not None and tokens.expires_at <= self._clock.now():
                raise
            _log.info("Simkl: the tokens could not be renewed ahead of time: %s", error)
            self._not_before = self._clock.monotonic() + _RETRY_SECONDS
            return tokens

    async def replaced(self, refused: Tokens) -> Tokens:
        """Tokens to try in place of ones that were refused: another process's, or new ones.

        Raises:
            UnauthorizedError: the grant has ended.
            OfflineError, BrokenError, ThrottledError: they cannot be renewed now.
        """
        return await self._renew(lambda tokens: tokens.access == refused.access)

    def _is_due(self, tokens: Tokens) -> bool:
        """Whether the end is so near that a renewal is in order."""
        if tokens.expires_at is None or tokens.refresh is None:
            return False
        return tokens.expires_at - self._clock.now() <= self._early

    async def _renew(self, still_needed: Callable[[Tokens], bool]) -> Tokens:
        """Renew under the lock, unless another process has done so in the meantime."""
        if self._store is None:
            raise UnauthorizedError(NOT_CONNECTED)
        async with self._store.locked():
            tokens = await self._store.load()
            if tokens is None:
                raise UnauthorizedError(NOT_CONNECTED)
            if not still_needed(tokens):
                return tokens
            if tokens.refresh is None:
                raise UnauthorizedError(SIGN_IN_REFUSED)
            fresh = await self._refresh(tokens, tokens.refresh)
            await self._store.save(fresh)
            return fresh

    async def _refresh(self, tokens: Tokens, secret: str) -> Tokens:
        """Ask for a new access token.

        Simkl: `invalid_grant` means that the user took the grant back, or 180 unused days. Any
        other refusal says nothing about the fact that is being sent, so it is not a rejection.
        """
        reply = await self._ask({"grant_type": "refresh_token", "refresh_token": secret})
        if reply.ok and (answer := parse(TokenAnswer, reply.data)) is not None:
            fresh = tokens_from(answer, self._clock.now(), tokens)
            if fresh.expires_at is not None:
                self._early = min(_EARLY, (fresh.expires_at - self._clock.now()) * _SHARE_LEFT)
            return fresh
        if reply.error == "invalid_grant":
            raise UnauthorizedError(SIGN_IN_REFUSED)
        if reply.error == "invalid_client":
            raise failure(reply, self._clock.now())
        raise BrokenError(NONSENSE)
