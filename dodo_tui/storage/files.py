"""The files of the library, and what each is matched to.

Paths are kept as bytes, so that names that are not UTF-8 survive; in Python they are `str` with
surrogate escapes. Functions that write expect a transaction around them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.ids import Key
from dodo_tui.domain.times import to_iso
from dodo_tui.values import dataclass


class Match(StrEnum):
    """How sure we are what a file is. Only `SURE` ones are ever told to a provider."""

    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"


class DecidedBy(StrEnum):
    """Who said what a file is; a user's word is never overruled."""

    NAME = "name"
    PROVIDER = "provider"
    USER = "user"


_UNSURE = "match = 'unsure' AND missing = 0"
_UNKNOWN = (
    "match = 'none' AND decided_by = 'name' AND missing = 0 AND id IN (SELECT file_id "
    "FROM file_part JOIN lookup ON subject = media_id WHERE outcome = 'none')"
)


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A video file and what it holds."""

    id: int
    path: str
    size_bytes: int
    modified_ns: int
    match: Match
    decided_by: DecidedBy
    keys: tuple[str, ...]
    folder: str | None = None
    """The media folder it is in; None: played by name."""


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One film or episode in a file, with its title: a row of `dodo library list`."""

    path: str
    key: str
    title: str
    year: int | None
    season: int | None
    number: int | None
    match: Match


def known_files(connection: sqlite3.Connection, folder: str) -> dict[str, tuple[int, int]]:
    """Path to (size in bytes, modified in ns) of every file of a folder, missing or not."""
    rows = connection.execute(
        "SELECT path, size_bytes, modified_ns FROM file WHERE folder = ?",
        (os.fsencode(folder),),
    )
    return {os.fsdecode(row[0]): (row[1], row[2]) for row in rows}


def save_file(
    connection: sqlite3.Connection,
    path: str,
    folder: str | None,
    size_bytes: int,
    modified_ns: int,
    match: Match,
    decided_by: DecidedBy,
    keys: Sequence[Key],
    now: datetime,
) -> int:
    """Keep a file and what it holds, unless a user has decided that already; answers its id."""
    row = connection.execute(
        "INSERT INTO file (path, folder, size_bytes, modified_ns, match, decided_by, added_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET "
        "folder = coalesce(excluded.folder, folder), "
        "size_bytes = excluded.size_bytes, modified_ns = excluded.modified_ns, missing = 0 "
        "RETURNING id, decided_by",
        (
            os.fsencode(path),
            None if folder is None else os.fsencode(folder),
            size_bytes,
            modified_ns,
            match,
            decided_by,
            to_iso(now),
        ),
    ).fetchone()
    file_id = int(row[0])
    has_parts = connection.execute(
        "SELECT 1 FROM file_part WHERE file_id = ?", (file_id,)
    ).fetchone()
    if not has_parts or row[1] == DecidedBy.NAME:
        decide_file(connection, file_id, match, decided_by, keys)
    return file_id


def decide_file(
    connection: sqlite3.Connection,
    file_id: int,
    match: Match,
    decided_by: DecidedBy,
    keys: Sequence[Key],
) -> None:
    """Say what a file holds, and who says so."""
    connection.execute(
        "UPDATE file SET match = ?, decided_by = ? WHERE id = ?", (match, decided_by, file_id)
    )
    connection.execute("DELETE FROM file_part WHERE file_id = ?", (file_id,))
    connection.executemany(
        "INSERT INTO file_part (file_id, part, key, media_id) VALUES (?, ?, ?, ?)",
        [(file_id, part, str(key), str(key.media_id)) for part, key in enumerate(keys)],
    )


def move_file(connection: sqlite3.Connection, old: str, new: str) -> None:
    """A file was renamed: what is known of it goes with it."""
    connection.execute("DELETE FROM file WHERE path = ?", (os.fsencode(new),))
    connection.execute(
        "UPDATE file SET path = ?, missing = 0 WHERE path = ?", (os.fsencode(new), os.fsencode(old))
    )
    from dodo_tui.storage.decisions import move_decision  # not for counting what is unsure

    move_decision(connection, old, new)


def mark_missing(connection: sqlite3.Connection, folder: str, paths: Iterable[str]) -> None:
    """Which files of a folder are gone for now; what is known of them is kept for their return."""
    connection.execute(
        "UPDATE file SET missing = 0 WHERE folder = ? AND missing = 1", (os.fsencode(folder),)
    )
    connection.executemany(
        "UPDATE file SET missing = 1 WHERE path = ?", [(os.fsencode(path),) for path in paths]
    )


