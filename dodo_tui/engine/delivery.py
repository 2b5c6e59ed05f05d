"""The exchange worker: sends what waits and syncs, whenever something is due.

One process at a time does it, whoever holds the lease, and only while it has something to send; the
others try again, so that a holder that was killed is replaced within seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from dodo_tui.clock import Clock, machine_time
from dodo_tui.domain.account import Account
from dodo_tui.domain.status import SyncProgress
from dodo_tui.engine.schedule import Ask, Schedule, may_sync_from
from dodo_tui.engine.services import Services
from dodo_tui.storage import accounts, queued, sending
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.store import Store

if TYPE_CHECKING:
    from dodo_tui.engine.exchange import Exchange

log = logging.getLogger(__name__)

_LEASE_RETRY_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 3600.0
_TROUBLE_SECONDS = 30.0
_WRITE_GAP_SECONDS = 1.1
"""Simkl and Trakt: one write per second and user, whatever process it comes from."""


class Delivery:
    """Keeps the queues empty, as long as `run` is running."""

    def __init__(
        self,
        store: Store,
        services: Services,
        lease: Lease,
        clock: Clock,
        on_change: Callable[[], None],
        is_automatic: Callable[[], bool] = lambda: False,
        jitter: Callable[[], float] = random.random,
        on_progress: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_change` is called whenever something that screens show has changed in the database.

        `is_automatic` says whether syncs may start by themselves; `on_progress` is called whenever
        `progress` has changed.
        """
        self._on_progress = on_progress
        self._is_automatic = is_automatic
        self._jitter = jitter
        self._store = store
        self._services = services
        self._lease = lease
        self._clock = clock
        self._on_change = on_change
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._woken = 0
        """How often something was queued or asked for."""
        self._news = asyncio.Event()
        """Something was queued, or an account has been served, while others are being served."""
        self._is_clean = False
        self._asked: Ask | None = None
        self._joined: set[int] = set()
        """The accounts that were being synced when it was asked: the question joins that sync."""
        self._turn = asyncio.Lock()
        self._exchange: Exchange | None = None
        """Made when there is something to exchange."""
        self._schedule = Schedule()

    @property
    def progress(self) -> dict[tuple[int, str], SyncProgress]:
        """How far each running sync is, by profile and provider."""
        return {} if self._exchange is None else self._exchange.progress

    def wake(self) -> None:
        """Something was queued, or an account was connected."""
        self._idle.clear()
        self._woken += 1
        self._wake.set()
        self._news.set()

    def ask_sync(self, *, by_hand: bool = False) -> None:
        """Ask for a sync of every account: now, or by itself if the last one is long enough ago.

        Where one is running already, that is the one.
        """
        running = set(self._running())
        self._joined = running if self._asked is None else self._joined & running
        if by_hand or self._asked is None:
            self._asked = Ask.BY_HAND if by_hand else Ask.BY_ITSELF
        self.wake()

    def _running(self) -> frozenset[int]:
        return frozenset() if self._exchange is None else self._exchange.running

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The right to talk to the providers, for something that is not a pass."""
        async with self._turn:
            while not self._take_lease():
                await self._clock.sleep(_LEASE_RETRY_SECONDS)
            try:
                await self._keep_pace()
                yield
            finally:
                self._lease.release(signed=True)
        self.wake()

    async def idle(self) -> None:
        """Wait until everything that is due has been tried."""
        await self._idle.wait()

    async def run(self) -> None:
        """Drain, wait for the next thing to do, and so on until cancelled."""
        try:
            while True:
                self._wake.clear()
                next_at = await self._safe_pass()
                if not self._wake.is_set():
                    self._idle.set()
                    await self._wait(next_at)
        finally:
            if self._exchange is not None:
                await self._exchange.connections.close()

    async def _safe_pass(self) -> datetime | None:
        """A pass that no trouble ends for good: what waits must be tried again some time."""
        try:
            return await self._pass()
        except Exception:
            log.exception("delivering failed")
            return self._clock.now() + timedelta(seconds=_TROUBLE_SECONDS)

    async def _pass(self) -> datetime | None:
        """Drain every account once; answers when the next row is due, None if nothing waits."""
        async with self._turn:
            return await self._pass_in_turn()

    async def _pass_in_turn(self) -> datetime | None:
        await self._clean_up_once()
        known = await self._store.run(accounts.connected_accounts)
        if self._exchange is not None:
            await self._exchange.connections.drop_stale(known)
        await self._plan_syncs(known)
        busy = [account for account in known if await self._has_work(account)]
        if not busy:
            return _earliest(self._schedule.next_at(), await self._take_over_syncs())
        if not self._take_lease():
            return self._clock.now() + timedelta(seconds=_LEASE_RETRY_SECONDS)
        try:
            await self._keep_pace()
            due = await self._serve_all(busy)
        finally:
            self._lease.release(signed=True)
        return _earliest(*due, self._schedule.next_at())

    def _take_lease(self) -> bool:
        return self._lease.take_over(self._clock.monotonic())

    async def _keep_pace(self) -> None:
        """Leave a gap between another process's last write and ours: no pace knows of both."""
        left_at = self._lease.left_by_another_at
        if left_at is not None:
            wait = left_at + _WRITE_GAP_SECONDS - machine_time(self._clock).timestamp()
            if 0 < wait <= _WRITE_GAP_SECONDS:
                await self._clock.sleep(wait)

    async def _take_over_syncs(self) -> datetime | None:
        """Begin a sync anew that its process did not live to end.

        Answers when to look again, while another process is at it; None if none is.
        """
        if not await self._store.run(accounts.is_syncing):
            return None
        if not self._take_lease():
            return self._clock.now() + timedelta(seconds=_LEASE_RETRY_SECONDS)
        try:
            await self._store.run(accounts.end_stale_syncs)
        finally:
            self._lease.release()
        log.info("a sync was cut off; it is begun anew")
        self._on_change()
        self.ask_sync()
        return None

    async def _has_work(self, account: Account) -> bool:
        if self._schedule.is_due(account.id, self._clock.now()):
            return True
        return bool(await self._store.run(sending.next_rows, account.id, 1))

    async def _plan_syncs(self, known: tuple[Account, ...]) -> None:
        """Turn what was asked for into what is due, account by account.

        What is asked for too early waits until it may be. What becomes due although somebody has
        synced meanwhile has had its answer.
        """
        asked, self._asked = self._asked, None
        joined, self._joined = self._joined, set()
        for account in known:
            now = self._clock.now()
            if asked is not None and account.id not in joined:
                may_from = await self._may_from(account, asked)
                if may_from is not None:
                    self._schedule.ask(account.id, asked, now, may_from)
            waits = self._schedule.asked(account.id)
            if waits is None or not self._schedule.is_due(account.id, now):
                continue
            may_from = await self._may_from(account, waits)
            if may_from is not None and may_from <= now:
                continue
            if may_from is None or self._schedule.is_answered(account.id, may_from):
                self._schedule.drop(account.id)
                self._schedule.ask_later(account.id, now, self._jitter())
            else:
                self._schedule.put_off(account.id, may_from)

    async def _may_from(self, account: Account, asked: Ask) -> datetime | None:
        """From when on a sync may start: one by itself only where that is on, and not too often."""
        is_automatic = asked is Ask.BY_ITSELF
        if is_automatic and not self._is_automatic():
            return None
        return await self._store.run(
            may_sync_from, account, self._clock.now(), is_automatic=is_automatic
        )

    async def _serve_all(self, busy: Sequence[Account]) -> list[datetime | None]:
        """Serve accounts beside each other: a slow one holds up nothing of another."""
        at_it = {account.id for account in busy}
        return await asyncio.gather(*[self._serve_beside(account, at_it) for account in busy])

    async def _serve_beside(self, account: Account, at_it: set[int]) -> datetime | None:
        """Serve one account, and again whatever comes up for it while others are still at it."""
        heard = self._woken
        due = await self._serve_safely(account)
        at_it.discard(account.id)
        self._news.set()
        while at_it:
            if heard == self._woken:
                self._news.clear()
                await self._news.wait()
                continue
            heard = self._woken
            if await self._has_work(account):
                due = await self._serve_safely(account)
        return due

    async def _serve_safely(self, account: Account) -> datetime | None:
        """Serve one account; trouble that nobody expected is logged, and is no other's."""
        try:
            return await self._serve(account)
        except Exception:
            log.exception("serving %s failed", account.provider)
            return self._clock.now() + timedelta(seconds=_TROUBLE_SECONDS)

    async def _serve(self, account: Account) -> datetime | None:
        """Sync one account if that is due, else only send what waits, if that is."""
        if self._schedule.is_due(account.id, self._clock.now()):
            return await (await self._exchanging()).sync(account)
        await self._store.run(queued.mend_times, self._clock.now())
        rows = await self._store.run(sending.next_rows, account.id, 1)
        if not rows:
            return None
        head = rows[0]
        if head.not_before > self._clock.now():
            return head.not_before
        return await (await self._exchanging()).send(account, head)

    async def _exchanging(self) -> Exchange:
        """What talks to the providers; imported off the loop, and not for Home's first picture."""
        if self._exchange is None:
            await asyncio.to_thread(import_module, "dodo_tui.engine.exchange")
        return self._exchange or self._begin_exchange()

    def _begin_exchange(self) -> Exchange:
        from dodo_tui.engine.exchange import Exchange  # it is there by now

        self._exchange = Exchange(
            self._store,
            self._services,
            self._clock,
            self._schedule,
            self._jitter,
            self._on_change,
            self._on_progress,
            self.ask_sync,
            lambda: self._lease.is_lost,
        )
        return self._exchange

    async def _clean_up_once(self) -> None:
        """After a process that was killed in the middle of sending."""
        if self._is_clean or not self._lease.take():
            return
        try:
            await self._store.run(accounts.end_stale_syncs)
        finally:
            self._lease.release()
        self._is_clean = True
        self._on_change()

    async def _wait(self, until: datetime | None) -> None:
        """Wait for `wake` or a time, whichever is first."""
        seconds = _LONGEST_WAIT_SECONDS
        if until is not None:
            seconds = min(max((until - self._clock.now()).total_seconds(), 0.05), seconds)
        sleeper = asyncio.ensure_future(self._clock.sleep(seconds))
        waker = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({sleeper, waker}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()
            waker.cancel()


def _earliest(*moments: datetime | None) -> datetime | None:
    """The first of those that there are."""
    return min((moment for moment in moments if moment is not None), default=None)
