"""Simkl's catalogue as checked objects; see `models` for how tolerant they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import from_iso
from dodo_tui.providers.catalogue import Airing
from dodo_tui.providers.simkl.library_models import Listed, TvdbPart
from dodo_tui.providers.simkl.models import Title
from dodo_tui.providers.wire import Coordinate, Text, Wire, maybe_mapping, whole_number

MAX_OVERVIEW_CHARACTERS = 2_000
MAX_WORDS = 12
"""So many genres, and so many other names of a title, are kept."""

_MAX_WORD_CHARACTERS = 80
_LONGEST_MINUTES = 6_000
_AIR_YEARS = range(1870, 2200)
_AIRING = {
    "tba": Airing.UPCOMING,
    "airing": Airing.AIRING,
    "ended": Airing.ENDED,
    "released": Airing.ENDED,
}


def _air_time(value: object) -> datetime | None:
    """When something was or will be broadcast; unlike a viewing, that may be long ago."""
    if not isinstance(value, str):
        return None
    try:
        moment = from_iso(value)
    except ValueError:
        return None
    return moment if moment.year in _AIR_YEARS else None


def _long_text(value: object) -> str | None:
    """A description, as one line; an empty one says nothing."""
    return (clean_text(value, MAX_OVERVIEW_CHARACTERS) or None) if isinstance(value, str) else None


def _minutes(value: object) -> int | None:
    """A runtime; none is longer than some days."""
    number = whole_number(value)
    return number if number is not None and 0 < number <= _LONGEST_MINUTES else None


def _airing(value: object) -> Airing | None:
    return _AIRING.get(value) if isinstance(value, str) else None


def words(values: tuple[object, ...]) -> tuple[str, ...]:
    """The texts of a list, each once, safe to show and bounded in number and length."""
    found: dict[str, None] = {}
    for value in values[: MAX_WORDS * 4]:
        text = clean_text(value, _MAX_WORD_CHARACTERS) if isinstance(value, str) else ""
        if text:
            found[text] = None
    return tuple(found)[:MAX_WORDS]


AirTime = Annotated[datetime | None, BeforeValidator(_air_time)]
Minutes = Annotated[int | None, BeforeValidator(_minutes)]


class DetailAnswer(Title):
    """A title's page in the catalogue."""

    runtime: Minutes = None
    overview: Annotated[str | None, BeforeValidator(_long_text)] = None
    genres: Listed = ()
    status: Annotated[Airing | None, BeforeValidator(_airing)] = None
    first_aired: AirTime = None
    released: AirTime = None
    total_episodes: Coordinate = None


class EpisodeEntry(Wire):
    """An episode of the catalogue. Simkl: anime rows have no season, specials maybe no number."""

    title: Text = None
    type: Text = None
    season: Coordinate = None
    number: Annotated[Coordinate, Field(validation_alias=AliasChoices("episode", "number"))] = None
    date: AirTime = None
    runtime: Minutes = None
    tvdb: Annotated[TvdbPart | None, BeforeValidator(maybe_mapping)] = None


class SearchRow(Title):
    """A title that was found by its name."""

    title_en: Text = None
    title_romaji: Text = None
    all_titles: Listed = ()
    ep_count: Coordinate = None
