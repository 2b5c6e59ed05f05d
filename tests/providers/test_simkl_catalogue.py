"""Details, episodes and searches of Simkl's catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.catalogue import Airing, CatalogueEpisode
from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError, UnauthorizedError
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.simkl.catalogue import MOST_EPISODES, MOST_FOUND
from dodo_tui.providers.simkl.catalogue_models import MAX_OVERVIEW_CHARACTERS, MAX_WORDS
from tests.providers.conftest import MakeProvider
from tests.providers.support import ACCESS, Script, bearer_of, failed, refusal, reply

SHOW = TitleRef(Kind.SHOW, "Futurama", 1999, Ids(simkl="3407"))
FILM = TitleRef(Kind.MOVIE, "Inception", 2010, Ids(simkl="472214"))
BEBOP = TitleRef(Kind.ANIME, "Cowboy Bebop", 1998, Ids(simkl="37089", mal="1"))
SEASONAL = replace(BEBOP, ids=Ids(simkl="37089", mal="1", tvdb="76885"))

DETAIL: dict[str, Any] = {
    "title": "Futurama", "year": 1999, "type": "show",
    "ids": {"simkl": 3407, "slug": "futurama", "imdb": "tt0149460", "tvdb": "73871"},
    "overview": "A delivery boy wakes up\n a thousand years later.",
    "genres": ["Animation", "Comedy"], "runtime": 22, "poster": "18/18421459bbf0f06beb",
    "status": "airing", "total_episodes": 165, "network": "Hulu",
    "first_aired": "1999-03-28T20:00:00-05:00", "unheard_of": {"x": 1},
}  # fmt: skip


def episode(number: int | None, **told: Any) -> dict[str, Any]:
    """A row of an episode list."""
    row: dict[str, Any] = {
        "title": f"Episode {number}", "description": None, "season": 1, "episode": number,
        "type": "episode", "aired": True, "img": None, "date": "2023-08-07T00:00:00-05:00",
        "ids": {"simkl_id": 9},
    }  # fmt: skip
    return {key: value for key, value in (row | told).items() if value != "left out"}


def redirect(location: str) -> httpx.Response:
    """The answer of `/redirect`: no JSON, and not to be followed."""
    return httpx.Response(301, headers={"location": location}, text="<html>moved</html>")


# Details


async def test_details_of_a_show(provider_of: MakeProvider) -> None:
    """Asked without a token, which would defeat Simkl's cache (contract §13.1)."""
    script = Script(reply(200, DETAIL))
    told = await provider_of(script).details(SHOW)
    assert script.paths == ["GET /tv/3407"]
    assert bearer_of(script.last) is None
    assert script.last.url.params["client_id"]
    assert script.last.url.params["app-name"]
    assert told is not None
    assert told.overview == "A delivery boy wakes up a thousand years later."
    assert told.genres == ("Animation", "Comedy")
    assert told.airing is Airing.AIRING
    assert told.first_aired_at == datetime(1999, 3, 29, 1, tzinfo=UTC)
    assert told.episode_count == 165
    assert told.media.ids == Ids(imdb="tt0149460", simkl="3407", tvdb="73871")
    assert (told.media.title, told.media.year) == ("Futurama", 1999)
    assert (told.media.runtime_minutes, told.media.poster) == (22, "18/18421459bbf0f06beb")


async def test_details_without_being_signed_in(provider_of: MakeProvider) -> None:
    """The catalogue is open."""
    script = Script(reply(200, DETAIL))
    assert await provider_of(script, tokens=None).details(SHOW) is not None


async def test_details_of_a_film(provider_of: MakeProvider) -> None:
    """A film is released on a day."""
    body = {"title": "Inception", "ids": {"simkl": 472214}, "released": "2010-07-16",
            "status": "released", "total_episodes": 0}  # fmt: skip
    script = Script(reply(200, body))
    told = await provider_of(script).details(FILM)
    assert script.paths == ["GET /movies/472214"]
    assert told is not None
    assert told.first_aired_at == datetime(2010, 7, 16, tzinfo=UTC)
    assert (told.airing, told.episode_count) == (Airing.ENDED, None)


@pytest.mark.parametrize("nothing", [[], {}, None, {"error": "not_found"}, {"title": None}])
async def test_an_unknown_title_is_looked_for_among_anime(
    provider_of: MakeProvider, nothing: object
) -> None:
    """Simkl keeps anime apart, and an unknown id is an empty answer (contract §2.2)."""
    script = Script(reply(200, nothing), reply(200, nothing))
    assert await provider_of(script).details(SHOW) is None
    assert script.paths == ["GET /tv/3407", "GET /anime/3407"]
    script = Script(reply(200, nothing), reply(200, {**DETAIL, "type": "anime"}))
    told = await provider_of(script).details(SHOW)
    assert told is not None
    assert told.media.kind is Kind.ANIME


