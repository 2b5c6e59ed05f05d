"""Marks by hand: watched, unwatched, hidden. They are history, never scrobbles."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from dodo_tui.domain.ids import Ids, Key, Kind, Scheme
from dodo_tui.domain.lists import ONE_ENTRY_PROVIDERS, ListStatus
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.merge import is_in_progress
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.storage import plays, standing
from dodo_tui.storage.accounts import accounts_of
from dodo_tui.storage.database import transaction
from dodo_tui.storage.hiding import hide_title
from dodo_tui.storage.media import canonical_key, find_media, save_episodes, save_media
from dodo_tui.storage.progress import find_progress, save_progress, unmark_watched
from dodo_tui.storage.queue import add_message, add_title_message, drop_unsent
from dodo_tui.tracking.viewing import new_play_id


def ensure_known(connection: sqlite3.Connection, key: Key, now: datetime) -> Key:
    """The key as it is kept here; a title never heard of gets a row named after its id.

    Expects a transaction around it.
    """
    key = canonical_key(connection, key)
    if find_media(connection, str(key.media_id)) is None:
        kind = _likely_kind(key)
        media = Media(key.media_id, kind, str(key.media_id), ids=Ids.of(key.media_id))
        key_id = save_media(connection, media, now)
        key = Key(key_id, key.season, key.number)
    if key.is_episode:
        save_episodes(connection, [Episode(key)])
    return key


def mark_watched(
    connection: sqlite3.Connection, profile_id: int, key: Key, watched_at: datetime, now: datetime
) -> Key:
    """Mark a film or an episode watched, and tell every connected provider when it was."""
    with transaction(connection, durable=True):
        key = ensure_known(connection, key, now)
        play_id = new_play_id()
        plays.insert_manual_play(
            connection, play_id, profile_id, str(key), Origin.MANUAL, watched_at, now
        )
        row = find_progress(connection, profile_id, str(key))
        save_progress(connection, _marked(row, profile_id, str(key), watched_at))
        _tell(connection, profile_id, key, play_id, QueueKind.WATCHED, watched_at, now)
    return key


def _marked(row: Progress | None, profile_id: int, key: str, watched_at: datetime) -> Progress:
    """Where a profile stands once something is marked as watched at a time.

    What was begun after that time is another viewing, and its place is kept.
    """
    if row is not None and is_in_progress(row) and row.touched_at > watched_at:
        return replace(row, watched=True, watched_at=watched_at)
    return Progress(
        profile_id=profile_id,
        key=key,
        position_seconds=0.0,
        duration_seconds=None,
        ratio=None,
        touched_at=watched_at if row is None else max(watched_at, row.touched_at),
        origin=Origin.MANUAL,
        watched_at=watched_at,
        watched=True,
    )


def mark_unwatched(
    connection: sqlite3.Connection, profile_id: int, key: Key, now: datetime
) -> bool:
    """Take the watched mark back here and at every connected provider; False if there was none.

    Facts about it that were not sent yet are dropped: they would say the opposite. A film that is
    rated goes to the Watchlist of a provider that would forget the rating with the viewing.
    """
    with transaction(connection, durable=True):
        key = canonical_key(connection, key)
        if not unmark_watched(connection, profile_id, str(key), now):
            return False
        drop_unsent(connection, profile_id, str(key), now)
        _tell(connection, profile_id, key, None, QueueKind.UNWATCHED, now, now)
        if not key.is_episode and key.media_id.scheme is not Scheme.LOCAL:
            _keep_rating_there(connection, profile_id, str(key.media_id), now)
    return True


def _keep_rating_there(
    connection: sqlite3.Connection, profile_id: int, media_id: str, now: datetime
) -> None:
    """Simkl: taking a film out of the history takes its place on a list and its rating, too.

    It is listed again first: the rating of a film on no list counts as a viewing there.
    """
    for account in accounts_of(connection, profile_id):
        if account.provider not in ONE_ENTRY_PROVIDERS:
            continue
        held = standing.rating_held(connection, profile_id, media_id, account.provider)
        if held is None:
            continue
        rating, rated_at = held
        standing.say_status(connection, profile_id, media_id, ListStatus.PLANNED, now)
        listed = Message(QueueKind.LISTED, None, now, list_status=ListStatus.PLANNED)
        rated = Message(QueueKind.RATED, None, rated_at, rating=rating)
        for message in (listed, rated):
            add_title_message(connection, account.id, media_id, message, now)


def hide(connection: sqlite3.Connection, profile_id: int, key: Key, now: datetime) -> None:
    """Hide a title from Continue Watching and Up next until it is played again.

    It concerns these lists of ours alone: no provider is told (DESIGN section 6).
    """
    with transaction(connection, durable=True):
        key = ensure_known(connection, key, now)
        hide_title(connection, profile_id, str(key.media_id), now)


def _tell(
    connection: sqlite3.Connection,
    profile_id: int,
    key: Key,
    play_id: str | None,
    kind: QueueKind,
    happened_at: datetime,
    now: datetime,
) -> None:
    if key.media_id.scheme is Scheme.LOCAL:
        return
    for account in accounts_of(connection, profile_id):
        message = Message(kind, None, happened_at)
        add_message(connection, account.id, str(key), play_id, message, now)


def _likely_kind(key: Key) -> Kind:
    """What a title that is known by its id alone must be."""
    if key.media_id.scheme in (Scheme.KITSU, Scheme.MAL, Scheme.ANIDB, Scheme.ANILIST):
        return Kind.ANIME
    if key.is_episode or key.media_id.namespace == "tv":
        return Kind.SHOW
    return Kind.MOVIE
