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
from dodo_tui.providers.protocol import Item, TitleRef
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.models import EpisodeRef, SeasonRow
from dodo_tui.providers.trakt.payloads import title_of
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
    show = show_address(item)
    if show is None:
        return None
    for episode in await seasons_of(client, show):
        if episode.number_abs == item.number:
            return _place(episode)
    return None


def show_address(item: Item | TitleRef) -> str | None:
    """What addresses call a show: Trakt's own id, or IMDb's."""
    ids = title_of(item)["ids"]
    value = ids.get("trakt") or ids.get("imdb")
    return None if value is None else str(value)


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
