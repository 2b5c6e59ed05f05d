"""Opening the SQLite file: WAL, foreign keys, private permissions, numbered migrations.

Positions may be lost by a power cut, facts may not: `transaction(durable=True)` waits for the disk
(synchronous=FULL), the rest commits with NORMAL.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dodo_tui.storage.errors import StorageError, Trouble, explain

MIGRATIONS = Path(__file__).parent / "migrations"

LATEST_VERSION = 12
"""The schema version this dodo writes: the number of the last file in `migrations/`."""

BUSY_TIMEOUT_MS = 5_000

_WAL_RETRY_MS = 20


def open_database(
    path: Path, migrations: Path = MIGRATIONS, latest: int = LATEST_VERSION
) -> sqlite3.Connection:
    """Open the database, create or migrate it where needed, ready for use by one thread.

    `migrations` is the folder of the numbered scripts, `latest` the number of the last one.

    Raises:
        StorageError: it is from a newer dodo, damaged, not writable, or the disk is full. Nothing
            is changed or overwritten in any of these cases.

    """
    try:
        _make_private(path)
    except OSError as error:
        raise StorageError(
            Trouble.READ_ONLY,
            f"{path} cannot be written ({error.strerror}). Check the folder's permissions.",
        ) from error
    try:
        _refuse_newer(path, latest)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    try:
        _prepare(connection, path, migrations, latest)
    except sqlite3.Error as error:
        connection.close()
        raise explain(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """Make the file if there is none; one that is there is not opened but by SQLite.

    POSIX: closing any descriptor of a file gives up all locks that this process holds on it. With
    those of another connection gone, the next process takes the log away that it still writes to.

    Raises:
        OSError: it cannot be made or may not be written.
    """
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    elif not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _refuse_newer(path: Path, latest: int) -> None:
    """Look at the version with a connection that cannot write: even closing another one might."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if schema_version(connection) > latest:
            raise StorageError(
                Trouble.NEWER,
                f"{path} was written by a newer dodo. Update dodo; nothing was changed.",
            )


def _prepare(connection: sqlite3.Connection, path: Path, migrations: Path, latest: int) -> None:
    """Set the connection up and bring the schema to the latest version."""
    connection.row_factory = sqlite3.Row
    _use_wal(connection)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if schema_version(connection) < latest:
        _migrate(connection, path, migrations, latest)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, which it stays in.

    SQLite fails at once where others have a new file open, and waits for `busy_timeout` where they
    read it: so that both are waited for equally long, the waiting is done here.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    for _ in range(BUSY_TIMEOUT_MS // _WAL_RETRY_MS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_WAL_RETRY_MS / 1000)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def schema_version(connection: sqlite3.Connection) -> int:
    """The number of the last migration that was applied; 0 in a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Path, latest: int) -> None:
    """Apply the missing migrations, all or none of them, after keeping a copy.

    Foreign keys are not enforced meanwhile: a script that rebuilds a table must not cascade.
    """
    with transaction(connection, durable=True):
        version = schema_version(connection)
        if 0 < version < latest:
            _keep_copy(path, version)
        for number in range(version + 1, latest + 1):
            (script,) = migrations.glob(f"{number:04d}_*.sql")
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
    draft = path.with_name(f"{target.name}.new")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
        draft.replace(target)
    except OSError as error:
        raise StorageError(
            Trouble.OTHER, f"No copy of {path} can be kept: {error.strerror}. Nothing was changed."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


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


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Several questions about one moment; nobody who writes is waited for, nor waits."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")


def rehearse(connection: sqlite3.Connection, write: Callable[[], None]) -> bool:
    """Carry a writing function out and take it back; answers whether any row was changed by it.

    Expects no transaction around it.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = connection.total_changes
        write()
        return connection.total_changes != before
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def shrink_memory(connection: sqlite3.Connection) -> None:
    """Let go of the pages that SQLite keeps in memory; it reads them again when it needs them."""
    connection.execute("PRAGMA shrink_memory")


@contextmanager
def scratch_copy(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A copy of the database in memory, to try something out that must change nothing."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        copy.row_factory = sqlite3.Row
        copy.execute("PRAGMA foreign_keys = ON")
        yield copy


def integrity_problem(connection: sqlite3.Connection) -> str | None:
    """What SQLite's own quick check complains about; None if the file is sound."""
    answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    return None if answer == "ok" else answer
