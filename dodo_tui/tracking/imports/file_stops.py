"""Which film or episode a player stopped in, by the path of the file or a hash of it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from dodo_tui.domain.audience import Rule, is_untracked
from dodo_tui.domain.ids import Key
from dodo_tui.library.names import parse_name
from dodo_tui.library.paths import has_video_extension
from dodo_tui.storage import audience, files
from dodo_tui.tracking.files import keep_file, keys_by_name, stat_of
from dodo_tui.tracking.imports.records import NEVER_TRACKED, FileStop, LeftOut
from dodo_tui.tracking.playing import is_address

_NO_FILE_KNOWN = "no file that dodo knows has this path"
_IS_STREAM = "it is a stream, not a file"
_IS_SEVERAL = "the file holds several episodes"


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """The files that are known here, as a player that hashes paths would name them."""

    paths: dict[str, str]
    """The path of each digest."""
    rules: tuple[Rule, ...]
    """What is never tracked."""

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> KnownFiles:
        """What is known now.

        mpv hashes the whole path, or with `--ignore-path-in-watch-later-config` the name alone.
        """
        found: dict[str, str] = {}
        for path in files.paths(connection):
            found.setdefault(digest_of(os.path.basename(path)), path)  # noqa: PTH119
        for path in files.paths(connection):
            found[digest_of(path)] = path
        return cls(found, audience.rules(connection))


def digest_of(path: str) -> str:
    """The name that mpv gives to what it keeps of a file."""
    return hashlib.md5(os.fsencode(path), usedforsecurity=False).hexdigest().upper()


def key_of_stop(
    connection: sqlite3.Connection, known: KnownFiles, stop: FileStop, now: datetime
) -> Key | LeftOut:
    """The film or episode, which is kept if it is new; or why there is none.

    A file that is here becomes known, so that it is identified and can be reviewed.
    """
    path = known.paths.get(stop.digest) or stop.path
    if path is None:
        return LeftOut(why=_NO_FILE_KNOWN)
    if is_untracked(path, known.rules):
        return LeftOut(why=NEVER_TRACKED)
    if is_address(path):
        return LeftOut(why=_IS_STREAM)
    file = files.find_file(connection, path)
    if file is not None:
        keys = tuple(Key.parse(key) for key in file.keys)
    else:
        parsed = parse_name(path)
        if os.path.isabs(path) and has_video_extension(path) and os.path.isfile(path):  # noqa: PTH113, PTH117
            keys = keep_file(connection, path, None, *stat_of(path), parsed, now)
        else:
            keys = keys_by_name(connection, parsed, now)
    return keys[0] if len(keys) == 1 else LeftOut(why=_IS_SEVERAL)
