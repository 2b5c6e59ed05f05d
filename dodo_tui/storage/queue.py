"""The offline queue: what still has to be told, written with the fact and taken back with it.

Every function expects the transaction of the fact around it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import DeliveryState, Message, QueueKind, QueueRow
from dodo_tui.domain.times import to_iso

ABOUT_TITLES = "('rated', 'listed', 'unlisted')"
"""The kinds that say nothing of a title's history (`QueueKind.is_about_title`), for SQL."""

ABOUT_LISTS = "('listed', 'unlisted')"


def add_message(
    connection: sqlite3.Connection,
    account_id: int,
    key: str,
    play_id: str | None,
    message: Message,
    now: datetime,
    first_sync_at: datetime | None = None,
) -> None:
    """Queue one message for one account, and note on its play that it waits.

    `first_sync_at`: it belongs to the first sync that began then, and goes with its undo.
    """
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
            to_iso(first_sync_at or now),
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


def is_told_for_another(
    connection: sqlite3.Connection, account: Account, key: str, message: Message
) -> bool:
    """Whether the same user is told the same of a viewing in another profile's name."""
    found = connection.execute(
        "SELECT 1 FROM account AS other WHERE provider = :provider AND user_id = :user "
        "AND user_id <> '' AND connected = 1 AND id <> :id AND (EXISTS (SELECT 1 FROM queue "
        "WHERE account_id = other.id AND key = :key AND kind = :kind AND happened_at = :at) "
        "OR EXISTS (SELECT 1 FROM play JOIN delivery ON play_id = play.id WHERE key = :key "
        "AND watched_at = :at AND :kind = 'watched' AND account_id = other.id AND state = :sent))",
        {
            "provider": account.provider,
            "user": account.user.id,
            "id": account.id,
            "key": key,
            "kind": message.kind,
            "at": to_iso(message.happened_at),
            "sent": DeliveryState.SENT,
        },
    ).fetchone()
    return found is not None


def add_title_message(
    connection: sqlite3.Connection,
    account_id: int,
    media_id: str,
    message: Message,
    now: datetime,
    first_sync_at: datetime | None = None,
) -> None:
    """Queue what was said of a title as a whole; an older word about the same is never sent.

    `first_sync_at`: see `add_message`.
    """
    same = ABOUT_LISTS if message.kind is not QueueKind.RATED else "('rated')"
    connection.execute(
        f"DELETE FROM queue WHERE account_id = ? AND key = ? AND kind IN {same}",
        (account_id, media_id),
    )
    add_message(connection, account_id, media_id, None, message, now, first_sync_at)


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
