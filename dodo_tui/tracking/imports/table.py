"""Tables (CSV): those of Letterboxd, IMDb and Simkl, and any whose columns say what they are.

A table is recognised by the names of its columns. Letterboxd writes films that were watched just as
those to watch, and so does IMDb: only there the file's name counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.simkl.models import sane_ids
from dodo_tui.providers.wire import Coordinate, Text, Wire, Year, parse
from dodo_tui.tracking.imports.names import titled
from dodo_tui.tracking.imports.records import (
    NO_EPISODE,
    NO_NAME,
    NO_SENSE,
    NOT_SAID_WATCHED,
    DayOnly,
    LeftOut,
    Record,
)
from dodo_tui.tracking.imports.source import Source
from dodo_tui.tracking.imports.table_columns import ID_FIELDS, Columns, columns_of, plain, rows_of
from dodo_tui.tracking.imports.when import When, read_when

_OWN_ID = "it is an episode by an id of its own"
_NO_VIDEO = "it is no film and no series"

_ELSEWHERE = frozenset({"deleted", "orphaned", "likes", "lists"})
"""Letterboxd: folders of its export with what is no viewing, or was taken back."""

_KINDS = {
    "movie": Kind.MOVIE, "movies": Kind.MOVIE, "film": Kind.MOVIE, "tvmovie": Kind.MOVIE,
    "short": Kind.MOVIE, "tvshort": Kind.MOVIE, "video": Kind.MOVIE, "tvspecial": Kind.MOVIE,
    "show": Kind.SHOW, "shows": Kind.SHOW, "tv": Kind.SHOW, "series": Kind.SHOW,
    "tvshow": Kind.SHOW, "tvseries": Kind.SHOW, "tvminiseries": Kind.SHOW, "episode": Kind.SHOW,
    "anime": Kind.ANIME,
}  # fmt: skip
_NO_VIDEOS = ("videogame", "musicvideo", "podcastseries", "podcastepisode")
_STATUSES = {
    "watching": ListStatus.WATCHING, "inprogress": ListStatus.WATCHING,
    "plantowatch": ListStatus.PLANNED, "planned": ListStatus.PLANNED,
    "watchlist": ListStatus.PLANNED, "wanttowatch": ListStatus.PLANNED,
    "towatch": ListStatus.PLANNED, "hold": ListStatus.HOLD, "onhold": ListStatus.HOLD,
    "completed": ListStatus.COMPLETED, "watched": ListStatus.COMPLETED,
    "finished": ListStatus.COMPLETED, "dropped": ListStatus.DROPPED,
    "notinteresting": ListStatus.DROPPED, "abandoned": ListStatus.DROPPED,
}  # fmt: skip
_OF_FILMS = (ListStatus.PLANNED, ListStatus.DROPPED, ListStatus.COMPLETED)
_YES = frozenset({"true", "yes", "y", "1", "x"})
_EPISODE = re.compile(r"(?:s(\d{1,4}) ?)?[ex](?:p)?\.? ?(\d{1,5})|(\d{1,4})x(\d{1,5})", re.I | re.A)
_IMDB = re.compile(r"tt\d{5,12}", re.ASCII)
_WITH_YEAR = re.compile(r"(.*\S) \(((?:18|19|20)\d\d)\)", re.ASCII)


def _cell(value: object) -> str:
    return value.strip()[:500] if isinstance(value, str) else ""


Cell = Annotated[str, BeforeValidator(_cell)]


class _Row(Wire):
    """One row, its cells by what their columns are."""

    title: Text = None
    year: Year = None
    season: Coordinate = None
    episode: Cell = ""
    watched_at: Cell = ""
    date: Cell = ""
    watched: Cell = ""
    status: Cell = ""
    rating: Cell = ""
    rating_of_ten: Cell = ""
    rated_at: Cell = ""
    type: Cell = ""
    imdb: Cell = ""
    tmdb: Cell = ""
    tvdb: Cell = ""
    simkl: Cell = ""
    mal: Cell = ""
    kitsu: Cell = ""
    anidb: Cell = ""
    anilist: Cell = ""


class _Number(Wire):
    """The number of an episode."""

    number: Coordinate = None


class Table:
    """Reads tables of what was watched, rated or planned."""

    name: str = "a table"

    def recognises(self, source: Source) -> bool:
        """Whether the columns name a title, and what about it.

        Raises:
            ImportFailedError: it cannot be read.
        """
        return any(columns_of(part) is not None for part in source.parts(".csv"))

    def records(self, source: Source) -> Iterator[Record]:
        """What every row tells.

        Raises:
            ImportFailedError: it cannot be read.
        """
        for part in source.parts(".csv"):
            columns = columns_of(part)
            if columns is None or ("letterboxd" in columns and part.folder in _ELSEWHERE):
                continue
            rows = rows_of(part.text, columns.delimiter)
            next(rows, None)
            for row in rows:
                if row is None:
                    yield LeftOut()
                elif any(cell.strip() for cell in row):
                    yield _record(columns, row)


def _record(columns: Columns, cells: Sequence[str]) -> Record:
    row = parse(_Row, columns.cells(cells))
    if row is None:
        return LeftOut()
    of_type = plain(row.type)
    if of_type in _NO_VIDEOS:
        return LeftOut(why=_NO_VIDEO)
    if of_type == "tvepisode" and "season" not in columns:
        return LeftOut(why=_OWN_ID)
    place = _place(row)
    is_series = place is not None or row.season is not None or bool(row.episode)
    kind = _KINDS.get(of_type) or (Kind.SHOW if is_series else Kind.MOVIE)
    title, year = row.title or "", row.year
    if year is None and (dated := _WITH_YEAR.fullmatch(title)):
        title, year = dated[1], int(dated[2])
    media = titled(kind, title, year, _ids(row))
    if media is None:
        return LeftOut(why=NO_NAME)
    status = _status(columns, row)
    when = read_when(row.watched_at, day_first=columns.is_simkls)
    is_watched = _is_watched(columns, row, status)
    rating = _rating(columns, row)
    told = RemoteTitle(
        media,
        status=status if kind is not Kind.MOVIE or status in _OF_FILMS else None,
        rating=rating,
        says_rating=rating is not None,
        rated_at=read_when(row.rated_at).at,
        says_watched=False,
    )
    return _with_watches(told, kind, place, when if is_watched else None)


def _with_watches(
    told: RemoteTitle, kind: Kind, place: tuple[int, int] | None, when: When | None
) -> Record:
    """The same with what was watched of it; `when` is None where nothing was."""
    is_told = told.rating is not None or told.status is not None
    if when is None or (kind is not Kind.MOVIE and place is None):
        if is_told:
            return told
        return LeftOut(why=NOT_SAID_WATCHED if when is None else NO_EPISODE)
    episodes = () if place is None else (RemoteEpisode(*place, when.at),)
    if kind is Kind.MOVIE and place is not None:
        return LeftOut(why=NO_SENSE)
    watched = RemoteTitle(
        told.media,
        status=told.status,
        watched=kind is Kind.MOVIE,
        watched_at=when.at if kind is Kind.MOVIE else None,
        episodes=episodes,
        rating=told.rating,
        says_rating=told.says_rating,
        rated_at=told.rated_at,
    )
    return DayOnly(watched) if when.is_day else watched


def _ids(row: _Row) -> Ids:
    """The ids; IMDb's may come as an address."""
    told: dict[str, object] = {name: getattr(row, name) for name in ID_FIELDS}
    imdb = _IMDB.search(row.imdb)
    return sane_ids(told | {"imdb": imdb[0] if imdb else None})


