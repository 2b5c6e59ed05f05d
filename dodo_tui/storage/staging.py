"""A first pull: the whole answers it is made of, kept as they came, and the user's choice.

Simkl: a library is pulled whole once and never again without `date_from`. So each answer is kept
before anything is made of it, and stays: a pull that was interrupted, a question answered next
week and an undo all go on from here.
"""

from __future__ import annotations

import sqlite3

from dodo_tui.storage.database import transaction
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class FirstSync:
    """How the first sync of an account stands."""

    choice: str | None
    """What the user chose; None: not asked yet."""
    anchor: str | None
    """The provider's timestamps from before the first answer that was kept; None: none was."""
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
        connection.execute(
            "UPDATE account SET first_choice = ?, hears_earlier = 0 WHERE id = ?",
            (choice, account_id),
        )


def hear_earlier(connection: sqlite3.Connection, account_id: int) -> None:
    """From now on what was watched before an account was connected is told when it is identified.

    Expects a transaction around it.
    """
    connection.execute("UPDATE account SET hears_earlier = 1 WHERE id = ?", (account_id,))


def set_anchor(connection: sqlite3.Connection, account_id: int, cursors: str) -> str:
    """A first pull begins: the timestamps it is true from; makes its own transaction.

    Answers those of the pull that goes on, if one was begun before.
    """
    with transaction(connection, durable=True):
        connection.execute(
            "UPDATE account SET staged_cursors = coalesce(staged_cursors, ?) WHERE id = ?",
            (cursors, account_id),
        )
        row = connection.execute(
            "SELECT staged_cursors FROM account WHERE id = ?", (account_id,)
        ).fetchone()
    return cursors if row is None else str(row[0])


def keep_answer(connection: sqlite3.Connection, account_id: int, name: str, body: bytes) -> None:
    """Keep a whole answer durably; makes its own transaction."""
    with transaction(connection, durable=True):
        connection.execute(
            "INSERT OR REPLACE INTO kept_answer (account_id, name, body) VALUES (?, ?, ?)",
            (account_id, name, body),
        )


def kept_answer(connection: sqlite3.Connection, account_id: int, name: str) -> bytes | None:
    """A whole answer; None where it has not come yet."""
    row = connection.execute(
        "SELECT body FROM kept_answer WHERE account_id = ? AND name = ?", (account_id, name)
    ).fetchone()
    return None if row is None else bytes(row[0])


def drop_answer(connection: sqlite3.Connection, account_id: int, name: str) -> None:
    """Let an answer go that turned out to be nonsense; makes its own transaction."""
    with transaction(connection, durable=True):
        connection.execute(
            "DELETE FROM kept_answer WHERE account_id = ? AND name = ?", (account_id, name)
        )
