"""A sync: snapshot → send what waits → pull what moved → merge → keep the snapshot as cursors.

The cursors move in the last transaction, and only if every step succeeded. Until then whatever was
merged stays (it is true), and the next sync pulls it again, which changes nothing. Rows that made
no sense do not hold the cursors: they are asked for again by `domain.asking_again`. See DESIGN
section 6.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dodo_tui.clock import SLACK, Clock, is_measured
from dodo_tui.domain.account import Account
from dodo_tui.domain.asking_again import after_pull, pull_since
from dodo_tui.domain.figures import in_thousands
from dodo_tui.domain.status import PROVIDER_NAMES, SyncProgress, SyncState
from dodo_tui.domain.thresholds import PROMPT_SECONDS
from dodo_tui.domain.times import known_time
from dodo_tui.providers.changes import (
    Change,
    Listing,
    ResumePoint,
    ResumePoints,
    Snapshot,
    TitlePage,
)
from dodo_tui.providers.errors import OfflineError, ProviderError, ThrottledError, UnauthorizedError
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts, pulls, queued, remote
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import log_sync
from dodo_tui.tracking import first_sync
from dodo_tui.tracking.applying import titles
from dodo_tui.tracking.applying.listings import apply_listing
from dodo_tui.tracking.applying.points import apply_points
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.points import overtaken_points, point_gone
from dodo_tui.tracking.signin import name_account
from dodo_tui.tracking.timekeeping import set_right


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
    """Rows that made no sense; they were left out, and are asked for again."""
    removed: int = 0
    """So many titles left the list here, as they had left it there, which can be undone."""
    asks_removal: int = 0
    """So many titles are missing there that the user must say whether that is meant."""


OnProgress = Callable[[SyncProgress], None]


class Syncs:
    """The syncs that run in this process: one at a time for an account, which others join."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Nothing runs yet."""
        self._store = store
        self._clock = clock
        self._running: dict[int, _Running] = {}

    @property
    def running(self) -> frozenset[int]:
        """The accounts that are being synced."""
        return frozenset(self._running)

    async def sync(
        self,
        account: Account,
        provider: Provider,
        on_progress: OnProgress = lambda _progress: None,
        *,
        by_hand: bool = False,
    ) -> SyncResult:
        """Sync one account now, or join the sync of it that runs; both hear how far it is.

        The sync ends with the last who waits for it. See `sync`.
        """
        run = self._running.get(account.id)
        if run is None:
            run = _Running()
            self._running[account.id] = run
            run.task = asyncio.create_task(
                sync(self._store, account, provider, self._clock, run.say, by_hand=by_hand)
            )
            run.task.add_done_callback(lambda _task: self._running.pop(account.id, None))
        assert run.task is not None
        run.listeners.append(on_progress)
        try:
            return await asyncio.shield(run.task)
        finally:
            run.listeners.remove(on_progress)
            if not run.listeners and not run.task.done():
                run.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await run.task


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[SyncResult] | None = None
    listeners: list[OnProgress] = field(default_factory=list)

    def say(self, progress: SyncProgress) -> None:
        for listener in tuple(self.listeners):
            listener(progress)


