"""What a provider may be asked about now, within what a day has room for."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from dodo_tui.domain.audience import is_untracked
from dodo_tui.domain.ids import Key
from dodo_tui.domain.media import Media
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.storage import files, lookups
from dodo_tui.storage.audience import rules

MOST_AT_ONCE = 100
MOST_A_DAY = 200
"""A free user of Simkl has 500 requests a day; a large library is identified over several days."""


@dataclass(frozen=True, slots=True)
class NamedTitle:
    """A title that is known by name alone: that of one of its files, or what an import called it.

    Without a file, `parsed` is what its name says.
    """

    media_id: str
    path: str
    file: files.LibraryFile | None = None
    parsed: ParsedName | None = None

    def read(self) -> ParsedName:
        """What the name says; blocks."""
        if self.parsed is not None:
            return self.parsed
        folder = "" if self.file is None or self.file.folder is None else self.file.folder
        return parse_name(self.path, folder)


def anything_to_ask(connection: sqlite3.Connection, now: datetime, path: str | None = None) -> bool:
    """Whether there is something that a provider may be asked about now."""
    if path is None and lookups.unnamed_titles(connection, now, 1):
        return True
    return bool(due_titles(connection, now, path))


def due_titles(
    connection: sqlite3.Connection, now: datetime, path: str | None
) -> tuple[NamedTitle, ...]:
    """What to ask about, within what a day has room for; what has just been played always.

    The name of what is not recorded leaves this machine as little as the viewing.
    """
    most = MOST_AT_ONCE
    if path is None:
        most = min(most, MOST_A_DAY - lookups.asked_since(connection, now - timedelta(days=1)))
    private = rules(connection)
    due = files.files_to_ask(connection, now, max(most, 0), path)
    found = [
        NamedTitle(str(Key.parse(file.keys[0]).media_id), file.path, file)
        for file in due
        if not is_untracked(file.path, private)
    ]
    if path is None and len(due) < most:
        imported = lookups.imported_titles(connection, now, most - len(due))
        found += (_imported(*each) for each in imported)
    return tuple(found)


def _imported(media: Media, season: int | None, number: int | None) -> NamedTitle:
    """A title that an import named, as if there were a file of that name."""
    numbers = () if number is None else (number,)
    parsed = ParsedName(media.kind, media.title, media.year, season, numbers)
    return NamedTitle(str(media.id), made_name(parsed), parsed=parsed)


def made_name(parsed: ParsedName) -> str:
    """The name that a file of a title would have."""
    year = f" ({parsed.year})" if parsed.year else ""
    season = 1 if parsed.season is None else parsed.season
    number = f" S{season:02d}E{parsed.numbers[0]:02d}" if parsed.numbers else ""
    return f"{parsed.title}{year}{number}.mkv"