async def test_nonsense_in_details_is_nothing(provider_of: MakeProvider) -> None:
    """Nonsense is nothing; texts are bounded and hold no control characters."""
    body = {
        **DETAIL,
        "title": "Fu\x1b[31mturama\u202e",
        "overview": "\x07" + "x" * 50_000,
        "genres": ["Dra\x00ma", 5, None, "", "Drama", *[f"g{i}" for i in range(200)], "y" * 900],
        "runtime": -5,
        "status": {"a": 1},
        "first_aired": "yesterday",
        "total_episodes": 10**9,
        "year": "long ago",
        "poster": {"x": 1},
        "ids": {"simkl": "../../evil", "imdb": "tt1); DROP", "tvdb": "73871"},
    }
    told = await provider_of(Script(reply(200, body))).details(SHOW)
    assert told is not None
    assert told.media.title == "Fu [31mturama"
    assert told.overview is not None
    assert len(told.overview) == MAX_OVERVIEW_CHARACTERS
    assert told.genres[:2] == ("Dra ma", "Drama")
    assert len(told.genres) == MAX_WORDS
    assert max(map(len, told.genres)) <= 80
    assert (told.airing, told.first_aired_at, told.episode_count) == (None, None, None)
    assert (told.media.year, told.media.runtime_minutes, told.media.poster) == (None, None, None)
    assert told.media.ids == Ids(simkl="3407", tvdb="73871")


@pytest.mark.parametrize("genres", [None, {}, [], "Drama", 7])
async def test_genres_that_are_none(provider_of: MakeProvider, genres: object) -> None:
    """Then the title may be left out, but never a crash."""
    script = Script(reply(200, {**DETAIL, "genres": genres}), reply(200, []))
    told = await provider_of(script).details(SHOW)
    assert told is None or told.genres == ()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("no"), OfflineError),
        (httpx.Response(200, text="<html>"), BrokenError),
        (reply(500, {"error": "internal"}), BrokenError),
    ],
)
async def test_a_catalogue_that_fails_says_so(
    provider_of: MakeProvider, answer: httpx.Response, kind: type[ProviderError]
) -> None:
    """To be tried later: that is never taken for "none"."""
    await failed(kind, provider_of(Script(answer)).details(SHOW))
    await failed(kind, provider_of(Script(answer)).episodes(SHOW))


# Finding the entry


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("https://simkl.com/tv/3407/futurama", "GET /tv/3407"),
        ("//simkl.com/tv/3407/futurama", "GET /tv/3407"),
        ("/tv/3407", "GET /tv/3407"),
        ("https://simkl.com/anime/3407/futurama", "GET /anime/3407"),
    ],
)
async def test_a_title_without_simkls_id(
    provider_of: MakeProvider, location: str, path: str
) -> None:
    """Resolved by `/redirect`, which is not followed (contract §13.2)."""
    script = Script(redirect(location), reply(200, DETAIL))
    title = replace(SHOW, ids=Ids(imdb="tt0149460", tvdb="73871"))
    assert await provider_of(script).details(title) is not None
    assert script.paths == ["GET /redirect", path]
    asked = script.requests[0].url.params
    assert (asked["to"], asked["imdb"]) == ("simkl", "tt0149460")
    assert bearer_of(script.requests[0]) == ACCESS


@pytest.mark.parametrize(("kind", "type_name"), [(Kind.MOVIE, "movie"), (Kind.SHOW, "tv")])
async def test_tmdb_numbers_films_and_series_apart(
    provider_of: MakeProvider, kind: Kind, type_name: str
) -> None:
    """So the type goes along."""
    script = Script(redirect("//simkl.com"))
    title = TitleRef(kind, "Inception", 2010, Ids(tmdb="27205"))
    assert await provider_of(script).details(title) is None
    asked = script.last.url.params
    assert (asked["tmdb"], asked["type"]) == ("27205", type_name)


@pytest.mark.parametrize(
    "location",
    [
        "//simkl.com",
        "//simkl.com/",
        "https://evil.example/tv/3407/x",
        "https://simkl.com/tv/0/x",
        "https://simkl.com/tv/../users/settings",
        "",
    ],
)
async def test_a_redirect_that_leads_nowhere(provider_of: MakeProvider, location: str) -> None:
    """Every id is tried, then it is unknown."""
    answers = [httpx.Response(301, headers=[(b"location", location.encode())]) for _ in range(2)]
    script = Script(*answers)
    title = replace(SHOW, ids=Ids(imdb="tt0149460", tvdb="73871"))
    assert await provider_of(script).details(title) is None
    assert script.paths == ["GET /redirect"] * 2


