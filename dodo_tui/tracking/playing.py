"""What to play: from a path, an address, a key or a card to a request for a player."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.domain.audience import Privacy
from dodo_tui.domain.cards import resume_seconds
from dodo_tui.domain.ids import InvalidKeyError, Key, Kind
from dodo_tui.domain.media import episode_label
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.players.protocol import PlayRequest
from dodo_tui.storage.audience import is_recorded, privacy
from dodo_tui.storage.database import transaction
from dodo_tui.storage.files import file_for_key, find_file
from dodo_tui.storage.media import canonical_key, find_media
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.settings import setting
from dodo_tui.storage.store import Store
from dodo_tui.tracking.files import keep_file, keys_in, stat_of
from dodo_tui.tracking.viewing import Part, Resolve

_LONGEST_REWIND_SECONDS = 300


class NothingToPlayError(Exception):
    """There is no file or address to play; the text is one sentence for the user."""


def is_address(target: str) -> bool:
    """Whether a target is a network address and not a path."""
    scheme, separator, _ = target.partition("://")
    return bool(separator) and scheme.isalnum()


async def request_for(
    store: Store,
    profile_id: int,
    target: str,
    *,
    from_start: bool,
    clock: Clock,
    is_private: bool = False,
) -> PlayRequest:
    """What to hand to a player for a file, an address or a key, and where it begins.

    `is_private`: nothing new is learnt about the target.

    Raises:
        NothingToPlayError: no such file, or nothing on this device holds the key.
    """
    if not is_address(target):
        found = await asyncio.to_thread(_existing_path, target)
        target = await store.run(_path_of_key, target) if found is None else found
    parts = await parts_of(store, target, clock, is_private=is_private)
    return await store.run(_request, profile_id, target, parts, from_start)


def resolver(store: Store, clock: Clock, *, is_private: bool = False) -> Resolve:
    """A function that tells what is in a path, keeping what it learns.

    `is_private`: nothing is kept, whatever private mode and the rules say.
    """

    async def resolve(path: str) -> Sequence[Part]:
        return await parts_of(store, path, clock, is_private=is_private)

    return resolve


async def parts_of(
    store: Store, path: str, clock: Clock, *, is_private: bool = False
) -> tuple[Part, ...]:
    """The films or episodes that a file or address holds; at least one.

    One never seen before is read by its name and remembered, unless its viewings are not recorded.
    """
    known = await store.run(_known_parts, path)
    recorded = not is_private and await store.run(is_recorded, path)
    is_once = not recorded and await store.run(privacy) is Privacy.ONCE
    if known:
        return tuple(replace(part, recorded=recorded, is_private_once=is_once) for part in known)
    parsed = await asyncio.to_thread(parse_name, path)
    if not recorded:
        return tuple(replace(part, is_private_once=is_once) for part in _parts_by_name(parsed))
    size_bytes, modified_ns = (0, 0) if is_address(path) else await asyncio.to_thread(stat_of, path)

    def keep(connection: sqlite3.Connection, now: datetime) -> tuple[Part, ...]:
        with transaction(connection, durable=False):
            keep_file(connection, path, None, size_bytes, modified_ns, parsed, now)
        return _known_parts(connection, path)

    return await store.run(keep, clock.now())


def _parts_by_name(parsed: ParsedName) -> tuple[Part, ...]:
    """What a name says of a file that is not to be remembered."""
    is_anime = parsed.kind is Kind.ANIME
    return tuple(
        Part(
            str(key),
            parsed.title,
            episode_label(key.season_number, key.number, one_season=is_anime),
            recorded=False,
        )
        for key in keys_in(parsed, Key(local_media_id(parsed)))
    )


def _existing_path(target: str) -> str | None:
    """The absolute path of a target that exists; a disk may take its time to answer.

    Raises:
        NothingToPlayError: it is a folder, which is scanned and not played.
    """
    path = os.path.abspath(target)  # noqa: PTH100 - keeps names that are not UTF-8
    if not target or not os.path.lexists(path):
        return None
    if os.path.isdir(path):  # noqa: PTH112
        name = os.fsencode(path).decode("utf-8", "replace")
        raise NothingToPlayError(f"{name} is a folder. Add it with: dodo library add FOLDER")
    return path


def _known_parts(connection: sqlite3.Connection, path: str) -> tuple[Part, ...]:
    file = find_file(connection, path)
    return tuple(part_for(connection, key) for key in file.keys) if file else ()


def part_for(connection: sqlite3.Connection, key: str) -> Part:
    """How a key is named on screen."""
    parsed = Key.parse(key)
    media = find_media(connection, str(parsed.media_id))
    if media is None:
        return Part(key, key, episode_label(parsed.season_number, parsed.number))
    return Part(key, media.title, media.label_of(parsed))


def _path_of_key(connection: sqlite3.Connection, target: str) -> str:
    """The path of a file that holds a key.

    Raises:
        NothingToPlayError: the target is no key, or no file holds it.
    """
    try:
        key = canonical_key(connection, Key.parse(target))
    except InvalidKeyError:
        raise NothingToPlayError(f"There is no file {target[:200]!r}.") from None
    file = file_for_key(connection, str(key))
    if file is None:
        raise NothingToPlayError(f"{_name(connection, key)} is not on this device.")
    if not is_address(file.path) and not Path(file.path).exists():
        raise NothingToPlayError(f"{_name(connection, key)} is not on this device any more.")
    return file.path


def _name(connection: sqlite3.Connection, key: Key) -> str:
    part = part_for(connection, str(key))
    return f"{part.title} {part.label}".strip()


def rewind_seconds(connection: sqlite3.Connection) -> int:
    """How far before the resume point the household wants to go on; 0 unless it was set."""
    text = setting(connection, "resume_rewind_seconds") or ""
    return min(int(text), _LONGEST_REWIND_SECONDS) if text.isascii() and text.isdecimal() else 0


def _request(
    connection: sqlite3.Connection,
    profile_id: int,
    path: str,
    parts: Sequence[Part],
    from_start: bool,
) -> PlayRequest:
    """Begin at the resume point of the part that was seen last, if there is one."""
    first = parts[0]
    title = f"{first.title} {first.label}".strip()
    if from_start:
        return PlayRequest((path,), 0.0, title)
    for index, part in reversed(list(enumerate(parts))):
        progress = find_progress(connection, profile_id, part.key)
        if progress is None:
            continue
        duration = progress.duration_seconds
        start = resume_seconds(progress.position_seconds, duration)
        if not start and progress.ratio and duration:
            start = progress.ratio * duration
        if start:
            start = max(start - rewind_seconds(connection), 0.0)
            return PlayRequest((path,), start + index * (duration or 0.0), title)
        if progress.ratio and not duration:
            ratio = (index + progress.ratio) / len(parts)
            return PlayRequest((path,), 0.0, title, start_ratio=ratio)
        if progress.watched and index + 1 < len(parts) and duration:
            return PlayRequest((path,), (index + 1) * duration, title)
    return PlayRequest((path,), 0.0, title)
