"""The catalogue worker: keeps episode lists and descriptions of what is watched or planned.

It asks one question after another, only where an account is connected and was reachable, and no
more in a day than `domain.catalogue` allows. One process of the household's does it at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.engine.services import Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage import accounts
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.store import Store

if TYPE_CHECKING:
    from dodo_tui.domain.catalogue import Ask
    from dodo_tui.providers.protocol import Provider

log = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS = 10.0
"""Home is painted and the first sync has begun before anything is asked."""

_LOOK_AGAIN_SECONDS = 3600.0
_SETTLE_SECONDS = 2.0
"""Many changes in a row are one reason to look."""

_QUIET_SECONDS = 60.0
"""Where nothing was due, little can have become so since."""


class Cataloguing:
    """Asks what is due, as long as `run` is running."""

    def __init__(
        self,
        store: Store,
        services: Services,
        lease: Lease,
        clock: Clock,
        on_change: Callable[[], None],
    ) -> None:
        """`on_change` is called whenever something that screens show has changed."""
        self._store = store
        self._services = services
        self._lease = lease
        self._clock = clock
        self._on_change = on_change
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """A sync has succeeded, or something was planned: there may be more to ask."""
        self._wake.set()

    async def run(self) -> None:
        """Look, ask, wait, until cancelled."""
        await asyncio.sleep(_FIRST_WAIT_SECONDS)
        while True:
            self._wake.clear()
            answered = 0
            try:
                answered = await self.ask_what_is_due()
            except Exception:
                log.exception("asking the catalogue failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _LOOK_AGAIN_SECONDS)
            await asyncio.sleep(_SETTLE_SECONDS if answered else _QUIET_SECONDS)

    async def ask_what_is_due(self) -> int:
        """Ask everything that it is time for; answers how many questions were answered."""
        from dodo_tui.tracking import cataloguing

        if not self._lease.take():
            return 0
        try:
            asks = await self._store.run(cataloguing.due, self._clock.now())
            return await self._ask(asks)
        finally:
            self._lease.release()

    async def ask_about(self, media_id: str) -> int:
        """Ask what is missing or old of a title that somebody looks at."""
        from dodo_tui.tracking import cataloguing

        asks = await self._store.run(cataloguing.due_for_screen, media_id, self._clock.now())
        return await self._ask(asks)

    async def _ask(self, asks: Sequence[Ask]) -> int:
        """Ask in order, until the provider cannot be asked."""
        if not asks:
            return 0
        from dodo_tui.tracking import cataloguing

        answered = 0
        async with self._turn:
            provider = await self._provider()
            if provider is None:
                return 0
            try:
                for question in asks:
                    await cataloguing.ask(self._store, provider, question, self._clock)
                    answered += 1
            except (ProviderError, CredentialsError, StorageError) as error:
                log.info("the catalogue is asked again later: %s", error)
            finally:
                await provider.close()
        if answered:
            self._on_change()
        return answered

    async def _provider(self) -> Provider | None:
        """A provider that can be asked; None: none is connected, or none was reached just now."""
        for account in await self._store.run(accounts.connected_accounts):
            if not await self._is_reachable(account):
                continue
            try:
                return await asyncio.to_thread(
                    self._services.provider, account.provider, account.profile_id
                )
            except (ProviderError, CredentialsError) as error:
                log.info("%s cannot be asked: %s", account.provider, error)
        return None

    async def _is_reachable(self, account: Account) -> bool:
        """Whether the last exchange with an account's provider gives no reason to wait."""
        if account.needs_reconnect or await self._store.run(accounts.is_offline, account.id):
            return False
        return await self._store.run(accounts.throttled, account, self._clock.now()) is None
