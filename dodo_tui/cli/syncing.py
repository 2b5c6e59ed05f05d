"""`dodo sync`: send what waits, now, and say how it went."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, Json, note, say, say_json
from dodo_tui.domain.account import Account
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import PROVIDER_NAMES, SyncState
from dodo_tui.engine.services import RealServices, Services
from dodo_tui.providers.errors import OfflineError, ProviderError
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts, queue
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.drain import Drained, drain
from dodo_tui.tracking.record import close_abandoned
from dodo_tui.tracking.signin import name_account

SILENCE_SECONDS = 20.0
"""So long may nothing at all move, be it here or in the process that is waited for."""

_LEASE_POLL_SECONDS = 0.1


def sync(options: argparse.Namespace) -> int:
    """One full sync now; waits for a running one, gives up after twenty seconds of silence."""
    ctx = context(keep_log=True)
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        store.run_now(close_abandoned, ctx.clock.now())
        results = asyncio.run(sync_all(ctx, services, store, profile, SILENCE_SECONDS))
    if options.json:
        say_json({"providers": results})
    elif not results:
        note("No provider is connected. Connect one with 'dodo connect simkl'.")
    failed = False
    for result in results:
        name = PROVIDER_NAMES[str(result["id"])]
        if not options.json and (result["pushed"] or result["error"] is None):
            say(f"{name}: {result['pushed']} sent")
        if result["error"] is not None:
            failed = True
            note(f"dodo: {result['error']}")
    return FAILED if failed else DONE


async def sync_all(
    ctx: Context, services: Services, store: Store, profile: Profile, silence_seconds: float
) -> list[Json]:
    """Sync every account of the profile; each has its own result, whatever happens."""
    results = []
    for provider_id in PROVIDER_NAMES:
        account = await store.run(accounts.find_account, profile.id, provider_id)
        if account is None:
            continue
        try:
            drained = await _sync_patiently(ctx, services, store, account, silence_seconds)
        except (ProviderError, CredentialsError, StorageError, OSError) as error:
            drained = Drained(0, SyncState.ERROR, str(error))
            with contextlib.suppress(StorageError):
                await _save(store, account, drained)
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


async def _sync_patiently(
    ctx: Context, services: Services, store: Store, account: Account, silence_seconds: float
) -> Drained:
    """Sync one account, as long as something moves."""
    sent = 0
    is_ours = False
    try:
        async with asyncio.timeout(silence_seconds) as silence:

            def moved(count: int = 0) -> None:
                nonlocal sent
                sent = max(sent, count)
                silence.reschedule(asyncio.get_running_loop().time() + silence_seconds)

            async with _lease(ctx, store, account, moved):
                is_ours = True
                return await _sync(ctx, services, store, account, moved)
    except TimeoutError:
        if not is_ours:
            return Drained(0, SyncState.SYNCING, "Another dodo is still busy sending.")
        name = PROVIDER_NAMES[account.provider]
        error = f"{name} has not answered within {silence_seconds:g} seconds."
        await _save(store, account, Drained(0, SyncState.OFFLINE, error))
        return Drained(sent, SyncState.OFFLINE, error)


class _Moved(Protocol):
    """Called whenever something has moved; with how many were sent so far."""

    def __call__(self, count: int = 0) -> None:
        """Silence begins anew."""
        ...


@contextlib.asynccontextmanager
async def _lease(
    ctx: Context, store: Store, account: Account, moved: _Moved
) -> AsyncIterator[None]:
    """Wait for the right to deliver, which a running dodo may hold for the length of a drain."""
    lease = Lease(ctx.paths.data / "queue.lock")
    waiting = await store.run(queue.unsent_facts, account.id)
    while not lease.take():
        await asyncio.sleep(_LEASE_POLL_SECONDS)  # another process gives it back
        left = await store.run(queue.unsent_facts, account.id)
        if left < waiting:
            moved()
        waiting = left
    try:
        yield
    finally:
        lease.release()


async def _sync(
    ctx: Context, services: Services, store: Store, account: Account, moved: _Moved
) -> Drained:
    """Send what waits, without waiting for a back-off."""
    provider = await asyncio.to_thread(services.provider, account.provider, account.profile_id)
    try:
        await store.run(accounts.end_stale_syncs)
        await store.run(queue.make_due, account.id, ctx.clock.now())
        if (throttled := await _throttled(ctx, store, account)) is not None:
            return throttled
        with contextlib.suppress(ProviderError):
            account = await name_account(store, account, provider, ctx.clock)
        await store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
        drained = await drain(store, account, provider, ctx.clock, moved)
        if not drained.sent and drained.error is None:
            drained = await _greet(ctx, store, account, provider)
        return drained
    finally:
        await provider.close()


async def _throttled(ctx: Context, store: Store, account: Account) -> Drained | None:
    """The result while the provider has asked to wait: nothing is sent, not even by hand."""
    head = await store.run(queue.next_rows, account.id, 1)
    if not head or not head[0].attempts or head[0].not_before <= ctx.clock.now():
        return None
    error = head[0].last_error or f"{PROVIDER_NAMES[account.provider]} asks to wait."
    return Drained(0, SyncState.ERROR, error, head[0].not_before)


async def _greet(ctx: Context, store: Store, account: Account, provider: Provider) -> Drained:
    """With nothing to send, ask for an answer all the same: "done" must not be said offline."""
    try:
        await provider.user()
    except OfflineError as error:
        drained = Drained(0, SyncState.OFFLINE, str(error))
    except ProviderError as error:
        drained = Drained(0, SyncState.ERROR, str(error))
    else:
        drained = Drained(0, SyncState.IDLE)
        await store.run(accounts.save_sync_state, account.id, drained.state, None, ctx.clock.now())
        return drained
    await _save(store, account, drained)
    return drained


async def _save(store: Store, account: Account, drained: Drained) -> None:
    await store.run(accounts.save_sync_state, account.id, drained.state, drained.error)
