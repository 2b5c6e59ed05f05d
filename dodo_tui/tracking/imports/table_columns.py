"""What the columns of a table say, by their names in several spellings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dodo_tui.tracking.imports.source import Part

_LONGEST_HEADER = 20_000
_DELIMITERS = ",;\t"

_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "showtitle", "showname", "seriestitle", "seriesname", "tvshowname", "movietitle",
        "filmtitle", "title", "name", "series", "show", "movie", "film",
    ),
    "year": ("year", "releaseyear", "movieyear", "showyear"),
    "season": ("season", "seasonnumber", "seasonno", "episodeseason"),
    "episode": ("episode", "episodenumber", "episodeno", "number", "ep", "lastepwatched"),
    "watched_at": (
        "watchedat", "watcheddate", "datewatched", "watchedon", "lastwatchedat", "lastwatched",
        "viewedat", "playedat", "watchedatutc", "timestamp",
    ),
    "date": ("date",),
    "watched": ("watched", "iswatched", "seen"),
    "status": ("watchlist", "status", "watchstatus", "liststatus"),
    "rating": ("yourrating", "userrating", "myrating", "rating", "score"),
    "rating_of_ten": ("rating10",),
    "rated_at": ("daterated", "ratedat", "userratedat"),
    "type": ("titletype", "mediatype", "type", "kind"),
    "imdb": ("imdb", "imdbid", "const", "tconst"),
    "tmdb": ("tmdb", "tmdbid", "themoviedbid"),
    "tvdb": ("tvdb", "tvdbid", "thetvdbid"),
    "simkl": ("simkl", "simklid"),
    "mal": ("mal", "malid"),
    "kitsu": ("kitsu", "kitsuid"),
    "anidb": ("anidb", "anidbid"),
    "anilist": ("anilist", "anilistid"),
    "letterboxd": ("letterboxduri",),
}  # fmt: skip

ID_FIELDS = ("imdb", "tmdb", "tvdb", "simkl", "mal", "kitsu", "anidb", "anilist")
"""The fields that name a title by an id."""

_PURPOSES = ("watched_at", "watched", "status", "rating", "rating_of_ten", "letterboxd")
"""Without one of these a table says nothing about its titles."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are."""

    delimiter: str
    fields: tuple[str | None, ...]
    """By position; None is a column that says nothing to dodo."""
    name: str

    def __contains__(self, field: str) -> bool:
        return field in self.fields

    @property
    def is_simkls(self) -> bool:
        """Simkl: the table that it gives and takes has days first."""
        return "simkl" in self and "status" in self

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The cells of a row by field; of several columns of one field the first that is filled."""
        found: dict[str, str] = {}
        for field, cell in zip(self.fields, row, strict=False):
            if field is not None and not found.get(field):
                found[field] = cell
        return found


def columns_of(part: Part) -> Columns | None:
    """The columns; None: it is no table for dodo."""
    line = part.text[:_LONGEST_HEADER].partition("\n")[0]
    if line.lstrip()[:1] in ("{", "[", "<", ""):
        return None
    delimiter = max(_DELIMITERS, key=line.count)
    header = next(rows_of(line, delimiter), None)
    if header is None or len(header) < 2:
        return None
    spelt = [plain(name) for name in header]
    named = {spelling: field for field, each in _SPELLINGS.items() for spelling in each}
    fields = [named.get(name) for name in spelt]
    if "letterboxd" not in fields and "watched_at" not in fields and len(fields) > 2:
        fields = ["watched_at" if field == "date" else field for field in fields]
    is_named = "title" in fields or any(field in fields for field in ID_FIELDS)
    if not is_named or not any(field in fields for field in _PURPOSES):
        return None
    return Columns(delimiter, tuple(fields), part.name)


def rows_of(text: str, delimiter: str) -> Iterator[list[str] | None]:
    """The rows; None for one that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None


def plain(name: str) -> str:
    """The name of a column without case, blanks and punctuation."""
    return "".join(c for c in name.casefold() if c.isalnum())
