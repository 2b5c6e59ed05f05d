"""What Home and Title are made of: the rows behind the cards. The rules are in `domain.cards`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from dodo_tui.domain.cards import (
    Card,
    CardState,
    EpisodeState,
    Home,
    TitlePage,
    TitleState,
    as_next,
    continue_watching,
    is_resumable,
    next_episode,
    series_state,
    up_next,
)
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.times import known_time, maybe_from_iso, to_iso
from dodo_tui.storage.account_status import waiting_keys
from dodo_tui.storage.watchlist import watchlist_cards

MOST_TITLES = 60
"""How many series that are not in progress are looked at for their next episode, newest first."""

MOST_FOLLOWING = 30
"""How many unwatched episodes after the last watched one are looked at for the next."""

MOST_ON_SHELF = 200
"""How many cards a row on Home holds; the Library has all of them."""

_MEDIA_COLUMNS = "media.id AS media_id, media.kind, media.title, media.year, runtime_minutes"

_IN_PROGRESS = "(position_seconds > 0 OR coalesce(ratio, 0) > 0)"

_PLAYABLE = """EXISTS (SELECT 1 FROM file_part JOIN file ON file.id = file_id
    WHERE file_part.key = {key} AND missing = 0) AS playable"""


_AFTER_LAST_WATCHED = """
    season > 0 AND (season, number) > (
        SELECT last.season, last.number FROM progress AS last
        WHERE last.profile_id = :profile AND last.media_id = :media AND last.watched = 1
        AND last.season > 0 ORDER BY last.watched_at DESC, last.season DESC, last.number DESC
        LIMIT 1)
    AND NOT EXISTS (SELECT 1 FROM progress
        WHERE profile_id = :profile AND progress.key = episode.key AND watched = 1)
    ORDER BY season, number LIMIT :limit
"""
"""Which episodes of a series are still to be watched."""


def read_home(connection: sqlite3.Connection, profile_id: int, now: datetime) -> Home:
    """Every row of Home, the library's one bounded."""
    return Home(
        *home_shelves(connection, profile_id, now),
        library_cards(connection, profile_id, now, MOST_ON_SHELF),
        watchlist_cards(connection, profile_id, MOST_ON_SHELF),
    )


