"""Trakt's catalogue: what a title is, its episodes, and what has a name."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from pydantic import BeforeValidator, Field

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.catalogue import Airing, CatalogueEpisode, Found, TitleDetails
from dodo_tui.providers.http import LIBRARY
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.models import SearchRow, Title
from dodo_tui.providers.trakt.numbering import address_of, seasons_of
from dodo_tui.providers.trakt.payloads import is_film_of
from dodo_tui.providers.trakt.reading import media_of
from dodo_tui.providers.wire import Listed, Number, Text, Time, parse, rows

MOST_EPISODES = 5_000
"""No series has more; what is beyond is left out."""

MOST_FOUND = 20

_MAX_QUERY_CHARACTERS = 150
_MAX_OVERVIEW_CHARACTERS = 2_000
_MOST_GENRES = 10
_OPERATORS = re.compile(r'[-+&|!(){}\[\]^"~*?:/\\]')
"""Trakt: in a search these mean something; a name is meant as it stands."""

_AIRING = {
    "released": Airing.ENDED,
    "ended": Airing.ENDED,
    "canceled": Airing.ENDED,
    "returning series": Airing.AIRING,
    "continuing": Airing.AIRING,
    "in production": Airing.UPCOMING,
    "planned": Airing.UPCOMING,
    "upcoming": Airing.UPCOMING,
    "post production": Airing.UPCOMING,
    "rumored": Airing.UPCOMING,
    "pilot": Airing.UPCOMING,
}


def _overview(value: object) -> str | None:
    return (clean_text(value, _MAX_OVERVIEW_CHARACTERS) or None) if isinstance(value, str) else None


class DetailAnswer(Title):
    """A film or show with all that is said of it."""

    overview: Annotated[str | None, BeforeValidator(_overview)] = None
    genres: Listed = Field(default_factory=list)
    status: Text = None
    first_aired: Time = None
    released: Time = None
    aired_episodes: Number = None


async def details(client: TraktClient, title: TitleRef) -> TitleDetails | None:
    """What the catalogue says of a title; None where it does not know it by its ids.

    Raises:
        ProviderError: any kind.
    """
    kind = Kind.MOVIE if is_film_of(title) else Kind.SHOW
    address = await address_of(client, title)
    if address is None:
        return None
    slot = "movies" if kind is Kind.MOVIE else "shows"
    path = f"/{slot}/{quote(address)}"
    reply = await client.call(Call("GET", path, {"extended": "full"}, allowed=frozenset({404})))
    answer = parse(DetailAnswer, reply.record) if reply.ok and reply.record else None
    media = None if answer is None else media_of(kind, answer)
    if answer is None or media is None:
        return None
    genres = [clean_text(word, 40) for word in answer.genres if isinstance(word, str)]
    return TitleDetails(
        media,
        answer.overview,
        tuple(word for word in genres if word)[:_MOST_GENRES],
        _AIRING.get((answer.status or "").lower()),
        answer.first_aired or answer.released,
        None if kind is Kind.MOVIE else answer.aired_episodes or None,
    )


async def episodes(client: TraktClient, title: TitleRef) -> tuple[CatalogueEpisode, ...]:
    """Every episode of a series in order, in Trakt's seasons; specials are season 0.

    Raises:
        ProviderError: any kind.
    """
    address = None if is_film_of(title) else await address_of(client, title)
    if address is None:
        return ()
    found: dict[tuple[int, int], CatalogueEpisode] = {}
    for row in (await seasons_of(client, address))[:MOST_EPISODES]:
        if row.season is not None and row.number is not None:
            episode = CatalogueEpisode(
                row.season, row.number, row.title, row.first_aired, row.runtime
            )
            found.setdefault((row.season, row.number), episode)
    return tuple(found[place] for place in sorted(found))


async def search(client: TraktClient, text: str, kind: Kind, year: int | None) -> tuple[Found, ...]:
    """Titles of a name: the very name first, then what holds it; of about that year, if any.

    Trakt: the exact search should be asked first, and the broad one merged with it.

    Raises:
        ProviderError: any kind.
    """
    wanted = clean_text(_OPERATORS.sub(" ", text), _MAX_QUERY_CHARACTERS)
    if not wanted:
        return ()
    kind = Kind.MOVIE if kind is Kind.MOVIE else Kind.SHOW
    found: dict[Ids, Found] = {}
    for path in (f"/search/{kind}/exact", f"/search/{kind}"):
        query = {"query": wanted, "page": "1", "limit": str(MOST_FOUND), "extended": "full"}
        if not path.endswith("exact"):
            query["fields"] = "title"
        reply = await client.call(Call("GET", path, query, limits=LIBRARY))
        listed = reply.data if isinstance(reply.data, list) else []
        for row in rows(SearchRow, listed[:MOST_FOUND]).items:
            media = None if row.titled is None else media_of(*row.titled)
            if media is not None and media.kind is kind:
                found.setdefault(media.ids, Found(media))
    hits = list(found.values())
    if year is not None:
        near = [hit for hit in hits if hit.media.year is None or abs(hit.media.year - year) <= 1]
        hits = sorted(near, key=lambda hit: hit.media.year != year)
    return tuple(hits[:MOST_FOUND])
