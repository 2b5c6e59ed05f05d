"""Waiting for the right to talk to the providers, which another dodo may have."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from dodo_tui.cli.context import Context
from dodo_tui.cli.output import CommandError
from dodo_tui.domain.account import Account
from dodo_tui.storage import queued
from dodo_tui.storage.leases import QUEUE_LEASE, Lease
from dodo_tui.storage.store import Store

SILENCE_SECONDS = 20.0
"""So long may nothing at all move, be it here or in the process that is waited for."""

_LEASE_POLL_SECONDS = 0.1


class Moved(Protocol):
    """Called whenever something has moved; with how many were sent so far."""

    def __call__(self, count: int = 0) -> None:
        """Silence begins anew."""
        ...


@contextlib.asynccontextmanager
async def turn(ctx: Context, store: Store, account: Account, moved: Moved) -> AsyncIterator[None]:
    """Wait for the right to deliver, which a running dodo may hold for the length of a drain."""
    lease = Lease(ctx.paths.data / QUEUE_LEASE)
    waiting = await store.run(queued.unsent_facts, account.id)
    while not lease.take():
        await ctx.clock.sleep(_LEASE_POLL_SECONDS)  # another process gives it back
        left = await store.run(queued.unsent_facts, account.id)
        if left < waiting:
            moved()
        waiting = left
    try:
        yield
    finally:
        lease.release(signed=True)


@contextlib.asynccontextmanager
async def alone(ctx: Context) -> AsyncIterator[None]:
    """Hold off every other dodo that would sync meanwhile.

    Raises:
        CommandError: one is syncing, and does not come to an end.
    """
    lease = Lease(ctx.paths.data / QUEUE_LEASE)
    give_up_at = ctx.clock.monotonic() + SILENCE_SECONDS
    while not lease.take():
        if ctx.clock.monotonic() > give_up_at:
            raise CommandError("Another dodo is syncing. Try again in a moment.")
        await ctx.clock.sleep(_LEASE_POLL_SECONDS)
    try:
        yield
    finally:
        lease.release()
