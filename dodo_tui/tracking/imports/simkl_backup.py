"""Simkl's own backup, a zip or JSON, and what `/sync/all-items` answers: the same rows.

They are read by the adapter's own rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.simkl.library_reading import read_title
from dodo_tui.providers.simkl.models import PlaybackRow
from dodo_tui.providers.simkl.reading import resume_point
from dodo_tui.providers.wire import parse
from dodo_tui.tracking.imports.reading import begins_with, every_row, told
from dodo_tui.tracking.imports.records import LeftOut, Record
from dodo_tui.tracking.imports.source import Source

_KEYS = frozenset(
    {"status", "added_to_watchlist_at", "last_watched_at", "user_rating", "paused_at"}
)
_TITLES = ("movie", "show", "anime")


class SimklBackup:
    """Reads what Simkl gives a user of their own data."""

    name: str = "a backup of Simkl"

    def recognises(self, source: Source) -> bool:
        """Whether any of the first rows is one of Simkl's.

        Raises:
            ImportFailedError: it cannot be read.
        """
        return begins_with(source, _is_simkls)

    def records(self, source: Source) -> Iterator[Record]:
        """Every title with what was watched of it, its list and its rating; resume points.

        Raises:
            ImportFailedError: it cannot be read.
        """
        for name, row in every_row(source):
            yield from _records_of(name, row)


def _is_simkls(row: Any) -> bool:
    """Whether a row has what Simkl says of a title, and the title with Simkl's own id."""
    if not isinstance(row, dict) or not row.keys() & _KEYS:
        return False
    titles = (row.get(name) for name in _TITLES)
    ids = (title.get("ids") for title in titles if isinstance(title, dict))
    return any(isinstance(each, dict) and each.keys() & {"simkl", "simkl_id"} for each in ids)


def _records_of(name: str, row: Any) -> Iterator[Record]:
    if not isinstance(row, dict):
        yield LeftOut()
    elif "paused_at" in row and "progress" in row:
        read_row = parse(PlaybackRow, row)
        yield (None if read_row is None else resume_point(read_row)) or LeftOut()
    else:
        yield from told(read_title(_kind(name, row), row))


def _kind(name: str, row: dict[str, Any]) -> Kind:
    """What a row is about. Simkl: an anime comes under the key `show`, in the array `anime`."""
    if "movie" in row:
        return Kind.MOVIE
    if "anime" in row or name == "anime" or row.get("anime_type"):
        return Kind.ANIME
    return Kind.SHOW
