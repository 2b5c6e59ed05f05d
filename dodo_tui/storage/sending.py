"""Rows of the queue on their way to a provider, and what it answered about each play.

What writes makes its own transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from dodo_tui.domain.queue import DeliveryState, QueueRow, QueueState
from dodo_tui.domain.times import to_iso
from dodo_tui.storage.database import transaction
from dodo_tui.storage.queued import queue_row
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The last thing a provider acknowledged about a play."""

    verb: str
    percent: float | None


def next_rows(connection: sqlite3.Connection, account_id: int, limit: int) -> tuple[QueueRow, ...]:
    """The rows at the head of an account's queue, in order, whether or not they are due yet.

    None of one that is not signed in any more: the tokens may be somebody else's by now.
    """
    rows = connection.execute(
        "SELECT queue.*, account.provider FROM queue JOIN account ON account.id = account_id "
        "WHERE account_id = ? AND connected = 1 AND state = 'waiting' ORDER BY queue.id LIMIT ?",
        (account_id, limit),
    )
    return tuple(queue_row(row) for row in rows)


def acknowledged(
    connection: sqlite3.Connection, play_id: str, account_id: int
) -> Acknowledged | None:
    """What a provider acknowledged last about a play; None if nothing yet."""
    row = connection.execute(
        "SELECT verb, percent FROM delivery WHERE play_id = ? AND account_id = ? AND verb <> ''",
        (play_id, account_id),
    ).fetchone()
    return None if row is None else Acknowledged(row["verb"], row["percent"])


def hurry_pauses(connection: sqlite3.Connection, now: datetime) -> None:
    """Tell every pause at once: nobody is there any more who could take it back.

    Nothing is written, and nobody waited for, where none is put off.
    """
    put_off = "kind = 'pause' AND attempts = 0 AND not_before > :now"
    values = {"now": to_iso(now)}
    if connection.execute(f"SELECT 1 FROM queue WHERE {put_off} LIMIT 1", values).fetchone():
        with transaction(connection, durable=False):
            connection.execute(f"UPDATE queue SET not_before = :now WHERE {put_off}", values)


def note_tried(connection: sqlite3.Connection, rows: Iterable[QueueRow], now: datetime) -> None:
    """Rows are about to be told: from now on they may have been, whatever came of it.

    Never cleared: it is what a correction of their title goes by.
    """
    with transaction(connection, durable=False):
        connection.executemany(
            "UPDATE queue SET tried_at = ? WHERE id = ?", [(to_iso(now), row.id) for row in rows]
        )


def mark_sending(connection: sqlite3.Connection, rows: Iterable[QueueRow], now: datetime) -> None:
    """Rows are about to be sent; on disk before the request is, so that a power cut tells."""
    with transaction(connection, durable=True):
        _set_sending(connection, rows, to_iso(now))


def clear_sending(connection: sqlite3.Connection, rows: Iterable[QueueRow]) -> None:
    """Rows have not arrived, which is certain now."""
    with transaction(connection, durable=False):
        _set_sending(connection, rows, None)


def settle(
    connection: sqlite3.Connection,
    row: QueueRow,
    state: DeliveryState,
    verb: str,
    answer: str,
    now: datetime,
) -> None:
    """A row is done: note on its play what was acknowledged, and take it off the queue.

    `verb` is empty where nothing had to be sent; what was acknowledged before then stays.
    """
    settle_all(connection, [row], state, verb, answer, now)


def settle_all(
    connection: sqlite3.Connection,
    rows: Iterable[QueueRow],
    state: DeliveryState,
    verb: str,
    answer: str,
    now: datetime,
) -> None:
    """The same for several rows, in one transaction: all of a batch or none."""
    with transaction(connection, durable=True):
        for row in rows:
            connection.execute("DELETE FROM queue WHERE id = ?", (row.id,))
            if row.play_id is None:
                continue
            connection.execute(
                "INSERT INTO delivery (play_id, account_id, state, verb, percent, answer, at) "
                "SELECT id, ?, ?, ?, ?, ?, ? FROM play WHERE id = ? "
                "ON CONFLICT DO UPDATE SET state = excluded.state, "
                "verb = iif(excluded.verb = '', verb, excluded.verb), "
                "percent = iif(excluded.verb = '', percent, excluded.percent), "
                "answer = excluded.answer, at = excluded.at",
                (row.account_id, state, verb, row.percent, answer, to_iso(now), row.play_id),
            )
            left = connection.execute(
                "SELECT state FROM queue WHERE play_id = ? AND account_id = ? "
                "AND kind NOT IN ('start', 'pause') ORDER BY state DESC LIMIT 1",
                (row.play_id, row.account_id),
            ).fetchone()
            if left:
                connection.execute(
                    "UPDATE delivery SET state = ? WHERE play_id = ? AND account_id = ?",
                    (DeliveryState(left["state"]), row.play_id, row.account_id),
                )


def postpone(
    connection: sqlite3.Connection,
    row: QueueRow,
    not_before: datetime,
    error: str,
    *,
    broken: bool = False,
) -> None:
    """A row could not be sent: try again later, and remember why.

    `broken`: the provider was there and failed on it.
    """
    with transaction(connection, durable=False):
        connection.execute(
            "UPDATE queue SET attempts = attempts + 1, failures = failures + ?, not_before = ?, "
            "last_error = ? WHERE id = ?",
            (broken, to_iso(not_before), error, row.id),
        )


def hold(connection: sqlite3.Connection, row: QueueRow, reason: str, now: datetime) -> None:
    """A row was rejected for good: keep it, with the reason, for the user to decide."""
    with transaction(connection, durable=True):
        held = connection.execute(
            "UPDATE queue SET state = ?, attempts = attempts + 1, last_error = ? WHERE id = ?",
            (QueueState.HELD, reason, row.id),
        )
        if held.rowcount and row.play_id is not None:
            connection.execute(
                "UPDATE delivery SET state = ?, answer = ?, at = ? "
                "WHERE play_id = ? AND account_id = ?",
                (DeliveryState.HELD, reason, to_iso(now), row.play_id, row.account_id),
            )


def forget(connection: sqlite3.Connection, rows: Sequence[QueueRow]) -> None:
    """Drop rows that are worthless: live rows that are late or were overtaken."""
    with transaction(connection, durable=False):
        connection.executemany("DELETE FROM queue WHERE id = ?", [(row.id,) for row in rows])


def _set_sending(
    connection: sqlite3.Connection, rows: Iterable[QueueRow], moment: str | None
) -> None:
    connection.executemany(
        "UPDATE queue SET sending_at = ? WHERE id = ?", [(moment, row.id) for row in rows]
    )
