"""`dodo sync`: send what waits, now, and say how it went."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Container
from dataclasses import replace

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, Json, note, say, say_json
from dodo_tui.cli.removal_words import missing_line, removed_line
from dodo_tui.cli.sync_answers import (
    answer_removals,
    ask_first,
    is_first_sync,
    undo,
    what_follows,
)
from dodo_tui.cli.sync_turn import SILENCE_SECONDS, Moved, turn
from dodo_tui.domain.account import Account
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import PROVIDER_NAMES, SyncState
from dodo_tui.engine.identifying import LONGEST_SECONDS
from dodo_tui.engine.services import RealServices, Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.hearing import listening
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.identifying.due import anything_to_ask
from dodo_tui.tracking.identifying.identify import identify
from dodo_tui.tracking.record import close_abandoned
from dodo_tui.tracking.sync import SyncResult
from dodo_tui.tracking.sync import sync as exchange


def sync(options: argparse.Namespace) -> int:
    """One full sync now; waits for a running one, gives up after twenty seconds of silence."""
    ctx = context(keep_log=True)
    if options.undo:
        return asyncio.run(undo(ctx, whole=options.undo == "first"))
    if options.answer:
        return asyncio.run(answer_removals(ctx, remove=options.answer == "remove"))
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        store.run_now(close_abandoned, ctx.clock.now())
        is_first = store.run_now(is_first_sync, profile.id)
        left_out = asyncio.run(ask_first(ctx, services, store, profile, options))
        for provider_id in left_out.put_off:
            name = PROVIDER_NAMES[provider_id]
            note(f"{name}: not synced. What you watch, mark and rate from now on is sent.")
        not_now = left_out.put_off + left_out.failed
        results = asyncio.run(
            sync_all(ctx, services, store, profile, SILENCE_SECONDS, leaving_out=not_now)
        )
        follows = store.run_now(what_follows, profile.id) if is_first else ()
    if options.json:
        say_json({"providers": results})
    elif not results and not not_now:
        note("No provider is connected. Connect one with 'dodo connect simkl'.")
    failed = bool(left_out.failed)
    for result in results:
        name = PROVIDER_NAMES[str(result["id"])]
        if not options.json and (result["pushed"] or result["error"] is None):
            say(f"{name}: {result['pushed']} sent, {result['pulled']} changed here")
        if result["error"] is not None:
            failed = True
            note(f"dodo: {result['error']}")
        if isinstance(removed := result["removed"], int) and removed:
            note(f"{name}: {removed_line(removed)}")
        if isinstance(missing := result["missing"], int) and missing:
            note(f"{name}: {missing_line(missing)}")
    for line in () if failed else follows:
        note(line)
    return FAILED if failed else DONE


async def sync_all(
    ctx: Context,
    services: Services,
    store: Store,
    profile: Profile,
    silence_seconds: float,
    *,
    leaving_out: Container[str] = (),
) -> list[Json]:
    """Sync every account of the profile; each has its own result, whatever happens."""
    results = []
    for provider_id in PROVIDER_NAMES:
        account = await store.run(accounts.find_account, profile.id, provider_id)
        if account is None or provider_id in leaving_out:
            continue
        try:
            result = await _sync_patiently(ctx, services, store, account, silence_seconds)
        except (ProviderError, CredentialsError, StorageError, OSError) as error:
            result = SyncResult(0, 0, SyncState.ERROR, str(error))
            with contextlib.suppress(StorageError):
                await _save(store, account, result)
        results.append(
            {
                "id": provider_id,
                "state": result.state,
                "pulled": result.pulled,
                "pushed": result.pushed,
                "error": result.error,
                "removed": result.removed,
                "missing": await _missing(store, profile, provider_id),
            }
        )
    return results


async def _missing(store: Store, profile: Profile, provider_id: str) -> int:
    """How many titles wait for the user's word; 0 where the database cannot say."""
    with contextlib.suppress(StorageError):
        return (await store.run(sync_status, profile.id, provider_id)).asking
    return 0


async def _sync_patiently(
    ctx: Context, services: Services, store: Store, account: Account, silence_seconds: float
) -> SyncResult:
    """Sync one account, as long as something moves."""
    sent = 0
    is_ours = False
    try:
        async with asyncio.timeout(silence_seconds) as silence:

            def moved(count: int = 0) -> None:
                nonlocal sent
                sent = max(sent, count)
                silence.reschedule(asyncio.get_running_loop().time() + silence_seconds)

            async with turn(ctx, store, account, moved):
                is_ours = True
                moved()
                with listening(moved):
                    return await _sync(ctx, services, store, account, moved)
    except TimeoutError:
        if not is_ours:
            return SyncResult(0, 0, SyncState.SYNCING, "Another dodo is still busy sending.")
        name = PROVIDER_NAMES[account.provider]
        error = f"{name} has not answered within {silence_seconds:g} seconds."
        await _save(store, account, SyncResult(0, 0, SyncState.OFFLINE, error))
        return SyncResult(0, sent, SyncState.OFFLINE, error)


async def _sync(
    ctx: Context, services: Services, store: Store, account: Account, moved: Moved
) -> SyncResult:
    """Send what waits and pull what moved, without waiting for a back-off."""
    provider = await asyncio.to_thread(services.provider, account.provider, account.profile_id)
    try:
        await store.run(accounts.end_stale_syncs)
        result = await exchange(
            store,
            account,
            provider,
            ctx.clock,
            lambda progress: moved(progress.pushed),
            by_hand=True,
        )
        if result.error is not None:
            return result
        return await _identify(ctx, store, account, provider, result, moved)
    finally:
        await provider.close()


async def _identify(
    ctx: Context,
    store: Store,
    account: Account,
    provider: Provider,
    result: SyncResult,
    moved: Moved,
) -> SyncResult:
    """Ask what files and ids are that nobody knows yet, and tell what was watched of them."""
    if not await store.run(anything_to_ask, ctx.clock.now()):
        return result
    found = 0

    def count() -> None:
        nonlocal found
        found += 1
        moved(result.pushed)

    with contextlib.suppress(ProviderError, TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            await identify(store, provider, ctx.clock, count)
    if not found:
        return result
    drained = await drain(store, account, provider, ctx.clock)
    return replace(
        result,
        pushed=result.pushed + drained.sent,
        state=drained.state,
        error=drained.error,
    )


async def _save(store: Store, account: Account, result: SyncResult) -> None:
    await store.run(accounts.save_sync_state, account.id, result.state, result.error)
