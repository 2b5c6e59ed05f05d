"""What is done for one account when its turn has come: a full sync, or sending what waits.

Delivery imports it when there is something to exchange, off the loop: it brings everything along
that talks to providers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import QueueRow
from dodo_tui.domain.status import SyncProgress, SyncState
from dodo_tui.engine.connections import Connections, SignInChangedError
from dodo_tui.engine.memory import give_back
from dodo_tui.engine.schedule import Ask, Schedule
from dodo_tui.engine.services import Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage import accounts, sending
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.database import shrink_memory
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.signin import name_account
from dodo_tui.tracking.sync import Syncs

log = logging.getLogger(__name__)

_HOPELESS_SECONDS = 15 * 60.0

_LARGE_PULL = 2_000
"""So many films and episodes in one sync leave some megabytes behind."""


class _TurnLostError(Exception):
    """Another process exchanges by now."""


class Exchange:
    """Serves accounts, each by itself: a failure of one never keeps another from being served."""

    def __init__(
        self,
        store: Store,
        services: Services,
        clock: Clock,
        schedule: Schedule,
        jitter: Callable[[], float],
        on_change: Callable[[], None],
        on_progress: Callable[[], None],
        on_return: Callable[[], None],
        has_lost_turn: Callable[[], bool] = lambda: False,
    ) -> None:
        """What comes of a sync goes into the `schedule`.

        `on_change`: something that screens show has changed in the database; `on_progress`:
        `progress` has; `on_return`: a provider that was out of reach has answered again;
        `has_lost_turn`: whether another process exchanges by now, because this one was frozen.
        """
        self.progress: dict[tuple[int, str], SyncProgress] = {}
        """How far each running sync is, by profile and provider."""
        self.connections = Connections(store, services)
        self._store = store
        self._clock = clock
        self._schedule = schedule
        self._jitter = jitter
        self._on_change = on_change
        self._on_progress = on_progress
        self._on_return = on_return
        self._has_lost_turn = has_lost_turn
        self._syncs = Syncs(store, clock)

    @property
    def running(self) -> frozenset[int]:
        """The accounts that are being synced."""
        return self._syncs.running

    async def sync(self, account: Account) -> datetime | None:
        """One full sync, as it was asked for; answers when there is more to do for the account."""
        try:
            return await self._sync(account)
        except SignInChangedError:
            return self._clock.now()

    async def send(self, account: Account, head: QueueRow) -> datetime | None:
        """Send what waits; `head` is first. Answers when there is more to do for the account."""
        try:
            return await self._send(account, head)
        except (SignInChangedError, _TurnLostError):
            return self._clock.now()

    async def _sync(self, account: Account) -> datetime | None:
        asked = self._schedule.take(account.id)
        name = (account.profile_id, account.provider)

        def say(progress: SyncProgress) -> None:
            self.progress[name] = progress
            self._on_progress()

        try:
            provider = await self.connections.provider_of(account)
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
            await self._store.run(shrink_memory)
            await asyncio.to_thread(give_back)
        if result.state in (SyncState.OFFLINE, SyncState.ERROR):
            self._schedule.failed(account.id, self._clock.now(), result.next_at, self._jitter())
            return None
        self._schedule.succeeded(account.id, self._clock.now(), self._jitter())
        return result.next_at

    async def _send(self, account: Account, head: QueueRow) -> datetime | None:
        was_offline = await self._store.run(accounts.is_offline, account.id)
        try:
            provider = await self.connections.provider_of(account)
            try:
                account = await name_account(self._store, account, provider, self._clock)
            except ProviderError as error:
                log.info("not told who is signed in to %s: %s", provider.id, error)
            await self._store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
            self._on_change()
            result = await drain(
                self._store, account, provider, self._clock, lambda _sent: self._on_sent()
            )
        except (ProviderError, CredentialsError) as error:
            return await self._give_up_for_now(account, head, error)
        except asyncio.CancelledError:
            self._store.submit(accounts.end_stale_syncs)
            raise
        self._on_change()
        if was_offline and result.state is SyncState.IDLE:
            self._on_return()
        return result.next_at

    def _on_sent(self) -> None:
        """Something was sent.

        Raises:
            _TurnLostError: the next thing is for another process to send.
        """
        self._on_change()
        if self._has_lost_turn():
            raise _TurnLostError

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
