"""Keeping what a file's name says, or what the user said: its title, its episodes, the file."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.ids import InvalidKeyError, Key, Kind, MediaId, Scheme
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.review import Place, Renumbering, Scope
from dodo_tui.domain.text import clean_text
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName
from dodo_tui.library.paths import without_extension
from dodo_tui.storage.decisions import Decision, find_decision
from dodo_tui.storage.files import DecidedBy, Match, save_file
from dodo_tui.storage.lookups import candidates_for
from dodo_tui.storage.media import find_media, save_episodes, save_media


def keep_file(
    connection: sqlite3.Connection,
    path: str,
    folder: str | None,
    size_bytes: int,
    modified_ns: int,
    parsed: ParsedName,
    now: datetime,
) -> tuple[Key, ...]:
    """Keep a file under what the user said of it, else under what its name says; answers its keys.

    An id written into the name, or a title that was identified before, makes the match sure.
    Everything else is a local title until a provider or the user says what it is. Expects a
    transaction around it.
    """
    local_id = local_media_id(parsed)
    known = find_media(connection, str(local_id))
    decision = find_decision(connection, path, str(local_id))
    if decision is not None and decision.covers(str(known.id) if known else None):
        keys = keys_decided(connection, decision, path, parsed, now)
        if keys:
            match = Match.NONE if decision.media_id is None else Match.SURE
            save_file(
                connection, path, folder, size_bytes, modified_ns, match, DecidedBy.USER, keys, now
            )
            return keys
    keys = keys_by_name(connection, parsed, now)
    match = match_by_name(connection, keys[0].media_id, parsed)
    save_file(connection, path, folder, size_bytes, modified_ns, match, DecidedBy.NAME, keys, now)
    return keys


def keys_by_name(
    connection: sqlite3.Connection, parsed: ParsedName, now: datetime
) -> tuple[Key, ...]:
    """The keys of a file by what its name says alone; its title is kept if it is new."""
    local_id = local_media_id(parsed)
    known = find_media(connection, str(local_id))
    if known is None or parsed.ids.merged(known.ids) != known.ids:
        title, year = (known.title, known.year) if known else (parsed.title, parsed.year)
        media = Media(local_id, parsed.kind, title, year, parsed.ids)
        media_id = save_media(connection, media, now)
    else:
        media_id = known.id
    keys = keys_in(parsed, Key(media_id))
    _keep_episodes(connection, parsed, keys)
    return keys


def match_by_name(connection: sqlite3.Connection, media_id: MediaId, parsed: ParsedName) -> Match:
    """How sure it is what a file is, by its name alone."""
    if media_id.scheme is not Scheme.LOCAL:
        return Match.SURE if parsed.certain else Match.NONE
    return Match.UNSURE if candidates_for(connection, str(media_id)) else Match.NONE


def _keep_episodes(connection: sqlite3.Connection, parsed: ParsedName, keys: Sequence[Key]) -> None:
    episodes = [key for key in keys if key.is_episode]
    title = parsed.episode_title if len(episodes) == 1 else None
    save_episodes(connection, [Episode(key, title) for key in episodes])


def keys_in(parsed: ParsedName, title: Key) -> tuple[Key, ...]:
    """The keys of a file's content under a title's id: a film, or one or more episodes."""
    places = named_places(parsed)
    if not places:
        return (title,)
    return tuple(Key.episode(title.media_id, *place) for place in places)


def named_places(parsed: ParsedName) -> tuple[Place, ...]:
    """The episodes that a name says; a season that is not said is the first."""
    season = 1 if parsed.season is None else parsed.season
    return tuple(Place(season, number) for number in parsed.numbers)


def keys_decided(
    connection: sqlite3.Connection,
    decision: Decision,
    path: str,
    parsed: ParsedName,
    now: datetime,
) -> tuple[Key, ...]:
    """The keys of a file by what the user said; none where that says too little about it."""
    if decision.media_id is None:
        return _keys_of_own(connection, decision.scope, path, parsed, now)
    media = find_media(connection, decision.media_id)
    keys = () if media is None else right_keys(media, parsed, decision.renumbering)
    _keep_episodes(connection, parsed, keys)
    return keys


def right_keys(
    media: Media, parsed: ParsedName, renumbering: Renumbering | None
) -> tuple[Key, ...]:
    """What a file holds of a title; none where nobody has said which episode of it."""
    if media.kind is Kind.MOVIE:
        return (Key(media.id),)
    named: Sequence[Place | None] = named_places(parsed) or (None,)
    places = [renumbering.apply(place) if renumbering else place for place in named]
    try:
        return tuple(Key.episode(media.id, *place) for place in places if place is not None)
    except InvalidKeyError:
        return ()


def _keys_of_own(
    connection: sqlite3.Connection, scope: Scope, path: str, parsed: ParsedName, now: datetime
) -> tuple[Key, ...]:
    """The keys of something that is no film and no episode: it plays, and is never sent.

    What is said of a series keeps the id that names give; a single file gets one of its own, so
    that what others of that name turn out to be is nothing to it.
    """
    media_id, kind, title = local_media_id(parsed), parsed.kind, parsed.title
    if scope is not Scope.SERIES:
        name = os.fsencode(path)
        media_id = MediaId(Scheme.LOCAL, hashlib.sha256(b"file\n" + name).hexdigest()[:16])
        shown = without_extension(os.path.basename(path))  # noqa: PTH119
        kind, title = Kind.MOVIE, clean_text(shown) or title
    if find_media(connection, str(media_id)) is None:
        save_media(connection, Media(media_id, kind, title), now)
    if scope is not Scope.SERIES:
        return (Key(media_id),)
    keys = keys_in(parsed, Key(media_id))
    _keep_episodes(connection, parsed, keys)
    return keys


def stat_of(path: str) -> tuple[int, int]:
    """Size in bytes and modification time in ns; zeros for an address or what cannot be read."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a path may hold bytes that are not UTF-8
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
