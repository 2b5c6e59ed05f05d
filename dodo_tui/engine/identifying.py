"""Asking a connected provider what files and ids are, for the engine and the one-shot commands."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.services import Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage.accounts import find_account
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.store import Store

log = logging.getLogger(__name__)

LONGEST_SECONDS = 8.0
"""So long a one-shot command waits for what its files are; the rest is asked another time."""


def account_to_ask(connection: sqlite3.Connection, profile_id: int) -> Account | None:
    """The account in whose name titles are looked up; None: nothing is connected."""
    accounts = (find_account(connection, profile_id, name) for name in PROVIDER_NAMES)
    return next((account for account in accounts if account is not None), None)


async def identify_for(
    store: Store,
    services: Services,
    clock: Clock,
    profile_id: int,
    on_identified: Callable[[], None] = lambda: None,
    *,
    path: str | None = None,
) -> bool:
    """Ask about what may be asked about now, or only about a file; answers whether anything was.

    Trouble is logged: what has no answer is asked about another time.
    """
    from dodo_tui.tracking.identifying.due import anything_to_ask
    from dodo_tui.tracking.identifying.identify import identify, identify_files

    try:
        account = await store.run(account_to_ask, profile_id)
        if account is None or not await store.run(anything_to_ask, clock.now(), path):
            return False
        provider = await asyncio.to_thread(services.provider, account.provider, profile_id)
        try:
            if path is None:
                await identify(store, provider, clock, on_identified)
            else:
                await identify_files(store, provider, clock, on_identified, path=path)
        finally:
            await provider.close()
    except (ProviderError, CredentialsError, StorageError) as error:
        log.info("titles were not identified: %s", error)
    return True
