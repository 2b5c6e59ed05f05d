"""Progress: where everybody stands in a film or episode.

Functions that write expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.ids import Key
from dodo_tui.domain.playback import Playback
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.thresholds import is_listed
from dodo_tui.domain.times import from_iso, maybe_from_iso, maybe_to_iso, to_iso
from dodo_tui.storage.hiding import unhide_title


def tick_progress(connection: sqlite3.Connection, playback: Playback) -> None:
    """Write the resume point of a running viewing, without moving it in any list."""
    if playback.watched_at is not None or not _is_listed(playback):
        return
    connection.execute(
        "UPDATE progress SET position_seconds = ?, duration_seconds = ?, ratio = ? "
        "WHERE profile_id = ? AND key = ?",
        (
            playback.position_seconds,
            playback.duration_seconds,
            playback.ratio,
            playback.profile_id,
            playback.key,
        ),
    )


def _is_listed(playback: Playback) -> bool:
    """Whether a viewing has come so far that it is more than a short look."""
    return is_listed(playback.furthest_seconds, playback.duration_seconds)


def touch_progress(connection: sqlite3.Connection, playback: Playback) -> bool:
    """Write the resume point or the watched state of a viewing as the newest thing of its title.

    A short look at the beginning leaves what was remembered untouched; answers whether it wrote.
    A hidden title is shown again.
    """
    watched = playback.watched_at is not None
    if not watched and not _is_listed(playback):
        return False
    save_progress(
        connection,
        Progress(
            profile_id=playback.profile_id,
            key=playback.key,
            position_seconds=0.0 if watched else playback.position_seconds,
            duration_seconds=playback.duration_seconds,
            ratio=None if watched else playback.ratio,
            touched_at=playback.at,
            origin=Origin.PLAYER,
            watched_at=playback.watched_at,
            watched=watched,
        ),
    )
    unhide_title(connection, playback.profile_id, str(Key.parse(playback.key).media_id))
    return True


def save_progress(connection: sqlite3.Connection, progress: Progress) -> None:
    """Write a progress row. A watched title that is being seen again stays watched."""
    connection.execute(
        """
        INSERT INTO progress (profile_id, key, media_id, season, number, position_seconds,
            duration_seconds, ratio, watched, watched_at, touched_at, origin)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (profile_id, key) DO UPDATE SET
            position_seconds = excluded.position_seconds,
            duration_seconds = coalesce(excluded.duration_seconds, duration_seconds),
            ratio = excluded.ratio,
            watched = max(watched, excluded.watched),
            watched_at = coalesce(max(watched_at, excluded.watched_at), watched_at,
                excluded.watched_at),
            touched_at = excluded.touched_at,
            origin = excluded.origin
        """,
        progress_values(progress),
    )


def unmark_watched(
    connection: sqlite3.Connection, profile_id: int, key: str, now: datetime
) -> bool:
    """Take the watched state back, not the plays; answers whether it was watched."""
    changed = connection.execute(
        "UPDATE progress SET watched = 0, watched_at = NULL, position_seconds = 0, ratio = NULL, "
        "touched_at = ?, origin = ? WHERE profile_id = ? AND key = ? AND watched = 1",
        (to_iso(now), Origin.MANUAL, profile_id, key),
    )
    return changed.rowcount > 0


def find_progress(connection: sqlite3.Connection, profile_id: int, key: str) -> Progress | None:
    """Where a profile stands in a film or episode."""
    row = connection.execute(
        "SELECT * FROM progress WHERE profile_id = ? AND key = ?", (profile_id, key)
    ).fetchone()
    return None if row is None else progress_of(row)


def progress_of(row: sqlite3.Row) -> Progress:
    """A row of `progress` as a value."""
    return Progress(
        profile_id=row["profile_id"],
        key=row["key"],
        position_seconds=row["position_seconds"],
        duration_seconds=row["duration_seconds"],
        ratio=row["ratio"],
        touched_at=from_iso(row["touched_at"]),
        origin=Origin(row["origin"]),
        watched_at=maybe_from_iso(row["watched_at"]),
        watched=bool(row["watched"]),
    )


def progress_values(progress: Progress) -> tuple[object, ...]:
    """A value as a row of `progress`: its columns in order."""
    key = Key.parse(progress.key)
    return (
        progress.profile_id,
        progress.key,
        str(key.media_id),
        key.season_number,
        key.number,
        progress.position_seconds,
        progress.duration_seconds,
        progress.ratio,
        progress.watched,
        maybe_to_iso(progress.watched_at),
        to_iso(progress.touched_at),
        progress.origin,
    )
