"""What a provider's catalogue has said of titles, and which titles it is time to ask about.

Functions that write expect a transaction around them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from dodo_tui.domain.cards import About
from dodo_tui.domain.catalogue import AGE_GOES_ON, Ask, Asked, Question
from dodo_tui.domain.times import maybe_from_iso, maybe_to_iso, to_iso
from dodo_tui.values import dataclass

_FRESH = timedelta(days=60)
"""A series of which an episode aired so lately goes on, whatever its page says."""

MOST_KNOWN = 400
"""So many titles, the ones touched last, are looked at when choosing what to ask about."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What is to be kept of a title's page."""

    overview: str | None
    genres: tuple[str, ...]
    airing: str | None
    first_aired_at: datetime | None


def about_title(connection: sqlite3.Connection, media_id: str) -> About:
    """What the catalogue has said of a title; empty where it was never asked."""
    row = connection.execute("SELECT * FROM catalogue WHERE media_id = ?", (media_id,)).fetchone()
    if row is None:
        return About()
    genres = tuple(json.loads(row["genres"])) if row["genres"] else ()
    return About(row["overview"], genres, maybe_from_iso(row["first_aired_at"]))


def save_detail(
    connection: sqlite3.Connection, media_id: str, detail: Detail | None, now: datetime
) -> None:
    """Keep what was said of a title. None: nothing was found, and what was known before stays."""
    _note_asked(connection, media_id, "details_asked_at", now)
    if detail is not None:
        connection.execute(
            "UPDATE catalogue SET overview = coalesce(?, overview), genres = ?, "
            "airing = coalesce(?, airing), first_aired_at = coalesce(?, first_aired_at) "
            "WHERE media_id = ?",
            (
                detail.overview,
                json.dumps(detail.genres),
                detail.airing,
                maybe_to_iso(detail.first_aired_at),
                media_id,
            ),
        )


def note_episodes_asked(connection: sqlite3.Connection, media_id: str, now: datetime) -> None:
    """The episodes of a title were asked for, whether or not there were any."""
    _note_asked(connection, media_id, "episodes_asked_at", now)


def complete_media(
    connection: sqlite3.Connection,
    media_id: str,
    title: str,
    year: int | None,
    runtime_minutes: int | None,
    poster: str | None,
) -> None:
    """Fill in what is not known of a title; a name only where it has none but its id."""
    connection.execute(
        "UPDATE media SET title = iif(title = id, ?, title), year = coalesce(year, ?), "
        "runtime_minutes = coalesce(runtime_minutes, ?), poster = coalesce(poster, ?) "
        "WHERE id = ?",
        (title, year, runtime_minutes, poster, media_id),
    )


def asked_since(connection: sqlite3.Connection, moment: datetime) -> int:
    """How many questions were asked since."""
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM catalogue WHERE details_asked_at > :at) "
        "+ (SELECT count(*) FROM catalogue WHERE episodes_asked_at > :at)",
        {"at": to_iso(moment)},
    ).fetchone()
    return int(count)


def asked_of(connection: sqlite3.Connection, media_id: str, now: datetime) -> Asked | None:
    """When the catalogue was last asked about one title; None where the title is not known."""
    found = _asked(
        connection,
        "SELECT id, kind, NULL AS touched_at, 0 AS is_planned FROM media WHERE id = ?",
        (media_id,),
        now,
    )
    return next(iter(found), None)


def known_titles(connection: sqlite3.Connection, now: datetime) -> tuple[Asked, ...]:
    """What anybody of the household watches or plans, the titles touched last first."""
    return tuple(
        _asked(
            connection,
            """
            SELECT media.id, media.kind, max(at) AS touched_at, max(is_planned) AS is_planned
            FROM (
                SELECT media_id, max(touched_at) AS at, 0 AS is_planned FROM progress
                GROUP BY media_id
                UNION ALL
                SELECT media_id, changed_at, status = 'planned' FROM title_status
                WHERE status IN ('planned', 'watching')
            ) JOIN media ON media.id = media_id
            WHERE media.id NOT LIKE 'local:%'
            GROUP BY media.id ORDER BY touched_at DESC, media.id LIMIT ?
            """,
            (MOST_KNOWN,),
            now,
        )
    )


def _asked(
    connection: sqlite3.Connection, titles: str, arguments: tuple[object, ...], now: datetime
) -> Iterable[Asked]:
    rows = connection.execute(
        f"SELECT known.*, details_asked_at, episodes_asked_at, airing, "
        # Reading every episode is worth it only where it decides something.
        f"CASE WHEN episodes_asked_at IS NULL OR episodes_asked_at > ? THEN 0 "
        f"ELSE EXISTS (SELECT 1 FROM episode WHERE episode.media_id = known.id AND aired_at > ?) "
        f"END AS is_fresh "
        f"FROM ({titles}) AS known LEFT JOIN catalogue ON catalogue.media_id = known.id "
        f"ORDER BY touched_at DESC, known.id",
        (to_iso(now - AGE_GOES_ON), to_iso(now - _FRESH), *arguments),
    ).fetchall()
    for row in rows:
        yield Asked(
            media_id=row["id"],
            is_series=row["kind"] != "movie",
            is_planned=bool(row["is_planned"]),
            goes_on=row["airing"] in ("airing", "upcoming") or bool(row["is_fresh"]),
            details_at=maybe_from_iso(row["details_asked_at"]),
            episodes_at=maybe_from_iso(row["episodes_asked_at"]),
        )


def note_asked(connection: sqlite3.Connection, ask: Ask, now: datetime) -> None:
    """A question was answered with nothing that could be kept."""
    column = {Question.DETAILS: "details_asked_at", Question.EPISODES: "episodes_asked_at"}
    _note_asked(connection, ask.media_id, column[ask.question], now)


def _note_asked(connection: sqlite3.Connection, media_id: str, column: str, now: datetime) -> None:
    connection.execute(
        f"INSERT INTO catalogue (media_id, {column}) SELECT id, ? FROM media WHERE id = ? "
        f"ON CONFLICT DO UPDATE SET {column} = excluded.{column}",
        (to_iso(now), media_id),
    )
