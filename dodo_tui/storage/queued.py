"""What waits in the queue, seen from outside, and when it is tried again."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow, QueueState
from dodo_tui.domain.times import from_iso, maybe_from_iso, to_iso
from dodo_tui.storage.database import transaction

LONGEST_WAIT = timedelta(hours=26)
"""No provider asks to wait for longer than a day, and a day has at most 25 hours."""

_CLOCK_SLACK = timedelta(minutes=1)
"""Clocks are set right in small steps all the time."""


def all_facts(connection: sqlite3.Connection, profile_id: int) -> tuple[QueueRow, ...]:
    """Everything of a profile's connected accounts that waits or is held; live rows left out."""
    rows = connection.execute(
        "SELECT queue.*, account.provider FROM queue JOIN account ON account.id = account_id "
        "WHERE profile_id = ? AND connected = 1 AND kind NOT IN ('start', 'pause') "
        "ORDER BY queue.id",
        (profile_id,),
    )
    return tuple(queue_row(row) for row in rows)


def unsent_facts(connection: sqlite3.Connection, account_id: int) -> int:
    """How many facts an account has not been told yet."""
    row = connection.execute(
        "SELECT count(*) FROM queue WHERE account_id = ? AND kind NOT IN ('start', 'pause')",
        (account_id,),
    ).fetchone()
    return int(row[0])


def told_since(connection: sqlite3.Connection, account_id: int, since: datetime) -> int:
    """How many viewings and marks an account has taken since a time."""
    row = connection.execute(
        "SELECT count(*) FROM delivery WHERE account_id = ? AND state = ? AND verb <> '' "
        "AND at >= ?",
        (account_id, DeliveryState.SENT, to_iso(since)),
    ).fetchone()
    return int(row[0])


def retry(
    connection: sqlite3.Connection, profile_id: int, row_id: int | None, now: datetime
) -> int:
    """Make a row, or all of a profile's, due at once; held ones wait again. Answers how many.

    Retry-After is obeyed.
    """
    with transaction(connection, durable=True):
        rows = _of_profile(connection, profile_id, row_id)
        for found in rows:
            connection.execute(
                "UPDATE queue SET state = 'waiting', failures = 0, not_before = max(:now, coalesce("
                "(SELECT throttled_until FROM account WHERE id = account_id), :now)) "
                "WHERE id = :id",
                {"now": to_iso(now), "id": found["id"]},
            )
            connection.execute(
                "UPDATE delivery SET state = ? WHERE play_id = ? AND account_id = ?",
                (DeliveryState.WAITING, found["play_id"], found["account_id"]),
            )
    return len(rows)


def discard(connection: sqlite3.Connection, profile_id: int, row_id: int, now: datetime) -> bool:
    """Give one row up, by the user's wish; its play says that it was not told."""
    with transaction(connection, durable=True):
        rows = _of_profile(connection, profile_id, row_id)
        for found in rows:
            connection.execute("DELETE FROM queue WHERE id = ?", (found["id"],))
            connection.execute(
                "UPDATE delivery SET state = ?, answer = 'discarded by hand', at = ? "
                "WHERE play_id = ? AND account_id = ?",
                (DeliveryState.REJECTED, to_iso(now), found["play_id"], found["account_id"]),
            )
    return bool(rows)


def make_due(connection: sqlite3.Connection, account_id: int, now: datetime) -> None:
    """End a back-off early: the network is back, or the user asked. Retry-After is obeyed."""
    with transaction(connection, durable=False):
        end_back_off(connection, account_id, now)


def end_back_off(connection: sqlite3.Connection, account_id: int, now: datetime) -> None:
    """The same, expecting a transaction around it."""
    connection.execute(
        "UPDATE queue SET not_before = max(:now, coalesce((SELECT throttled_until FROM account "
        "WHERE id = :account), :now)) WHERE account_id = :account AND state = 'waiting' "
        "AND attempts > 0 AND not_before > :now",
        {"now": to_iso(now), "account": account_id},
    )


def mend_times(connection: sqlite3.Connection, now: datetime) -> None:
    """After a clock that ran ahead was set right: what would wait for years is due at once.

    Where there is nothing of the kind nothing is written, and nobody who writes is waited for.
    """
    ahead = "not_before > :now AND (not_before > :latest OR created_at > :soon)"
    times = {
        "now": to_iso(now),
        "latest": to_iso(now + LONGEST_WAIT),
        "soon": to_iso(now + _CLOCK_SLACK),
    }
    if connection.execute(f"SELECT 1 FROM queue WHERE {ahead} LIMIT 1", times).fetchone():
        with transaction(connection, durable=False):
            connection.execute(f"UPDATE queue SET not_before = :now WHERE {ahead}", times)


def _of_profile(
    connection: sqlite3.Connection, profile_id: int, row_id: int | None
) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT queue.id, queue.play_id, queue.account_id FROM queue "
        "JOIN account ON account.id = account_id WHERE profile_id = ? "
        "AND kind NOT IN ('start', 'pause') AND (? IS NULL OR queue.id = ?)",
        (profile_id, row_id, row_id),
    ).fetchall()


def queue_row(row: sqlite3.Row) -> QueueRow:
    """A row of the table as a value."""
    return QueueRow(
        id=row["id"],
        account_id=row["account_id"],
        provider=row["provider"],
        kind=QueueKind(row["kind"]),
        key=row["key"],
        play_id=row["play_id"],
        happened_at=from_iso(row["happened_at"]),
        created_at=from_iso(row["created_at"]),
        not_before=from_iso(row["not_before"]),
        percent=row["percent"],
        attempts=row["attempts"],
        failures=row["failures"],
        state=QueueState(row["state"]),
        last_error=row["last_error"],
        rating=row["rating"],
        list_status=ListStatus(row["list_status"]) if row["list_status"] else None,
        sending_at=maybe_from_iso(row["sending_at"]),
    )
