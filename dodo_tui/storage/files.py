"""Media folders and files, and what each file is matched to.

Paths are kept as bytes, so that names that are not UTF-8 survive; in Python they are `str` with
surrogate escapes. Functions that write expect a transaction around them, except `add_folder`.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.times import to_iso
from dodo_tui.storage.database import transaction


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
    asked: bool
    """Whether a provider was asked what it is."""
    candidate: Candidate | None = None


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


def add_folder(connection: sqlite3.Connection, path: str, now: datetime) -> bool:
    """Remember a media folder; answers whether it is new."""
    with transaction(connection, durable=True):
        changed = connection.execute(
            "INSERT INTO folder (path, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (os.fsencode(path), to_iso(now)),
        )
    return changed.rowcount > 0


def remove_folder(connection: sqlite3.Connection, path: str) -> bool:
    """Forget a media folder and its files, never what was watched; answers whether it was known."""
    with transaction(connection, durable=True):
        changed = connection.execute("DELETE FROM folder WHERE path = ?", (os.fsencode(path),))
    return changed.rowcount > 0


def folders(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The media folders."""
    return tuple(
        os.fsdecode(row[0]) for row in connection.execute("SELECT path FROM folder ORDER BY path")
    )


def note_scanned(connection: sqlite3.Connection, path: str, now: datetime) -> None:
    """Remember when a folder was scanned last."""
    connection.execute(
        "UPDATE folder SET scanned_at = ? WHERE path = ?", (to_iso(now), os.fsencode(path))
    )


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
        "UPDATE file SET match = ?, decided_by = ?, candidate = NULL WHERE id = ?",
        (match, decided_by, file_id),
    )
    connection.execute("DELETE FROM file_part WHERE file_id = ?", (file_id,))
    connection.executemany(
        "INSERT INTO file_part (file_id, part, key, media_id) VALUES (?, ?, ?, ?)",
        [(file_id, part, str(key), str(key.media_id)) for part, key in enumerate(keys)],
    )


def note_asked(
    connection: sqlite3.Connection, file_id: int, candidate: Candidate | None, now: datetime
) -> None:
    """Remember that a provider was asked what a file is, and a candidate that was not sure."""
    text = None
    if candidate is not None:
        text = json.dumps(asdict(candidate))
    connection.execute(
        "UPDATE file SET asked_at = ?, candidate = ?, match = iif(? IS NULL, match, 'unsure') "
        "WHERE id = ?",
        (to_iso(now), text, text, file_id),
    )


def move_file(connection: sqlite3.Connection, old: str, new: str) -> None:
    """A file was renamed: what is known of it goes with it."""
    connection.execute("DELETE FROM file WHERE path = ?", (os.fsencode(new),))
    connection.execute(
        "UPDATE file SET path = ?, missing = 0 WHERE path = ?", (os.fsencode(new), os.fsencode(old))
    )


def mark_missing(connection: sqlite3.Connection, folder: str, paths: Iterable[str]) -> None:
    """Which files of a folder are gone for now; what is known of them is kept for their return."""
    connection.execute(
        "UPDATE file SET missing = 0 WHERE folder = ? AND missing = 1", (os.fsencode(folder),)
    )
    connection.executemany(
        "UPDATE file SET missing = 1 WHERE path = ?", [(os.fsencode(path),) for path in paths]
    )


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


def unasked_files(connection: sqlite3.Connection, limit: int) -> tuple[LibraryFile, ...]:
    """One file of each title that is known by name alone and that no provider was asked about."""
    return _files(
        connection,
        "file.id IN (SELECT min(file_id) FROM file_part JOIN file AS its ON its.id = file_id "
        "WHERE missing = 0 AND decided_by = 'name' AND media_id LIKE 'local:%' "
        "GROUP BY media_id HAVING max(asked_at) IS NULL) ORDER BY file.id LIMIT ?",
        (limit,),
    )


def settle_title(connection: sqlite3.Connection, media_id: str, decided_by: DecidedBy) -> None:
    """Every file of a title that has been identified is sure now."""
    connection.execute(
        "UPDATE file SET match = 'sure', decided_by = ?, candidate = NULL WHERE decided_by <> "
        "'user' AND id IN (SELECT file_id FROM file_part WHERE media_id = ?)",
        (decided_by, media_id),
    )


def unsure_files(connection: sqlite3.Connection) -> tuple[LibraryFile, ...]:
    """Files that wait for the user to say what they are."""
    return _files(connection, "match = 'unsure' AND missing = 0 ORDER BY file.path", ())


def find_candidate(connection: sqlite3.Connection, media_id: str) -> Candidate | None:
    """What a title that is not sure may be."""
    row = connection.execute(
        "SELECT candidate FROM file JOIN file_part ON file_id = file.id "
        "WHERE media_id = ? AND candidate IS NOT NULL LIMIT 1",
        (media_id,),
    ).fetchone()
    return None if row is None else _candidate(row[0])


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
    connection: sqlite3.Connection, condition: str, arguments: Sequence[object]
) -> tuple[LibraryFile, ...]:
    rows = connection.execute(f"SELECT file.* FROM file WHERE {condition}", tuple(arguments))
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
                asked=row["asked_at"] is not None,
                candidate=_candidate(row["candidate"]),
            )
        )
    return tuple(found)


def _candidate(text: str | None) -> Candidate | None:
    if text is None:
        return None
    table = json.loads(text)
    return Candidate(table["media_id"], Kind(table["kind"]), table["title"], table["year"])
