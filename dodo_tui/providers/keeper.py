"""The tokens in use: read from the store for every call, renewed under its lock.

A renewal makes the previous tokens worthless, so two processes that renewed at will would sign each
other out. Whoever gets the lock reads the store again first, and saves before using.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import (
    BrokenError,
    OfflineError,
    ThrottledError,
    UnauthorizedError,
)

_log = logging.getLogger(__name__)

EARLY = timedelta(days=1)
"""How long before their end tokens are renewed that do not say when."""

_RETRY_SECONDS = 600.0
"""A renewal ahead of time that failed is not tried again before every single call."""

_LAST_WORD_SECONDS = 5.0
"""How long a renewal that is under way may go on after its caller has been told to end: what the
provider has given out already must reach the disk."""

Refresh = Callable[[Tokens, str], Awaitable[Tokens]]
"""Exchanges tokens, given with their refresh token, for new ones."""


class TokenStore(Protocol):
    """Where the tokens of one account are kept, safe across processes."""

    async def load(self) -> Tokens | None:
        """The tokens as they are on disk now."""
        ...

    async def save(self, tokens: Tokens) -> None:
        """Keep the tokens durably; returns only when they are on disk."""
        ...

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Hold the account's lock, which excludes every other process of this user."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences for people."""

    service: str
    not_connected: str
    refused: str
    """The grant has ended."""


class TokenKeeper:
    """Hands out the tokens of one account, fresh ones when they are needed."""

    def __init__(
        self,
        store: TokenStore | None,
        clock: Clock,
        words: Words,
        refresh: Refresh,
        *,
        outlive_grant: bool = False,
    ) -> None:
        """`outlive_grant`: an access token may still work when it can be renewed no more."""
        self._store = store
        self._clock = clock
        self._words = words
        self._refresh = refresh
        self._outlive_grant = outlive_grant
        self._not_before = float("-inf")

    async def stored(self) -> Tokens | None:
        """The tokens as they are kept now, be they good or not."""
        return None if self._store is None else await self._store.load()

    async def usable(self) -> Tokens:
        """The tokens to use now, renewed when it is time to.

        Raises:
            UnauthorizedError: nobody is signed in, or the grant has ended.
            OfflineError, BrokenError, ThrottledError: they have run out and cannot be renewed now.
        """
        tokens = await self.stored()
        if tokens is None:
            raise UnauthorizedError(self._words.not_connected)
        if not self._is_due(tokens) or self._clock.monotonic() < self._not_before:
            return tokens
        try:
            return await self._renew(self._is_due)
        except (OfflineError, BrokenError, ThrottledError, UnauthorizedError) as error:
            is_over = tokens.expires_at is not None and tokens.expires_at <= self._clock.now()
            if is_over or (isinstance(error, UnauthorizedError) and not self._outlive_grant):
                raise
            _log.info("%s: tokens not renewed ahead of time: %s", self._words.service, error)
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
        """Whether it is time to renew."""
        if tokens.refresh is None:
            return False
        if tokens.renew_at is not None:
            return tokens.renew_at <= self._clock.now()
        return tokens.expires_at is not None and tokens.expires_at - self._clock.now() <= EARLY

    async def _renew(self, still_needed: Callable[[Tokens], bool]) -> Tokens:
        """Renew, to the end if at all: a pair that was given out and not saved is lost for good."""
        task = asyncio.ensure_future(self._renew_now(still_needed))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=_LAST_WORD_SECONDS)
            if not task.cancel() and not task.cancelled():
                task.exception()
            raise

    async def _renew_now(self, still_needed: Callable[[Tokens], bool]) -> Tokens:
        """Renew under the lock, unless another process has done so in the meantime."""
        if self._store is None:
            raise UnauthorizedError(self._words.not_connected)
        async with self._store.locked():
            tokens = await self._store.load()
            if tokens is None:
                raise UnauthorizedError(self._words.not_connected)
            if not still_needed(tokens):
                return tokens
            if tokens.refresh is None:
                raise UnauthorizedError(self._words.refused)
            fresh = await self._refresh(tokens, tokens.refresh)
            await self._store.save(fresh)
            return fresh
