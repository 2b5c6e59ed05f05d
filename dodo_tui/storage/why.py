"""Gathering why something stands as it does; reading only."""

from __future__ import annotations

import os
import sqlite3

from dodo_tui.domain.ids import InvalidKeyError, Key
from dodo_tui.domain.lists import ONE_ENTRY_PROVIDERS
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueState
from dodo_tui.domain.review import Scope
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import from_iso, maybe_from_iso
from dodo_tui.domain.why import (
    MOST_PLAYS,
    Why,
    WhyAnswer,
    WhyFile,
    WhyLookup,
    WhyPlay,
    WhyRemote,
    WhyRow,
)
from dodo_tui.storage.files import find_file
from dodo_tui.storage.lookups import candidates_for, find_lookup
from dodo_tui.storage.media import canonical_key, find_media
from dodo_tui.storage.review import waits_in_review

_MOST_FILES = 20


def key_of(connection: sqlite3.Connection, target: str) -> str | None:
    """The key that a path or another of a title's ids stands for; None: nothing is known of it."""
    file = find_file(connection, os.path.abspath(target))  # noqa: PTH100 - keeps odd bytes
    if file is not None and file.keys:
        return file.keys[0]
    try:
        key = canonical_key(connection, Key.parse(target))
    except InvalidKeyError:
        return None
    return None if find_media(connection, str(key.media_id)) is None else str(key)


def why(connection: sqlite3.Connection, profile_id: int, key: str) -> Why | None:
    """Everything that is known of a film or an episode, or of a title as a whole."""
    parsed = canonical_key(connection, Key.parse(key))
    media = find_media(connection, str(parsed.media_id))
    if media is None:
        return None
    media_id = str(media.id)
    column, value = ("key", str(parsed)) if parsed.is_episode else ("media_id", media_id)
    lookup = find_lookup(connection, media_id)
    watched = connection.execute(
        f"SELECT max(watched) FROM progress WHERE profile_id = ? AND {column} = ?",
        (profile_id, value),
    ).fetchone()
    return Why(
        key=str(parsed),
        media_id=media_id,
        kind=media.kind,
        title=media.title,
        year=media.year,
        season=parsed.season_number,
        number=parsed.number,
        is_local=media_id.startswith("local:"),
        watched=bool(watched[0]),
        waits_in_review=waits_in_review(connection, media_id),
        files=_files(connection, column, value),
        lookup=None
        if lookup is None
        else WhyLookup(lookup.provider, lookup.outcome, lookup.asked_at, lookup.trouble),
        candidates=candidates_for(connection, media_id),
        plays=_plays(connection, profile_id, column, value),
        remotes=_remotes(connection, profile_id, media_id, column, value),
        rows=_rows(connection, profile_id, parsed),
    )


def _files(connection: sqlite3.Connection, column: str, value: str) -> tuple[WhyFile, ...]:
    rows = connection.execute(
        "SELECT id, path, match, decided_by, missing FROM file WHERE id IN "
        f"(SELECT file_id FROM file_part WHERE {column} = ?) ORDER BY missing, path LIMIT ?",
        (value, _MOST_FILES),
    ).fetchall()
    return tuple(_file(connection, row) for row in rows)


def _file(connection: sqlite3.Connection, row: sqlite3.Row) -> WhyFile:
    path = os.fsdecode(row["path"])
    decision = None
    if row["decided_by"] == "user":
        decision = connection.execute(
            "SELECT scope, decided_at FROM decision WHERE (scope = 'file' AND target = :path) "
            "OR (scope = 'folder' AND substr(:path, 1, length(target) + 1) = "
            "CAST(target || '/' AS BLOB)) OR (scope = 'series' AND EXISTS (SELECT 1 FROM file_part "
            "WHERE file_id = :id AND (file_part.media_id = decision.media_id "
            "OR CAST(file_part.media_id AS BLOB) = target))) "
            "ORDER BY scope = 'series', scope = 'folder', length(target) DESC LIMIT 1",
            {"path": row["path"], "id": row["id"]},
        ).fetchone()
    return WhyFile(
        file_id=row["id"],
        path=clean_text(os.fsencode(path).decode("utf-8", "replace"), 1000),
        match=row["match"],
        decided_by=row["decided_by"],
        missing=bool(row["missing"]),
        decided_at=None if decision is None else from_iso(decision["decided_at"]),
        scope=None if decision is None else Scope(decision["scope"]),
    )


def _plays(
    connection: sqlite3.Connection, profile_id: int, column: str, value: str
) -> tuple[WhyPlay, ...]:
    rows = connection.execute(
        f"SELECT * FROM play WHERE profile_id = ? AND {column} = ? "
        "ORDER BY started_at DESC, id LIMIT ?",
        (profile_id, value, MOST_PLAYS),
    ).fetchall()
    return tuple(_play(connection, row) for row in rows)


