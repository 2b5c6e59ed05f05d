"""The offline queue, and what each provider answered about each play.

A row is written in the same transaction as the fact it reports; functions whose name begins with
`add_`, `drop_`, `take_` or `end_` expect that transaction around them. The rest make their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.queue import DeliveryState, Message, QueueKind, QueueRow, QueueState
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage.database import transaction
from dodo_tui.values import dataclass

LONGEST_WAIT = timedelta(hours=26)
"""No provider asks to wait for longer than a day, and a day has at most 25 hours."""

_CLOCK_SLACK = timedelta(minutes=1)
"""Clocks are set right in small steps all the time."""

ABOUT_TITLES = "('rated', 'listed', 'unlisted')"
"""The kinds that say nothing of a title's history (`QueueKind.is_about_title`), for SQL."""

ABOUT_LISTS = "('listed', 'unlisted')"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The last thing a provider acknowledged about a play."""

    verb: str
    percent: float | None


def add_message(
    connection: sqlite3.Connection,
    account_id: int,
    key: str,
    play_id: str | None,
    message: Message,
    now: datetime,
) -> None:
    """Queue one message for one account, and note on its play that it waits."""
    connection.execute(
        "INSERT INTO queue (account_id, kind, key, play_id, percent, happened_at, created_at, "
        "not_before, rating, list_status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account_id,
            message.kind,
            key,
            play_id,
            message.percent,
            to_iso(message.happened_at),
            to_iso(now),
            to_iso(now + timedelta(seconds=message.delay_seconds)),
            message.rating,
            message.list_status,
        ),
    )
    if play_id is not None and not message.kind.is_live:
        connection.execute(
            "INSERT INTO delivery (play_id, account_id, state, verb, percent, at) "
            "VALUES (?, ?, ?, '', NULL, ?) "
            "ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at",
            (play_id, account_id, DeliveryState.WAITING, to_iso(now)),
        )


def add_title_message(
    connection: sqlite3.Connection, account_id: int, media_id: str, message: Message, now: datetime
) -> None:
    """Queue what was said of a title as a whole; an older word about the same is never sent."""
    same = ABOUT_LISTS if message.kind is not QueueKind.RATED else "('rated')"
    connection.execute(
        f"DELETE FROM queue WHERE account_id = ? AND key = ? AND kind IN {same}",
        (account_id, media_id),
    )
    add_message(connection, account_id, media_id, None, message, now)


def unsent_about_title(
    connection: sqlite3.Connection, account_id: int, media_id: str
) -> frozenset[QueueKind]:
    """What was said of a title as a whole and an account has not been told, waiting or held."""
    rows = connection.execute(
        f"SELECT kind FROM queue WHERE account_id = ? AND key = ? AND kind IN {ABOUT_TITLES}",
        (account_id, media_id),
    )
    return frozenset(QueueKind(row[0]) for row in rows)


def take_all(connection: sqlite3.Connection, rows: Iterable[QueueRow]) -> None:
    """Rows are done, and nothing hangs on them but the queue."""
    connection.executemany("DELETE FROM queue WHERE id = ?", [(row.id,) for row in rows])


def drop_live(connection: sqlite3.Connection, play_id: str) -> int:
    """Take back a play's live rows that were not sent; answers how many there were."""
    dropped = connection.execute(
        "DELETE FROM queue WHERE play_id = ? AND kind IN ('start', 'pause')", (play_id,)
    )
    return dropped.rowcount


def hurry_pauses(connection: sqlite3.Connection, now: datetime) -> None:
    """Tell every pause at once: nobody is there any more who could take it back."""
    connection.execute(
        "UPDATE queue SET not_before = ? WHERE kind = 'pause' AND attempts = 0 AND not_before > ?",
        (to_iso(now), to_iso(now)),
    )


def take_back_live(connection: sqlite3.Connection, play_id: str, account_id: int) -> bool:
    """Take back the live row that waits last for a play; False if it has been sent already."""
    changed = connection.execute(
        "DELETE FROM queue WHERE id = (SELECT max(id) FROM queue WHERE play_id = ? "
        "AND account_id = ? AND kind IN ('start', 'pause'))",
        (play_id, account_id),
    )
    return changed.rowcount > 0


def drop_unsent(connection: sqlite3.Connection, profile_id: int, key: str, now: datetime) -> None:
    """Take back everything about a key's history that a profile's accounts were not told yet."""
    rows = connection.execute(
        "SELECT queue.id, play_id, account_id FROM queue JOIN account ON account.id = account_id "
        f"WHERE profile_id = ? AND key = ? AND kind NOT IN {ABOUT_TITLES}",
        (profile_id, key),
    ).fetchall()
    for row in rows:
        connection.execute("DELETE FROM queue WHERE id = ?", (row["id"],))
        connection.execute(
            "UPDATE delivery SET state = ?, answer = 'taken back', at = ? "
            "WHERE play_id = ? AND account_id = ?",
            (DeliveryState.OFF, to_iso(now), row["play_id"], row["account_id"]),
        )


