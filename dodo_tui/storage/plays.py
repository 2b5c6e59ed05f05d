"""Plays and progress: the journal of viewings, and where everybody stands.

Functions that write expect a transaction around them.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.ids import Key
from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.thresholds import is_listed
from dodo_tui.domain.times import from_iso, maybe_from_iso, maybe_to_iso, to_iso
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class OpenPlay:
    """A play that was not closed: one that runs, or one whose process went away."""

    playback: Playback
    started_told: bool
    owner: str | None


def insert_play(connection: sqlite3.Connection, playback: Playback, owner: str) -> None:
    """Open a viewing in the journal; one that broke off is open again, and this process's."""
    connection.execute(
        "INSERT INTO play (id, profile_id, key, media_id, source, origin, started_at, tick_at, "
        "position_seconds, furthest_seconds, played_seconds, duration_seconds, ratio, paused, "
        "owner, file_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT id FROM file WHERE path = ?)) "
        "ON CONFLICT (id) DO UPDATE SET ended_at = NULL, owner = excluded.owner",
        (
            playback.play_id,
            playback.profile_id,
            playback.key,
            str(Key.parse(playback.key).media_id),
            playback.source,
            Origin.PLAYER,
            to_iso(playback.started_at),
            to_iso(playback.at),
            playback.position_seconds,
            playback.furthest_seconds,
            playback.played_seconds,
            playback.duration_seconds,
            playback.ratio,
            playback.paused,
            owner,
            os.fsencode(playback.path),
        ),
    )


def update_play(connection: sqlite3.Connection, playback: Playback, started_told: bool) -> None:
    """Write how far a viewing is, and its end if it has ended. Touches no index while it runs.

    A play that broke off without a word keeps its owner: it may go on (`storage.broken_off`).
    """
    connection.execute(
        "UPDATE play SET tick_at = ?, position_seconds = ?, furthest_seconds = ?, "
        "played_seconds = ?, duration_seconds = ?, ratio = ?, paused = ?, watched_at = ?, "
        "started_told = ? WHERE id = ?",
        (
            to_iso(playback.at),
            playback.position_seconds,
            playback.furthest_seconds,
            playback.played_seconds,
            playback.duration_seconds,
            playback.ratio,
            playback.paused,
            maybe_to_iso(playback.watched_at),
            started_told,
            playback.play_id,
        ),
    )
    if playback.end is not None:
        connection.execute(
            "UPDATE play SET ended_at = tick_at, owner = iif(?, owner, NULL) WHERE id = ?",
            (playback.end is End.LOST, playback.play_id),
        )


def is_anothers(connection: sqlite3.Connection, play_id: str, owner: str) -> bool:
    """Whether another process has gone on with a play while its owner was frozen, or ended it."""
    row = connection.execute(
        "SELECT 1 FROM play WHERE id = ? AND owner IS NOT ?", (play_id, owner)
    ).fetchone()
    return row is not None


def key_of_play(connection: sqlite3.Connection, play_id: str) -> str | None:
    """What a play is about, which the user may have set right since it began."""
    row = connection.execute("SELECT key FROM play WHERE id = ?", (play_id,)).fetchone()
    return None if row is None else str(row[0])


def watched_among(connection: sqlite3.Connection, play_ids: Sequence[str]) -> frozenset[str]:
    """Which of some viewings are written as watched."""
    rows = connection.execute(
        "SELECT id FROM play WHERE watched_at IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(play_ids)),),
    )
    return frozenset(row[0] for row in rows)


def open_plays(connection: sqlite3.Connection) -> tuple[OpenPlay, ...]:
    """Every play that is not closed, whoever's it is."""
    rows = connection.execute(
        "SELECT play.*, media.title FROM play JOIN media ON media.id = play.media_id "
        "WHERE ended_at IS NULL ORDER BY started_at"
    )
    return tuple(open_play_of(row) for row in rows)


def open_play_owners(connection: sqlite3.Connection) -> frozenset[str]:
    """The processes that say they are playing something."""
    rows = connection.execute(
        "SELECT DISTINCT owner FROM play WHERE ended_at IS NULL AND owner IS NOT NULL"
    )
    return frozenset(str(row[0]) for row in rows)


def open_play_of(row: sqlite3.Row) -> OpenPlay:
    """A row of `play` with its title."""
    playback = Playback(
        play_id=row["id"],
        profile_id=row["profile_id"],
        key=row["key"],
        title=row["title"],
        label="",
        source=row["source"],
        item="",
        started_at=from_iso(row["started_at"]),
        at=from_iso(row["tick_at"]),
        clock_seconds=0.0,
        position_seconds=row["position_seconds"],
        duration_seconds=row["duration_seconds"],
        furthest_seconds=row["furthest_seconds"],
        played_seconds=row["played_seconds"],
        paused=bool(row["paused"]),
        watched_at=maybe_from_iso(row["watched_at"]),
    )
    return OpenPlay(playback, bool(row["started_told"]), row["owner"])


def is_open(connection: sqlite3.Connection, play: OpenPlay) -> bool:
    """Whether a play is still as open as it was: another process may have closed it since."""
    row = connection.execute(
        "SELECT 1 FROM play WHERE id = ? AND ended_at IS NULL AND owner IS ?",
        (play.playback.play_id, play.owner),
    ).fetchone()
    return row is not None


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


def insert_manual_play(
    connection: sqlite3.Connection,
    play_id: str,
    profile_id: int,
    key: str,
    origin: Origin,
    watched_at: datetime | None,
    now: datetime,
) -> None:
    """Keep a mark by hand as a closed play, so that history has one ledger."""
    moment = to_iso(watched_at or now)
    connection.execute(
        "INSERT INTO play (id, profile_id, key, media_id, source, origin, started_at, ended_at, "
        "tick_at, position_seconds, furthest_seconds, played_seconds, ratio, watched_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 1, ?)",
        (
            play_id,
            profile_id,
            key,
            str(Key.parse(key).media_id),
            origin,
            origin,
            moment,
            moment,
            to_iso(now),
            maybe_to_iso(watched_at),
        ),
    )


def hide_title(
    connection: sqlite3.Connection, profile_id: int, media_id: str, now: datetime
) -> None:
    """Hide a title from Continue Watching and Up next until it is played again.

    Never dated before what it hides, which a clock that ran ahead may have dated later than now.
    """
    connection.execute(
        "INSERT INTO hidden (profile_id, media_id, hidden_at) VALUES (:profile, :media, "
        "max(:now, coalesce((SELECT max(touched_at) FROM progress "
        "WHERE profile_id = :profile AND media_id = :media), :now))) "
        "ON CONFLICT DO UPDATE SET hidden_at = excluded.hidden_at",
        {"profile": profile_id, "media": media_id, "now": to_iso(now)},
    )


def unhide_title(connection: sqlite3.Connection, profile_id: int, media_id: str) -> None:
    """Show a hidden title again."""
    connection.execute(
        "DELETE FROM hidden WHERE profile_id = ? AND media_id = ?", (profile_id, media_id)
    )