def _play(connection: sqlite3.Connection, row: sqlite3.Row) -> WhyPlay:
    duration = row["duration_seconds"]
    answers = connection.execute(
        "SELECT provider, user_name, connected, delivery.* FROM delivery "
        "JOIN account ON account.id = account_id "
        "WHERE play_id = ? ORDER BY provider, connected, account_id",
        (row["id"],),
    )
    teller = connection.execute(
        "SELECT user_name, connected FROM account JOIN remote ON account_id = account.id "
        "AND remote.key = :key WHERE profile_id = :profile_id AND play_id = :id "
        "ORDER BY connected DESC LIMIT 1",
        dict(row),
    ).fetchone()
    is_told_formerly = row["source"] == row["origin"] and teller and not teller["connected"]
    return WhyPlay(
        play_id=row["id"],
        key=row["key"],
        source=row["source"],
        started_at=from_iso(row["started_at"]),
        ended_at=maybe_from_iso(row["ended_at"]),
        watched_at=maybe_from_iso(row["watched_at"]),
        furthest_ratio=min(row["furthest_seconds"] / duration, 1.0) if duration else row["ratio"],
        played_seconds=row["played_seconds"],
        answers=tuple(
            WhyAnswer(
                provider=answer["provider"],
                state=DeliveryState(answer["state"]),
                verb=answer["verb"],
                percent=answer["percent"],
                answer=answer["answer"],
                at=from_iso(answer["at"]),
                user=answer["user_name"],
                is_former=not answer["connected"],
            )
            for answer in answers
        ),
        former_user=teller["user_name"] if is_told_formerly else None,
    )


def _remotes(
    connection: sqlite3.Connection, profile_id: int, media_id: str, column: str, value: str
) -> tuple[WhyRemote, ...]:
    """What each provider holds; of a series as a whole how much, and no place in an episode.

    What the user has kept here is not there any more; where an entry is all there is of a title,
    nothing of it is.
    """
    rows = connection.execute(
        "SELECT account.provider, connected, needs_reconnect, scrobbling_enabled, pulled_at, "
        "held.watched, held.watched_at, held.episodes, held.ratio, held.paused_at, "
        "iif(kept, NULL, status) AS status, iif(rating_kept, NULL, rating) AS rating, "
        "coalesce(kept, 0) AS kept FROM account LEFT JOIN "
        "(SELECT account_id, max(watched) AS watched, max(watched_at) AS watched_at, "
        "sum(watched) AS episodes, iif(max(key) = :value, max(ratio), NULL) AS ratio, "
        "iif(max(key) = :value, max(paused_at), NULL) AS paused_at "
        f"FROM remote WHERE {column} = :value GROUP BY account_id) AS held "
        "ON held.account_id = account.id LEFT JOIN list_entry "
        "ON list_entry.profile_id = account.profile_id AND list_entry.media_id = :media "
        "AND list_entry.provider = account.provider "
        "WHERE account.profile_id = :profile ORDER BY connected DESC, account.id",
        {"profile": profile_id, "media": media_id, "value": value},
    )
    return tuple(
        WhyRemote(
            provider=row["provider"],
            connected=bool(row["connected"]),
            needs_reconnect=bool(row["needs_reconnect"]),
            scrobbling_enabled=bool(row["scrobbling_enabled"]),
            pulled_at=maybe_from_iso(row["pulled_at"]),
            watched=bool(row["watched"]) and not _is_gone(row),
            watched_at=maybe_from_iso(row["watched_at"]),
            watched_episodes=row["episodes"] or 0,
            percent=None if row["ratio"] is None else 100 * row["ratio"],
            paused_at=maybe_from_iso(row["paused_at"]),
            status=row["status"],
            rating=row["rating"],
        )
        for row in rows
    )


def _is_gone(row: sqlite3.Row) -> bool:
    return bool(row["kept"]) and row["provider"] in ONE_ENTRY_PROVIDERS


def _rows(connection: sqlite3.Connection, profile_id: int, key: Key) -> tuple[WhyRow, ...]:
    name = str(key)
    rows = connection.execute(
        "SELECT queue.*, provider FROM queue JOIN account ON account.id = account_id "
        "WHERE profile_id = ? AND connected = 1 AND kind NOT IN ('start', 'pause') "
        "AND (key = ? OR (? AND substr(key, 1, ?) = ?)) ORDER BY queue.id",
        (profile_id, name, not key.is_episode, len(name) + 1, f"{name}:"),
    )
    return tuple(
        WhyRow(
            row_id=row["id"],
            provider=row["provider"],
            kind=QueueKind(row["kind"]),
            key=row["key"],
            state=QueueState(row["state"]),
            happened_at=from_iso(row["happened_at"]),
            attempts=row["attempts"],
            next_attempt_at=from_iso(row["not_before"]),
            last_error=row["last_error"],
        )
        for row in rows
    )
