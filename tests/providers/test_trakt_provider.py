"""What Trakt tells, in every shape, and what is told of whole batches."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.times import from_iso
from dodo_tui.providers.catalogue import Airing
from dodo_tui.providers.changes import (
    Aspect,
    Change,
    Listing,
    RemoteEpisode,
    ResumePoint,
    ResumePoints,
    Snapshot,
    TitlePage,
)
from dodo_tui.providers.errors import BrokenError, RejectedError, ThrottledError
from dodo_tui.providers.facts import Fact, FactKind, ListChange, Outcome, Rating, Unclear, Verb
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.trakt.provider import TraktProvider
from dodo_tui.providers.trakt.unknown import COUNTED_OTHERWISE, COUNTED_THROUGH, NO_ID
from tests.providers.support import Script, failed
from tests.providers.trakt_support import (
    EPISODE,
    FILM,
    body_of,
    movie,
    page,
    provider_of,
    reply,
    show,
)
from tests.support.clock import START, FakeClock

AT = "2026-11-20T20:10:00.000Z"
FILM_REF = TitleRef(Kind.MOVIE, "Inception", 2010, FILM.ids)
SHOW_REF = TitleRef(Kind.SHOW, "Breaking Bad", 2008, EPISODE.ids)


def fact(item: Item = FILM, at: datetime | None = START) -> Fact:
    """Something watched."""
    return Fact(FactKind.WATCHED, item, at)


async def told(changes: AsyncIterator[Change]) -> list[Change]:
    """Everything that a pull tells."""
    return [change async for change in changes]


# The history


async def test_one_answer_for_each_fact(clock: FakeClock) -> None:
    """What is in `not_found`, in any order and form, is unknown; the rest is done."""
    third = Item(Kind.SHOW, "Breaking Bad", 2008, EPISODE.ids, 1, 99)
    nameless = Item(Kind.MOVIE, "Only a name", 1999, Ids())
    not_found = {
        "movies": [],
        "shows": [
            {
                "ids": {"imdb": "tt0903747"},
                "seasons": [{"number": 1, "episodes": [{"number": 99}]}],
            }
        ],
        "seasons": None,
        "episodes": [],
    }
    script = Script(reply(201, {"added": {"movies": 1, "episodes": 1}, "not_found": not_found}))
    provider = provider_of(script, clock)
    answers = await provider.deliver([fact(), fact(EPISODE), fact(third), fact(nameless)])
    assert [answer.outcome for answer in answers] == [
        Outcome.DONE, Outcome.DONE, Outcome.UNKNOWN_TITLE, Outcome.UNKNOWN_TITLE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [None, {}, [], {"not_found": None}, {"not_found": []}, {"not_found": {"movies": [7]}}]
)
async def test_any_success_is_one(clock: FakeClock, data: Any) -> None:
    """200 or 201, with or without a body."""
    (answer,) = await provider_of(Script(reply(200, data)), clock).deliver([fact()])
    assert answer.outcome is Outcome.DONE


async def test_a_whole_show_that_is_unknown_takes_all_of_its_episodes(clock: FakeClock) -> None:
    """`not_found` without episodes is about the title."""
    other = Item(Kind.SHOW, "Breaking Bad", 2008, EPISODE.ids, 2, 1)
    reply_ = reply(201, {"not_found": {"shows": [{"ids": {"tvdb": 81189}}]}})
    answers = await provider_of(Script(reply_), clock).deliver([fact(EPISODE), fact(other)])
    assert {answer.outcome for answer in answers} == {Outcome.UNKNOWN_TITLE}


async def test_a_full_history_waits(clock: FakeClock) -> None:
    """420: nothing is wrong with what was sent."""
    error = await failed(
        ThrottledError, provider_of(Script(httpx.Response(420)), clock).deliver([fact()])
    )
    assert error.until == START + timedelta(hours=1)


async def test_an_anime_counted_through_is_found_by_its_absolute_number(clock: FakeClock) -> None:
    """Season 1, number 30 is not there; Trakt's own catalogue says which episode is number 30."""
    item = Item(Kind.ANIME, "Naruto", 2002, Ids(imdb="tt0409591"), 1, 30)
    seasons = [
        {"number": 1, "episodes": [{"season": 1, "number": 1, "number_abs": 1,
                                    "ids": {"trakt": 71}}]},
        {"number": 2, "episodes": [{"season": 2, "number": 4, "number_abs": 30,
                                    "ids": {"trakt": 74}}]},
    ]  # fmt: skip
    echo = {"ids": {"imdb": "tt0409591"}, "seasons": [{"number": 1, "episodes": [{"number": 30}]}]}
    script = Script(
        reply(201, {"not_found": {"shows": [echo]}}), reply(200, seasons), reply(201, {})
    )
    (answer,) = await provider_of(script, clock).deliver([fact(item)])
    assert answer.outcome is Outcome.DONE
    assert script.paths[1] == "GET /shows/tt0409591/seasons"
    assert body_of(script.last) == {
        "episodes": [{"ids": {"trakt": 74}, "watched_at": "2026-11-22T20:15:00.000Z"}]
    }
    scrobbled = Script(httpx.Response(404), reply(200, seasons), reply(201, {"action": "start"}))
    answer = await provider_of(scrobbled, clock).scrobble(Verb.START, item, 10)
    assert answer.outcome is Outcome.NOTED
    assert body_of(scrobbled.last)["episode"] == {"ids": {"trakt": 74}}


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (Item(Kind.ANIME, "Naruto", 2002, Ids(kitsu="7442"), 1, 30), COUNTED_THROUGH),
        (Item(Kind.ANIME, "Naruto", 2002, Ids(imdb="tt0409591"), 1, 30), COUNTED_OTHERWISE),
        (Item(Kind.MOVIE, "Elsewhere", 1999, Ids(simkl="1")), NO_ID),
        (FILM, None),
    ],
)
async def test_why_something_is_not_known(clock: FakeClock, item: Item, why: str | None) -> None:
    """Trakt may know the title very well: what is wrong is said, in history and scrobbles."""
    ids = {"ids": {scheme.value: value for scheme, value in item.ids}}
    slot = "movies" if item.kind is Kind.MOVIE else "shows"
    echo = ids if item.number is None else {
        **ids, "seasons": [{"number": 1, "episodes": [{"number": item.number}]}]
    }  # fmt: skip
    script = Script(reply(201, {"not_found": {slot: [echo]}}), reply(200, []))
    (answer,) = await provider_of(script, clock).deliver([fact(item)])
    assert (answer.outcome, answer.why) == (Outcome.UNKNOWN_TITLE, why)
    script = Script(httpx.Response(404), reply(200, []))
    answer = await provider_of(script, clock).scrobble(Verb.START, item, 10)
    assert (answer.outcome, answer.why) == (Outcome.UNKNOWN_TITLE, why)


