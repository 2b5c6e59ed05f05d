"""What a provider holds, as it last said: the base of the merge, and what the merge writes.

Functions expect a transaction around them unless their docstring says that they make their own.
Everything is found by title or key through an index, so that a change costs the same whatever the
size of the library.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from dodo_tui.domain.merge import Known
from dodo_tui.domain.progress import Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.times import maybe_from_iso, maybe_to_iso, to_iso
from dodo_tui.storage.progress import progress_of, progress_values
from dodo_tui.storage.queue import ABOUT_TITLES


def count_heard(connection: sqlite3.Connection, account_id: int) -> int:
    """How many films and episodes a provider holds as watched or begun."""
    row = connection.execute(
        "SELECT count(*) FROM remote WHERE account_id = ? AND (watched OR ratio IS NOT NULL)",
        (account_id,),
    ).fetchone()
    return int(row[0])


def title_progress(
    connection: sqlite3.Connection, profile_id: int, media_id: str
) -> dict[str, Progress]:
    """Where a profile stands in everything of a title, by key."""
    rows = connection.execute(
        "SELECT * FROM progress WHERE profile_id = ? AND media_id = ?", (profile_id, media_id)
    )
    return {row["key"]: progress_of(row) for row in rows}


def title_known(connection: sqlite3.Connection, account_id: int, media_id: str) -> dict[str, Known]:
    """What the provider held of a title when it last said so, by key."""
    rows = connection.execute(
        "SELECT * FROM remote WHERE account_id = ? AND media_id = ?", (account_id, media_id)
    )
    return {row["key"]: _known(row) for row in rows}


def known_points(connection: sqlite3.Connection, account_id: int) -> dict[str, Known]:
    """Every resume point that the provider held when it last said so, by key."""
    rows = connection.execute(
        "SELECT * FROM remote WHERE account_id = ? AND ratio IS NOT NULL", (account_id,)
    )
    return {row["key"]: _known(row) for row in rows}


def save_known(
    connection: sqlite3.Connection, account_id: int, media_id: str, known: Mapping[str, Known]
) -> None:
    """Remember what the provider has said; what it holds nothing of any more is forgotten."""
    connection.executemany(
        "INSERT INTO remote (account_id, key, media_id, watched, watched_at, ratio, paused_at, "
        "point_id, play_id, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "watched = excluded.watched, watched_at = excluded.watched_at, ratio = excluded.ratio, "
        "paused_at = excluded.paused_at, point_id = excluded.point_id, play_id = excluded.play_id, "
        "entry = excluded.entry",
        [
            (
                account_id,
                key,
                media_id,
                each.watched,
                maybe_to_iso(each.watched_at),
                each.ratio,
                maybe_to_iso(each.paused_at),
                each.point_id,
                each.play_id,
                each.entry,
            )
            for key, each in known.items()
            if each.watched or each.ratio is not None
        ],
    )
    connection.executemany(
        "DELETE FROM remote WHERE account_id = ? AND key = ?",
        [
            (account_id, key)
            for key, each in known.items()
            if not each.watched and each.ratio is None
        ],
    )


def forget_watched(connection: sqlite3.Connection, account_id: int, key: str) -> None:
    """The provider does not hold a film or episode as watched any more, by our own word."""
    connection.execute(
        "UPDATE remote SET watched = 0, watched_at = NULL, play_id = NULL, entry = NULL "
        "WHERE account_id = ? AND key = ?",
        (account_id, key),
    )
    connection.execute(
        "DELETE FROM remote WHERE account_id = ? AND key = ? AND NOT watched AND ratio IS NULL",
        (account_id, key),
    )


def unsent(connection: sqlite3.Connection, account_id: int) -> dict[str, frozenset[QueueKind]]:
    """The facts of a history that an account has not been told, waiting or held, by key."""
    found: dict[str, frozenset[QueueKind]] = {}
    for key, kind in connection.execute(
        "SELECT key, kind FROM queue WHERE account_id = ? AND kind NOT IN ('start', 'pause') "
        f"AND kind NOT IN {ABOUT_TITLES}",
        (account_id,),
    ):
        found[key] = found.get(key, frozenset()) | {QueueKind(kind)}
    return found


def has_late_progress(connection: sqlite3.Connection, account_id: int, before: datetime) -> bool:
    """Whether a resume point from before a time waits to be told."""
    row = connection.execute(
        "SELECT 1 FROM queue WHERE account_id = ? AND state = 'waiting' AND kind = ? "
        "AND happened_at < ? LIMIT 1",
        (account_id, QueueKind.PROGRESS, to_iso(before)),
    ).fetchone()
    return row is not None


def write_progress(connection: sqlite3.Connection, rows: Iterable[Progress]) -> None:
    """Write progress rows exactly as they are: the merge has taken into account what was there."""
    connection.executemany(
        "INSERT OR REPLACE INTO progress (profile_id, key, media_id, season, number, "
        "position_seconds, duration_seconds, ratio, watched, watched_at, touched_at, origin) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [progress_values(row) for row in rows],
    )


def delete_progress(connection: sqlite3.Connection, profile_id: int, keys: Iterable[str]) -> None:
    """Nothing is known of these keys any more."""
    connection.executemany(
        "DELETE FROM progress WHERE profile_id = ? AND key = ?",
        [(profile_id, key) for key in keys],
    )


def count_profile(connection: sqlite3.Connection, profile_id: int) -> tuple[int, int, int, int]:
    """Films watched, episodes watched, resume points and listed titles of a profile."""
    films, episodes, points = connection.execute(
        "SELECT coalesce(sum(watched = 1 AND number IS NULL), 0), "
        "coalesce(sum(watched = 1 AND number IS NOT NULL), 0), "
        "coalesce(sum(position_seconds > 0 OR coalesce(ratio, 0) > 0), 0) "
        "FROM progress WHERE profile_id = ?",
        (profile_id,),
    ).fetchone()
    (listed,) = connection.execute(
        "SELECT count(DISTINCT media_id) FROM list_entry WHERE profile_id = ?", (profile_id,)
    ).fetchone()
    return films, episodes, points, listed


def _known(row: sqlite3.Row) -> Known:
    return Known(
        bool(row["watched"]),
        maybe_from_iso(row["watched_at"]),
        row["ratio"],
        maybe_from_iso(row["paused_at"]),
        row["point_id"],
        row["play_id"],
        row["entry"],
    )
