"""A database that somebody else writes to for longer than anybody waits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from dodo_tui.storage.store import Store


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Nobody can write; who tries loses patience soon."""
    store.run_now(lambda connection: connection.execute("PRAGMA busy_timeout = 1"))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