async def test_too_many_or_mixed_facts_are_a_mistake(clock: FakeClock) -> None:
    """A batch has a size and one kind."""
    provider = provider_of(Script(), clock)
    with pytest.raises(ValueError, match="at most"):
        await provider.deliver([fact()] * 51)
    with pytest.raises(ValueError, match="one kind"):
        await provider.deliver([fact(), Fact(FactKind.UNWATCHED, FILM)])


# Looking for what may have arrived


def play(number: int = 1, at: str | None = AT, **changes: Any) -> dict[str, Any]:
    """A play of a film."""
    row = {"id": 2**34 + number, "watched_at": at, "action": "watch", "type": "movie"}
    return row | {"movie": movie(1, ids={"imdb": "tt1375666", "trakt": 16662})} | changes


@pytest.mark.parametrize(
    ("rows", "arrived"),
    [
        ([], False),
        ([play()], True),
        ([play(at="2026-11-20T20:10:01.900Z")], True),
        ([play(at="2026-11-20T20:11:00.000Z")], False),
        ([play(movie=movie(2))], False),
        ([play(at=None)], False),
        ([play(movie=None)], False),
        ([{"id": 0}, 7, None, play()], True),
    ],
)
async def test_a_play_at_its_very_time_is_looked_for(
    clock: FakeClock, rows: list[Any], arrived: bool
) -> None:
    """The same film, at the same second; a malformed row is passed over."""
    at = from_iso(AT)
    script = Script(reply(200, rows, X_Pagination_Page_Count="1"))
    asked = [Unclear(fact(FILM, at), at + timedelta(hours=2))]
    assert await provider_of(script, clock).already_told(asked) == (arrived,)
    query = script.last.url.params
    assert from_iso(query["start_at"]) <= at <= from_iso(query["end_at"])
    assert query["page"] == "1"


async def test_one_play_stands_for_one_fact(clock: FakeClock) -> None:
    """Two viewings of the same second, one of which arrived."""
    at = from_iso(AT)
    script = Script(reply(200, [play()], X_Pagination_Page_Count="1"))
    asked = [Unclear(fact(FILM, at), at)] * 2
    assert sorted(await provider_of(script, clock).already_told(asked)) == [False, True]


