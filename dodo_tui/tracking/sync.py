"""A sync: snapshot → send what waits → pull what moved → merge → keep the snapshot as cursors.

What moved is gathered first, and then merged in one transaction, which also writes the log and the
cursors: a pull that breaks off anywhere has changed nothing here. Only a pull of more than
`gathering.MOST_AT_ONCE` facts (the first one, or one after a year away) is merged in portions,
because nothing else can be written meanwhile. There the cursors move in the last transaction, and
only if every step succeeded; what was merged until then stays (it is true), and the next sync pulls
it again, which changes nothing.

The sync after one that has sent something hears its own words again, in two to four requests. They
cannot be told from others' without asking: a timestamp says only when a kind of thing changed last,
to the second. What another device changed between our two looks at it, or in the second in which we
wrote, would be covered by our own change, and its titles would never be asked for.

What the merge makes worthless at the provider is taken back there after it. Rows that made no sense
do not hold the cursors: they are asked for again by `domain.asking_again`. See DESIGN section 6.
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
from dodo_tui.domain.figures import counted, in_thousands
from dodo_tui.domain.status import PROVIDER_NAMES, SyncProgress, SyncState
from dodo_tui.domain.thresholds import PROMPT_SECONDS
from dodo_tui.domain.times import known_time
from dodo_tui.providers.changes import Change, Listing, Snapshot
from dodo_tui.providers.errors import OfflineError, ProviderError, ThrottledError, UnauthorizedError
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts, pulls, queued, remote
from dodo_tui.storage.database import transaction
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import add_line
from dodo_tui.tracking import first_sync
from dodo_tui.tracking.applying.gathering import Gathered
from dodo_tui.tracking.applying.pieces import heard, merge, merge_alone, portions
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

        The sync ends with the last who waits for it; one that is ending so is not joined, but
        waited for. See `sync`.
        """
        while (run := self._running.get(account.id)) is not None and run.is_ending:
            assert run.task is not None
            await asyncio.wait([run.task])
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
                run.is_ending = True
                run.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await run.task


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[SyncResult] | None = None
    listeners: list[OnProgress] = field(default_factory=list)
    is_ending: bool = False
    """Whether nobody waits for it any more."""

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
    throttled = await store.run(accounts.throttled, account, clock.now())
    if throttled is not None:
        return SyncResult(0, 0, SyncState.ERROR, throttled.why, next_at=throttled.until)
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
        failed = await _failed(store, account, error)
        result = replace(failed, pulled=pull.changed, pushed=pull.sent)
    except asyncio.CancelledError:
        store.submit(_note_part, pull, clock.now())
        raise
    if result.error is not None:
        await store.run(_note_part, pull, clock.now())
    return replace(result, removed=pull.removed)


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
    pull, since, began_at = begun.pull, begun.since, begun.began_at
    account = pull.account
    if since is None:
        await store.run(first_sync.begin, account, began_at)
        pull.side = await store.run(first_sync.chosen_side, account.id)
    late_before = began_at - timedelta(seconds=PROMPT_SECONDS)
    looks_first = since != begun.snapshot.text and await store.run(
        remote.has_late_progress, account.id, late_before
    )
    if looks_first:
        await _pull(store, provider, clock, begun, said)
    drained = await drain(store, account, provider, clock, said.pushed)
    pull.sent += drained.sent
    if drained.error is not None:
        return SyncResult(pull.changed, pull.sent, drained.state, drained.error, drained.next_at)
    await store.run(accounts.save_sync_state, account.id, SyncState.SYNCING)
    if not looks_first:
        await _pull(store, provider, clock, begun, said)
    if since is None:
        if await store.run(first_sync.queue_untold, account, pull.side, clock.now()):
            sent = await drain(store, account, provider, clock, said.pushed)
            pull.sent += sent.sent
            if sent.error is not None:
                return SyncResult(pull.changed, pull.sent, sent.state, sent.error, sent.next_at)
        await store.run(_conclude, begun, (), clock.now())
    await _forget_overtaken(store, account, provider)
    await store.run(accounts.save_sync_state, account.id, SyncState.IDLE, None, clock.now())
    return SyncResult(
        pull.changed,
        pull.sent,
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


async def _pull(store: Store, provider: Provider, clock: Clock, begun: _Begun, said: _Said) -> None:
    """Merge what moved since some timestamps, with the cursors; or everything, without.

    Of everything what was kept of an interrupted pull is true from *its* timestamps on; what moved
    between those and now comes as a delta.

    Raises:
        ProviderError: telling failed; of everything, what came before stays merged.
    """
    pull, since, snapshot = begun.pull, begun.since, begun.snapshot
    if since is not None:
        await _pull_delta(store, provider, clock, begun, said)
        return
    anchor = await first_sync.anchored(store, pull.account, snapshot)
    kept = first_sync.AnswersInStore(store, pull.account.id)
    async for piece in _told(provider.changes(None, Snapshot(anchor), kept), pull, said):
        await store.run(merge_alone, pull, piece)
    if anchor != snapshot.text:
        async for piece in _told(provider.changes(Snapshot(anchor), snapshot), pull, said):
            await store.run(merge_alone, pull, piece)


async def _pull_delta(
    store: Store, provider: Provider, clock: Clock, begun: _Begun, said: _Said
) -> None:
    """Merge what moved: all of it with the cursors, or, of very much, the cursors at the end."""
    pull, since, snapshot = begun.pull, begun.since, begun.snapshot
    gathered = Gathered()
    if since is not None and since != snapshot.text:
        async for piece in _told(provider.changes(Snapshot(since), snapshot), pull, said):
            for each in await gathered.add(store, pull, piece):
                await store.run(merge_alone, pull, each)
    await store.run(_conclude, begun, gathered.pieces, clock.now())


async def _told(changes: AsyncIterator[Change], pull: Pull, said: _Said) -> AsyncIterator[Change]:
    """What a provider tells, in portions."""
    async for change in changes:
        if not isinstance(change, Listing):
            pull.malformed += change.malformed
        for piece in portions(change):
            yield piece
            said.pulled(heard(piece))


def _conclude(
    connection: sqlite3.Connection, begun: _Begun, pieces: Sequence[Change], now: datetime
) -> None:
    """Merge what is left of a pull, write the log and move the cursors, in one transaction."""
    pull = begun.pull
    with transaction(connection, durable=True):
        for piece in pieces:
            merge(connection, pull, piece)
        _log_pull(connection, pull, now)
        again = after_pull(begun.done.again, begun.since, pull.malformed, now)
        reached = pulls.Cursors(begun.snapshot.text, begun.began_at, again)
        pulls.save_cursors(connection, pull.account.id, reached, pull.changed)
    pull.is_noted = True


async def _forget_overtaken(store: Store, account: Account, provider: Provider) -> None:
    """Delete the resume points there of what was finished here since.

    They are found in the database: where this breaks off, the next sync goes on with it.
    """
    for point in await store.run(overtaken_points, account):
        if point.remote_id is not None:
            await provider.forget_resume_point(point)
            await store.run(point_gone, account, point.remote_id)


def latest(now: datetime, snapshot: Snapshot) -> datetime:
    """The newest time that can be true: ours, or the provider's own if our clock is behind it."""
    times = (known_time(text) for text in _TIME.findall(snapshot.text))
    return max([now, *(time for time in times if time is not None)])


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def _log_pull(connection: sqlite3.Connection, pull: Pull, now: datetime) -> None:
    """What a pull has come to, in words. Expects a transaction around it."""
    account = pull.account
    name = PROVIDER_NAMES.get(account.provider, account.provider)
    _log_lines(connection, pull, now)
    if pull.malformed:
        rows = counted(pull.malformed, "row")
        were = "was" if pull.malformed == 1 else "were"
        line = f"{rows} from {name} made no sense and {were} left out"
        add_line(connection, account.profile_id, line, now)
    if pull.quiet and (count := remote.count_heard(connection, account.id)):
        line = f"First sync with {name}: {in_thousands(count)} watched or begun there"
        add_line(connection, account.profile_id, line, now)


def _note_part(connection: sqlite3.Connection, pull: Pull, now: datetime) -> None:
    """A sync broke off: what it changed is true, and the next one finds nothing new in it."""
    if pull.is_noted or not (pull.changed or pull.lines):
        return
    with transaction(connection, durable=False):
        _log_lines(connection, pull, now)
        pulls.add_pulled(connection, pull.account.id, pull.changed)
    pull.is_noted = True


def _log_lines(connection: sqlite3.Connection, pull: Pull, now: datetime) -> None:
    lines = list(reversed(pull.lines))
    if pull.unsaid:
        lines.insert(0, f"… and {pull.unsaid} more")
    for line in lines:
        add_line(connection, pull.account.profile_id, line, now)


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
