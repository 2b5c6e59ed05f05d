"""Two titles that turned out to be one: everything about the one goes to the other.

Expects a transaction around it.
"""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.ids import Key, MediaId


def join_title(connection: sqlite3.Connection, old: MediaId, new: MediaId) -> None:
    """Move everything about one title to another id, joining the two where both have rows."""
    for table in ("play", "file_part"):
        for key, moved in _keys(connection, table, old, new):
            connection.execute(
                f"UPDATE {table} SET key = ?, media_id = ? WHERE key = ?", (moved, str(new), key)
            )
    _move_queue(connection, old, new)
    for key, moved in _keys(connection, "progress", old, new):
        _move_progress(connection, key, moved, str(new))
    _move_episodes(connection, old, new)
    connection.execute(
        "UPDATE media SET (year, runtime_minutes, poster) = (SELECT coalesce(media.year, old.year),"
        " coalesce(media.runtime_minutes, old.runtime_minutes), "
        "coalesce(media.poster, old.poster) FROM media AS old WHERE old.id = ?) WHERE id = ?",
        (str(old), str(new)),
    )
    connection.execute(
        "UPDATE OR REPLACE hidden SET media_id = ? WHERE media_id = ?", (str(new), str(old))
    )
    connection.execute("UPDATE decision SET media_id = ? WHERE media_id = ?", (str(new), str(old)))
    _move_synced(connection, old, new)
    connection.execute(
        "UPDATE media_alias SET media_id = ? WHERE media_id = ?", (str(new), str(old))
    )
    connection.execute("DELETE FROM media WHERE id = ?", (str(old),))


def _keys(
    connection: sqlite3.Connection, table: str, old: MediaId, new: MediaId
) -> list[tuple[str, str]]:
    """Every key of a title in a table, and what it becomes."""
    rows = connection.execute(
        f"SELECT DISTINCT key FROM {table} WHERE media_id = ?", (str(old),)
    ).fetchall()
    return [(key, str(Key.parse(key).under(new))) for (key,) in rows]


def _move_queue(connection: sqlite3.Connection, old: MediaId, new: MediaId) -> None:
    """Move what waits to be sent, which knows its key alone."""
    rows = connection.execute(
        "SELECT DISTINCT key FROM queue WHERE key = :old OR key LIKE :old || ':%'",
        {"old": str(old)},
    ).fetchall()
    for (key,) in rows:
        moved = str(Key.parse(key).under(new))
        connection.execute("UPDATE queue SET key = ? WHERE key = ?", (moved, key))


def _move_episodes(connection: sqlite3.Connection, old: MediaId, new: MediaId) -> None:
    """Move what is known of episodes; what the other title lacks is filled in."""
    for row in connection.execute(
        "SELECT * FROM episode WHERE media_id = ?", (str(old),)
    ).fetchall():
        connection.execute(
            "INSERT INTO episode (media_id, season, number, key, title, aired_at, runtime_minutes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "title = coalesce(title, excluded.title), "
            "aired_at = coalesce(aired_at, excluded.aired_at), "
            "runtime_minutes = coalesce(runtime_minutes, excluded.runtime_minutes)",
            (
                str(new),
                row["season"],
                row["number"],
                str(Key.episode(new, row["season"], row["number"])),
                row["title"],
                row["aired_at"],
                row["runtime_minutes"],
            ),
        )


def _move_synced(connection: sqlite3.Connection, old: MediaId, new: MediaId) -> None:
    """Move what providers said of a title; where both have rows those of the new id stay."""
    for table in ("list_entry", "removal", "forgotten", "kept_watched"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET media_id = ? WHERE media_id = ?", (str(new), str(old))
        )
    for (key,) in connection.execute(
        "SELECT DISTINCT key FROM remote WHERE media_id = ?", (str(old),)
    ).fetchall():
        connection.execute(
            "UPDATE OR IGNORE remote SET key = ?, media_id = ? WHERE key = ?",
            (str(Key.parse(key).under(new)), str(new), key),
        )
    connection.execute("DELETE FROM remote WHERE media_id = ?", (str(old),))


def _move_progress(connection: sqlite3.Connection, old: str, new: str, media_id: str) -> None:
    """Move one progress row; where both exist the newer position stays, and watched stays."""
    connection.execute(
        """
        INSERT INTO progress (profile_id, key, media_id, season, number, position_seconds,
            duration_seconds, ratio, watched, watched_at, touched_at, origin)
        SELECT profile_id, :new, :media, season, number, position_seconds, duration_seconds,
            ratio, watched, watched_at, touched_at, origin
        FROM progress WHERE key = :old
        ON CONFLICT (profile_id, key) DO UPDATE SET
            position_seconds = iif(excluded.touched_at > touched_at,
                excluded.position_seconds, position_seconds),
            duration_seconds = iif(excluded.touched_at > touched_at,
                excluded.duration_seconds, duration_seconds),
            ratio = iif(excluded.touched_at > touched_at, excluded.ratio, ratio),
            origin = iif(excluded.touched_at > touched_at, excluded.origin, origin),
            watched = max(watched, excluded.watched),
            watched_at = coalesce(max(watched_at, excluded.watched_at), watched_at,
                excluded.watched_at),
            touched_at = max(touched_at, excluded.touched_at)
        """,
        {"old": old, "new": new, "media": media_id},
    )
    connection.execute("DELETE FROM progress WHERE key = ?", (old,))