async def test_nothing_is_asked_about_what_may_be_repeated(clock: FakeClock) -> None:
    """Taking plays away twice changes nothing."""
    asked = [Unclear(Fact(FactKind.UNWATCHED, FILM), START)]
    assert await provider_of(Script(), clock).already_told(asked) == (False,)


async def test_an_undated_play_is_looked_for_by_its_title(clock: FakeClock) -> None:
    """Nobody knows when: any play of it at an unknown time will do."""
    script = Script(reply(200, [play(watched_at=None)], X_Pagination_Page_Count="1"))
    asked = [Unclear(fact(FILM, None), START)]
    assert await provider_of(script, clock).already_told(asked) == (True,)
    assert script.last.url.path == "/sync/history/movies/16662"


# Pulling

EMPTY = '{"all": "x", "movies": {}, "episodes": {}, "shows": {}, "watchlist": {}}'


async def test_everything_in_its_order(clock: FakeClock) -> None:
    """Films, shows, lists, ratings, hidden, resume points; each list ends with what is on it."""
    watched_show = {
        "show": show(1),
        "reset_at": None,
        "seasons": [
            {"number": 1, "episodes": [{"number": 1, "plays": 2, "last_watched_at": AT}]},
            {"number": 0, "episodes": [{"number": 3, "last_watched_at": None}]},
        ],
    }
    script = Script(
        reply(200, [{"plays": 1, "last_watched_at": AT, "movie": movie(1)}]),
        reply(200, []),
        reply(200, [watched_show], X_Pagination_Page_Count="1"),
        reply(200, [{"listed_at": AT, "type": "movie", "movie": movie(2)}],
              X_Pagination_Page_Count="1"),
        reply(200, [], X_Pagination_Page_Count="0"),
        reply(200, [{"rating": 9, "rated_at": AT, "movie": movie(1)}], X_Pagination_Page_Count="1"),
        reply(200, []),
        reply(200, [{"hidden_at": AT, "type": "show", "show": show(1)}],
              X_Pagination_Page_Count="1"),
        reply(200, [{"id": 37, "progress": 12.5, "paused_at": AT, "type": "movie",
                     "movie": movie(3)}], X_Pagination_Page_Count="1"),
    )  # fmt: skip
    changes = await told(provider_of(script, clock).changes(None, Snapshot(EMPTY)))
    assert [request.url.path for request in script.requests] == [
        "/sync/watched/movies", "/sync/watched/movies", "/sync/watched/shows",
        "/sync/watchlist/all/rank/asc", "/users/hidden/dropped", "/sync/ratings/movies",
        "/sync/ratings/shows", "/users/hidden/progress_watched", "/sync/playback",
    ]  # fmt: skip
    films, kept, shows, _, planned, *_ = changes
    assert isinstance(films, TitlePage)
    assert films.titles[0].watched_at == from_iso(AT)
    assert not films.titles[0].says_rating
    assert kept == Listing(frozenset({Kind.MOVIE}), frozenset({Ids(trakt="1")}), Aspect.WATCHED)
    assert isinstance(shows, TitlePage)
    assert shows.titles[0].episodes == (
        RemoteEpisode(1, 1, from_iso(AT)), RemoteEpisode(0, 3, None),
    )  # fmt: skip
    assert shows.titles[0].episodes_complete
    assert isinstance(planned, TitlePage)
    assert planned.titles[0].status is ListStatus.PLANNED
    assert not planned.titles[0].says_watched
    points = changes[-1]
    assert isinstance(points, ResumePoints)
    assert points.complete
    assert (points.points[0].percent, points.points[0].remote_id) == (12.5, 37)
    of = [change.of for change in changes if isinstance(change, Listing)]
    assert of == [Aspect.WATCHED, Aspect.WATCHED, Aspect.PLANNED, Aspect.PLANNED, Aspect.DROPPED,
                  Aspect.RATED, Aspect.RATED, Aspect.HIDDEN, Aspect.HIDDEN]  # fmt: skip


async def test_a_row_that_makes_no_sense_is_counted_and_nothing_is_found_missing(
    clock: FakeClock,
) -> None:
    """Without it the list is not complete, so nothing may be concluded from what it lacks."""
    since = EMPTY.replace('"movies": {}', '"movies": {"rated_at": "2026-01-01T00:00:00.000Z"}')
    rows = [{"rating": 9, "movie": movie(1)}, {"rating": 11, "movie": movie(2)}, {"rating": 3}, 7]
    script = Script(*[reply(200, rows, X_Pagination_Page_Count="1")] * 9)
    changes = await told(provider_of(script, clock).changes(Snapshot(since), Snapshot(EMPTY)))
    pages = [change for change in changes if isinstance(change, TitlePage)]
    assert any(page.malformed == 3 for page in pages)
    assert not [c for c in changes if isinstance(c, Listing) and c.of is Aspect.RATED]


