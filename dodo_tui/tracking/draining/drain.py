"""Draining the queue: one account at a time, strictly in order, one call after another.

What is said live goes as a scrobble while it is fresh. Late facts go through history with their
true time, up to a batch at once. Live rows that are late or overtaken die. What is rejected for
good is held with its reason and never blocks what follows.

A provider that counts twice what it is told twice is told a viewing once: the row bears a mark, on
disk, from before the request until the answer. Where the answer is lost, or dodo is killed, the
mark stays, and the provider is asked whether it has arrived before it is sent again.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dodo_tui.clock import Clock, may_be_wrong
from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import QueueKind, QueueRow
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts, queued, sending
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.order import due_at, is_prompt, is_stale, next_batch, unclear_head
from dodo_tui.tracking.draining.passes import Pass
from dodo_tui.tracking.draining.telling import look_for, send
from dodo_tui.tracking.timekeeping import set_right

_FIRST_BACKOFF_SECONDS = 5.0
_LONGEST_BACKOFF_SECONDS = 15 * 60.0
_SUSPECT_AFTER_FAILURES = 4


@dataclass(frozen=True, slots=True)
class Drained:
    """How a drain ended."""

    sent: int
    state: SyncState
    error: str | None = None
    next_at: datetime | None = None
    """When there is something to try again; None: nothing waits."""


async def drain(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    on_sent: Callable[[int], None] = lambda _sent: None,
    jitter: Callable[[], float] = random.random,
) -> Drained:
    """Send what is due, until nothing is, or a failure says to stop.

    `on_sent` hears how many rows have been settled so far. The caller holds the lease. The state is
    noted on the account, so that every process shows it.
    """
    work = Pass(store, account, provider, clock)
    await store.run(queued.mend_times, clock.now())
    throttled = await store.run(accounts.throttled, account, clock.now())
    if throttled is not None:
        await store.run(accounts.save_sync_state, account.id, SyncState.ERROR, throttled.why)
        return Drained(0, SyncState.ERROR, throttled.why, throttled.until)
    try:
        next_at = await _drain_rows(work, on_sent)
        result = Drained(work.sent, SyncState.IDLE, None, next_at)
    except _StoppedError as stopped:
        result = await _after_failure(work, stopped, jitter)
    if account.needs_reconnect and work.sent:
        await store.run(accounts.set_needs_reconnect, account.id, False)
    await store.run(
        accounts.save_sync_state, account.id, result.state, result.error, pushed=work.sent
    )
    return result


class _StoppedError(Exception):
    """A call failed in a way that ends this drain."""

    def __init__(self, row: QueueRow, error: ProviderError) -> None:
        super().__init__(str(error))
        self.row = row
        self.error = error


async def _drain_rows(work: Pass, on_sent: Callable[[int], None]) -> datetime | None:
    """Work from the head of the queue; answers when the head is due if it is not yet."""
    while True:
        passed_over = {row.id for row, _ in work.suspects}
        window = await work.store.run(
            sending.next_rows, work.account.id, work.provider.batch_size + len(passed_over)
        )
        rows = [row for row in window if row.id not in passed_over]
        now = work.clock.now()
        if rows and rows[0].kind.is_live and is_stale(rows[0], rows[1:], now):
            await work.store.run(sending.forget, rows[:1])
            continue
        if not rows or due_at(rows[0], now) > now:
            if work.suspects and not work.sent:
                raise _StoppedError(*work.suspects[0])
            await work.judge_suspects()
            return due_at(rows[0], now) if rows else None
        batch = rows[:1]
        if rows[0].sending_at is not None:
            batch = unclear_head(rows, work.provider.batch_size, now)
        elif not _goes_alone(work, rows[0]):
            batch = next_batch(rows, work.provider.batch_size, now)
        head = batch[0]
        sent_before = work.sent
        try:
            if _needs_the_time(work, head):
                await _ask_the_time(work)
                continue
            if head.sending_at is None:
                await work.store.run(sending.note_tried, batch, now)
                await send(work, batch)
            else:
                await look_for(work, batch)
        except RejectedError as error:
            if len(batch) > 1:
                work.alone.update(row.id for row in batch)
                await work.store.run(sending.clear_sending, batch)
            else:
                await work.reject(batch, str(error))
        except BrokenError as error:
            if head.failures < _SUSPECT_AFTER_FAILURES:
                raise _StoppedError(head, error) from error
            if len(batch) > 1:
                work.alone.update(row.id for row in batch)
            else:
                work.suspects.append((head, error))
        except ProviderError as error:
            if isinstance(error, OfflineError) and error.never_sent:
                await work.store.run(sending.clear_sending, [] if head.sending_at else batch)
            raise _StoppedError(head, error) from error
        if work.sent > sent_before:
            on_sent(work.sent)
            await work.judge_suspects()


def _needs_the_time(work: Pass, head: QueueRow) -> bool:
    """Whether a dated fact is to be sent and nobody has said yet how late it is.

    A Pi that was without a network knows the time by the first answer; a date that was sent stays.
    """
    is_dated = head.kind is QueueKind.WATCHED and not is_prompt(head, work.clock.now())
    is_new = head.sending_at is None
    return is_dated and is_new and may_be_wrong(work.clock) and not work.has_asked_the_time


async def _ask_the_time(work: Pass) -> None:
    """Ask for anything that costs little: every answer says how late it is."""
    work.has_asked_the_time = True
    with contextlib.suppress(BrokenError, RejectedError):  # no fault of the fact that waits
        await work.provider.snapshot()
    await set_right(work.store, work.clock)


def _goes_alone(work: Pass, row: QueueRow) -> bool:
    """Whether a row is sent by itself, because of what happened when it was sent before.

    Where each attempt has to be looked for first, the passes that find a culprit are many.
    """
    if row.id in work.alone:
        return True
    return not work.provider.repeats_are_harmless and row.failures >= _SUSPECT_AFTER_FAILURES


async def _after_failure(
    work: Pass, stopped: _StoppedError, jitter: Callable[[], float]
) -> Drained:
    """Postpone what failed; how long, and what is shown, depends on the kind of failure."""
    row, error = stopped.row, stopped.error
    state = SyncState.OFFLINE if isinstance(error, OfflineError) else SyncState.ERROR
    if isinstance(error, ThrottledError):
        next_at = error.until
        await work.store.run(accounts.set_throttled_until, row.account_id, next_at)
    else:
        doubled = _FIRST_BACKOFF_SECONDS * 2 ** min(row.attempts, 16)
        wait = min(doubled, _LONGEST_BACKOFF_SECONDS) * (0.75 + jitter() / 2)
        next_at = work.clock.now() + timedelta(seconds=wait)
    if isinstance(error, UnauthorizedError):
        await work.store.run(accounts.set_needs_reconnect, row.account_id, True)
    if isinstance(error, (UnauthorizedError, MisconfiguredError)):
        next_at = work.clock.now() + timedelta(seconds=_LONGEST_BACKOFF_SECONDS)
    failed = {suspect.id: suspect for suspect, _ in work.suspects} | {row.id: row}
    for each in failed.values():
        await work.store.run(
            sending.postpone, each, next_at, str(error), broken=isinstance(error, BrokenError)
        )
    return Drained(work.sent, state, str(error), next_at)
