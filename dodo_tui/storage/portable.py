"""Everything in and out as plain rows, for `dodo export` and `dodo import`.

Functions that write expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dodo_tui.domain.ids import MediaId
from dodo_tui.storage.media import known_ids

Row = dict[str, Any]
"""A row by column name; the only place where rows leave storage as such."""

_PLAY_COLUMNS = (
    "play_id, profile, key, source, origin, started_at, ended_at, watched_at, position_seconds, "
    "duration_seconds, furthest_seconds, played_seconds, ratio"
)


def export_profiles(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every profile: name and colour."""
    yield from _rows(connection, "SELECT name, colour, created_at FROM profile ORDER BY id")


def export_media(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every title with the ids by which it is known, and its known episodes."""
    for row in _rows(
        connection, "SELECT id, kind, title, year, runtime_minutes, poster FROM media ORDER BY id"
    ):
        row["ids"] = {scheme.value: value for scheme, value in known_ids(connection, row["id"])}
        row["episodes"] = list(
            _rows(
                connection,
                "SELECT season, number, title, aired_at FROM episode WHERE media_id = ? "
                "ORDER BY season, number",
                (row["id"],),
            )
        )
        yield row


def export_plays(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every play that has ended, oldest first."""
    yield from _rows(
        connection,
        f"SELECT {_PLAY_COLUMNS} FROM (SELECT play.*, play.id AS play_id, profile.name AS profile "
        "FROM play JOIN profile ON profile.id = profile_id) "
        "WHERE ended_at IS NOT NULL ORDER BY started_at",
    )


def export_progress(connection: sqlite3.Connection) -> Iterator[Row]:
    """Where everybody stands."""
    yield from _rows(
        connection,
        "SELECT profile.name AS profile, key, position_seconds, duration_seconds, ratio, watched, "
        "watched_at, touched_at, origin FROM progress JOIN profile ON profile.id = profile_id "
        "ORDER BY touched_at",
    )


def export_hidden(connection: sqlite3.Connection) -> Iterator[Row]:
    """Hidden titles."""
    yield from _rows(
        connection,
        "SELECT profile.name AS profile, media_id, hidden_at FROM hidden "
        "JOIN profile ON profile.id = profile_id ORDER BY hidden_at",
    )


def export_lists(connection: sqlite3.Connection) -> Iterator[Row]:
    """The ratings and lists that count, whoever told them."""
    yield from _rows(
        connection,
        "SELECT profile.name AS profile, media_id, status, changed_at, rating, rated_at "
        "FROM title_status JOIN title_rating USING (profile_id, media_id) "
        "JOIN profile ON profile.id = profile_id "
        "WHERE status IS NOT NULL OR rating IS NOT NULL ORDER BY media_id, profile.id",
    )


def import_play(connection: sqlite3.Connection, profile_id: int, play: Mapping[str, Any]) -> bool:
    """Keep a play unless one of that id is known; answers whether it is new."""
    changed = connection.execute(
        "INSERT INTO play (id, profile_id, key, media_id, source, origin, started_at, ended_at, "
        "tick_at, position_seconds, furthest_seconds, played_seconds, duration_seconds, ratio, "
        "watched_at) VALUES (:play_id, :profile_id, :key, :media_id, :source, :origin, "
        ":started_at, :ended_at, :ended_at, :position_seconds, :furthest_seconds, :played_seconds, "
        ":duration_seconds, :ratio, :watched_at) ON CONFLICT DO NOTHING",
        {**play, "profile_id": profile_id},
    )
    return changed.rowcount > 0


def import_progress(
    connection: sqlite3.Connection, profile_id: int, row: Mapping[str, Any]
) -> bool:
    """Keep where somebody stood, where nothing newer is known; watched stays watched."""
    changed = connection.execute(
        """
        INSERT INTO progress (profile_id, key, media_id, season, number, position_seconds,
            duration_seconds, ratio, watched, watched_at, touched_at, origin)
        VALUES (:profile_id, :key, :media_id, :season, :number, :position_seconds,
            :duration_seconds, :ratio, :watched, :watched_at, :touched_at, :origin)
        ON CONFLICT (profile_id, key) DO UPDATE SET
            position_seconds = excluded.position_seconds,
            duration_seconds = coalesce(excluded.duration_seconds, duration_seconds),
            ratio = excluded.ratio,
            watched = max(watched, excluded.watched),
            watched_at = coalesce(max(watched_at, excluded.watched_at), watched_at,
                excluded.watched_at),
            touched_at = excluded.touched_at, origin = excluded.origin
        WHERE excluded.touched_at > touched_at
            OR (excluded.touched_at = touched_at AND excluded.watched > watched)
        """,
        {**row, "profile_id": profile_id},
    )
    return changed.rowcount > 0


def import_hidden(
    connection: sqlite3.Connection, profile_id: int, media_id: MediaId, hidden_at: str
) -> None:
    """Keep that a title is hidden."""
    connection.execute(
        "INSERT INTO hidden (profile_id, media_id, hidden_at) VALUES (?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (profile_id, str(media_id), hidden_at),
    )


def import_list(
    connection: sqlite3.Connection, profile_id: int, media_id: MediaId, row: Mapping[str, Any]
) -> None:
    """Keep a rating and a list beside those of the providers: the one that is newest counts.

    What was imported is nobody's to tell, so it is no word of the user's own here.
    """
    connection.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, status, changed_at, rating, "
        "rated_at, added_at) SELECT :profile_id, id, 'import', kind, :status, :changed_at, "
        ":rating, :rated_at, :changed_at FROM media WHERE id = :id ON CONFLICT DO UPDATE SET "
        "status = excluded.status, changed_at = excluded.changed_at, rating = excluded.rating, "
        "rated_at = excluded.rated_at",
        {**row, "profile_id": profile_id, "id": str(media_id)},
    )


def _rows(
    connection: sqlite3.Connection, query: str, arguments: Iterable[object] = ()
) -> Iterator[Row]:
    for row in connection.execute(query, tuple(arguments)):
        yield dict(row)