def paths(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The path of every file that is known, in a media folder or played by name."""
    return tuple(os.fsdecode(row[0]) for row in connection.execute("SELECT path FROM file"))


def find_file(connection: sqlite3.Connection, path: str) -> LibraryFile | None:
    """The file at a path, if it is known."""
    rows = _files(connection, "file.path = ?", (os.fsencode(path),))
    return rows[0] if rows else None


def file_for_key(connection: sqlite3.Connection, key: str) -> LibraryFile | None:
    """A file on this device that holds a film or episode, the surest match first."""
    rows = _files(
        connection,
        "missing = 0 AND file.id IN (SELECT file_id FROM file_part WHERE key = ?)",
        (key,),
    )
    return min(rows, key=lambda file: (len(file.keys), file.match != Match.SURE), default=None)


def file_by_id(connection: sqlite3.Connection, file_id: int) -> LibraryFile | None:
    """A file by its row."""
    rows = _files(connection, "file.id = ?", (file_id,))
    return rows[0] if rows else None


def files_of_title(connection: sqlite3.Connection, media_id: str) -> tuple[LibraryFile, ...]:
    """Every file that holds something of a title, missing ones included."""
    return _files(
        connection,
        "file.id IN (SELECT file_id FROM file_part WHERE media_id = ?) ORDER BY file.path",
        (media_id,),
    )


def files_below(connection: sqlite3.Connection, folder: str) -> tuple[LibraryFile, ...]:
    """Every file in a folder and the folders in it, missing ones included."""
    inside = os.fsencode(folder.rstrip("/") + "/")
    return _files(
        connection,
        "file.path >= ? AND file.path < ? ORDER BY file.path",
        (inside, inside[:-1] + b"0"),  # the character after the slash
    )


def files_to_ask(
    connection: sqlite3.Connection, now: datetime, limit: int, path: str | None = None
) -> tuple[LibraryFile, ...]:
    """One file of each title that is known by name alone and may be asked about now.

    With a `path` only the titles in that file.
    """
    return _files(
        connection,
        "file.id IN (SELECT min(file_id) FROM file_part JOIN file AS its ON its.id = file_id "
        "WHERE missing = 0 AND decided_by = 'name' AND media_id LIKE 'local:%' "
        "AND NOT EXISTS (SELECT 1 FROM lookup WHERE subject = media_id AND expires_at > :now "
        "AND asked_at <= :now) AND (:path IS NULL OR media_id IN (SELECT media_id FROM file_part "
        "JOIN file AS played ON played.id = file_id WHERE played.path = :path)) "
        "GROUP BY media_id) ORDER BY file.id LIMIT :limit",
        {
            "now": to_iso(now),
            "limit": limit,
            "path": None if path is None else os.fsencode(path),
        },
    )


def settle_title(connection: sqlite3.Connection, media_id: str, decided_by: DecidedBy) -> None:
    """Every file of a title that has been identified is sure now."""
    connection.execute(
        "UPDATE file SET match = 'sure', decided_by = ? WHERE decided_by <> 'user' "
        "AND id IN (SELECT file_id FROM file_part WHERE media_id = ?)",
        (decided_by, media_id),
    )


def unsure_files(connection: sqlite3.Connection) -> tuple[LibraryFile, ...]:
    """Files that wait for the user to say what they are."""
    return _files(connection, f"{_UNSURE} ORDER BY file.path", ())


def unknown_files(connection: sqlite3.Connection) -> tuple[LibraryFile, ...]:
    """Files that a provider was asked about and did not know."""
    return _files(connection, f"{_UNKNOWN} ORDER BY file.path", ())


def has_file_to_review(connection: sqlite3.Connection, media_id: str) -> bool:
    """Whether a file of a title is one of those."""
    row = connection.execute(
        f"SELECT 1 FROM file WHERE (({_UNSURE}) OR ({_UNKNOWN})) "
        "AND id IN (SELECT file_id FROM file_part WHERE media_id = ?)",
        (media_id,),
    )
    return row.fetchone() is not None


def other_holders(connection: sqlite3.Connection, key: str, file_ids: Collection[int]) -> bool:
    """Whether a file that is none of these holds a film or episode, too."""
    rows = connection.execute("SELECT file_id FROM file_part WHERE key = ?", (key,))
    return any(row[0] not in file_ids for row in rows)


def library_entries(connection: sqlite3.Connection) -> tuple[LibraryEntry, ...]:
    """Every film and episode on this device, by title."""
    rows = connection.execute(
        "SELECT file.path, file_part.key, media.title, media.year, media.kind, file.match "
        "FROM file JOIN file_part ON file_id = file.id JOIN media ON media.id = media_id "
        "WHERE missing = 0 ORDER BY media.title COLLATE NOCASE, media.year, file.path, part"
    )
    entries = []
    for row in rows:
        key = Key.parse(row["key"])
        entries.append(
            LibraryEntry(
                path=os.fsdecode(row["path"]),
                key=row["key"],
                title=row["title"],
                year=row["year"],
                season=key.season_number,
                number=key.number,
                match=Match(row["match"]),
            )
        )
    return tuple(entries)


def _files(
    connection: sqlite3.Connection,
    condition: str,
    arguments: tuple[object, ...] | dict[str, object],
) -> tuple[LibraryFile, ...]:
    rows = connection.execute(f"SELECT file.* FROM file WHERE {condition}", arguments)
    found = []
    for row in rows.fetchall():
        keys = connection.execute(
            "SELECT key FROM file_part WHERE file_id = ? ORDER BY part", (row["id"],)
        )
        found.append(
            LibraryFile(
                id=row["id"],
                path=os.fsdecode(row["path"]),
                size_bytes=row["size_bytes"],
                modified_ns=row["modified_ns"],
                match=Match(row["match"]),
                decided_by=DecidedBy(row["decided_by"]),
                keys=tuple(key for (key,) in keys),
                folder=os.fsdecode(row["folder"]) if row["folder"] is not None else None,
            )
        )
    return tuple(found)
