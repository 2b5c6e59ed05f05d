"""Trakt's data export: a zip of JSON files, or one of them.

Its rows are those of Trakt's API, so they are read by the adapter's own rules. What a row is, its
keys say: the names of the files have changed over the years.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dodo_tui.providers.trakt.library_reading import (
    read_planned,
    read_play,
    read_rating,
    read_watched,
)
from dodo_tui.providers.trakt.models import PlaybackRow
from dodo_tui.providers.trakt.reading import resume_point
from dodo_tui.providers.wire import parse
from dodo_tui.tracking.imports.reading import begins_with, every_row, told
from dodo_tui.tracking.imports.records import LeftOut, Record
from dodo_tui.tracking.imports.source import Source

_WATCHLIST = "watchlist"
_KEYS = frozenset(
    {"watched_at", "last_watched_at", "rated_at", "listed_at", "paused_at", "collected_at"}
)
_PARTS_OF_TITLES = ("episode", "season")


class TraktExport:
    """Reads what Trakt gives a user of their own data."""

    name: str = "Trakt's data export"

    def recognises(self, source: Source) -> bool:
        """Whether any of the first rows of any file is one of Trakt's.

        Raises:
            ImportFailedError: it cannot be read.
        """
        return begins_with(source, _is_trakts)

    def records(self, source: Source) -> Iterator[Record]:
        """Plays, ratings, the watchlist and resume points; of the rest dodo keeps nothing.

        Raises:
            ImportFailedError: it cannot be read.
        """
        for name, row in every_row(source):
            yield from _records_of(name, row)


def _is_trakts(row: Any) -> bool:
    """Whether a row has a time as Trakt calls it, and a title with Trakt's own id."""
    if not isinstance(row, dict) or not row.keys() & _KEYS:
        return False
    titles = (row.get(name) for name in ("movie", "show"))
    ids = (title.get("ids") for title in titles if isinstance(title, dict))
    return any(isinstance(each, dict) and "trakt" in each for each in ids)


def _records_of(name: str, row: Any) -> Iterator[Record]:
    """What a row tells; nothing where it is about something that dodo does not keep."""
    if not isinstance(row, dict):
        yield LeftOut()
    elif "paused_at" in row and "progress" in row:
        read = parse(PlaybackRow, row)
        yield (None if read is None else resume_point(read)) or LeftOut()
    elif "watched_at" in row:
        yield from told(read_play(row))
    elif "last_watched_at" in row:
        yield from told(read_watched(row))
    elif row.get("type") in _PARTS_OF_TITLES:
        return
    elif "rating" in row:
        yield from told(read_rating(row))
    elif "listed_at" in row and _WATCHLIST in name:
        yield from told(read_planned(row))
