"""The watchlist: what a profile plans to watch, by any of its providers' lists."""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.cards import Card, CardState
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.times import known_time, maybe_from_iso


def watchlist_cards(
    connection: sqlite3.Connection, profile_id: int, limit: int | None = None
) -> tuple[Card, ...]:
    """One card for each planned title, the one added last first; what was begun is not planned."""
    rows = connection.execute(
        """
        SELECT media.id, media.kind, media.title, media.year,
            coalesce(listed.added_at, listed.changed_at) AS listed_at,
            EXISTS (SELECT 1 FROM file_part JOIN file ON file.id = file_id
                WHERE file_part.media_id = media.id AND missing = 0) AS playable,
            catalogue.first_aired_at
        FROM list_entry AS listed JOIN title_status
            ON title_status.profile_id = listed.profile_id
            AND title_status.media_id = listed.media_id
            AND title_status.provider = listed.provider
        JOIN media ON media.id = listed.media_id
        LEFT JOIN catalogue ON catalogue.media_id = listed.media_id
        WHERE listed.profile_id = :profile AND listed.status = 'planned' AND NOT EXISTS (
            SELECT 1 FROM progress WHERE progress.profile_id = :profile
            AND progress.media_id = listed.media_id
            AND (watched = 1 OR position_seconds > 0 OR ratio > 0))
        ORDER BY listed_at DESC, media.id LIMIT :limit
        """,
        {"profile": profile_id, "limit": -1 if limit is None else limit},
    )
    return tuple(
        Card(
            key=row["id"],
            media_id=row["id"],
            kind=Kind(row["kind"]),
            title=row["title"],
            state=CardState.UNWATCHED,
            year=row["year"],
            updated_at=known_time(row["listed_at"]),
            playable=bool(row["playable"]),
            airs_at=maybe_from_iso(row["first_aired_at"]),
        )
        for row in rows
    )
