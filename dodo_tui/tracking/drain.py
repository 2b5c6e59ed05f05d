"""Draining the queue: one account at a time, strictly in order, one call after another.

What is said live goes as a scrobble while it is fresh. Late facts go through history with their
true time, up to a batch at once. Live rows that are late or overtaken die. What is rejected for
good is held with its reason and never blocks what follows.

A provider that counts twice what it is told twice is told a viewing once: the row bears a mark, on
disk, from before the request until the answer. Where the answer is lost, or dodo is killed, the
mark stays, and the provider is asked whether it has arrived before it is sent again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow
from dodo_tui.domain.status import SyncState
from dodo_tui.domain.thresholds import LIVE_SECONDS, PROMPT_SECONDS
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.facts import Answer, Fact, FactKind, Outcome, Unclear, Verb
from dodo_tui.providers.items import Item
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import accounts, queued, sending
from dodo_tui.storage.media import learn_ids
from dodo_tui.storage.plays import find_progress
from dodo_tui.storage.store import Store
from dodo_tui.tracking import title_facts
from dodo_tui.tracking.items import items_for

_FIRST_BACKOFF_SECONDS = 5.0
_LONGEST_BACKOFF_SECONDS = 15 * 60.0
_SUSPECT_AFTER_FAILURES = 4
_SAME_PERCENT = 0.5
_HISTORY_WORDS = {
    QueueKind.WATCHED: "added to history",
    QueueKind.UNWATCHED: "removed from history",
    QueueKind.REMOVED: "removed from history",
}
"""What is told through history, in batches, and what is noted of it."""

SETTLING_SECONDS = 30.0
"""How long after a request without an answer it is looked for: until then it may still arrive."""

_ROUNDED_PERCENT = 1.0
"""Providers give percentages back as whole ones."""

_UNKNOWN_TITLE = "{name} does not know this title."
_UNIDENTIFIED = "This file has not been identified yet."


@dataclass(frozen=True, slots=True)
class Drained:
    """How a drain ended."""

    sent: int
    state: SyncState
    error: str | None = None
    next_at: datetime | None = None
    """When there is something to try again; None: nothing waits."""


@dataclass(slots=True)
class _Pass:
    """What one drain has learnt so far."""

    sent: int = 0
    resume_points: Sequence[ResumePoint] | None = None
    suspects: list[tuple[QueueRow, BrokenError]] = field(default_factory=list)
    """Rows on which the provider failed time and again, passed over until another row is taken."""
    alone: set[int] = field(default_factory=set)
    """Rows of a batch that was rejected as a whole: sent one by one, to find the culprit."""


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
    done = _Pass()
    await store.run(queued.mend_times, clock.now())
    until = await store.run(accounts.throttled_until, account.id)
    if until is not None and clock.now() < until <= clock.now() + queued.LONGEST_WAIT:
        error = await store.run(accounts.why_throttled, account)
        await store.run(accounts.save_sync_state, account.id, SyncState.ERROR, error)
        return Drained(0, SyncState.ERROR, error, until)
    try:
        next_at = await _drain_rows(store, account, provider, clock, done, on_sent)
        result = Drained(done.sent, SyncState.IDLE, None, next_at)
    except _StoppedError as stopped:
        result = await _after_failure(store, stopped, clock, done, jitter)
    if account.needs_reconnect and done.sent:
        await store.run(accounts.set_needs_reconnect, account.id, False)
    succeeded_at = clock.now() if done.sent and result.state is SyncState.IDLE else None
    await store.run(
        accounts.save_sync_state, account.id, result.state, result.error, succeeded_at, done.sent
    )
    return result


class _StoppedError(Exception):
    """A call failed in a way that ends this drain."""

    def __init__(self, row: QueueRow, error: ProviderError) -> None:
        super().__init__(str(error))
        self.row = row
        self.error = error


async def _drain_rows(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    done: _Pass,
    on_sent: Callable[[int], None],
) -> datetime | None:
    """Work from the head of the queue; answers when the head is due if it is not yet."""
    while True:
        passed_over = {row.id for row, _ in done.suspects}
        window = await store.run(
            sending.next_rows, account.id, provider.batch_size + len(passed_over)
        )
        rows = [row for row in window if row.id not in passed_over]
        now = clock.now()
        if rows and rows[0].kind.is_live and _is_stale(rows[0], rows[1:], now):
            await store.run(sending.forget, rows[:1])
            continue
        if not rows or _due_at(rows[0], now) > now:
            if done.suspects and not done.sent:
                raise _StoppedError(*done.suspects[0])
            await _judge_suspects(store, done, clock)
            return _due_at(rows[0], now) if rows else None
        batch = rows[:1]
        if rows[0].sending_at is not None:
            batch = _unclear_head(rows, provider.batch_size, now)
        elif not _goes_alone(rows[0], provider, done):
            batch = _head(rows, provider.batch_size, now)
        head = batch[0]
        sent_before = done.sent
        try:
            if head.sending_at is None:
                await store.run(sending.note_tried, batch, now)
                await _send(store, account, provider, clock, done, batch)
            else:
                await _look_for(store, provider, clock, done, batch)
        except RejectedError as error:
            if len(batch) > 1:
                done.alone.update(row.id for row in batch)
                await store.run(sending.clear_sending, batch)
            else:
                await _reject(store, batch, str(error), clock)
        except BrokenError as error:
            if head.failures < _SUSPECT_AFTER_FAILURES:
                raise _StoppedError(head, error) from error
            if len(batch) > 1:
                done.alone.update(row.id for row in batch)
            else:
                done.suspects.append((head, error))
        except ProviderError as error:
            if isinstance(error, OfflineError) and error.never_sent:
                await store.run(sending.clear_sending, [] if head.sending_at else batch)
            raise _StoppedError(head, error) from error
        if done.sent > sent_before:
            on_sent(done.sent)
            await _judge_suspects(store, done, clock)


def _due_at(row: QueueRow, now: datetime) -> datetime:
    """When a row may be sent, or looked for; one that was sent later than now was sent long ago."""
    if row.sending_at is None or row.sending_at > now:
        return row.not_before
    return max(row.not_before, row.sending_at + timedelta(seconds=SETTLING_SECONDS))


def _goes_alone(row: QueueRow, provider: Provider, done: _Pass) -> bool:
    """Whether a row is sent by itself, because of what happened when it was sent before.

    Where each attempt has to be looked for first, the passes that find a culprit are many.
    """
    if row.id in done.alone:
        return True
    return not provider.repeats_are_harmless and row.failures >= _SUSPECT_AFTER_FAILURES


def _unclear_head(rows: Sequence[QueueRow], batch_size: int, now: datetime) -> list[QueueRow]:
    """The rows at the head that were sent and not answered."""
    return list(
        takewhile(
            lambda row: row.sending_at is not None and _due_at(row, now) <= now, rows[:batch_size]
        )
    )


def _head(rows: Sequence[QueueRow], batch_size: int, now: datetime) -> list[QueueRow]:
    """The first row, with the late facts of the same kind right behind it that go in one call."""
    head = rows[0]
    is_batched = head.kind in _HISTORY_WORDS or head.kind.is_about_title
    if not is_batched or _is_prompt(head, now):
        return [head]
    batch = []
    for row in rows[:batch_size]:
        is_alike = title_facts.go_together(head, row)
        if not is_alike or row.not_before > now or _is_prompt(row, now):
            break
        if row.sending_at is not None:
            break
        batch.append(row)
    return batch or [head]


def _is_prompt(row: QueueRow, now: datetime) -> bool:
    """Whether a fact of a viewing is fresh enough to be told as it happens."""
    age_seconds = (now - row.happened_at).total_seconds()
    is_viewing = row.play_id is not None and row.percent is not None
    return is_viewing and row.attempts == 0 and 0 <= age_seconds <= PROMPT_SECONDS


async def _send(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    done: _Pass,
    batch: list[QueueRow],
) -> None:
    """Tell one row, or a batch of late facts, and settle what was accepted."""
    head = batch[0]
    if head.kind.is_about_title:
        await _send_about_titles(store, account, provider, clock, done, batch)
        return
    items = await store.run(items_for, [row.key for row in batch])
    for row in batch:
        if row.key not in items:
            await _reject(store, [row], _UNIDENTIFIED, clock)
    told = [(row, items[row.key]) for row in batch if row.key in items]
    if not told:
        return
    row, item = told[0]
    if head.kind is QueueKind.UNPAUSED:
        await _send_unpaused(store, provider, clock, done, row, item)
    elif head.kind is QueueKind.PROGRESS:
        await _send_progress(store, account, provider, clock, done, row, item)
    elif head.kind.is_live:
        verb = Verb.START if head.kind is QueueKind.START else Verb.PAUSE
        answer = await provider.scrobble(verb, item, head.percent or 0.0)
        await _settle(store, provider, row, answer, verb, clock, done)
    elif _is_prompt(head, clock.now()):
        await _mark(store, provider, [row], clock)
        answer = await provider.scrobble(Verb.STOP, item, head.percent or 100.0)
        await _settle(store, provider, row, answer, Verb.STOP, clock, done)
    else:
        await _send_history(store, account, provider, clock, done, told)


def _is_stale(row: QueueRow, behind: Sequence[QueueRow], now: datetime) -> bool:
    """Whether a live row is late, or something later about the same viewing can be told already.

    What is not due yet may still be taken back, and overtakes nothing.
    """
    age_seconds = (now - row.happened_at).total_seconds()
    if not -LIVE_SECONDS <= age_seconds <= LIVE_SECONDS:
        return True
    return any(other.play_id == row.play_id and other.not_before <= now for other in behind)


async def _send_progress(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    done: _Pass,
    row: QueueRow,
    item: Item,
) -> None:
    """Tell an unfinished end, unless that pause was just sent or something newer overtook it."""
    percent = row.percent or 0.0
    if row.play_id is not None:
        last = await store.run(sending.acknowledged, row.play_id, account.id)
        if (
            last is not None
            and last.verb == Verb.PAUSE
            and last.percent is not None
            and abs(last.percent - percent) <= _SAME_PERCENT
        ):
            await _end(store, row, "the pause was told before", clock)
            return
    if not _is_prompt(row, clock.now()) and await _is_overtaken(
        store, account, provider, done, row, item
    ):
        await _end(store, row, "overtaken by something newer", clock)
        return
    answer = await provider.scrobble(Verb.PAUSE, item, percent)
    await _settle(store, provider, row, answer, Verb.PAUSE, clock, done)


async def _send_unpaused(
    store: Store,
    provider: Provider,
    clock: Clock,
    done: _Pass,
    row: QueueRow,
    item: Item,
) -> None:
    """Take a resume point back that was told of the wrong title, unless it has moved since."""
    if done.resume_points is None:
        done.resume_points = await provider.resume_points()
    for point in done.resume_points:
        is_ours = row.percent is None or abs(point.percent - row.percent) <= _ROUNDED_PERCENT
        if is_ours and _is_same(point.item, item):
            await provider.forget_resume_point(point)
    await store.run(sending.settle, row, DeliveryState.SENT, "", "taken back", clock.now())
    done.sent += 1


async def _is_overtaken(
    store: Store,
    account: Account,
    provider: Provider,
    done: _Pass,
    row: QueueRow,
    item: Item,
) -> bool:
    """Whether here or at the provider something newer than a late progress is known."""
    here = await store.run(find_progress, account.profile_id, row.key)
    if here is not None and (
        here.touched_at > row.happened_at + timedelta(seconds=1)
        or (here.watched and not here.position_seconds)
    ):
        return True
    if done.resume_points is None:
        done.resume_points = await provider.resume_points()
    return any(
        _is_same(point.item, item)
        and point.paused_at is not None
        and point.paused_at > row.happened_at
        for point in done.resume_points
    )


def _is_same(one: Item, other: Item) -> bool:
    """Whether two items name the same film or episode: any shared id, and the same place."""
    shared = set(one.ids) & set(other.ids)
    return bool(shared) and (one.season, one.number) == (other.season, other.number)


async def _send_history(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    done: _Pass,
    told: Sequence[tuple[QueueRow, Item]],
) -> None:
    """Tell late or manual facts through history, each with its true time.

    A time that has not come yet was taken from a clock that ran ahead: it is now at the latest.
    """
    head = told[0][0]
    kind = FactKind.WATCHED if head.kind is QueueKind.WATCHED else FactKind.UNWATCHED
    now = clock.now()
    facts = [Fact(kind, item, min(row.happened_at, now)) for row, item in told]
    if kind is FactKind.WATCHED:
        await _mark(store, provider, [row for row, _ in told], clock)
    answers = await provider.deliver(facts)
    accepted = []
    for (row, _), answer in zip(told, answers, strict=True):
        if answer.outcome is Outcome.UNKNOWN_TITLE:
            await _reject(store, [row], _unknown(provider, answer), clock)
        else:
            accepted.append(row)
    words = _HISTORY_WORDS[head.kind]
    await store.run(sending.settle_all, accepted, DeliveryState.SENT, "history", words, clock.now())
    if kind is FactKind.UNWATCHED:
        await store.run(title_facts.told_unwatched, account, [row.key for row in accepted])
    done.sent += len(accepted)


async def _send_about_titles(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    done: _Pass,
    batch: Sequence[QueueRow],
) -> None:
    """Tell ratings or lists."""
    titles = await store.run(title_facts.title_refs, [row.key for row in batch])
    for row in batch:
        if row.key not in titles:
            await _reject(store, [row], _UNIDENTIFIED, clock)
    told = [(row, titles[row.key]) for row in batch if row.key in titles]
    if not told:
        return
    answers = await title_facts.tell(provider, told, clock.now())
    accepted = []
    for (row, _), answer in zip(told, answers, strict=True):
        if answer.outcome is Outcome.UNKNOWN_TITLE:
            await _reject(store, [row], _unknown(provider, answer), clock)
        else:
            accepted.append((row, answer))
    await store.run(title_facts.settle, account, accepted, clock.now())
    done.sent += len(accepted)


async def _mark(store: Store, provider: Provider, rows: Sequence[QueueRow], clock: Clock) -> None:
    """Remember that rows are being sent, where it would matter if they were sent twice."""
    if not provider.repeats_are_harmless:
        await store.run(sending.mark_sending, rows, clock.now())


async def _look_for(
    store: Store, provider: Provider, clock: Clock, done: _Pass, batch: Sequence[QueueRow]
) -> None:
    """Ask whether rows have arrived; those that have not are sent like any other from now on."""
    items = await store.run(items_for, [row.key for row in batch])
    asked = [(row, items[row.key]) for row in batch if row.key in items]
    unclear = [_unclear(row, item, clock.now()) for row, item in asked]
    answers = await provider.already_told(unclear) if unclear else ()
    arrived = [row for (row, _), is_there in zip(asked, answers, strict=True) if is_there]
    await store.run(
        sending.settle_all, arrived, DeliveryState.SENT, "history", "had arrived", clock.now()
    )
    there = {row.id for row in arrived}
    await store.run(sending.clear_sending, [row for row in batch if row.id not in there])
    done.sent += len(arrived)


def _unclear(row: QueueRow, item: Item, now: datetime) -> Unclear:
    """What is known about a row that was sent and not answered."""
    sent_at = row.sending_at or now
    fact = Fact(FactKind.WATCHED, item, min(row.happened_at, sent_at))
    is_viewing = row.play_id is not None and row.percent is not None
    age_seconds = (sent_at - row.happened_at).total_seconds()
    return Unclear(fact, sent_at, may_be_stop=is_viewing and age_seconds <= PROMPT_SECONDS)


async def _settle(
    store: Store,
    provider: Provider,
    row: QueueRow,
    answer: Answer,
    verb: Verb,
    clock: Clock,
    done: _Pass,
) -> None:
    """Note a provider's answer to a live call; a title it does not know is held, or forgotten."""
    if answer.outcome is Outcome.UNKNOWN_TITLE:
        await _reject(store, [row], _unknown(provider, answer), clock)
        return
    if row.kind is QueueKind.WATCHED and answer.outcome is Outcome.SAVED:
        await store.run(sending.clear_sending, [row])
        await store.run(sending.postpone, row, clock.now(), "It was not counted as watched.")
        return
    words = answer.outcome.value
    await store.run(sending.settle, row, DeliveryState.SENT, verb, words, clock.now())
    done.sent += 1
    if answer.ids != Ids():
        await store.run(learn_ids, row.key, answer.ids)


