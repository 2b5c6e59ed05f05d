"""The media folders of this installation. Paths are kept as bytes, as in `files`."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

from dodo_tui.domain.times import to_iso
from dodo_tui.storage.database import transaction


def add_folder(connection: sqlite3.Connection, path: str, now: datetime) -> bool:
    """Remember a media folder; answers whether it is new."""
    with transaction(connection, durable=True):
        changed = connection.execute(
            "INSERT INTO folder (path, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (os.fsencode(path), to_iso(now)),
        )
    return changed.rowcount > 0


def remove_folder(connection: sqlite3.Connection, path: str) -> bool:
    """Forget a media folder and its files, never what was watched; answers whether it was known."""
    with transaction(connection, durable=True):
        changed = connection.execute("DELETE FROM folder WHERE path = ?", (os.fsencode(path),))
    return changed.rowcount > 0


def media_folders(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The media folders."""
    return tuple(
        os.fsdecode(row[0]) for row in connection.execute("SELECT path FROM folder ORDER BY path")
    )


def note_scanned(connection: sqlite3.Connection, path: str, now: datetime) -> None:
    """Remember when a folder was scanned last."""
    connection.execute(
        "UPDATE folder SET scanned_at = ? WHERE path = ?", (to_iso(now), os.fsencode(path))
    )