async def test_a_title_known_by_its_name_alone(provider_of: MakeProvider) -> None:
    """A name is no identity: nothing is asked."""
    nameless = replace(SHOW, ids=Ids())
    provider = provider_of(Script())
    assert await provider.details(nameless) is None
    assert await provider.episodes(nameless) == ()


# Episodes


async def test_episodes_of_a_show(provider_of: MakeProvider) -> None:
    """In order, times in UTC, specials as season 0; once each."""
    rows = [
        episode(2, runtime=22, date=None),
        episode(1),
        episode(1, title="told twice"),
        episode(1, season=2, date="2031-01-05T21:00:00-05:00", aired=False),
        episode(3, season=None, type="special"),
    ]
    script = Script(reply(200, rows))
    told = await provider_of(script).episodes(SHOW)
    assert script.paths == ["GET /tv/episodes/3407"]
    assert bearer_of(script.last) is None
    aired_at = datetime(2023, 8, 7, 5, tzinfo=UTC)
    assert told == (
        CatalogueEpisode(0, 3, "Episode 3", aired_at),
        CatalogueEpisode(1, 1, "Episode 1", aired_at),
        CatalogueEpisode(1, 2, "Episode 2", None, 22),
        CatalogueEpisode(2, 1, "Episode 1", datetime(2031, 1, 6, 2, tzinfo=UTC)),
    )
    assert [each.is_special for each in told] == [True, False, False, False]


@pytest.mark.parametrize(
    "row",
    [
        episode(None),
        episode(5, season=None),
        episode(None, type="special"),
        episode(5, season=-1),
        {"title": "no place"},
        None,
        7,
        [],
        episode("many"),  # type: ignore[arg-type]
        episode(10**9),
    ],
)
async def test_rows_that_make_no_sense_are_left_out(provider_of: MakeProvider, row: object) -> None:
    """One by one."""
    told = await provider_of(Script(reply(200, [row, episode(1)]))).episodes(SHOW)
    assert [(each.season, each.number) for each in told] == [(1, 1)]


async def test_the_number_under_either_key(provider_of: MakeProvider) -> None:
    """`episode` here, `number` elsewhere (contract §17.22)."""
    script = Script(reply(200, [episode(1), {"season": 1, "number": 2, "type": "episode"}]))
    assert [each.number for each in await provider_of(script).episodes(SHOW)] == [1, 2]


@pytest.mark.parametrize("date", ["soon", 5, None, "left out", "9999-99-99", "1500-01-01", {}])
async def test_an_air_date_that_is_none(provider_of: MakeProvider, date: object) -> None:
    """Unknown is not unaired."""
    (told,) = await provider_of(Script(reply(200, [episode(1, date=date)]))).episodes(SHOW)
    assert told.aired_at is None


async def test_more_episodes_than_any_series_has(provider_of: MakeProvider) -> None:
    """Bounded."""
    rows = [{"season": 1, "episode": n} for n in range(1, MOST_EPISODES + 100)]
    assert len(await provider_of(Script(reply(200, rows))).episodes(SHOW)) == MOST_EPISODES


async def test_a_film_has_no_episodes(provider_of: MakeProvider) -> None:
    """Nothing is asked."""
    assert await provider_of(Script()).episodes(FILM) == ()


def anime(number: int, tvdb: object = None, **told: Any) -> dict[str, Any]:
    """An anime's row: without a season, with TVDB's place or without."""
    return episode(number, season="left out", tvdb=tvdb, **told)


async def test_anime_in_one_season(provider_of: MakeProvider) -> None:
    """Known by anime sites alone: Simkl's own count, season 1."""
    rows = [anime(13, {"season": 2, "episode": 1}), anime(1, type="special"), anime(2)]
    told = await provider_of(Script(reply(200, rows))).episodes(BEBOP)
    assert [(each.season, each.number) for each in told] == [(0, 1), (1, 2), (1, 13)]


async def test_anime_in_tvdbs_seasons(provider_of: MakeProvider) -> None:
    """Known by an id of a whole show: its count; without a place there, none here."""
    rows = [
        anime(12, {"season": 1, "episode": 12}),
        anime(13, {"season": 2, "episode": 1}),
        anime(14),
        anime(1, {"season": 0, "episode": 4}, type="special"),
    ]
    script = Script(reply(200, rows))
    told = await provider_of(script).episodes(SEASONAL)
    assert script.paths == ["GET /anime/episodes/37089"]
    assert [(each.season, each.number) for each in told] == [(0, 4), (1, 12), (2, 1)]