def home_shelves(
    connection: sqlite3.Connection, profile_id: int, now: datetime
) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Continue Watching and Up next."""
    titles = recent_titles(connection, profile_id, now)
    return continue_watching(titles, now), up_next(titles, now)


def recent_titles(
    connection: sqlite3.Connection, profile_id: int, now: datetime
) -> tuple[TitleState, ...]:
    """Where a profile stands in its titles, as far as they may be on Home, newest first.

    What is in progress is never crowded out by what was watched since. What a provider has on hold
    or dropped is as good as hidden, until it is played again.
    """
    waiting = waiting_keys(connection, profile_id)
    rows = connection.execute(
        f"""
        SELECT recent.media_id AS its_media, recent.key, season, number, position_seconds,
            duration_seconds, ratio, watched, recent.touched_at, hidden_at, {_MEDIA_COLUMNS},
            {_PLAYABLE.format(key="recent.key")}, (
            SELECT changed_at FROM title_status WHERE profile_id = :profile
            AND title_status.media_id = recent.media_id AND status IN ('hold', 'dropped')
            ) AS put_off_at, (
            SELECT episode.title FROM episode WHERE episode.media_id = media.id
            AND episode.season = progress.season AND episode.number = progress.number
            ) AS episode_title
        FROM (
            SELECT * FROM (SELECT * FROM recent_title WHERE profile_id = :profile AND begun = 1
                           ORDER BY touched_at DESC LIMIT :most_cards)
            UNION ALL
            SELECT * FROM (SELECT * FROM recent_title WHERE profile_id = :profile AND begun = 0
                           ORDER BY touched_at DESC LIMIT :most_titles)
        ) AS recent
        JOIN progress ON progress.profile_id = :profile AND progress.key = recent.key
        JOIN media ON media.id = recent.media_id
        LEFT JOIN hidden ON hidden.profile_id = :profile AND hidden.media_id = recent.media_id
        ORDER BY recent.touched_at DESC
        """,
        {"profile": profile_id, "most_cards": MOST_ON_SHELF, "most_titles": MOST_TITLES},
    ).fetchall()
    titles = []
    for row in rows:
        newest = _progress_card(row, waiting)
        following: tuple[EpisodeState, ...] = ()
        if not is_resumable(newest) and newest.kind is not Kind.MOVIE:
            following = _following(connection, profile_id, newest, waiting, now)
        away_at = max(row["hidden_at"] or "", row["put_off_at"] or "")
        titles.append(TitleState(newest, following, maybe_from_iso(away_at)))
    return tuple(titles)


def title_page(connection: sqlite3.Connection, profile_id: int, media_id: str) -> TitlePage | None:
    """Everything about a title; None if it is unknown."""
    card = film_card(connection, profile_id, media_id)
    if card is None:
        return None
    episodes = () if card.kind is Kind.MOVIE else title_episodes(connection, profile_id, media_id)
    # Home needs none of these, and it is read before the first picture.
    from dodo_tui.storage.catalogue import about_title
    from dodo_tui.storage.lookups import candidates_for
    from dodo_tui.storage.standing import title_standing

    about = about_title(connection, media_id)
    standing = title_standing(connection, profile_id, media_id)
    return TitlePage(
        replace(card, airs_at=about.first_aired_at),
        episodes,
        media_id.startswith("local:"),
        next(iter(candidates_for(connection, media_id)), None),
        rating=standing.rating,
        status=standing.status,
        is_hidden=standing.is_hidden,
        about=about,
    )


def title_episodes(
    connection: sqlite3.Connection, profile_id: int, media_id: str
) -> tuple[EpisodeState, ...]:
    """Every known episode of a series, specials last."""
    return tuple(
        _episodes(
            connection,
            profile_id,
            media_id,
            "1",
            {},
            waiting_keys(connection, profile_id),
        )
    )


def film_card(connection: sqlite3.Connection, profile_id: int, media_id: str) -> Card | None:
    """The card of a film, or of a series as a whole; None if the title is unknown."""
    row = connection.execute(
        f"""
        SELECT media.id AS key, NULL AS season, NULL AS number, NULL AS episode_title,
            coalesce(position_seconds, 0) AS position_seconds, duration_seconds, ratio,
            coalesce(watched, 0) AS watched, touched_at,
            {_MEDIA_COLUMNS}, {_PLAYABLE.format(key="media.id")}
        FROM media LEFT JOIN progress ON profile_id = ? AND key = media.id WHERE media.id = ?
        """,
        (profile_id, media_id),
    ).fetchone()
    if row is None:
        return None
    return _progress_card(row, waiting_keys(connection, profile_id))


def library_cards(
    connection: sqlite3.Connection, profile_id: int, now: datetime, limit: int | None = None
) -> tuple[Card, ...]:
    """One card for each title on this device, the one added last first, with where one stands.

    The joins are crossed so that SQLite begins with the few titles, not with the whole history.
    """
    rows = connection.execute(
        """
        WITH here AS (
            SELECT media.id, kind, title, year, max(file.added_at) AS added_at
            FROM file_part JOIN file ON file.id = file_id JOIN media ON media.id = media_id
            WHERE missing = 0 GROUP BY media.id ORDER BY added_at DESC, media.id LIMIT :limit
        ), stood AS (
            SELECT media_id, sum(watched AND season > 0) AS seen, max(touched_at) AS touched_at,
                max(position_seconds > 0 OR coalesce(ratio, 0) > 0) AS begun
            FROM here CROSS JOIN progress ON profile_id = :profile AND media_id = here.id
            GROUP BY media_id
        ), known AS (
            SELECT media_id, count(*) AS episodes
            FROM here CROSS JOIN episode ON media_id = here.id AND season > 0
            AND (aired_at IS NULL OR aired_at <= :now) GROUP BY media_id
        )
        SELECT here.*, stood.touched_at, coalesce(seen, 0) AS seen, coalesce(begun, 0) AS begun,
            coalesce(episodes, 0) AS episodes, watched, position_seconds, duration_seconds, ratio
        FROM here
        LEFT JOIN stood ON stood.media_id = here.id
        LEFT JOIN known ON known.media_id = here.id
        LEFT JOIN progress ON profile_id = :profile AND key = here.id
        ORDER BY added_at DESC, here.id
        """,
        {
            "profile": profile_id,
            "now": to_iso(now),
            "limit": -1 if limit is None else limit,
        },
    )
    return tuple(_library_card(row) for row in rows)


def _library_card(row: sqlite3.Row) -> Card:
    """The card of a film or a whole series that is here."""
    seen, known = row["seen"], max(row["episodes"], row["seen"])
    ratio = seen / known if known else row["ratio"]
    if row["kind"] != Kind.MOVIE:
        state = series_state(seen, known, begun=bool(row["begun"]))
    elif row["begun"]:
        state = CardState.IN_PROGRESS
    else:
        state = CardState.WATCHED if row["watched"] else CardState.UNWATCHED
    return Card(
        key=row["id"],
        media_id=row["id"],
        kind=Kind(row["kind"]),
        title=row["title"],
        year=row["year"],
        state=state,
        position_seconds=row["position_seconds"] or 0.0,
        duration_seconds=row["duration_seconds"],
        ratio=ratio if state is CardState.IN_PROGRESS else None,
        updated_at=known_time(row["touched_at"] or row["added_at"]),
        playable=True,
        seen_episodes=seen,
        known_episodes=known,
    )


def _progress_card(row: sqlite3.Row, waiting: frozenset[str]) -> Card:
    """The card of a title's newest row."""
    in_progress = row["position_seconds"] > 0 or (row["ratio"] or 0) > 0
    state = CardState.UNWATCHED
    if in_progress:
        state = CardState.IN_PROGRESS
    elif row["watched"]:
        state = CardState.WATCHED
    return Card(
        key=row["key"],
        media_id=row["media_id"],
        kind=Kind(row["kind"]),
        title=row["title"],
        state=state,
        year=row["year"],
        season=row["season"],
        number=row["number"],
        episode_title=row["episode_title"],
        position_seconds=row["position_seconds"],
        duration_seconds=row["duration_seconds"],
        ratio=row["ratio"] if in_progress else None,
        updated_at=known_time(row["touched_at"]),
        playable=bool(row["playable"]),
        waiting=row["key"] in waiting,
        runtime_estimate_seconds=_seconds(row["runtime_minutes"]),
    )