def _place(row: _Row) -> tuple[int, int] | None:
    """Season and number, from two columns or from one as `S01E05`; without a season the first."""
    both = _EPISODE.fullmatch(row.episode)
    if both:
        season, number = both[1] or both[3], both[2] or both[4]
        told = row.season if season is None else int(season)
        return (1 if told is None else told), int(number)
    read = parse(_Number, {"number": row.episode})
    if read is None or read.number is None:
        return None
    return (1 if row.season is None else row.season), read.number


def _status(columns: Columns, row: _Row) -> ListStatus | None:
    if row.status:
        return _STATUSES.get(plain(row.status))
    is_list = "watched_at" not in columns and "watched" not in columns
    return ListStatus.PLANNED if is_list and "watchlist" in columns.name else None


def _is_watched(columns: Columns, row: _Row, status: ListStatus | None) -> bool:
    """Whether a row says that it was watched, be it at an unknown time."""
    if row.watched:
        return plain(row.watched) in _YES
    if status is not None:
        # Simkl: the episode is the one that was watched last, whatever the list.
        return status is ListStatus.COMPLETED or (
            bool(row.episode) and status is not ListStatus.PLANNED
        )
    if "watched_at" in columns:
        return not row.status and ("watched" not in columns or bool(row.watched_at))
    return "letterboxd" in columns and "rating" not in columns and "watched" in columns.name


def _rating(columns: Columns, row: _Row) -> int | None:
    """The rating, 1–10. Letterboxd: half a star to five stars."""
    scale, text = (1, row.rating_of_ten) if row.rating_of_ten else (1, row.rating)
    if "letterboxd" in columns and not row.rating_of_ten:
        scale = 2
    try:
        value = float(text.replace(",", ".")) * scale
    except ValueError:
        return None
    return int(value) if value in range(1, 11) else None
