"""What waits for the user to say what it is."""

from __future__ import annotations

import os
import sqlite3

from dodo_tui.domain.ids import Key
from dodo_tui.domain.review import Place, Reason, ReviewEntry
from dodo_tui.domain.text import clean_text
from dodo_tui.storage import files
from dodo_tui.storage.lookups import candidates_for
from dodo_tui.storage.media import find_media

MOST_ENTRIES = 1000
"""Nobody settles more in one sitting."""


def review_entries(connection: sqlite3.Connection) -> tuple[ReviewEntry, ...]:
    """Titles that may be one thing or another, then those that nobody knew; one entry each."""
    found: dict[str, ReviewEntry] = {}
    for reason, waiting in (
        (Reason.UNSURE, files.unsure_files(connection)),
        (Reason.UNKNOWN, files.unknown_files(connection)),
    ):
        for file in waiting:
            media_id = str(Key.parse(file.keys[0]).media_id)
            if media_id not in found and len(found) < MOST_ENTRIES:
                entry = _entry(connection, file, reason)
                if entry is not None:
                    found[media_id] = entry
    return tuple(found.values())


def entry_of_file(connection: sqlite3.Connection, file_id: int) -> ReviewEntry | None:
    """How a file stands; None: it is not known any more."""
    file = files.file_by_id(connection, file_id)
    return None if file is None else _entry(connection, file, Reason.UNSURE)


def entry_of_key(connection: sqlite3.Connection, key: str) -> ReviewEntry | None:
    """How the file of a film, an episode or a title stands; None: nothing of it is here."""
    file = files.file_for_key(connection, key)
    if file is None:
        held = files.files_of_title(connection, str(Key.parse(key).media_id))
        file = held[0] if held else None
    return None if file is None else _entry(connection, file, Reason.UNSURE)


def _entry(
    connection: sqlite3.Connection, file: files.LibraryFile, reason: Reason
) -> ReviewEntry | None:
    keys = [Key.parse(key) for key in file.keys]
    media = find_media(connection, str(keys[0].media_id)) if keys else None
    if media is None:
        return None
    folder, name = os.path.split(file.path)
    return ReviewEntry(
        file_id=file.id,
        file_name=_shown(name),
        folder=_shown(folder),
        media_id=str(media.id),
        kind=media.kind,
        title=media.title,
        year=media.year,
        places=tuple(
            Place(key.season_number, key.number)
            for key in keys
            if key.season_number is not None and key.number is not None
        ),
        sure=file.match is files.Match.SURE,
        by_user=file.decided_by is files.DecidedBy.USER,
        file_count=len(files.files_of_title(connection, str(media.id))),
        reason=reason,
        candidates=candidates_for(connection, str(media.id)),
    )


def _shown(name: str) -> str:
    """A path as text that is safe to show: bytes that are no text become a mark."""
    return clean_text(os.fsencode(name).decode("utf-8", "replace"), 500)