def _following(
    connection: sqlite3.Connection,
    profile_id: int,
    newest: Card,
    waiting: frozenset[str],
    now: datetime,
) -> tuple[EpisodeState, ...]:
    """Known regular episodes that come after the last watched regular one and are not watched.

    No more of them than it takes to find the next one.
    """
    following: list[EpisodeState] = []
    for limit in (1, MOST_FOLLOWING):  # nearly always the first one is the next
        following.clear()
        for state in _episodes(
            connection,
            profile_id,
            newest.media_id,
            _AFTER_LAST_WATCHED,
            {"limit": limit},
            waiting,
        ):
            card = as_next(state.card, newest.updated_at)
            following.append(EpisodeState(card, state.watched, state.aired_at))
            if next_episode(following[-1:], now) is not None:
                return tuple(following)
    return tuple(following)


def _seconds(minutes: int | None) -> float | None:
    return None if minutes is None else minutes * 60.0


def _episodes(
    connection: sqlite3.Connection,
    profile_id: int,
    media_id: str,
    condition: str,
    arguments: dict[str, object],
    waiting: frozenset[str],
) -> Iterator[EpisodeState]:
    """Known episodes, specials last, with where the profile stands in each."""
    rows = connection.execute(
        f"""
        SELECT known.season, known.number, known.key, known.title AS episode_title, aired_at,
            media.kind, media.title, media.year, position_seconds, duration_seconds, ratio,
            coalesce(watched, 0) AS watched, watched_at, touched_at,
            coalesce(known.runtime_minutes, media.runtime_minutes) AS runtime_minutes,
            {_PLAYABLE.format(key="known.key")}
        FROM (SELECT * FROM episode WHERE media_id = :media AND {condition}) AS known
        JOIN media ON media.id = known.media_id
        LEFT JOIN progress ON profile_id = :profile AND progress.key = known.key
        ORDER BY known.season = 0, known.season, known.number
        """,
        {"media": media_id, "profile": profile_id, **arguments},
    )
    for row in rows:
        in_progress = (row["position_seconds"] or 0) > 0 or (row["ratio"] or 0) > 0
        state = CardState.WATCHED if row["watched"] else CardState.UNWATCHED
        aired_at = maybe_from_iso(row["aired_at"])
        card = Card(
            key=row["key"],
            media_id=media_id,
            kind=Kind(row["kind"]),
            title=row["title"],
            state=CardState.IN_PROGRESS if in_progress else state,
            year=row["year"],
            season=row["season"],
            number=row["number"],
            episode_title=row["episode_title"],
            position_seconds=row["position_seconds"] or 0.0,
            duration_seconds=row["duration_seconds"],
            ratio=row["ratio"] if in_progress else None,
            updated_at=known_time(row["touched_at"]),
            playable=bool(row["playable"]),
            waiting=row["key"] in waiting,
            airs_at=aired_at,
            runtime_estimate_seconds=_seconds(row["runtime_minutes"]),
        )
        yield EpisodeState(card, bool(row["watched"]), aired_at, maybe_from_iso(row["watched_at"]))
