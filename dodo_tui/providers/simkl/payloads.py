"""What is sent to Simkl: request bodies, built from items and facts by pure functions.

Simkl resolves ids, title and year by itself, so everything known goes along and nothing is looked
up beforehand. No body names a show without the coordinates of episodes: Simkl would mark the
whole show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dodo_tui.domain.ids import ONE_SEASON_SCHEMES, Kind, Scheme
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import to_iso_seconds
from dodo_tui.providers.facts import Fact, FactKind, told_percent
from dodo_tui.providers.items import Item, TitleRef

BATCH_SIZE = 50
"""Simkl: up to 50 items per write is the recommended size."""

LONG_AGO = "1970-01-01T00:00:01Z"
"""Simkl's own word for "a very long time ago", sent where nobody knows when something was watched.

Left out, Simkl would stamp the moment of the request and put the title on top of the user's
history. Read back, it is unknown again (`domain.times.known_time`).
"""

_SEASONAL_SCHEMES = frozenset({Scheme.IMDB, Scheme.TMDB, Scheme.TVDB})

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in a history body: its list, its title, its episode.

    `slot` is `movies` or `shows`; season and number are None for films.
    """

    slot: str
    title: Body
    season: int | None = None
    number: int | None = None
    by_tvdb: bool = False
    """Whether the season and number of an anime are counted as TVDB does."""


def is_nameable(item: Item | TitleRef) -> bool:
    """Whether there is anything by which Simkl could know the title."""
    body = title_of(item)
    return bool(body.get("ids") or body.get("title"))


def title_of(item: Item | TitleRef) -> Body:
    """Title, year and every id that Simkl knows: its own is a number, all others are texts."""
    body: Body = {}
    if title := clean_text(item.title):
        body["title"] = title
    if item.year is not None:
        body["year"] = item.year
    ids: dict[str, str | int] = {
        m.scheme.value: m.value
        for m in item.ids.media_ids(item.kind)
        if m.scheme is not Scheme.TRAKT
    }
    if simkl := ids.get("simkl"):
        ids["simkl"] = int(simkl)
    if ids:
        body["ids"] = ids
    return body


def coordinates(item: Item) -> tuple[int, int] | None:
    """Season and number as Simkl wants them; None for a film.

    Simkl: an anime known by the ids of anime sites is numbered in one season, which is season 1.
    """
    if item.season is None or item.number is None:
        return None
    is_one_season = item.kind is Kind.ANIME and _scheme(item) in ONE_SEASON_SCHEMES
    season = 1 if is_one_season and item.season != 0 else item.season
    return season, item.number


def counts_by_tvdb(item: Item) -> bool:
    """Whether an anime's coordinates are TVDB's, as those of Stremio and file names are.

    The id that makes the key decides: IMDb, TMDB and TVDB know an anime as seasons of one show. A
    season above 1 can be nothing else, because Simkl's own numbering has one season.
    """
    place = coordinates(item)
    if item.kind is not Kind.ANIME or place is None:
        return False
    return _scheme(item) in _SEASONAL_SCHEMES or place[0] > 1


def scrobble_body(item: Item, percent: float) -> Body:
    """The body of start, pause and stop.

    Simkl: exactly one of `movie`, `show` with `episode`, `anime`; an anime without an episode is a
    film. The numbering of an anime is mapped there.
    """
    body: Body = {"progress": told_percent(percent), item.kind.value: title_of(item)}
    if (place := coordinates(item)) is not None:
        body["episode"] = {"season": place[0], "number": place[1]}
    return body


def place_of(item: Item) -> Place:
    """Where an item goes in a history body.

    An anime film is sent as the first episode of its entry, which it is for AniDB too. An anime
    without coordinates would be marked whole, were it a series after all.
    """
    title = title_of(item)
    if item.kind is Kind.MOVIE:
        return Place("movies", title)
    season, number = coordinates(item) or (1, 1)
    return Place("shows", title, season, number, counts_by_tvdb(item))


def whole_title(title: TitleRef) -> Place:
    """Where a title goes in a body of ratings or lists. Simkl: anime belong under `shows`."""
    return Place("movies" if title.kind is Kind.MOVIE else "shows", title_of(title))


def history_body(facts: Sequence[Fact]) -> Body:
    """The body of history and history/remove for facts of one kind.

    Episodes are gathered by show and season, each with its own time. What is told twice is sent
    once: the first known time stands, as it would at Simkl.
    """
    movies: list[Body] = []
    shows: list[Body] = []
    for fact in facts:
        place = place_of(fact.item)
        if place.season is None:
            leaf = _entry(movies, place.title)
        else:
            show = _entry(shows, place.title, by_tvdb=place.by_tvdb)
            season = _numbered(show.setdefault("seasons", []), place.season)
            leaf = _numbered(season.setdefault("episodes", []), place.number)
        if fact.kind is FactKind.WATCHED and leaf.get("watched_at", LONG_AGO) == LONG_AGO:
            leaf["watched_at"] = _watched_at(fact.watched_at)
    filled = {"movies": movies, "shows": shows}
    return {slot: entries for slot, entries in filled.items() if entries}


def _watched_at(moment: datetime | None) -> str:
    return LONG_AGO if moment is None else to_iso_seconds(moment)


def _entry(entries: list[Body], title: Body, *, by_tvdb: bool = False) -> Body:
    """The entry of a title, made when it is the first of its kind."""
    wanted = {**title, "use_tvdb_anime_seasons": True} if by_tvdb else title
    for entry in entries:
        if {k: v for k, v in entry.items() if k not in ("seasons", "watched_at")} == wanted:
            return entry
    entries.append(dict(wanted))
    return entries[-1]


def _numbered(entries: list[Body], number: int | None) -> Body:
    """The season or episode of a number, made when it is the first."""
    for entry in entries:
        if entry["number"] == number:
            return entry
    entries.append({"number": number})
    return entries[-1]


def _scheme(item: Item) -> Scheme | None:
    """The scheme of the id that makes the item's key."""
    preferred = item.ids.preferred(item.kind)
    return None if preferred is None else preferred.scheme
