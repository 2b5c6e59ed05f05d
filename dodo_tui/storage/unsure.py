"""How many titles wait for the user to say what they are; what they may be is in `review`.

Apart from it, because the first picture of Home needs nothing else of all that.
"""

from __future__ import annotations

import sqlite3

IMPORTED = """
    id LIKE 'local:%'
    AND NOT EXISTS (SELECT 1 FROM file_part WHERE media_id = media.id)
    AND NOT EXISTS (SELECT 1 FROM decision WHERE scope = 'series' AND target = CAST(id AS BLOB))
    AND (EXISTS (SELECT 1 FROM play WHERE media_id = media.id AND origin = 'import')
        OR EXISTS (SELECT 1 FROM progress WHERE media_id = media.id AND origin = 'import')
        OR EXISTS (SELECT 1 FROM list_entry WHERE media_id = media.id AND provider = 'import'))
"""
"""A title that an import told by name alone, of which no file was ever here, and of which nobody
has said what it is. In SQL, about a row of `media`."""

UNSURE = "id IN (SELECT title_id FROM candidate)"
"""A title that may be one thing or another. In SQL, about a row of `media`: they are few, and are
looked up by their ids."""


def count_unsure(connection: sqlite3.Connection) -> int:
    """How many titles wait for the user to say what they are, with files and without."""
    return count_unsure_files(connection) + count_unsure_titles(connection)


def count_unsure_files(connection: sqlite3.Connection) -> int:
    """How many titles with files wait for the user to say what they are."""
    row = connection.execute(
        "SELECT count(DISTINCT media_id) FROM file_part WHERE file_id IN "
        "(SELECT id FROM file WHERE match = 'unsure' AND missing = 0)"
    ).fetchone()
    return int(row[0])


def count_unsure_titles(connection: sqlite3.Connection) -> int:
    """How many imported titles wait for the user to say what they are."""
    row = connection.execute(f"SELECT count(*) FROM media WHERE {IMPORTED} AND {UNSURE}")
    return int(row.fetchone()[0])