async def test_anime_that_is_one_season_everywhere(provider_of: MakeProvider) -> None:
    """An episode that TVDB has not placed yet follows in the only season there is."""
    rows = [anime(1, {"season": 1, "episode": 1}), anime(2), anime(1, type="special")]
    told = await provider_of(Script(reply(200, rows))).episodes(SEASONAL)
    assert [(each.season, each.number) for each in told] == [(1, 1), (1, 2)]


@pytest.mark.parametrize("nothing", [[], {}, None])
async def test_episodes_are_looked_for_among_anime_too(
    provider_of: MakeProvider, nothing: object
) -> None:
    """Found in neither, there are none."""
    script = Script(reply(200, nothing), reply(200, nothing))
    assert await provider_of(script).episodes(SHOW) == ()


# Searches

WICK: dict[str, Any] = {
    "title": "John Wick", "year": 2014, "endpoint_type": "movies", "poster": "30/3002370dbc564e5d8",
    "ids": {"simkl_id": 342994, "slug": "john-wick", "tmdb": "245891"},
    "all_titles": ["John Wick", "Giovanni Wick"], "ep_count": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "path"),
    [(Kind.MOVIE, "movie"), (Kind.SHOW, "tv"), (Kind.ANIME, "anime")],
)
async def test_titles_are_found_by_name(provider_of: MakeProvider, kind: Kind, path: str) -> None:
    """With the token, which a search needs (contract §13.4)."""
    script = Script(reply(200, [WICK]))
    (found,) = await provider_of(script).search("john\x00  wick", kind, None)
    assert script.paths == [f"GET /search/{path}"]
    assert script.last.url.params["q"] == "john wick"
    assert bearer_of(script.last) == ACCESS
    assert found.media.ids == Ids(simkl="342994", tmdb="245891")
    assert (found.media.kind, found.media.title, found.media.year) == (kind, "John Wick", 2014)
    assert found.media.poster == "30/3002370dbc564e5d8"
    assert found.other_titles == ("Giovanni Wick",)


async def test_a_year_is_filtered_here(provider_of: MakeProvider) -> None:
    """The very year first; catalogues differ by one; without a year it may be the one."""
    rows = [{**WICK, "year": year, "ids": {"simkl_id": 1 + (year or 0)}}
            for year in (2013, None, 1950, 2014)]  # fmt: skip
    found = await provider_of(Script(reply(200, rows))).search("John Wick", Kind.MOVIE, 2014)
    assert [hit.media.year for hit in found] == [2014, 2013, None]


@pytest.mark.parametrize("nothing", [[], None, {}])
async def test_a_search_that_finds_nothing(provider_of: MakeProvider, nothing: object) -> None:
    """None is a result."""
    assert await provider_of(Script(reply(200, nothing))).search("x", Kind.SHOW, None) == ()


async def test_nothing_is_searched_for(provider_of: MakeProvider) -> None:
    """No words, no question."""
    assert await provider_of(Script()).search(" \x00 ", Kind.SHOW, None) == ()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("no"), OfflineError),
        (httpx.Response(200, text="<html>"), BrokenError),
    ],
)
async def test_a_search_to_be_tried_later(
    provider_of: MakeProvider, answer: httpx.Response, kind: type[ProviderError]
) -> None:
    """That is an error and no result."""
    await failed(kind, provider_of(Script(answer)).search("x", Kind.SHOW, None))


async def test_a_search_without_being_signed_in(provider_of: MakeProvider) -> None:
    """It needs a token on AUTH V2."""
    await failed(UnauthorizedError, provider_of(Script(), tokens=None).search("x", Kind.SHOW, None))


async def test_hits_without_name_or_id_are_left_out(provider_of: MakeProvider) -> None:
    """Rows without name or id are left out; there are never more than asked for."""
    rows = [
        {**WICK, "title": None},
        {**WICK, "ids": {"simkl_id": "evil"}},
        7,
        {
            **WICK,
            "title": None,
            "title_romaji": "\x1bRomaji",
            "all_titles": [1, {"x": 2}, "a" * 999],
        },
        *[WICK] * 100,
    ]
    found = await provider_of(Script(reply(200, rows))).search("x", Kind.ANIME, None)
    assert len(found) <= MOST_FOUND
    assert found[0].media.title == "Romaji"
    assert all(len(name) <= 80 for name in found[0].other_titles)


async def test_a_refused_search_is_no_empty_one(provider_of: MakeProvider) -> None:
    """`user_token_required` is not answered with "nothing found"."""
    with pytest.raises(ProviderError):
        await provider_of(Script(refusal(401, "user_token_required"))).search("x", Kind.SHOW, None)
