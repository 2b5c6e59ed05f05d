"""What waits for the user to say what it is."""

from __future__ import annotations

import os
import sqlite3

from dodo_tui.domain.ids import Key, Scheme
from dodo_tui.domain.review import Place, Reason, ReviewEntry, Subject
from dodo_tui.domain.text import clean_text
from dodo_tui.storage import files
from dodo_tui.storage.lookups import candidates_for, is_title_to_review, titles_to_review
from dodo_tui.storage.media import find_media

MOST_ENTRIES = 1000
"""Nobody settles more in one sitting."""


def review_entries(connection: sqlite3.Connection) -> tuple[ReviewEntry, ...]:
    """Titles that may be one thing or another, then those that nobody knew; one entry each.

    Of each kind those of files first, then those that an import told by name alone.
    """
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
        is_unsure = reason is Reason.UNSURE
        for media_id in titles_to_review(connection, is_unsure=is_unsure, limit=MOST_ENTRIES):
            entry = _entry_of_title(connection, media_id, reason)
            if entry is not None and len(found) < MOST_ENTRIES:
                found[media_id] = entry
    return tuple(found.values())


def waits_in_review(connection: sqlite3.Connection, media_id: str) -> bool:
    """Whether one of the entries is about a title."""
    return files.has_file_to_review(connection, media_id) or is_title_to_review(
        connection, media_id
    )


def entry_of(connection: sqlite3.Connection, subject: Subject) -> ReviewEntry | None:
    """How a file or a title stands; None: it is not known any more."""
    if isinstance(subject, str):
        return _entry_of_title(connection, subject, Reason.UNSURE)
    file = files.file_by_id(connection, subject)
    return None if file is None else _entry(connection, file, Reason.UNSURE)


def entry_of_key(connection: sqlite3.Connection, key: str) -> ReviewEntry | None:
    """How the file of a film, an episode or a title stands, or the title that was imported.

    None: nothing of it is here.
    """
    media_id = str(Key.parse(key).media_id)
    file = files.file_for_key(connection, key)
    if file is None:
        held = files.files_of_title(connection, media_id)
        file = held[0] if held else None
    if file is None:
        return _entry_of_title(connection, media_id, Reason.UNSURE)
    return _entry(connection, file, Reason.UNSURE)


def _entry_of_title(
    connection: sqlite3.Connection, media_id: str, reason: Reason
) -> ReviewEntry | None:
    """A title that is known by name alone and has no file."""
    media = find_media(connection, media_id)
    if media is None or media.id.scheme is not Scheme.LOCAL or str(media.id) != media_id:
        return None
    if files.files_of_title(connection, media_id):
        return None
    return ReviewEntry(
        subject=media_id,
        file_name=f"{media.title} ({media.year})" if media.year else media.title,
        folder="",
        media_id=media_id,
        kind=media.kind,
        title=media.title,
        year=media.year,
        file_count=0,
        reason=reason,
        candidates=candidates_for(connection, media_id),
    )


def _entry(
    connection: sqlite3.Connection, file: files.LibraryFile, reason: Reason
) -> ReviewEntry | None:
    keys = [Key.parse(key) for key in file.keys]
    media = find_media(connection, str(keys[0].media_id)) if keys else None
    if media is None:
        return None
    folder, name = os.path.split(file.path)
    return ReviewEntry(
        subject=file.id,
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
