"""Telling one row, or a batch of late facts, by its kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dodo_tui.domain.merge import is_overtaken
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow
from dodo_tui.domain.thresholds import PROMPT_SECONDS
from dodo_tui.providers.facts import Fact, FactKind, Outcome, Unclear, Verb
from dodo_tui.providers.items import Item
from dodo_tui.storage import sending
from dodo_tui.storage.progress import find_progress
from dodo_tui.tracking import title_facts
from dodo_tui.tracking.draining.order import HISTORY_WORDS, is_prompt
from dodo_tui.tracking.draining.passes import Pass
from dodo_tui.tracking.items import items_for

_SAME_PERCENT = 0.5

_ROUNDED_PERCENT = 1.0
"""Providers give percentages back as whole ones."""

_UNIDENTIFIED = "This file has not been identified yet."


async def send(work: Pass, batch: list[QueueRow]) -> None:
    """Tell one row, or a batch of late facts, and settle what was accepted."""
    head = batch[0]
    if head.kind.is_about_title:
        await _send_about_titles(work, batch)
        return
    items = await work.store.run(items_for, [row.key for row in batch])
    for row in batch:
        if row.key not in items:
            await work.reject([row], _UNIDENTIFIED)
    told = [(row, items[row.key]) for row in batch if row.key in items]
    if not told:
        return
    row, item = told[0]
    if head.kind is QueueKind.UNPAUSED:
        await _send_unpaused(work, row, item)
    elif head.kind is QueueKind.PROGRESS:
        await _send_progress(work, row, item)
    elif head.kind is QueueKind.PAUSE and await _was_finished(work, row):
        await work.store.run(sending.forget, [row])
    elif head.kind.is_live:
        verb = Verb.START if head.kind is QueueKind.START else Verb.PAUSE
        answer = await work.provider.scrobble(verb, item, head.percent or 0.0)
        await work.settle(row, answer, verb)
    elif is_prompt(head, work.clock.now()):
        await work.mark([row])
        answer = await work.provider.scrobble(Verb.STOP, item, head.percent or 100.0)
        await work.settle(row, answer, Verb.STOP)
    else:
        await _send_history(work, told)


async def _send_progress(work: Pass, row: QueueRow, item: Item) -> None:
    """Tell an unfinished end, unless that pause was just sent or something newer overtook it."""
    percent = row.percent or 0.0
    if row.play_id is not None:
        last = await work.store.run(sending.acknowledged, row.play_id, work.account.id)
        if (
            last is not None
            and last.verb == Verb.PAUSE
            and last.percent is not None
            and abs(last.percent - percent) <= _SAME_PERCENT
        ):
            await work.end(row, "the pause was told before")
            return
    is_late = not is_prompt(row, work.clock.now())
    if await _was_finished(work, row) or (is_late and await _is_overtaken(work, row, item)):
        await work.end(row, "overtaken by something newer")
        return
    answer = await work.provider.scrobble(Verb.PAUSE, item, percent)
    await work.settle(row, answer, Verb.PAUSE)


async def _send_unpaused(work: Pass, row: QueueRow, item: Item) -> None:
    """Take a resume point back that was told of the wrong title, unless it has moved since."""
    if work.resume_points is None:
        work.resume_points = await work.provider.resume_points()
    for point in work.resume_points:
        is_ours = row.percent is None or abs(point.percent - row.percent) <= _ROUNDED_PERCENT
        if is_ours and _is_same(point.item, item):
            await work.provider.forget_resume_point(point)
    await work.store.run(
        sending.settle, row, DeliveryState.SENT, "", "taken back", work.clock.now()
    )
    work.sent += 1


async def _was_finished(work: Pass, row: QueueRow) -> bool:
    """Whether a pause is worthless already: it was finished, or marked as watched, since."""
    here = await work.store.run(find_progress, work.account.profile_id, row.key)
    return is_overtaken(here, row.happened_at)


async def _is_overtaken(work: Pass, row: QueueRow, item: Item) -> bool:
    """Whether here or at the provider something newer than a late progress is known."""
    here = await work.store.run(find_progress, work.account.profile_id, row.key)
    if here is not None and (
        here.touched_at > row.happened_at + timedelta(seconds=1)
        or (here.watched and not here.position_seconds)
    ):
        return True
    if work.resume_points is None:
        work.resume_points = await work.provider.resume_points()
    return any(
        _is_same(point.item, item)
        and point.paused_at is not None
        and point.paused_at > row.happened_at
        for point in work.resume_points
    )


def _is_same(one: Item, other: Item) -> bool:
    """Whether two items name the same film or episode: any shared id, and the same place."""
    shared = set(one.ids) & set(other.ids)
    return bool(shared) and (one.season, one.number) == (other.season, other.number)


async def _send_history(work: Pass, told: Sequence[tuple[QueueRow, Item]]) -> None:
    """Tell late or manual facts through history, each with its true time.

    A time that has not come yet was taken from a clock that ran ahead: it is now at the latest.
    """
    head = told[0][0]
    kind = FactKind.WATCHED if head.kind is QueueKind.WATCHED else FactKind.UNWATCHED
    now = work.clock.now()
    facts = [Fact(kind, item, min(row.happened_at, now)) for row, item in told]
    if kind is FactKind.WATCHED:
        await work.mark([row for row, _ in told])
    answers = await work.provider.deliver(facts)
    accepted = []
    for (row, _), answer in zip(told, answers, strict=True):
        if answer.outcome is Outcome.UNKNOWN_TITLE:
            await work.reject([row], work.why_unknown(answer))
        else:
            accepted.append(row)
    words = HISTORY_WORDS[head.kind]
    await work.store.run(
        sending.settle_all, accepted, DeliveryState.SENT, "history", words, work.clock.now()
    )
    if kind is FactKind.UNWATCHED:
        await work.store.run(
            title_facts.told_unwatched, work.account, [row.key for row in accepted]
        )
    work.sent += len(accepted)


async def _send_about_titles(work: Pass, batch: Sequence[QueueRow]) -> None:
    """Tell ratings or lists."""
    titles = await work.store.run(title_facts.title_refs, [row.key for row in batch])
    for row in batch:
        if row.key not in titles:
            await work.reject([row], _UNIDENTIFIED)
    told = [(row, titles[row.key]) for row in batch if row.key in titles]
    if not told:
        return
    answers = await title_facts.tell(work.provider, told, work.clock.now())
    accepted = []
    for (row, _), answer in zip(told, answers, strict=True):
        if answer.outcome is Outcome.UNKNOWN_TITLE:
            await work.reject([row], work.why_unknown(answer))
        else:
            accepted.append((row, answer))
    await work.store.run(title_facts.settle, work.account, accepted, work.clock.now())
    work.sent += len(accepted)


async def look_for(work: Pass, batch: Sequence[QueueRow]) -> None:
    """Ask whether rows have arrived; those that have not are sent like any other from now on."""
    items = await work.store.run(items_for, [row.key for row in batch])
    asked = [(row, items[row.key]) for row in batch if row.key in items]
    unclear = [_unclear(row, item, work.clock.now()) for row, item in asked]
    answers = await work.provider.already_told(unclear) if unclear else ()
    arrived = [row for (row, _), is_there in zip(asked, answers, strict=True) if is_there]
    await work.store.run(
        sending.settle_all, arrived, DeliveryState.SENT, "history", "had arrived", work.clock.now()
    )
    there = {row.id for row in arrived}
    await work.store.run(sending.clear_sending, [row for row in batch if row.id not in there])
    work.sent += len(arrived)


def _unclear(row: QueueRow, item: Item, now: datetime) -> Unclear:
    """What is known about a row that was sent and not answered."""
    sent_at = row.sending_at or now
    fact = Fact(FactKind.WATCHED, item, min(row.happened_at, sent_at))
    is_viewing = row.play_id is not None and row.percent is not None
    age_seconds = (sent_at - row.happened_at).total_seconds()
    return Unclear(fact, sent_at, may_be_stop=is_viewing and age_seconds <= PROMPT_SECONDS)
