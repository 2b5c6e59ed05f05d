"""Opening the SQLite file: WAL, foreign keys, private permissions, numbered migrations.

Positions may be lost by a power cut, facts may not: `transaction(durable=True)` waits for the disk
(synchronous=FULL), the rest commits with NORMAL.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dodo_tui.storage.errors import StorageError, Trouble, explain

_MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"

LATEST_VERSION = 1
"""The schema version this dodo writes: the number of the last file in `migrations/`."""

BUSY_TIMEOUT_MS = 5_000


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database, create or migrate it where needed, ready for use by one thread.

    Raises:
        StorageError: it is from a newer dodo, damaged, not writable, or the disk is full. Nothing
            is changed or overwritten in any of these cases.

    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError(
            Trouble.READ_ONLY,
            f"{path} cannot be written ({error.strerror}). Check the folder's permissions.",
        ) from error
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise explain(error, path) from error
    except StorageError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Set the connection up and bring the schema to the latest version."""
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    version = schema_version(connection)
    if version > LATEST_VERSION:
        raise StorageError(
            Trouble.NEWER,
            f"{path} was written by a newer dodo. Update dodo; nothing was changed.",
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    if version < LATEST_VERSION:
        _migrate(connection, path)


def schema_version(connection: sqlite3.Connection) -> int:
    """The number of the last migration that was applied; 0 in a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the missing migrations, each in its own transaction, after keeping a copy."""
    with transaction(connection, durable=True):
        version = schema_version(connection)
        for number in range(version + 1, LATEST_VERSION + 1):
            if number > 1:
                _keep_copy(path, number - 1)
            (script,) = _MIGRATIONS_FOLDER.glob(f"{number:04d}_*.sql")
            for statement in _statements(script.read_text("utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one, so that they run inside our transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _keep_copy(path: Path, version: int) -> None:
    """Copy the database as it is to `dodo.db.v1`, readable by this user only."""
    target = path.with_name(f"{path.name}.v{version}")
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    source = sqlite3.connect(path)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()


@contextmanager
def transaction(connection: sqlite3.Connection, *, durable: bool) -> Iterator[None]:
    """One transaction, rolled back on any error; `durable` ones survive a power cut."""
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def integrity_problem(connection: sqlite3.Connection) -> str | None:
    """What SQLite's own quick check complains about; None if the file is sound."""
    answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    return None if answer == "ok" else answer
