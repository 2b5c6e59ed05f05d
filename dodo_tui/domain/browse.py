"""The library as it is browsed: which titles, in which order, and where letters lead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.text import natural
from dodo_tui.values import dataclass

_ARTICLES = ("the ", "a ", "an ")


class LibraryFilter(StrEnum):
    """Which titles are shown."""

    ALL = "all"
    FILMS = "films"
    SHOWS = "shows"
    WATCHLIST = "watchlist"


class LibrarySort(StrEnum):
    """By what titles are in order."""

    NAME = "name"
    ADDED = "added"
    YEAR = "year"
    WATCHED = "watched"

    @property
    def following(self) -> LibrarySort:
        """The next one, round and round."""
        every = list(LibrarySort)
        return every[(every.index(self) + 1) % len(every)]


class LibraryTitle(NamedTuple):
    """A title on this device or on the watchlist, and where a profile stands in it."""

    media_id: str
    kind: Kind
    title: str
    year: int | None
    added_at: str
    """When it came to this device or on the list, as ISO 8601; empty where it is unknown."""
    touched_at: str
    """When it was last watched; empty: never."""
    playable: bool
    planned: bool
    watched: bool
    """A film that was watched."""
    ratio: float | None
    """How far a film that was begun is."""
    seen_episodes: int
    known_episodes: int
    """Aired ones, without specials; 0 for a film, and for a show nothing is known of."""

    @property
    def is_film(self) -> bool:
        """Whether it is a film."""
        return self.kind is Kind.MOVIE


@dataclass(frozen=True, slots=True)
class LibraryPlace:
    """Where somebody was in the library."""

    filter: LibraryFilter = LibraryFilter.ALL
    sort: LibrarySort = LibrarySort.NAME
    media_id: str = ""
    """The title under the cursor; empty: the first."""


def sort_name(title: str) -> str:
    """What a title is sorted by: without an article in front, without accents and case."""
    if title.isascii():
        name = title.casefold().strip()
    else:
        letters = unicodedata.normalize("NFKD", title.casefold().strip())
        name = "".join(each for each in letters if not unicodedata.combining(each))
    for article in _ARTICLES:
        if name.startswith(article) and len(name) > len(article):
            return name[len(article) :].lstrip()
    return name


def initial(title: str) -> str:
    """The letter under which a title is found, A–Z; `#` for everything else."""
    return _letter(sort_name(title))


def _letter(name: str) -> str:
    first = name[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def _by_name(title: LibraryTitle) -> tuple[bool, str, int]:
    name = sort_name(title.title)
    return _letter(name) != "#", natural(name), title.year or 0


def arranged(titles: Iterable[LibraryTitle], place: LibraryPlace) -> list[LibraryTitle]:
    """The titles a filter lets through, in order; where they are equal, by name."""
    match place.filter:
        case LibraryFilter.FILMS:
            shown = [title for title in titles if title.is_film]
        case LibraryFilter.SHOWS:
            shown = [title for title in titles if not title.is_film]
        case LibraryFilter.WATCHLIST:
            shown = [title for title in titles if title.planned]
        case _:
            shown = list(titles)
    shown.sort(key=_by_name)
    match place.sort:
        case LibrarySort.ADDED:
            shown.sort(key=lambda each: each.added_at, reverse=True)
        case LibrarySort.YEAR:
            shown.sort(key=lambda each: each.year or 0, reverse=True)
        case LibrarySort.WATCHED:
            shown.sort(key=lambda each: each.touched_at, reverse=True)
    return shown


def landmark(title: LibraryTitle, sort: LibrarySort) -> str:
    """Under what a title is found in an order: its letter, its year's decade; empty: nothing."""
    match sort:
        case LibrarySort.NAME:
            return initial(title.title)
        case LibrarySort.YEAR:
            return f"{title.year // 10 * 10}" if title.year else "?"
        case _:
            return ""
