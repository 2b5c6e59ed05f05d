"""Plays: the journal of viewings.

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
from dodo_tui.domain.progress import Origin
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
