"""The sync log: the last hundred things that an exchange did, in words."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage.database import transaction

MOST_ROWS = 100


def log_sync(connection: sqlite3.Connection, profile_id: int, text: str, now: datetime) -> None:
    """Add one line; the oldest beyond a hundred goes."""
    with transaction(connection, durable=False):
        add_line(connection, profile_id, text, now)


def add_line(connection: sqlite3.Connection, profile_id: int, text: str, now: datetime) -> None:
    """The same, expecting a transaction around it."""
    connection.execute(
        "INSERT INTO sync_log (profile_id, at, text) VALUES (?, ?, ?)",
        (profile_id, to_iso(now), text),
    )
    connection.execute(
        "DELETE FROM sync_log WHERE profile_id = ? AND id NOT IN "
        "(SELECT id FROM sync_log WHERE profile_id = ? ORDER BY id DESC LIMIT ?)",
        (profile_id, profile_id, MOST_ROWS),
    )


def sync_log(connection: sqlite3.Connection, profile_id: int) -> tuple[tuple[datetime, str], ...]:
    """The lines, newest first."""
    rows = connection.execute(
        "SELECT at, text FROM sync_log WHERE profile_id = ? ORDER BY id DESC", (profile_id,)
    )
    return tuple((from_iso(at), text) for at, text in rows)
