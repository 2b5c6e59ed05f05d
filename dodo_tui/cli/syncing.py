"""`dodo sync`: send what waits, now, and say how it went."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol

from dodo_tui.cli.context import Context, context, database
from dodo_tui.cli.output import DONE, FAILED, CommandError, Json, note, say, say_json
from dodo_tui.cli.removal_words import missing_line, removed_line
from dodo_tui.domain.account import Account
from dodo_tui.domain.figures import counted
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import PROVIDER_NAMES, SyncState
from dodo_tui.engine.identifying import LONGEST_SECONDS
from dodo_tui.engine.services import RealServices, Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.hearing import listening
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts, queued
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import QUEUE_LEASE, Lease
from dodo_tui.storage.lists import asked_about
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.first_sync import Choice, choose, needs_choice, plan_first_sync, plan_lines
from dodo_tui.tracking.identifying.due import anything_to_ask
from dodo_tui.tracking.identifying.identify import identify
from dodo_tui.tracking.record import close_abandoned
from dodo_tui.tracking.removals import Removed, keep_missing, remove_missing
from dodo_tui.tracking.sync import SyncResult
from dodo_tui.tracking.sync import sync as exchange
from dodo_tui.tracking.undo import undo_sync

SILENCE_SECONDS = 20.0
"""So long may nothing at all move, be it here or in the process that is waited for."""

_LEASE_POLL_SECONDS = 0.1


def sync(options: argparse.Namespace) -> int:
    """One full sync now; waits for a running one, gives up after twenty seconds of silence."""
    ctx = context(keep_log=True)
    if options.undo:
        return asyncio.run(_undo(ctx))
    if options.answer:
        return asyncio.run(_answer(ctx, remove=options.answer == "remove"))
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        store.run_now(close_abandoned, ctx.clock.now())
        if not asyncio.run(ask_first(ctx, services, store, profile, options)):
            note("Nothing was changed.")
            return DONE
        results = asyncio.run(sync_all(ctx, services, store, profile, SILENCE_SECONDS))
    if options.json:
        say_json({"providers": results})
    elif not results:
        note("No provider is connected. Connect one with 'dodo connect simkl'.")
    failed = False
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
    return FAILED if failed else DONE


async def ask_first(
    ctx: Context,
    services: Services,
    store: Store,
    profile: Profile,
    options: argparse.Namespace,
) -> bool:
    """Before a first sync: say what it would do and ask, where somebody can answer.

    `--merge`, `--take-theirs` and `--send-mine` answer beforehand; with nobody to answer it merges.
    False: not now.
    """
    for provider_id in PROVIDER_NAMES:
        account = await store.run(accounts.find_account, profile.id, provider_id)
        if account is None or not await store.run(needs_choice, account.id):
            continue
        choice = Choice(options.choice) if options.choice else None
        is_asked = sys.stdin.isatty() and sys.stderr.isatty() and not options.json
        if choice is None and is_asked:
            choice = await _ask(ctx, services, store, account)
        await store.run(choose, account.id, choice or Choice.MERGE)
        if choice is Choice.NOT_NOW:
            return False
    return True


async def _ask(ctx: Context, services: Services, store: Store, account: Account) -> Choice:
    """Print the counts and read an answer; anything unclear is "not now"."""
    provider = await asyncio.to_thread(services.provider, account.provider, account.profile_id)
    name = PROVIDER_NAMES[account.provider]
    try:
        async with asyncio.timeout(SILENCE_SECONDS) as silence:

            def moved(count: int = 0) -> None:
                del count
                silence.reschedule(asyncio.get_running_loop().time() + SILENCE_SECONDS)

            async with _lease(ctx, store, account, moved):
                with listening(moved):
                    plan = await plan_first_sync(store, account, provider, ctx.clock)
    except TimeoutError as error:
        raise CommandError(
            f"{name} has not answered within {SILENCE_SECONDS:g} seconds."
        ) from error
    finally:
        await provider.close()
    for line in plan_lines(plan, name):
        note(line)
    print("Merge, take theirs, send mine, or not now? [M/t/s/n] ", end="", file=sys.stderr)
    sys.stderr.flush()
    answer = (await asyncio.to_thread(sys.stdin.readline)).strip().lower()[:1]
    answers = {"": Choice.MERGE, "m": Choice.MERGE, "t": Choice.TAKE_THEIRS, "s": Choice.SEND_MINE}
    return answers.get(answer, Choice.NOT_NOW)


async def _answer(ctx: Context, *, remove: bool) -> int:
    """Say what becomes of the titles that are missing there."""
    answered = False
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = await store.run(active_profile, ctx.settings.profile, ctx.clock.now())
        async with _alone(ctx):
            for provider_id, name in PROVIDER_NAMES.items():
                account = await store.run(accounts.find_account, profile.id, provider_id)
                if account is None:
                    continue
                if remove:
                    found = await _remove_missing(ctx, services, store, account)
                    words = _removed_words(found)
                else:
                    kept = await store.run(keep_missing, account, ctx.clock.now())
                    words = [f"{counted(kept, 'title')} kept"] if kept else []
                for each in words:
                    note(f"{name}: {each}.")
                answered = answered or bool(words)
    if not answered:
        raise CommandError("Nothing is missing; there is no question to answer.")
    return DONE


async def _remove_missing(
    ctx: Context, services: Services, store: Store, account: Account
) -> Removed:
    """Look once more, and remove what is missing still.

    Raises:
        CommandError: the provider could not be asked.
    """
    if not await store.run(asked_about, account.id):
        return Removed()
    try:
        provider = await asyncio.to_thread(services.provider, account.provider, account.profile_id)
        try:
            return await remove_missing(store, account, provider, ctx.clock)
        finally:
            await provider.close()
    except (ProviderError, CredentialsError) as error:
        raise CommandError(f"{error} Nothing was removed.") from error


def _removed_words(found: Removed) -> list[str]:
    words = []
    if found.gone:
        words.append(f"{counted(found.gone, 'title')} removed; 'dodo sync --undo' takes that back")
    if found.back:
        words.append(f"{counted(found.back, 'title')} on the list there again and kept")
    return words


@contextlib.asynccontextmanager
async def _alone(ctx: Context) -> AsyncIterator[None]:
    """Hold off every other dodo that would sync meanwhile.

    Raises:
        CommandError: one is syncing, and does not come to an end.
    """
    lease = Lease(ctx.paths.data / QUEUE_LEASE)
    give_up_at = ctx.clock.monotonic() + SILENCE_SECONDS
    while not lease.take():
        if ctx.clock.monotonic() > give_up_at:
            raise CommandError("Another dodo is syncing. Try again in a moment.")
        await ctx.clock.sleep(_LEASE_POLL_SECONDS)
    try:
        yield
    finally:
        lease.release()


async def _undo(ctx: Context) -> int:
    """Take back what the last sync took away, or the first sync as a whole."""
    async with _alone(ctx):
        with database(ctx) as (connection, profile):
            for provider_id, name in PROVIDER_NAMES.items():
                account = accounts.find_account(connection, profile.id, provider_id)
                if account is None:
                    continue
                undone = undo_sync(connection, account, ctx.clock.now())
                if undone is not None:
                    note(f"{undone.words(name)}. What you watched since stays.")
                    return DONE
    raise CommandError("There is no sync to undo.")


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

            async with _lease(ctx, store, account, moved):
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
    lease = Lease(ctx.paths.data / QUEUE_LEASE)
    waiting = await store.run(queued.unsent_facts, account.id)
    while not lease.take():
        await ctx.clock.sleep(_LEASE_POLL_SECONDS)  # another process gives it back
        left = await store.run(queued.unsent_facts, account.id)
        if left < waiting:
            moved()
        waiting = left
    try:
        yield
    finally:
        lease.release(signed=True)


async def _sync(
    ctx: Context, services: Services, store: Store, account: Account, moved: _Moved
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
    moved: _Moved,
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
