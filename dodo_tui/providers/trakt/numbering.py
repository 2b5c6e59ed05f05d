"""An anime's episode by its absolute number, where Trakt has no such season and number.

Trakt takes its seasons from TMDB; a file may count an anime's episodes through. That number is in
Trakt's catalogue, so it is looked up there and never computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.http import LIBRARY
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.models import EpisodeRef, SearchRow, SeasonRow
from dodo_tui.providers.trakt.payloads import is_film_of, title_of
from dodo_tui.providers.wire import rows, whole_number

_EPISODES = {"extended": "full,episodes"}


@dataclass(frozen=True, slots=True)
class Place:
    """An episode as Trakt counts it."""

    trakt_id: int
    season: int
    number: int


async def by_absolute_number(client: TraktClient, item: Item) -> Place | None:
    """Where Trakt has the episode of an anime that is counted through; None: it has not.

    Raises:
        ProviderError: any kind.
    """
    if item.kind is not Kind.ANIME or item.season != 1 or item.number is None:
        return None
    show = await address_of(client, item)
    if show is None:
        return None
    for episode in await seasons_of(client, show):
        if episode.number_abs == item.number:
            return _place(episode)
    return None


async def address_of(client: TraktClient, title: Item | TitleRef) -> str | None:
    """What addresses call a title: Trakt's own id or IMDb's, looked up where neither is known.

    Raises:
        ProviderError: any kind.
    """
    ids = title_of(title)["ids"]
    value = ids.get("trakt") or ids.get("imdb") or await trakt_id_of(client, title)
    return None if value is None else str(value)


async def trakt_id_of(client: TraktClient, title: Item | TitleRef) -> int | None:
    """Trakt's own id of a title, looked up by another one where it is not known.

    Trakt: numbers of TMDB and TVDB mean something only together with a type.

    Raises:
        ProviderError: any kind.
    """
    ids = title_of(title)["ids"]
    kind = "movie" if is_film_of(title) else "show"
    for site, value in ids.items():
        if site == "trakt":
            return int(value)
        reply = await client.call(Call("GET", f"/search/{site}/{value}", {"type": kind}))
        found = rows(SearchRow, reply.data if isinstance(reply.data, list) else []).items
        for row in found:
            if row.titled is not None and (number := whole_number(row.titled[1].ids.get("trakt"))):
                return number
    return None


async def seasons_of(client: TraktClient, show: str) -> list[EpisodeRef]:
    """Every episode of a show that Trakt knows of; none of an unknown one.

    Raises:
        ProviderError: any kind.
    """
    path = f"/shows/{quote(show)}/seasons"
    reply = await client.call(
        Call("GET", path, _EPISODES, allowed=frozenset({404}), limits=LIBRARY)
    )
    return list(_read(reply.data))


def _read(data: object) -> Iterator[EpisodeRef]:
    seasons = rows(SeasonRow, data if isinstance(data, list) else []).items
    for season in seasons:
        yield from rows(EpisodeRef, season.episodes).items


def _place(episode: EpisodeRef) -> Place | None:
    trakt_id = whole_number(episode.ids.get("trakt"))
    if not trakt_id or episode.season is None or episode.number is None:
        return None
    return Place(trakt_id, episode.season, episode.number)
