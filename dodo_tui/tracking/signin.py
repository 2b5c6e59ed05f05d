"""Signing in to a provider and out again, for the screen and the command line alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.protocol import Provider
from dodo_tui.providers.sign_in import SignedIn, SignInStep
from dodo_tui.storage import accounts
from dodo_tui.storage.credentials import CredentialsError, TokenFile
from dodo_tui.storage.store import Store

log = logging.getLogger(__name__)

_REVOKE_DEADLINE_SECONDS = 5.0
"""How long somebody who signs out waits for the provider to hear of it."""


async def sign_in(
    store: Store, tokens: TokenFile, provider: Provider, profile_id: int, clock: Clock
) -> AsyncGenerator[SignInStep, None]:
    """Yield the steps of a sign-in; by the time `SignedIn` is yielded everything is kept.

    The account before is signed out first: nothing that waits for it is sent from then on, for the
    tokens may be another person's. They are on disk before anything else is tried. Who it is, is
    asked once; where that fails it is asked again later.

    Raises:
        ProviderError: see `Provider.authorize`.
        CredentialsError: the tokens cannot be kept.
        StorageError: the account cannot be kept.
    """
    async for step in provider.authorize():
        if isinstance(step, SignedIn):
            before = await store.run(accounts.find_account, profile_id, provider.id)
            if before is not None:
                await store.run(accounts.disconnect_account, before)
            try:
                async with tokens.locked():
                    await tokens.save(step.tokens)
            except CredentialsError:
                if before is not None:
                    await store.run(accounts.stay_connected, before)
                raise
            account = await store.run(
                accounts.connect_account, profile_id, provider.id, None, clock.now()
            )
            try:
                await name_account(store, account, provider, clock)
            except ProviderError as error:
                log.info("signed in to %s, but not told who it is: %s", provider.id, error)
        yield step


async def name_account(store: Store, account: Account, provider: Provider, clock: Clock) -> Account:
    """Ask who an account belongs to, if that is not known yet."""
    if account.user.id:
        return account
    user = await provider.user()
    return await store.run(accounts.name_account, account, user, clock.now())


async def sign_out(
    store: Store, tokens: TokenFile, provider: Provider | None, account: Account
) -> None:
    """End the grant, best effort, and forget the tokens. History and what waits stay here.

    `provider` is None where there is no client id to talk with. Whatever the network does, the
    account is signed out at once and its tokens are gone in the end.

    Raises:
        CredentialsError: the tokens cannot be deleted.
        StorageError: the account cannot be written.
    """
    await store.run(accounts.disconnect_account, account)
    try:
        await tokens.load()
        if provider is not None:
            async with asyncio.timeout(_REVOKE_DEADLINE_SECONDS):
                await provider.revoke()
    except (ProviderError, CredentialsError, TimeoutError) as error:
        log.info("could not revoke the sign-in at %s: %s", account.provider, error)
    finally:
        async with tokens.locked():
            await asyncio.to_thread(tokens.delete)