@pytest.mark.parametrize("data", [{}, "x", 7])
async def test_a_list_that_is_none_is_nonsense(clock: FakeClock, data: Any) -> None:
    """It must not look like an empty one."""
    script = Script(reply(200, data))
    await failed(BrokenError, told(provider_of(script, clock).changes(None, Snapshot(EMPTY))))


async def test_a_list_without_an_end_is_nonsense(clock: FakeClock) -> None:
    """Every loop is bounded."""
    endless = [reply(200, [], X_Pagination_Page_Count="999999")]
    full = reply(200, [{"movie": movie(1)}], X_Pagination_Page_Count="999999")
    script = Script(*[full] * 3, *endless)
    changes = await told(_only_films(provider_of(script, clock)))
    assert len(script.requests) == 4
    assert changes


async def _only_films(provider: TraktProvider) -> AsyncIterator[Change]:
    async for change in provider.changes(None, Snapshot(EMPTY)):
        yield change
        if isinstance(change, Listing):
            return


async def test_a_list_that_shifts_is_read_with_an_overlap(clock: FakeClock) -> None:
    """The number of rows has changed: the page before is read again."""

    def part(number: int, count: int) -> httpx.Response:
        return reply(200, [{"movie": movie(number)}], X_Pagination_Page_Count="2",
                     X_Pagination_Item_Count=str(count))  # fmt: skip

    script = Script(part(1, 2), part(2, 3), part(9, 3), part(1, 3))
    changes = await told(_only_films(provider_of(script, clock)))
    assert [request.url.params["page"] for request in script.requests] == ["1", "2", "1", "2"]
    listing = changes[-1]
    assert isinstance(listing, Listing)
    assert {ids.trakt for ids in listing.ids} == {"1", "2", "9"}


@pytest.mark.parametrize("text", ["", "x", "[]", "null", '{"nonsense": 1}', "[" * 5000])
async def test_timestamps_that_are_none_are_nonsense(clock: FakeClock, text: str) -> None:
    """Neither kept nor gone by."""
    answer = httpx.Response(200, text=text, headers={"content-type": "application/json"})
    await failed(BrokenError, provider_of(Script(answer), clock).snapshot())
    await failed(BrokenError, told(provider_of(Script(), clock).changes(None, Snapshot(text))))


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2J[bold red]Title[/]", "a\r\nb\x00c", "‮evil", "x" * 5000, "$(rm -rf /)"],
)
async def test_hostile_titles_are_plain_text(clock: FakeClock, hostile: str) -> None:
    """No control characters, bounded; what looks like markup is left for the screens to show."""
    script = Script(reply(200, [{"movie": movie(1, title=hostile)}], X_Pagination_Page_Count="1"))
    changes = await told(_only_films(provider_of(script, clock)))
    first = changes[0]
    assert isinstance(first, TitlePage)
    title = first.titles[0].media.title
    assert title.isprintable()
    assert len(title) <= 300


@pytest.mark.parametrize(
    "ids",
    [
        {"imdb": "", "tmdb": None, "trakt": 5},
        {"imdb": "tt1'; DROP TABLE media", "trakt": 5},
        {"imdb": 7, "tmdb": "x", "tvdb": {}, "trakt": 5},
    ],
)
async def test_ids_that_are_none_are_left_out(clock: FakeClock, ids: dict[str, Any]) -> None:
    """What is left still names the title."""
    script = Script(reply(200, [{"movie": movie(1, ids=ids)}], X_Pagination_Page_Count="1"))
    changes = await told(_only_films(provider_of(script, clock)))
    first = changes[0]
    assert isinstance(first, TitlePage)
    assert str(first.titles[0].media.id) == "trakt:movie:5"


# Resume points, ratings, lists, the catalogue


async def test_a_resume_point_that_is_gone_is_forgotten(clock: FakeClock) -> None:
    """404 is a success, and without an id there is nothing to do."""
    script = Script(httpx.Response(404), httpx.Response(204))
    provider = provider_of(script, clock)
    point = ResumePoint(FILM, 12.0, START, 37)
    await provider.forget_resume_point(point)
    await provider.forget_resume_point(point)
    await provider.forget_resume_point(ResumePoint(FILM, 12.0, START, None))
    assert script.paths == ["DELETE /sync/playback/37"] * 2


