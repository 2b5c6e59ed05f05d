"""What is sent next, and what goes with it in one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from dodo_tui.domain.queue import QueueKind, QueueRow
from dodo_tui.domain.thresholds import LIVE_SECONDS, PROMPT_SECONDS
from dodo_tui.tracking import title_facts

HISTORY_WORDS = {
    QueueKind.WATCHED: "added to history",
    QueueKind.UNWATCHED: "removed from history",
    QueueKind.REMOVED: "removed from history",
}
"""What is told through history, in batches, and what is noted of it."""

SETTLING_SECONDS = 30.0
"""How long after a request without an answer it is looked for: until then it may still arrive."""


def due_at(row: QueueRow, now: datetime) -> datetime:
    """When a row may be sent, or looked for; one that was sent later than now was sent long ago."""
    if row.sending_at is None or row.sending_at > now:
        return row.not_before
    return max(row.not_before, row.sending_at + timedelta(seconds=SETTLING_SECONDS))


def is_stale(row: QueueRow, behind: Sequence[QueueRow], now: datetime) -> bool:
    """Whether a live row is late, or something later about the same viewing can be told already.

    What is not due yet may still be taken back, and overtakes nothing.
    """
    age_seconds = (now - row.happened_at).total_seconds()
    if not -LIVE_SECONDS <= age_seconds <= LIVE_SECONDS:
        return True
    return any(other.play_id == row.play_id and other.not_before <= now for other in behind)


def unclear_head(rows: Sequence[QueueRow], batch_size: int, now: datetime) -> list[QueueRow]:
    """The rows at the head that were sent and not answered."""
    return list(
        takewhile(
            lambda row: row.sending_at is not None and due_at(row, now) <= now, rows[:batch_size]
        )
    )


def next_batch(rows: Sequence[QueueRow], batch_size: int, now: datetime) -> list[QueueRow]:
    """The first row, with the late facts of the same kind right behind it that go in one call."""
    head = rows[0]
    is_batched = head.kind in HISTORY_WORDS or head.kind.is_about_title
    if not is_batched:
        return [head]
    batch = []
    for row in rows[:batch_size]:
        is_alike = title_facts.go_together(head, row)
        if not is_alike or row.not_before > now or is_prompt(row, now):
            break
        if row.sending_at is not None:
            break
        batch.append(row)
    return batch or [head]


def is_prompt(row: QueueRow, now: datetime) -> bool:
    """Whether a fact of a viewing is fresh enough to be told as it happens."""
    age_seconds = (now - row.happened_at).total_seconds()
    is_viewing = row.play_id is not None and row.percent is not None
    return is_viewing and row.attempts == 0 and 0 <= age_seconds <= PROMPT_SECONDS
