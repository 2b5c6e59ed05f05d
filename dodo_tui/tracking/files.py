"""Keeping what a file's name says: its title, its episodes and the file itself."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

from dodo_tui.domain.ids import Key, Scheme
from dodo_tui.domain.media import Episode, Media
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName
from dodo_tui.storage.files import DecidedBy, Match, save_file
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
    """Keep a file under what its name says, unless it was decided before; answers its keys.

    An id written into the name, or a title that was identified before, makes the match sure.
    Everything else is a local title until a provider or the user says what it is. Expects a
    transaction around it.
    """
    local_id = local_media_id(parsed)
    known = find_media(connection, str(local_id))
    if known is None or parsed.ids.merged(known.ids) != known.ids:
        title, year = (known.title, known.year) if known else (parsed.title, parsed.year)
        media = Media(local_id, parsed.kind, title, year, parsed.ids)
        media_id = save_media(connection, media, now)
    else:
        media_id = known.id
    keys = keys_in(parsed, Key(media_id))
    if parsed.numbers:
        titles = (parsed.episode_title,) if len(keys) == 1 else (None,) * len(keys)
        save_episodes(
            connection, [Episode(key, title) for key, title in zip(keys, titles, strict=True)]
        )
    is_sure = media_id.scheme is not Scheme.LOCAL and parsed.certain
    match = Match.SURE if is_sure else Match.NONE
    save_file(connection, path, folder, size_bytes, modified_ns, match, DecidedBy.NAME, keys, now)
    return keys


def keys_in(parsed: ParsedName, title: Key) -> tuple[Key, ...]:
    """The keys of a file's content under a title's id: a film, or one or more episodes."""
    if not parsed.numbers:
        return (title,)
    season = 1 if parsed.season is None else parsed.season
    return tuple(Key.episode(title.media_id, season, number) for number in parsed.numbers)


def stat_of(path: str) -> tuple[int, int]:
    """Size in bytes and modification time in ns; zeros for an address or what cannot be read."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a path may hold bytes that are not UTF-8
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
