"""What the Library is made of: every title here or on the watchlist, in one bounded query."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.browse import LibraryTitle
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.times import to_iso

MOST_LIBRARY_TITLES = 50_000
"""How many titles the Library shows at most."""


def library_titles(
    connection: sqlite3.Connection,
    profile_id: int,
    now: datetime,
    limit: int = MOST_LIBRARY_TITLES,
) -> tuple[LibraryTitle, ...]:
    """The titles on this device or planned, in no order, with where a profile stands in each."""
    rows = connection.execute(
        """
        WITH here AS (
            SELECT media_id, max(file.added_at) AS added_at
            FROM file_part JOIN file ON file.id = file_id WHERE missing = 0 GROUP BY media_id
        ), planned AS (
            SELECT media_id, max(listed_at) AS added_at FROM (
                SELECT media_id, coalesce(added_at, changed_at) AS listed_at FROM title_status
                WHERE profile_id = :profile AND status = 'planned')
            GROUP BY media_id
        ), known AS (
            SELECT media_id, count(*) AS episodes FROM episode
            WHERE season > 0 AND (aired_at IS NULL OR aired_at <= :now) GROUP BY media_id
        ), stood AS (
            SELECT media_id, sum(watched AND season > 0) AS seen, max(touched_at) AS touched_at,
                max(watched AND number IS NULL) AS watched,
                max(iif(number IS NULL AND (position_seconds > 0 OR ratio > 0),
                    coalesce(position_seconds / nullif(duration_seconds, 0), ratio, 0), NULL))
                    AS ratio
            FROM progress WHERE profile_id = :profile GROUP BY media_id
        )
        SELECT media.id, kind, title, year,
            coalesce(here.added_at, planned.added_at, '') AS added_at,
            coalesce(stood.touched_at, '') AS touched_at,
            here.media_id IS NOT NULL AS playable, planned.media_id IS NOT NULL AS planned,
            coalesce(stood.watched, 0) AS watched, stood.ratio,
            coalesce(stood.seen, 0) AS seen, coalesce(known.episodes, 0) AS episodes
        FROM media
        LEFT JOIN here ON here.media_id = media.id
        LEFT JOIN planned ON planned.media_id = media.id
        LEFT JOIN known ON known.media_id = media.id AND media.kind <> 'movie'
        LEFT JOIN stood ON stood.media_id = media.id
        WHERE here.media_id IS NOT NULL OR planned.media_id IS NOT NULL
        LIMIT :limit
        """,
        {"profile": profile_id, "now": to_iso(now), "limit": limit},
    )
    kinds = {kind.value: kind for kind in Kind}
    return tuple(
        LibraryTitle(
            media_id,
            kinds[kind],
            title,
            year,
            added_at,
            touched_at,
            bool(playable),
            bool(planned),
            bool(watched),
            ratio,
            seen,
            max(episodes, seen) if episodes else 0,
        )
        for (
            media_id,
            kind,
            title,
            year,
            added_at,
            touched_at,
            playable,
            planned,
            watched,
            ratio,
            seen,
            episodes,
        ) in rows
    )
