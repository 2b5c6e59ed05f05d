"""Merging an export into what is here.

A play known by its id is left alone, a resume point yields to a newer one, and nothing imported is
ever told to a provider.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from dodo_tui.domain.ids import Ids, InvalidKeyError, Key, MediaId
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import maybe_from_iso
from dodo_tui.storage import portable
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes, save_media
from dodo_tui.storage.profiles import ensure_profile
from dodo_tui.tracking.imports.source import ImportFailedError
from dodo_tui.tracking.marks import ensure_known
from dodo_tui.tracking.portable.document import (
    Document,
    ExportedMedia,
    ExportedPlay,
    ExportedProgress,
)


def import_everything(
    connection: sqlite3.Connection, document: Document, now: datetime
) -> tuple[int, int]:
    """Merge an export, all of it or nothing; answers how many plays and resume points are new.

    Raises:
        ImportFailedError: something in it contradicts itself or what is known here.
    """
    try:
        return _import(connection, document, now)
    except InvalidKeyError as error:
        raise ImportFailedError(f"The file cannot be imported: {clean_text(str(error))}.") from None


def _import(connection: sqlite3.Connection, document: Document, now: datetime) -> tuple[int, int]:
    """The same, with what keys and ids have to say about it."""
    new_plays = new_progress = 0
    with transaction(connection, durable=True):
        profile_ids = {
            name: ensure_profile(connection, name, now).id for name in _profile_names(document)
        }
        for row in document.media:
            _import_media(connection, row, now)
        for play in document.plays:
            key = ensure_known(connection, Key.parse(play.key), now)
            new_plays += portable.import_play(
                connection, profile_ids[play.profile], _play_row(play, key)
            )
        for progress in document.progress or _progress_of(document.plays):
            key = ensure_known(connection, Key.parse(progress.key), now)
            fields = {
                **progress.model_dump(),
                "origin": Origin.IMPORT,
                "ratio": _ratio(progress) if progress.position_seconds else progress.ratio,
                "key": str(key),
                "media_id": str(key.media_id),
                "season": key.season_number,
                "number": key.number,
            }
            new_progress += portable.import_progress(
                connection, profile_ids[progress.profile], fields
            )
        for hidden in document.hidden:
            media_id = ensure_known(connection, Key.parse(hidden.media_id), now).media_id
            portable.import_hidden(
                connection, profile_ids[hidden.profile], media_id, hidden.hidden_at
            )
        for listed in document.lists:
            media_id = ensure_known(connection, Key.parse(listed.media_id), now).media_id
            portable.import_list(
                connection, profile_ids[listed.profile], media_id, listed.model_dump()
            )
    return new_plays, new_progress


def _profile_names(document: Document) -> dict[str, None]:
    """Every profile named anywhere in the file, in order."""
    return dict.fromkeys(
        [
            *(profile.name for profile in document.profiles),
            *(play.profile for play in document.plays),
            *(progress.profile for progress in document.progress),
            *(hidden.profile for hidden in document.hidden),
            *(listed.profile for listed in document.lists),
        ]
    )


def _import_media(connection: sqlite3.Connection, row: ExportedMedia, now: datetime) -> None:
    given_id = MediaId.parse(row.id)
    ids = Ids.from_mapping(row.ids).merged(Ids.of(given_id))
    media = Media(given_id, row.kind, row.title, row.year, ids, row.runtime_minutes, row.poster)
    media_id = save_media(connection, media, now)
    save_episodes(
        connection,
        [
            Episode(
                Key.episode(media_id, episode.season, episode.number),
                episode.title,
                maybe_from_iso(episode.aired_at),
            )
            for episode in row.episodes
        ],
    )


def _play_row(play: ExportedPlay, key: Key) -> dict[str, Any]:
    return {
        **play.model_dump(),
        "origin": Origin.IMPORT,
        "key": str(key),
        "media_id": str(key.media_id),
        "ended_at": play.ended_at or play.watched_at or play.started_at,
        "position_seconds": play.position_seconds or 0.0,
        "furthest_seconds": play.furthest_seconds or play.position_seconds or 0.0,
        "played_seconds": play.played_seconds or 0.0,
        "ratio": _ratio(play),
    }


def _ratio(row: ExportedPlay | ExportedProgress) -> float | None:
    """How far a film is: as the file says, else by its position."""
    if row.ratio is None and row.duration_seconds and row.position_seconds is not None:
        return min(row.position_seconds / row.duration_seconds, 1.0)
    return row.ratio


def _progress_of(plays: list[ExportedPlay]) -> list[ExportedProgress]:
    """Where everybody stands after their plays, for a file that does not say so itself."""
    newest: dict[tuple[str, str], ExportedProgress] = {}
    for play in sorted(plays, key=lambda play: play.started_at):
        watched = play.watched_at is not None
        earlier = newest.get((play.profile, play.key))
        newest[play.profile, play.key] = ExportedProgress(
            profile=play.profile,
            key=play.key,
            position_seconds=0.0 if watched else play.position_seconds or 0.0,
            duration_seconds=play.duration_seconds,
            ratio=None if watched else _ratio(play),
            watched=watched or (earlier is not None and earlier.watched),
            watched_at=play.watched_at or (earlier.watched_at if earlier else None),
            touched_at=play.ended_at or play.watched_at or play.started_at,
            origin=Origin.IMPORT,
        )
    return list(newest.values())