def next_rows(connection: sqlite3.Connection, account_id: int, limit: int) -> tuple[QueueRow, ...]:
    """The rows at the head of an account's queue, in order, whether or not they are due yet.

    None of one that is not signed in any more: the tokens may be somebody else's by now.
    """
    rows = connection.execute(
        "SELECT queue.*, account.provider FROM queue JOIN account ON account.id = account_id "
        "WHERE account_id = ? AND connected = 1 AND state = 'waiting' ORDER BY queue.id LIMIT ?",
        (account_id, limit),
    )
    return tuple(_queue_row(row) for row in rows)


def all_facts(connection: sqlite3.Connection, profile_id: int) -> tuple[QueueRow, ...]:
    """Everything of a profile's connected accounts that waits or is held; live rows left out."""
    rows = connection.execute(
        "SELECT queue.*, account.provider FROM queue JOIN account ON account.id = account_id "
        "WHERE profile_id = ? AND connected = 1 AND kind NOT IN ('start', 'pause') "
        "ORDER BY queue.id",
        (profile_id,),
    )
    return tuple(_queue_row(row) for row in rows)


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


def forget(connection: sqlite3.Connection, rows: Sequence[QueueRow]) -> None:
    """Drop rows that are worthless: live rows that are late or were overtaken."""
    with transaction(connection, durable=False):
        connection.executemany("DELETE FROM queue WHERE id = ?", [(row.id,) for row in rows])


def mark_sending(connection: sqlite3.Connection, rows: Iterable[QueueRow], now: datetime) -> None:
    """Rows are about to be sent; on disk before the request is, so that a power cut tells."""
    with transaction(connection, durable=True):
        _set_sending(connection, rows, to_iso(now))


def clear_sending(connection: sqlite3.Connection, rows: Iterable[QueueRow]) -> None:
    """Rows have not arrived, which is certain now."""
    with transaction(connection, durable=False):
        _set_sending(connection, rows, None)


def note_tried(connection: sqlite3.Connection, rows: Iterable[QueueRow], now: datetime) -> None:
    """Rows are about to be told: from now on they may have been, whatever came of it.

    Never cleared: it is what a correction of their title goes by.
    """
    with transaction(connection, durable=False):
        connection.executemany(
            "UPDATE queue SET tried_at = ? WHERE id = ?", [(to_iso(now), row.id) for row in rows]
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
    """After a clock that ran ahead was set right: what would wait for years is due at once."""
    with transaction(connection, durable=False):
        connection.execute(
            "UPDATE queue SET not_before = :now WHERE not_before > :now "
            "AND (not_before > :latest OR created_at > :soon)",
            {
                "now": to_iso(now),
                "latest": to_iso(now + LONGEST_WAIT),
                "soon": to_iso(now + _CLOCK_SLACK),
            },
        )


def acknowledged(
    connection: sqlite3.Connection, play_id: str, account_id: int
) -> Acknowledged | None:
    """What a provider acknowledged last about a play; None if nothing yet."""
    row = connection.execute(
        "SELECT verb, percent FROM delivery WHERE play_id = ? AND account_id = ? AND verb <> ''",
        (play_id, account_id),
    ).fetchone()
    return None if row is None else Acknowledged(row["verb"], row["percent"])


def waiting_keys(connection: sqlite3.Connection, profile_id: int) -> frozenset[str]:
    """The keys about which something still has to be told."""
    rows = connection.execute(
        "SELECT DISTINCT key FROM queue JOIN account ON account.id = account_id "
        "WHERE profile_id = ? AND connected = 1 AND kind NOT IN ('start', 'pause')",
        (profile_id,),
    )
    return frozenset(str(row[0]) for row in rows)


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


def _set_sending(
    connection: sqlite3.Connection, rows: Iterable[QueueRow], moment: str | None
) -> None:
    connection.executemany(
        "UPDATE queue SET sending_at = ? WHERE id = ?", [(moment, row.id) for row in rows]
    )


def _of_profile(
    connection: sqlite3.Connection, profile_id: int, row_id: int | None
) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT queue.id, queue.play_id, queue.account_id FROM queue "
        "JOIN account ON account.id = account_id WHERE profile_id = ? "
        "AND kind NOT IN ('start', 'pause') AND (? IS NULL OR queue.id = ?)",
        (profile_id, row_id, row_id),
    ).fetchall()


def _queue_row(row: sqlite3.Row) -> QueueRow:
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
        sending_at=from_iso(row["sending_at"]) if row["sending_at"] else None,
    )
