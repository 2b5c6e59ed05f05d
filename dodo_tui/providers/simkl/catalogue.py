"""Simkl's catalogue: what a title is, its episodes, and what has a name.

Pages of titles and episodes are cached at Simkl's edge: they cost nothing of the user's quota, and
are asked for without a token, which would defeat the cache. A search does cost, and needs one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dodo_tui.domain.ids import Ids, Kind, Scheme
from dodo_tui.domain.media import Media
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.catalogue import CatalogueEpisode, Found, TitleDetails
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.simkl.catalogue_models import (
    DetailAnswer,
    EpisodeEntry,
    SearchRow,
    words,
)
from dodo_tui.providers.simkl.client import Call, SimklClient
from dodo_tui.providers.simkl.reading import has_seasonal
from dodo_tui.providers.wire import parse, rows

MOST_EPISODES = 5_000
"""No series has more; what is beyond is left out."""

MOST_FOUND = 20

_MOST_ASKED = 3
"""So many ids of a title are tried before it counts as unknown."""

_MAX_QUERY_CHARACTERS = 150
_PAGES = {Kind.MOVIE: "movies", Kind.SHOW: "tv", Kind.ANIME: "anime"}
_KINDS = {page: kind for kind, page in _PAGES.items()}
_SEARCHES = {Kind.MOVIE: "movie", Kind.SHOW: "tv", Kind.ANIME: "anime"}
_OTHER_KIND = {Kind.MOVIE: Kind.ANIME, Kind.SHOW: Kind.ANIME, Kind.ANIME: Kind.SHOW}
"""Simkl has anime apart, also what others call a show or a film."""

_LOCATION = re.compile(
    r"(?:(?:https?:)?//(?:www\.)?simkl\.com)?/(movies|tv|anime)/([1-9][0-9]{0,11})(?:/.*)?",
    re.ASCII,
)

_Entry = tuple[Kind, str]
"""Where a title stands in the catalogue: its kind there and Simkl's id."""


async def details(client: SimklClient, title: TitleRef) -> TitleDetails | None:
    """What the catalogue says of a title; None where it has none.

    Raises:
        ProviderError: any kind.
    """
    for kind, simkl in await _entries(client, title):
        reply = await client.call(Call("GET", f"/{_PAGES[kind]}/{simkl}", is_open=True))
        answer = parse(DetailAnswer, reply.record) if reply.record else None
        if answer is not None and answer.title:
            return _details(kind, simkl, answer)
    return None


async def episodes(client: SimklClient, title: TitleRef) -> tuple[CatalogueEpisode, ...]:
    """Every episode of a series in order, as the title's ids number them.

    Raises:
        ProviderError: any kind.
    """
    if title.kind is Kind.MOVIE:
        return ()
    for kind, simkl in await _entries(client, title):
        if kind is Kind.MOVIE:
            continue
        reply = await client.call(Call("GET", f"/{_PAGES[kind]}/episodes/{simkl}", is_open=True))
        entries = rows(EpisodeEntry, (reply.listed or [])[:MOST_EPISODES]).items
        if entries:
            by_tvdb = kind is Kind.ANIME and has_seasonal(title.ids)
            return _in_order(_by_tvdb(entries) if by_tvdb else _as_told(kind, entries))
    return ()


async def search(client: SimklClient, text: str, kind: Kind, year: int | None) -> tuple[Found, ...]:
    """Titles of a name. Simkl knows no year in a search, so others are left out here.

    One year off is still a result, because catalogues differ; the very year comes first.

    Raises:
        ProviderError: any kind.
    """
    wanted = clean_text(text, _MAX_QUERY_CHARACTERS)
    if not wanted:
        return ()
    query = {"q": wanted, "page": "1", "limit": str(MOST_FOUND), "extended": "full"}
    reply = await client.call(Call("GET", f"/search/{_SEARCHES[kind]}", query))
    hits = rows(SearchRow, (reply.listed or [])[:MOST_FOUND]).items
    found = [hit for row in hits if (hit := _found(kind, row)) is not None]
    if year is not None:
        near = [hit for hit in found if hit.media.year is None or abs(hit.media.year - year) <= 1]
        found = sorted(near, key=lambda hit: hit.media.year != year)
    return tuple(found)