async def test_ratings_are_given_and_taken_back(clock: FakeClock) -> None:
    """By the title as a whole, films and shows in one write."""
    script = Script(reply(201, {"not_found": {"shows": [{"ids": {"tvdb": 81189}}]}}), reply(200))
    provider = provider_of(script, clock)
    answers = await provider.rate([Rating(FILM_REF, 9, START), Rating(SHOW_REF, 7)])
    assert [answer.outcome for answer in answers] == [Outcome.DONE, Outcome.UNKNOWN_TITLE]
    body = body_of(script.last)
    assert (body["movies"][0]["rating"], body["movies"][0]["rated_at"]) == (
        9, "2026-11-22T20:15:00.000Z",
    )  # fmt: skip
    assert "rated_at" not in body["shows"][0]
    await provider.rate([Rating(FILM_REF, None)])
    assert script.paths[-1] == "POST /sync/ratings/remove"
    assert "rating" not in body_of(script.last)["movies"][0]


@pytest.mark.parametrize(
    ("status", "outcomes", "paths"),
    [
        (ListStatus.PLANNED, [Outcome.DONE] * 2,
         ["/users/hidden/dropped/remove", "/sync/watchlist"]),
        (ListStatus.DROPPED, [Outcome.NO_LIST, Outcome.DONE],
         ["/sync/watchlist/remove", "/users/hidden/dropped"]),
        (None, [Outcome.DONE] * 2, ["/sync/watchlist/remove", "/users/hidden/dropped/remove"]),
    ],
)  # fmt: skip
async def test_titles_are_put_on_lists(
    clock: FakeClock, status: ListStatus | None, outcomes: list[Outcome], paths: list[str]
) -> None:
    """A watchlist, and shows that were dropped; films cannot be."""
    script = Script(reply(201), reply(201))
    changes = [ListChange(FILM_REF, status), ListChange(SHOW_REF, status)]
    answers = await provider_of(script, clock).set_lists(changes)
    assert [answer.outcome for answer in answers] == outcomes
    assert [request.url.path for request in script.requests] == paths
    assert all("seasons" not in show for r in script.requests for show in body_of(r)["shows"])


async def test_there_is_no_list_of_what_is_on_hold(clock: FakeClock) -> None:
    """Nothing is asked for."""
    change = ListChange(SHOW_REF, ListStatus.HOLD)
    (answer,) = await provider_of(Script(), clock).set_lists([change])
    assert answer.outcome is Outcome.NO_LIST


async def test_a_full_watchlist_is_said(clock: FakeClock) -> None:
    """420, whose body may be empty."""
    script = Script(reply(200), httpx.Response(420, headers={"X-Account-Limit": "250"}))
    change = ListChange(SHOW_REF, ListStatus.PLANNED)
    error = await failed(RejectedError, provider_of(script, clock).set_lists([change]))
    assert str(error) == (
        "The Trakt account is full. Remove something there, or become a paying member."
    )


async def test_the_catalogue_says_what_is_known_and_nothing_else(clock: FakeClock) -> None:
    """Details, episodes and a search; none of what is unknown."""
    detail = show(1, overview="About\x1b[31m it", genres=["drama", 7], status="returning series",
                  first_aired=AT, aired_episodes=62)  # fmt: skip
    seasons = [
        {"number": 0, "episodes": [{"season": 0, "number": 1, "title": "Special"}]},
        {
            "number": 1,
            "episodes": [{"season": 1, "number": 1, "first_aired": AT}, {"season": None}],
        },
        7,
    ]
    hits = [{"type": "show", "score": 1, "show": show(1)}, {"type": "movie", "movie": movie(2)}]
    script = Script(
        reply(200, detail), httpx.Response(404), reply(200, seasons), reply(200, hits),
        reply(200, [*hits, {"show": show(3, year=1950)}]),
    )  # fmt: skip
    provider = provider_of(script, clock)
    details = await provider.details(SHOW_REF)
    assert details is not None
    assert (details.overview, details.genres, details.airing) == (
        "About [31m it", ("drama",), Airing.AIRING,
    )  # fmt: skip
    assert await provider.details(SHOW_REF) is None
    episodes = await provider.episodes(SHOW_REF)
    assert [(e.season, e.number) for e in episodes] == [(0, 1), (1, 1)]
    found = await provider.search("Show: 1 (x)?", Kind.SHOW, 2001)
    assert [hit.media.title for hit in found] == ["Show 1"]
    assert script.last.url.params["query"] == "Show 1 x"


async def test_a_token_is_never_logged(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """The fixture looks for secrets at the finest level; here there is something to look at."""
    caplog.set_level(logging.DEBUG)
    await failed(BrokenError, provider_of(Script(page(503)), clock).user())
    assert "GET /users/settings: 503" in caplog.text
