"""A first pull kept aside until the user has chosen, and the choice itself."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from dodo_tui.storage.database import transaction


@dataclass(frozen=True, slots=True)
class FirstSync:
    """How the first sync of an account stands."""

    choice: str | None
    """What the user chose; None: not asked yet."""
    staged_cursors: str | None
    """The provider's timestamps that belong to what is kept aside, once all of it is."""
    is_done: bool
    """Whether the account has been synced."""


def first_sync_of(connection: sqlite3.Connection, account_id: int) -> FirstSync:
    """How the first sync of an account stands."""
    row = connection.execute(
        "SELECT first_choice, staged_cursors, cursors FROM account WHERE id = ?", (account_id,)
    ).fetchone()
    if row is None:
        return FirstSync(None, None, is_done=False)
    return FirstSync(row["first_choice"], row["staged_cursors"], row["cursors"] is not None)


def choose(connection: sqlite3.Connection, account_id: int, choice: str) -> None:
    """Write the user's choice down; makes its own transaction."""
    with transaction(connection, durable=True):
        connection.execute("UPDATE account SET first_choice = ? WHERE id = ?", (choice, account_id))


def stage(connection: sqlite3.Connection, account_id: int, number: int, body: bytes) -> None:
    """Keep one piece aside; the first one replaces what was kept before. Its own transaction."""
    with transaction(connection, durable=False):
        if number == 0:
            clear(connection, account_id)
        connection.execute(
            "INSERT INTO staged (account_id, number, body) VALUES (?, ?, ?)",
            (account_id, number, body),
        )


def finish_staging(connection: sqlite3.Connection, account_id: int, cursors: str) -> None:
    """Everything is kept aside; makes its own transaction."""
    with transaction(connection, durable=True):
        connection.execute(
            "UPDATE account SET staged_cursors = ? WHERE id = ?", (cursors, account_id)
        )


def staged(connection: sqlite3.Connection, account_id: int, number: int) -> bytes | None:
    """One piece of what is kept aside; None after the last."""
    row = connection.execute(
        "SELECT body FROM staged WHERE account_id = ? AND number = ?", (account_id, number)
    ).fetchone()
    return None if row is None else bytes(row[0])


def clear(connection: sqlite3.Connection, account_id: int) -> None:
    """Let go of what is kept aside. Expects a transaction around it."""
    connection.execute("DELETE FROM staged WHERE account_id = ?", (account_id,))
    connection.execute("UPDATE account SET staged_cursors = NULL WHERE id = ?", (account_id,))