async def sync(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    on_progress: OnProgress = lambda _progress: None,
    *,
    by_hand: bool = False,
) -> SyncResult:
    """Sync one account now.

    `by_hand`: does not wait for a back-off. Retry-After is obeyed in any case. The caller holds the
    lease, and sees to it that no other sync of the account runs (`Syncs` does). A first sync that
    nobody was asked about merges. The result is noted on the account.
    """
    until = await store.run(accounts.throttled_until, account.id)
    if until is not None and clock.now() < until <= clock.now() + queued.LONGEST_WAIT:
        sentence = await store.run(accounts.why_throttled, account)
        return SyncResult(0, 0, SyncState.ERROR, sentence, next_at=until)
    try:
        if by_hand:
            await store.run(queued.make_due, account.id, clock.now())
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
    """Look what has moved, and exchange it. What came before a failure is counted and logged.

    By the first answer it is known how late it is: what a wrong clock has written is set right.
    """
    snapshot = await provider.snapshot()
    began_at = clock.now()
    is_sure = is_measured(clock)
    if is_sure and await set_right(store, clock):
        account = await store.run(accounts.read_again, account)
    done = await store.run(pulls.cursors, account.id)
    since = pull_since(done.text, done.again, began_at)
    now = latest(began_at, snapshot)
    if is_sure:
        now = min(now, began_at + SLACK)
    pull = Pull(account, now, is_sure=is_sure, since=done.pulled_at, quiet=since is None)
    try:
        result = await _steps(
            store,
            provider,
            clock,
            _Begun(pull, since, snapshot, done, began_at),
            _Said(on_progress),
        )
    except ProviderError as error:
        result = replace(await _failed(store, account, error), pulled=pull.changed)
    except asyncio.CancelledError:
        store.submit(_note_part, pull, clock.now())
        raise
    if result.error is not None:
        await store.run(_note_part, pull, clock.now())
    return replace(result, removed=pull.removed, asks_removal=pull.asked)


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a sync starts from."""

    pull: Pull
    since: str | None
    """The timestamps up to which everything is known; None: nothing is."""
    snapshot: Snapshot
    done: pulls.Cursors
    began_at: datetime


async def _steps(
    store: Store, provider: Provider, clock: Clock, begun: _Begun, said: _Said
) -> SyncResult:
    """The steps, each of which may raise and so end it.

    Sending comes before pulling, except where an old resume point waits: it must not be told while
    something newer may be there (DESIGN section 5), so then we look first.
    """
    pull, since, snapshot, began_at = begun.pull, begun.since, begun.snapshot, begun.began_at
    account = pull.account
    if since is None:
        await store.run(first_sync.begin, account, began_at)
        pull.side = await store.run(first_sync.chosen_side, account.id)
    is_pulled = since == snapshot.text
    late_before = began_at - timedelta(seconds=PROMPT_SECONDS)
    if not is_pulled and await store.run(remote.has_late_progress, account.id, late_before):
        await _pull(store, provider, pull, since, snapshot, said)
        is_pulled = True
    drained = await drain(store, account, provider, clock, said.pushed)
    pushed = drained.sent
    if drained.error is not None:
        return SyncResult(pull.changed, pushed, drained.state, drained.error, drained.next_at)
    await store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
    await _forget_overtaken(store, account, provider)
    if not is_pulled:
        await _pull(store, provider, pull, since, snapshot, said)
    untold = 0
    if since is None:
        untold = await store.run(first_sync.queue_untold, account, pull.side, clock.now())
    if untold:
        sent = await drain(store, account, provider, clock, said.pushed)
        pushed += sent.sent
        if sent.error is not None:
            return SyncResult(pull.changed, pushed, sent.state, sent.error, sent.next_at)
    again = after_pull(begun.done.again, since, pull.malformed, clock.now())
    reached = pulls.Cursors(snapshot.text, began_at, again)
    await store.run(_finish, pull, reached, clock.now())
    return SyncResult(
        pull.changed,
        pushed,
        SyncState.IDLE,
        next_at=drained.next_at,
        malformed=pull.malformed,
    )


class _Said:
    """How far a sync is, put together from its steps."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._progress = SyncProgress()

    def pushed(self, sent: int) -> None:
        """So many facts have been sent in this step."""
        self._say(replace(self._progress, pushed=sent))

    def pulled(self, heard: int) -> None:
        """So many more films and episodes have been heard of."""
        self._say(replace(self._progress, pulled=self._progress.pulled + heard))

    def _say(self, progress: SyncProgress) -> None:
        self._progress = progress
        self._on_progress(progress)


async def _pull(
    store: Store,
    provider: Provider,
    pull: Pull,
    since: str | None,
    snapshot: Snapshot,
    said: _Said,
) -> None:
    """Merge what moved since some timestamps, or everything.

    Of everything what was kept of an interrupted pull is true from *its* timestamps on; what moved
    between those and now comes as a delta.
    """
    if since is None:
        since = await first_sync.anchored(store, pull.account, snapshot)
        kept = first_sync.AnswersInStore(store, pull.account.id)
        changes = provider.changes(None, Snapshot(since), kept)
        await pull_changes(store, provider, pull, changes, said.pulled)
    if since != snapshot.text:
        changes = provider.changes(Snapshot(since), snapshot)
        await pull_changes(store, provider, pull, changes, said.pulled)


async def pull_changes(
    store: Store,
    provider: Provider,
    pull: Pull,
    changes: AsyncIterator[Change],
    on_heard: Callable[[int], None] = lambda _heard: None,
) -> None:
    """Merge what a provider tells, piece by piece, in its order.

    `on_heard` is told how many films and episodes each piece held.

    Raises:
        ProviderError: telling failed; what came before stays merged.
    """
    async for change in changes:
        if isinstance(change, TitlePage):
            pull.malformed += change.malformed
            for portion in titles.portions(change.titles):
                await store.run(titles.apply_titles, pull, portion)
                on_heard(sum(max(len(title.episodes), 1) for title in portion))
        elif isinstance(change, Listing):
            await store.run(apply_listing, pull, change)
        elif isinstance(change, ResumePoints):
            pull.malformed += change.malformed
            overtaken = await store.run(apply_points, pull, change)
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
    connection: sqlite3.Connection, pull: Pull, reached: pulls.Cursors, now: datetime
) -> None:
    """Write the log, then the cursors."""
    account = pull.account
    name = PROVIDER_NAMES.get(account.provider, account.provider)
    _log_lines(connection, pull, now)
    if pull.malformed:
        rows = "1 row" if pull.malformed == 1 else f"{pull.malformed} rows"
        were = "was" if pull.malformed == 1 else "were"
        line = f"{rows} from {name} made no sense and {were} left out"
        log_sync(connection, account.profile_id, line, now)
    if pull.quiet and (heard := remote.count_heard(connection, account.id)):
        line = f"First sync with {name}: {in_thousands(heard)} watched or begun there"
        log_sync(connection, account.profile_id, line, now)
    pulls.finish_pull(connection, account.id, reached, now, pull.changed)


def _note_part(connection: sqlite3.Connection, pull: Pull, now: datetime) -> None:
    """A sync broke off: what it changed is true, and the next one finds nothing new in it."""
    _log_lines(connection, pull, now)
    pulls.add_pulled(connection, pull.account.id, pull.changed)


def _log_lines(connection: sqlite3.Connection, pull: Pull, now: datetime) -> None:
    lines = list(reversed(pull.lines))
    if pull.unsaid:
        lines.insert(0, f"… and {pull.unsaid} more")
    for line in lines:
        log_sync(connection, pull.account.profile_id, line, now)


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
