"""Signing in to a provider and out again, for the screen and the command line alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.protocol import Provider, SignedIn, SignInStep
from dodo_tui.storage import accounts
from dodo_tui.storage.credentials import CredentialsError, TokenFile
from dodo_tui.storage.store import Store

log = logging.getLogger(__name__)


async def sign_in(
    store: Store, tokens: TokenFile, provider: Provider, profile_id: int, clock: Clock
) -> AsyncGenerator[SignInStep, None]:
    """Yield the steps of a sign-in; by the time `SignedIn` is yielded everything is kept.

    The tokens are on disk before anything else is tried. From then on nothing that waits for the
    account before is sent, for it may be another person's. Who it is, is asked once; where that
    fails it is asked again later.

    Raises:
        ProviderError: see `Provider.authorize`.
        CredentialsError: the tokens cannot be kept.
        StorageError: the account cannot be kept.
    """
    async for step in provider.authorize():
        if isinstance(step, SignedIn):
            async with tokens.locked():
                await tokens.save(step.tokens)
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


async def sign_out(store: Store, tokens: TokenFile, provider: Provider, account: Account) -> None:
    """End the grant, best effort, and forget the tokens. History and what waits stay here."""
    try:
        await provider.revoke()
    except (ProviderError, CredentialsError) as error:
        log.info("could not revoke the sign-in at %s: %s", provider.id, error)
    async with tokens.locked():
        await asyncio.to_thread(tokens.delete)
    await store.run(accounts.disconnect_account, account)
