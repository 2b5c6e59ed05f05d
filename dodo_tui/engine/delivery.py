"""The exchange worker: sends what waits and syncs, whenever something is due.

One process at a time does it, whoever holds the lease, and only while it has something to send; the
others try again, so that a holder that was killed is replaced within seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import QueueRow
from dodo_tui.domain.status import SyncProgress, SyncState
from dodo_tui.engine.schedule import Ask, Schedule, may_sync
from dodo_tui.engine.services import Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage import accounts, queued, sending
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.database import shrink_memory
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.store import Store

if TYPE_CHECKING:
    from dodo_tui.providers.protocol import Provider
    from dodo_tui.tracking.sync import Syncs

log = logging.getLogger(__name__)

_LEASE_RETRY_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 3600.0
_TROUBLE_SECONDS = 30.0
_HOPELESS_SECONDS = 15 * 60.0
_WRITE_GAP_SECONDS = 1.1
"""Simkl and Trakt: one write per second and user, whatever process it comes from."""

_LARGE_PULL = 2_000
"""So many films and episodes in one sync leave some megabytes behind."""


class _SignInChangedError(Exception):
    """An account is not signed in any more as it was when it was read: read it again."""


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
        self.progress: dict[tuple[int, str], SyncProgress] = {}
        """How far each running sync is, by profile and provider."""
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
        self._is_imported = False
        self._asked: Ask | None = None
        self._joined: set[int] = set()
        """The accounts that were being synced when it was asked: the question joins that sync."""
        self._turn = asyncio.Lock()
        self._syncs: Syncs | None = None
        self._schedule = Schedule()
        self._providers: dict[int, tuple[Account, Provider]] = {}

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
        return frozenset() if self._syncs is None else self._syncs.running

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The right to talk to the providers, for something that is not a pass."""
        async with self._turn:
            while not self._lease.take():
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
            await self._close_providers()

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
        await self._drop_stale_providers(known)
        await self._plan_syncs(known)
        busy = [account for account in known if await self._has_work(account)]
        if not busy:
            return _earliest(self._schedule.next_at(), await self._take_over_syncs())
        if not self._lease.take():
            return self._clock.now() + timedelta(seconds=_LEASE_RETRY_SECONDS)
        try:
            await self._keep_pace()
            due = await self._serve_all(busy)
        finally:
            self._lease.release(signed=True)
        return _earliest(*due, self._schedule.next_at())

    async def _keep_pace(self) -> None:
        """Leave a gap between another process's last write and ours: no pace knows of both."""
        left_at = self._lease.left_by_another_at
        if left_at is not None:
            wait = left_at + _WRITE_GAP_SECONDS - self._clock.now().timestamp()
            if 0 < wait <= _WRITE_GAP_SECONDS:
                await self._clock.sleep(wait)

    async def _take_over_syncs(self) -> datetime | None:
        """Begin a sync anew that its process did not live to end.

        Answers when to look again, while another process is at it; None if none is.
        """
        if not await self._store.run(accounts.is_syncing):
            return None
        if not self._lease.take():
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
        """Turn what was asked for into what is due, account by account."""
        asked, self._asked = self._asked, None
        joined, self._joined = self._joined, set()
        for account in known:
            now = self._clock.now()
            if asked is not None and account.id not in joined and await self._may(account, asked):
                self._schedule.ask(account.id, asked, now)
            waits = self._schedule.asked(account.id)
            if waits is None or not self._schedule.is_due(account.id, now):
                continue
            if not await self._may(account, waits):
                self._schedule.drop(account.id)
                self._schedule.ask_later(account.id, now, self._jitter())

    async def _may(self, account: Account, asked: Ask) -> bool:
        """Whether a sync may start: one by itself only where that is on, and not too often."""
        is_automatic = asked is Ask.BY_ITSELF
        if is_automatic and not self._is_automatic():
            return False
        return await self._store.run(
            may_sync, account, self._clock.now(), is_automatic=is_automatic
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
        """Sync one account if that is due, else only send what waits."""
        try:
            if self._schedule.is_due(account.id, self._clock.now()):
                return await self._sync(account)
            return await self._drain(account)
        except _SignInChangedError:
            return self._clock.now()

    async def _sync(self, account: Account) -> datetime | None:
        """One full sync; a failure of its own never keeps another from being served."""
        await self._import_exchange()
        from dodo_tui.tracking.sync import Syncs  # not for the first picture of Home

        if self._syncs is None:
            self._syncs = Syncs(self._store, self._clock)
        asked = self._schedule.take(account.id)
        name = (account.profile_id, account.provider)

        def say(progress: SyncProgress) -> None:
            self.progress[name] = progress
            self._on_progress()

        try:
            provider = await self._provider(account)
            say(SyncProgress())
            result = await self._syncs.sync(account, provider, say, by_hand=asked is Ask.BY_HAND)
        except (ProviderError, CredentialsError) as error:
            await self._store.run(accounts.save_sync_state, account.id, SyncState.ERROR, str(error))
            self._on_change()
            return None
        except asyncio.CancelledError:
            self._store.submit(accounts.end_stale_syncs)
            raise
        finally:
            last = self.progress.pop(name, None)
            if last is not None:
                self._on_progress()
        self._on_change()
        if last is not None and last.pulled >= _LARGE_PULL:
            await self._give_back_memory()
        if result.state in (SyncState.OFFLINE, SyncState.ERROR):
            self._schedule.failed(account.id, self._clock.now(), result.next_at, self._jitter())
            return None
        self._schedule.succeeded(account.id, self._clock.now(), self._jitter())
        return result.next_at

    async def _give_back_memory(self) -> None:
        from dodo_tui.engine.memory import give_back  # rarely needed

        await self._store.run(shrink_memory)
        await asyncio.to_thread(give_back)

    async def _import_exchange(self) -> None:
        """Import what talks to providers, off the loop."""
        if not self._is_imported:
            await asyncio.to_thread(importlib.import_module, "dodo_tui.tracking.sync")
            self._is_imported = True

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

    async def _drain(self, account: Account) -> datetime | None:
        """Drain one account; a failure of its own never keeps another from being served."""
        await self._store.run(queued.mend_times, self._clock.now())
        rows = await self._store.run(sending.next_rows, account.id, 1)
        if not rows:
            return None
        head = rows[0]
        if head.not_before > self._clock.now():
            return head.not_before
        await self._import_exchange()
        from dodo_tui.tracking.drain import drain  # not for the first picture of Home
        from dodo_tui.tracking.signin import name_account

        was_offline = await self._store.run(accounts.is_offline, account.id)
        try:
            provider = await self._provider(account)
            try:
                account = await name_account(self._store, account, provider, self._clock)
            except ProviderError as error:
                log.info("not told who is signed in to %s: %s", provider.id, error)
            await self._store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
            self._on_change()
            result = await drain(
                self._store, account, provider, self._clock, lambda _sent: self._on_change()
            )
        except (ProviderError, CredentialsError) as error:
            return await self._give_up_for_now(account, head, error)
        except asyncio.CancelledError:
            self._store.submit(accounts.end_stale_syncs)
            raise
        self._on_change()
        if was_offline and result.state is SyncState.IDLE:
            self.ask_sync()
        return result.next_at

    async def _give_up_for_now(
        self, account: Account, head: QueueRow, error: Exception
    ) -> datetime:
        """Say that nothing can be sent before somebody sees to it, and look again some time.

        The row is put off, too: whatever is written wakes every dodo, and must not do so for ever.
        """
        next_at = self._clock.now() + timedelta(seconds=_HOPELESS_SECONDS)
        if isinstance(error, CredentialsError):
            await self._store.run(accounts.set_needs_reconnect, account.id, True)
        await self._store.run(sending.postpone, head, next_at, str(error))
        await self._store.run(accounts.save_sync_state, account.id, SyncState.ERROR, str(error))
        self._on_change()
        return next_at

    async def _provider(self, account: Account) -> Provider:
        """The provider of an account; kept, so that its connection and pace are.

        Raises:
            _SignInChangedError: somebody has signed in or out since the account was read.
        """
        if account.id not in self._providers:
            provider = await asyncio.to_thread(
                self._services.provider, account.provider, account.profile_id
            )
            # What it imported is there to stay; the collector would stop everything to look there.
            gc.freeze()
            # Whoever signs in signs the account before out first and then keeps the tokens, so
            # the tokens which the provider has found are the account's if it is signed in still.
            if not await self._store.run(accounts.is_still_connected, account):
                await provider.close()
                raise _SignInChangedError
            self._providers[account.id] = (account, provider)
        return self._providers[account.id][1]

    async def _drop_stale_providers(self, known: tuple[Account, ...]) -> None:
        current = {account.id: account.connected_at for account in known}
        for account_id, (account, provider) in list(self._providers.items()):
            if current.get(account_id) != account.connected_at:
                del self._providers[account_id]
                await provider.close()

    async def _close_providers(self) -> None:
        for _, provider in self._providers.values():
            await provider.close()
        self._providers.clear()

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