def _unknown(provider: Provider, answer: Answer) -> str:
    """Why a provider does not know a title."""
    return answer.why or _UNKNOWN_TITLE.format(name=provider.name)


async def _end(store: Store, row: QueueRow, words: str, clock: Clock) -> None:
    """A row that need not be sent any more."""
    await store.run(sending.settle, row, DeliveryState.SENT, "", words, clock.now())


async def _reject(store: Store, rows: Sequence[QueueRow], reason: str, clock: Clock) -> None:
    """Hold facts with their reason; live rows that are rejected are worth nothing."""
    live = [row for row in rows if row.kind.is_live]
    if live:
        await store.run(sending.forget, live)
    for row in rows:
        if not row.kind.is_live:
            await store.run(sending.hold, row, reason, clock.now())


async def _judge_suspects(store: Store, done: _Pass, clock: Clock) -> None:
    """Rows that break a server which accepts others are held, so that they block nothing."""
    if done.sent:
        for row, error in done.suspects:
            await _reject(store, [row], str(error), clock)
        done.suspects.clear()


async def _after_failure(
    store: Store,
    stopped: _StoppedError,
    clock: Clock,
    done: _Pass,
    jitter: Callable[[], float],
) -> Drained:
    """Postpone what failed; how long, and what is shown, depends on the kind of failure."""
    row, error = stopped.row, stopped.error
    state = SyncState.OFFLINE if isinstance(error, OfflineError) else SyncState.ERROR
    if isinstance(error, ThrottledError):
        next_at = error.until
        await store.run(accounts.set_throttled_until, row.account_id, next_at)
    else:
        doubled = _FIRST_BACKOFF_SECONDS * 2 ** min(row.attempts, 16)
        wait = min(doubled, _LONGEST_BACKOFF_SECONDS) * (0.75 + jitter() / 2)
        next_at = clock.now() + timedelta(seconds=wait)
    if isinstance(error, UnauthorizedError):
        await store.run(accounts.set_needs_reconnect, row.account_id, True)
    if isinstance(error, (UnauthorizedError, MisconfiguredError)):
        next_at = clock.now() + timedelta(seconds=_LONGEST_BACKOFF_SECONDS)
    failed = {suspect.id: suspect for suspect, _ in done.suspects} | {row.id: row}
    for each in failed.values():
        await store.run(
            sending.postpone, each, next_at, str(error), broken=isinstance(error, BrokenError)
        )
    return Drained(done.sent, state, str(error), next_at)
