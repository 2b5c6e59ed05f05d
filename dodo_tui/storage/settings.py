"""What was chosen on screens for this installation: names and values.

What a user writes into `config.toml` is read by `dodo_tui.config` and is not kept here.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from dodo_tui.storage.database import transaction


def setting(connection: sqlite3.Connection, name: str) -> str | None:
    """A remembered setting, None if it was never set."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def settings_under(connection: sqlite3.Connection, prefix: str) -> dict[str, str]:
    """All settings whose names begin so."""
    rows = connection.execute(
        "SELECT name, value FROM setting WHERE substr(name, 1, ?) = ?", (len(prefix), prefix)
    )
    return {row["name"]: row["value"] for row in rows}


def set_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a setting."""
    with transaction(connection, durable=True):
        connection.execute(
            "INSERT INTO setting (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def to_text(value: object) -> str:
    """What is more than a text, as the text of a setting."""
    from json import dumps  # few households have such a setting, and every start would pay for it

    return dumps(value)


def from_text(text: str) -> Any:
    """What is more than a text, from the text of a setting."""
    from json import loads

    return loads(text)
