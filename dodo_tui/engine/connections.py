"""The providers of the accounts that are signed in, each kept as long as its sign-in lasts."""

from __future__ import annotations

import asyncio
import gc

from dodo_tui.domain.account import Account
from dodo_tui.engine.services import Services
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts
from dodo_tui.storage.store import Store


class SignInChangedError(Exception):
    """An account is not signed in any more as it was when it was read: read it again."""


class Connections:
    """A provider for each account, kept so that its connection and pace are."""

    def __init__(self, store: Store, services: Services) -> None:
        self._store = store
        self._services = services
        self._providers: dict[int, tuple[Account, Provider]] = {}

    async def provider_of(self, account: Account) -> Provider:
        """The provider of an account.

        Raises:
            SignInChangedError: somebody has signed in or out since the account was read.
            CredentialsError: its tokens cannot be read.
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
                raise SignInChangedError
            self._providers[account.id] = (account, provider)
        return self._providers[account.id][1]

    async def drop_stale(self, known: tuple[Account, ...]) -> None:
        """Close those of sign-ins that have ended; `known` are the accounts signed in now."""
        current = {account.id: account.connected_at for account in known}
        for account_id, (account, provider) in list(self._providers.items()):
            if current.get(account_id) != account.connected_at:
                del self._providers[account_id]
                await provider.close()

    async def close(self) -> None:
        """Close all."""
        for _, provider in self._providers.values():
            await provider.close()
        self._providers.clear()