async def _entries(client: SimklClient, title: TitleRef) -> Sequence[_Entry]:
    """Where a title may stand in the catalogue, the likelier place first.

    By ids alone: what is found by a name might be another title.
    """
    ids = {media_id.scheme: media_id.value for media_id in title.ids.media_ids(title.kind)}
    simkl = ids.pop(Scheme.SIMKL, None)
    ids.pop(Scheme.TRAKT, None)  # an id that Simkl does not know
    if simkl is not None:
        return ((title.kind, simkl), (_OTHER_KIND[title.kind], simkl))
    for scheme, value in list(ids.items())[:_MOST_ASKED]:
        query = {"to": "simkl", scheme.value: value}
        if scheme is Scheme.TMDB:
            query["type"] = "movie" if title.kind is Kind.MOVIE else "tv"
        reply = await client.call(Call("GET", "/redirect", query, allowed=frozenset({301, 302})))
        match = _LOCATION.fullmatch(reply.headers.get("location", "").strip())
        if match is not None:
            return ((_KINDS[match[1]], match[2]),)
    return ()


def _details(kind: Kind, simkl: str, answer: DetailAnswer) -> TitleDetails:
    ids = replace(answer.known_ids, simkl=simkl)
    media_id = ids.preferred(kind)
    assert media_id is not None, "a title with Simkl's id has a media id"
    name = answer.title or ""
    media = Media(media_id, kind, name, answer.year, ids, answer.runtime, answer.poster)
    return TitleDetails(
        media,
        answer.overview,
        words(answer.genres),
        answer.status,
        answer.first_aired or answer.released,
        answer.total_episodes or None,
    )


def _as_told(kind: Kind, entries: Iterable[EpisodeEntry]) -> Iterator[CatalogueEpisode]:
    """Episodes in Simkl's own count. What is called a special is one, whatever its season."""
    for entry in entries:
        season = entry.season
        if entry.type == "special":
            season = 0
        elif season is None and kind is Kind.ANIME:
            season = 1
        if season is not None and entry.number is not None:
            yield _episode(season, entry.number, entry)


def _by_tvdb(entries: Sequence[EpisodeEntry]) -> Iterator[CatalogueEpisode]:
    """An anime's episodes in TVDB's count; the rule of `library_reading._anime_numbers`."""
    places = [None if entry.tvdb is None else entry.tvdb.place for entry in entries]
    seasons = {place[0] for place in places if place is not None} - {0}
    for entry, told in zip(entries, places, strict=True):
        place = told
        if place is None and seasons == {1} and entry.type != "special" and entry.number:
            place = (1, entry.number)
        if place is not None:
            yield _episode(*place, entry)


def _episode(season: int, number: int, entry: EpisodeEntry) -> CatalogueEpisode:
    return CatalogueEpisode(season, number, entry.title, entry.date, entry.runtime)


def _in_order(found: Iterable[CatalogueEpisode]) -> tuple[CatalogueEpisode, ...]:
    """Each episode once, the first that was told."""
    distinct: dict[tuple[int, int], CatalogueEpisode] = {}
    for episode in found:
        distinct.setdefault((episode.season, episode.number), episode)
    return tuple(distinct[place] for place in sorted(distinct))


def _found(kind: Kind, row: SearchRow) -> Found | None:
    """A hit; None where it has no name or no id."""
    ids: Ids = row.known_ids
    media_id = ids.preferred(kind)
    name = row.title or row.title_en or row.title_romaji
    if media_id is None or name is None:
        return None
    media = Media(media_id, kind, name, row.year, ids, row.runtime or None, row.poster)
    others = words((row.title_en, row.title_romaji, *row.all_titles))
    return Found(media, tuple(o for o in others if o != name), row.ep_count or None)
