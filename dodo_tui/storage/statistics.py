"""What statistics are made of: the plays of a year, in one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, tzinfo

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.statistics import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Statistics,
    Viewing,
    add_up,
    local_day,
    year_bounds,
)
from dodo_tui.domain.times import from_iso, to_iso

_KINDS = {kind.value: kind for kind in Kind}

_COUNTS = "(played_seconds > 0 OR watched_at IS NOT NULL)"
"""A play that nobody saw anything of is none."""


def statistics(
    connection: sqlite3.Connection,
    profile_id: int,
    year: int | None,
    now: datetime,
    zone: tzinfo | None = None,
) -> Statistics:
    """A profile's year, added up; without one the year of now. Days are those of `zone`."""
    this_year = local_day(now, zone).year
    year = this_year if year is None else year
    known = [
        local_day(from_iso(row[0]), zone).year
        for order in ("ASC", "DESC")
        for row in connection.execute(
            f"SELECT started_at FROM play WHERE profile_id = ? AND {_COUNTS} "
            f"ORDER BY started_at {order} LIMIT 1",
            (profile_id,),
        )
    ]
    undated = connection.execute(
        "SELECT count(*) FROM progress WHERE profile_id = ? AND watched AND watched_at IS NULL",
        (profile_id,),
    ).fetchone()
    return Statistics(
        year=add_up(_viewings(connection, profile_id, year, zone), year, zone),
        first_year=max(min([*known, this_year]), EARLIEST_YEAR),
        last_year=min(max([*known, this_year]), LATEST_YEAR),
        undated=undated[0],
    )


def _viewings(
    connection: sqlite3.Connection, profile_id: int, year: int, zone: tzinfo | None
) -> Iterator[Viewing]:
    """The plays of a year, one by one: a year may hold any number.

    A mark that was taken back since is none; what was really played stays.
    """
    since, until = year_bounds(year, zone)
    rows = connection.execute(
        """
        SELECT play.started_at, play.media_id, media.title, media.kind, play.played_seconds,
            play.watched_at IS NOT NULL AND coalesce(progress.watched, 1) AS is_watched,
            coalesce(play.duration_seconds, progress.duration_seconds,
                episode.runtime_minutes * 60.0, media.runtime_minutes * 60.0)
        FROM play JOIN media ON media.id = play.media_id
        LEFT JOIN progress ON progress.profile_id = play.profile_id AND progress.key = play.key
        LEFT JOIN episode ON episode.media_id = play.media_id
            AND episode.season = progress.season AND episode.number = progress.number
        WHERE play.profile_id = ? AND play.started_at >= ? AND play.started_at < ?
            AND (play.played_seconds > 0 OR is_watched)
        """,
        (profile_id, to_iso(since), to_iso(until)),
    )
    for at, media_id, title, kind, played, watched, length in rows:
        # Ours are all of one form, so that the quickest reader will do: a year has thousands.
        moment = datetime.fromisoformat(at)
        yield Viewing(moment, media_id, title, _KINDS[kind], played, bool(watched), length)
