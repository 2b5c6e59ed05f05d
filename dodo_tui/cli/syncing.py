"""`dodo sync`: send what waits, now, and say how it went."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, Json, note, say, say_json
from dodo_tui.domain.account import Account
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import PROVIDER_NAMES, SyncState
from dodo_tui.engine.services import RealServices
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage import accounts, queue
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.drain import Drained, drain
from dodo_tui.tracking.record import close_abandoned
from dodo_tui.tracking.signin import name_account

_DEADLINE_SECONDS = 20.0
_LEASE_POLL_SECONDS = 0.1


def sync(options: argparse.Namespace) -> int:
    """One full sync now; waits for a running one, gives up after twenty seconds of silence."""
    ctx = context()
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        store.run_now(close_abandoned, ctx.clock.now())
        results = asyncio.run(_sync_all(ctx, store, profile))
    if options.json:
        say_json({"providers": results})
    elif not results:
        note("No provider is connected. Connect one with 'dodo connect simkl'.")
    else:
        for result in results:
            name = PROVIDER_NAMES[str(result["id"])]
            sent = f"{result['pushed']} sent"
            say(f"{name}: {result['error'] or sent}")
    failed = any(result["error"] is not None for result in results)
    return FAILED if failed else DONE


async def _sync_all(ctx: Context, store: Store, profile: Profile) -> list[Json]:
    """Sync every account of the profile; each has its own result."""
    results = []
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    for provider_id in PROVIDER_NAMES:
        account = await store.run(accounts.find_account, profile.id, provider_id)
        if account is None:
            continue
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS), _lease(ctx):
                drained = await _sync(ctx, store, services, account)
        except TimeoutError:
            error = f"{PROVIDER_NAMES[provider_id]} has not answered within 20 seconds."
            await store.run(accounts.save_sync_state, account.id, SyncState.OFFLINE, error)
            drained = Drained(0, SyncState.OFFLINE, error)
        results.append(
            {
                "id": provider_id,
                "state": drained.state,
                "pulled": 0,
                "pushed": drained.sent,
                "error": drained.error,
            }
        )
    return results


@contextlib.asynccontextmanager
async def _lease(ctx: Context) -> AsyncIterator[None]:
    """Wait for the right to deliver, which a running dodo may hold for the length of a drain."""
    lease = Lease(ctx.paths.data / "queue.lock")
    while not lease.take():  # noqa: ASYNC110 - another process gives it back
        await asyncio.sleep(_LEASE_POLL_SECONDS)
    try:
        yield
    finally:
        lease.release()


async def _sync(ctx: Context, store: Store, services: RealServices, account: Account) -> Drained:
    """Send what waits, without waiting for a back-off."""
    try:
        provider = services.provider(account.provider, account.profile_id)
    except ProviderError as error:
        return Drained(0, SyncState.ERROR, str(error))
    try:
        with contextlib.suppress(ProviderError):
            account = await name_account(store, account, provider, ctx.clock)
        await store.run(queue.make_due, account.id, ctx.clock.now())
        return await drain(store, account, provider, ctx.clock)
    finally:
        await provider.close()
