"""A sync: snapshot → send what waits → pull what moved → merge → keep the snapshot as cursors.

The cursors move in the last transaction, and only if every step succeeded and every row was
understood. Until then whatever was merged stays (it is true), and the next sync pulls it again,
which changes nothing. See DESIGN section 6.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.status import PROVIDER_NAMES, SyncState
from dodo_tui.domain.thresholds import PROMPT_SECONDS
from dodo_tui.domain.times import known_time
from dodo_tui.providers.errors import (
    OfflineError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.protocol import (
    Change,
    Listing,
    Provider,
    ResumePoint,
    ResumePoints,
    Snapshot,
    TitlePage,
)
from dodo_tui.storage import accounts, queue, remote
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import log_sync
from dodo_tui.tracking import applying, first_sync
from dodo_tui.tracking.applying import Pull
from dodo_tui.tracking.drain import drain
from dodo_tui.tracking.points import overtaken_points, point_gone
from dodo_tui.tracking.signin import name_account


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is, for screens."""

    pulled: int = 0
    """Films and episodes that the provider has told so far."""
    pushed: int = 0
    """Facts that have been sent so far."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """How a sync ended."""

    pulled: int
    """What has changed here."""
    pushed: int
    """What has been sent."""
    state: SyncState
    error: str | None = None
    """One sentence for people; None: it succeeded."""
    next_at: datetime | None = None
    """When something that waits may be tried again."""
    malformed: int = 0
    """Rows that made no sense; they were left out, and are asked for again next time."""
    asks_removal: int = 0
    """So many titles are missing there that the user must say whether that is meant."""


OnProgress = Callable[[SyncProgress], None]


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[SyncResult]
    waiting: int = 0


_running: dict[tuple[int, int], _Running] = {}
"""The syncs of this process by store and account."""


async def sync(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    on_progress: OnProgress = lambda _progress: None,
    *,
    by_hand: bool = False,
) -> SyncResult:
    """Sync one account now. A second call for it joins the one that runs.

    `by_hand`: does not wait for a back-off. Retry-After is obeyed in any case. The caller holds the
    lease. A first sync that nobody was asked about merges. The result is noted on the account.
    """
    run = _running.get((id(store), account.id))
    if run is None:
        task = asyncio.create_task(
            _sync(store, account, provider, clock, on_progress, by_hand=by_hand)
        )
        run = _running[id(store), account.id] = _Running(task)
        task.add_done_callback(lambda _task: _running.pop((id(store), account.id), None))
    run.waiting += 1
    try:
        return await asyncio.shield(run.task)
    finally:
        run.waiting -= 1
        if run.waiting == 0 and not run.task.done():
            run.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await run.task


async def _sync(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    on_progress: OnProgress,
    *,
    by_hand: bool,
) -> SyncResult:
    until = await store.run(accounts.throttled_until, account.id)
    if until is not None and until > clock.now():
        known = await store.run(accounts.sync_status, account.profile_id, account.provider)
        name = PROVIDER_NAMES.get(account.provider, account.provider)
        sentence = known.last_error or f"{name} asks to wait."
        return SyncResult(0, 0, SyncState.ERROR, sentence, next_at=until)
    try:
        if by_hand:
            await store.run(queue.make_due, account.id, clock.now())
        account = await name_account(store, account, provider, clock)
        await store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
        return await _exchange(store, account, provider, clock, on_progress)
    except ProviderError as error:
        return await _failed(store, account, error)
    except asyncio.CancelledError:
        store.submit(accounts.save_sync_state, account.id, SyncState.IDLE)
        raise


async def _exchange(
    store: Store, account: Account, provider: Provider, clock: Clock, on_progress: OnProgress
) -> SyncResult:
    """The steps, each of which may raise and so end it.

    Sending comes before pulling, except where an old resume point waits: it must not be told while
    something newer may be there (DESIGN section 5), so then we look first.
    """
    began_at = clock.now()
    snapshot = await provider.snapshot()
    done = await store.run(remote.cursors, account.id)
    if done.text is None:
        await store.run(first_sync.begin, account, began_at)
    pull = Pull(account, latest(began_at, snapshot), since=done.pulled_at)
    if done.text is None:
        changes, snapshot, pull.side = await first_sync.resume(store, account, provider, snapshot)
        pull.quiet = True
    else:
        changes = provider.changes(Snapshot(done.text), snapshot)
    is_pulled = done.text == snapshot.text
    late_before = began_at - timedelta(seconds=PROMPT_SECONDS)
    if not is_pulled and await store.run(remote.has_late_progress, account.id, late_before):
        await pull_changes(store, provider, pull, changes, on_progress)
        is_pulled = True
    drained = await drain(
        store, account, provider, clock, lambda sent: on_progress(SyncProgress(0, sent))
    )
    pushed = drained.sent
    if drained.error is not None:
        return SyncResult(pull.changed, pushed, drained.state, drained.error, drained.next_at)
    await store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
    await _forget_overtaken(store, account, provider)
    if not is_pulled:
        await pull_changes(store, provider, pull, changes, on_progress)
    untold = 0
    if done.text is None:
        untold = await store.run(first_sync.queue_untold, account, pull.side, clock.now())
    if untold:
        sent = await drain(store, account, provider, clock)
        pushed += sent.sent
        if sent.error is not None:
            return SyncResult(pull.changed, pushed, sent.state, sent.error, sent.next_at)
    cursors = snapshot.text if pull.malformed == 0 else None
    await store.run(_finish, account, pull, cursors, began_at, clock.now())
    return SyncResult(
        pull.changed,
        pushed,
        SyncState.IDLE,
        next_at=drained.next_at,
        malformed=pull.malformed,
        asks_removal=pull.asked,
    )


async def pull_changes(
    store: Store,
    provider: Provider,
    pull: Pull,
    changes: AsyncIterator[Change],
    on_progress: OnProgress = lambda _progress: None,
) -> None:
    """Merge what a provider tells, piece by piece, in its order.

    Raises:
        ProviderError: telling failed; what came before stays merged.
    """
    heard = 0
    async for change in changes:
        if isinstance(change, TitlePage):
            pull.malformed += change.malformed
            for portion in applying.portions(change.titles):
                await store.run(
                    applying.apply_titles, pull, portion, complete=change.malformed == 0
                )
                heard += sum(max(len(title.episodes), 1) for title in portion)
                on_progress(SyncProgress(heard))
        elif isinstance(change, Listing):
            await store.run(applying.apply_listing, pull, change)
        elif isinstance(change, ResumePoints):
            overtaken = await store.run(applying.apply_points, pull, change)
            await _forget_points(store, pull.account, provider, overtaken)


async def _forget_overtaken(store: Store, account: Account, provider: Provider) -> None:
    """Delete the resume points there of what was finished here since we heard of them."""
    await _forget_points(store, account, provider, await store.run(overtaken_points, account))


async def _forget_points(
    store: Store, account: Account, provider: Provider, points: Sequence[ResumePoint]
) -> None:
    for point in points:
        if point.remote_id is not None:
            await provider.forget_resume_point(point)
            await store.run(point_gone, account, point.remote_id)


def latest(now: datetime, snapshot: Snapshot) -> datetime:
    """The newest time that can be true: ours, or the provider's own if our clock is behind it."""
    times = (known_time(text) for text in _TIME.findall(snapshot.text))
    return max([now, *(time for time in times if time is not None)])


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def _finish(
    connection: sqlite3.Connection,
    account: Account,
    pull: Pull,
    cursors: str | None,
    began_at: datetime,
    now: datetime,
) -> None:
    """Write the log, then the cursors."""
    name = PROVIDER_NAMES.get(account.provider, account.provider)
    lines = list(reversed(pull.lines))
    if pull.quiet and pull.changed:
        lines.insert(0, f"First sync with {name}: {pull.changed} titles and episodes merged")
    elif pull.unsaid:
        lines.insert(0, f"… and {pull.unsaid} more")
    if pull.malformed:
        lines.append(f"{pull.malformed} rows from {name} made no sense and were left out")
    for line in lines:
        log_sync(connection, account.profile_id, line, now)
    remote.finish_pull(connection, account.id, cursors, began_at, now, pull.changed)
    if cursors is not None:
        first_sync.end(connection, account)


async def _failed(store: Store, account: Account, error: ProviderError) -> SyncResult:
    """Note on the account how it failed; cursors, counts and the time of the last sync stay."""
    next_at = None
    if isinstance(error, ThrottledError):
        next_at = error.until
        await store.run(accounts.set_throttled_until, account.id, error.until)
    if isinstance(error, UnauthorizedError):
        await store.run(accounts.set_needs_reconnect, account.id, True)
    state = SyncState.OFFLINE if isinstance(error, OfflineError) else SyncState.ERROR
    await store.run(accounts.save_sync_state, account.id, state, str(error))
    return SyncResult(0, 0, state, str(error), next_at)
