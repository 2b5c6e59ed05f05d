"""Everything that a dodo has in its database, to be compared."""

from __future__ import annotations

import sqlite3

from dodo_tui.storage.store import Store

_HOW_IT_WENT = frozenset({"sync_state", "last_error", "throttled_until", "needs_reconnect"})
"""What an account says of its last exchange, whatever came of it."""


Rows = dict[str, list[tuple[object, ...]]]


def rows_of(store: Store) -> Rows:
    """The rows of every table, but for how the last exchange of an account went."""

    def read(connection: sqlite3.Connection) -> Rows:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        found = {}
        for (table,) in tables:
            columns = [
                row["name"]
                for row in connection.execute(f"PRAGMA table_info({table})")
                if table != "account" or row["name"] not in _HOW_IT_WENT
            ]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}")
            found[table] = sorted((tuple(row) for row in rows), key=repr)
        return found

    return store.run_now(read)
