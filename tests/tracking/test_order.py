"""What is sent next, and what goes with it: pure, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.queue import QueueKind, QueueRow
from dodo_tui.domain.thresholds import LIVE_SECONDS, PROMPT_SECONDS
from dodo_tui.tracking.draining.order import (
    SETTLING_SECONDS,
    due_at,
    is_prompt,
    is_stale,
    next_batch,
    unclear_head,
)
from tests.support.clock import START

SECOND = timedelta(seconds=1)
SETTLING = timedelta(seconds=SETTLING_SECONDS)
LATE = START - timedelta(hours=5)


def row(
    number: int = 1,
    kind: QueueKind = QueueKind.WATCHED,
    at: datetime = LATE,
    play_id: str | None = None,
    percent: float | None = None,
) -> QueueRow:
    """Something that happened at a time, and may be sent since."""
    return QueueRow(number, 1, "simkl", kind, f"tt{number:07}", play_id, at, at, at, percent)


def viewing(number: int = 1, at: datetime = START, kind: QueueKind = QueueKind.WATCHED) -> QueueRow:
    """What a player did."""
    return row(number, kind, at, f"p{number}", 95.0)


@pytest.mark.parametrize(
    ("not_before", "sending_at", "due"),
    [
        (LATE, None, LATE),
        (START + SECOND, None, START + SECOND),
        (LATE, START - SECOND, START - SECOND + SETTLING),
        (LATE, START, START + SETTLING),
        (START + 2 * SETTLING, START, START + 2 * SETTLING),
        (LATE, START + SECOND, LATE),
        (START + SECOND, START + SECOND, START + SECOND),
    ],
)
def test_what_was_not_answered_is_looked_for_once_it_must_have_arrived(
    not_before: datetime, sending_at: datetime | None, due: datetime
) -> None:
    """Never before it may be sent; what was sent later than now was sent by a wrong clock."""
    assert due_at(replace(row(), not_before=not_before, sending_at=sending_at), START) == due


def test_a_lost_answer_has_half_a_minute() -> None:
    """As long as a request may be on its way, and no longer than one waits for a screen."""
    assert 20 <= SETTLING_SECONDS <= 60


@pytest.mark.parametrize(
    ("age_seconds", "stale"),
    [(0, False), (LIVE_SECONDS, False), (LIVE_SECONDS + 1, True), (-LIVE_SECONDS - 1, True)],
)
def test_watching_now_is_about_now(age_seconds: float, stale: bool) -> None:
    """Late it is a lie, and so it is before its time."""
    live = viewing(kind=QueueKind.START, at=START - timedelta(seconds=age_seconds))
    assert is_stale(live, (), START) is stale


def test_what_is_overtaken_is_stale() -> None:
    """By something of the same viewing, which can be told by now."""
    live = viewing(kind=QueueKind.START)
    pause = replace(live, id=2, kind=QueueKind.PAUSE)
    assert is_stale(live, [viewing(3), pause], START)
    assert not is_stale(live, [viewing(3)], START)
    assert not is_stale(live, [replace(pause, not_before=START + SECOND)], START)


@pytest.mark.parametrize(
    ("change", "prompt"),
    [
        ({}, True),
        ({"happened_at": START - timedelta(seconds=PROMPT_SECONDS)}, True),
        ({"happened_at": START - timedelta(seconds=PROMPT_SECONDS + 1)}, False),
        ({"happened_at": START + SECOND}, False),
        ({"attempts": 1}, False),
        ({"play_id": None}, False),
        ({"percent": None}, False),
    ],
)
def test_only_a_fresh_viewing_is_told_as_it_happens(
    change: dict[str, object], prompt: bool
) -> None:
    """Not a mark by hand, not what may have arrived before, not what a wrong clock has dated."""
    assert is_prompt(replace(viewing(), **change), START) is prompt  # type: ignore[arg-type]


def ids(rows: list[QueueRow]) -> list[int]:
    """Which rows."""
    return [each.id for each in rows]


def test_late_facts_of_a_kind_go_together() -> None:
    """In their order, up to a batch, and nothing overtakes anything."""
    rows = [row(number) for number in range(1, 6)]
    assert ids(next_batch(rows, 50, START)) == [1, 2, 3, 4, 5]
    assert ids(next_batch(rows, 3, START)) == [1, 2, 3]
    for stops in (
        row(3, QueueKind.UNWATCHED),
        replace(row(3), not_before=START + SECOND),
        replace(row(3), sending_at=START - SECOND),
        viewing(3),
    ):
        assert ids(next_batch([*rows[:2], stops, *rows[3:]], 50, START)) == [1, 2]


@pytest.mark.parametrize(
    "head", [viewing(), row(kind=QueueKind.PROGRESS), viewing(kind=QueueKind.START)]
)
def test_what_is_told_alone(head: QueueRow) -> None:
    """A viewing as it happens, a place in a film, "watching now"."""
    assert ids(next_batch([head, replace(head, id=2), row(3)], 50, START)) == [1]


def test_titles_on_the_same_list_go_together() -> None:
    """And ratings by themselves."""
    listed = [
        replace(row(number, QueueKind.LISTED), list_status=ListStatus.PLANNED) for number in (1, 2)
    ]
    rated = replace(row(3, QueueKind.RATED), rating=8)
    assert ids(next_batch([*listed, rated], 50, START)) == [1, 2]


def test_what_was_sent_and_not_answered_is_looked_for_together() -> None:
    """From the head on, up to a batch, as far as it must have arrived by now."""
    sent = [replace(row(number), sending_at=START - SETTLING) for number in range(1, 5)]
    assert ids(unclear_head(sent, 50, START)) == [1, 2, 3, 4]
    assert ids(unclear_head(sent, 2, START)) == [1, 2]
    assert ids(unclear_head([sent[0], row(2), *sent[2:]], 50, START)) == [1]
    on_its_way = replace(sent[1], sending_at=START - SETTLING + SECOND)
    assert ids(unclear_head([sent[0], on_its_way, *sent[2:]], 50, START)) == [1]
