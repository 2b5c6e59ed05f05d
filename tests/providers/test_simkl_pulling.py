"""Following a library: which requests, which pieces, and what happens when an answer is wrong."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.changes import Change, Listing, ResumePoints, Snapshot, TitlePage
from dodo_tui.providers.errors import (
    BrokenError,
    OfflineError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.simkl import pulling
from dodo_tui.providers.simkl.payloads import LONG_AGO
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.providers.simkl.replies import SMALL_BYTES
from dodo_tui.providers.simkl.row_stream import library_rows
from tests.providers.conftest import MakeProvider
from tests.providers.support import (
    ACCESS,
    Script,
    Step,
    check_error,
    failed,
    refusal,
    reply,
)

OLD, NEW = "2026-10-14T07:12:20Z", "2026-10-15T08:00:00Z"

EMPTY: tuple[object, ...] = (
    None,
    {},
    [],
    {"shows": []},
    {"shows": None, "movies": {}},
    {"error": "empty"},
)
"""How Simkl says "nothing"."""


def _snapshot(at: str = NEW, **groups: dict[str, Any]) -> Snapshot:
    told: dict[str, dict[str, Any]] = {
        name: {"all": at, "rated_at": None, "playback": None, "removed_from_list": None}
        for name in ("tv_shows", "movies", "anime")
    }
    for name, buckets in groups.items():
        told[name] |= buckets
    return Snapshot(json.dumps({"all": at, **told}))


BEFORE = _snapshot(OLD)


def _after(*places: str) -> Snapshot:
    groups: dict[str, dict[str, Any]] = {}
    for place in places:
        group, bucket = place.split(".")
        groups.setdefault(group, {})[bucket] = NEW
    return _snapshot(NEW, **groups)


def _row(number: int, key: str = "movie", **more: Any) -> dict[str, Any]:
    title = {"title": f"Title {number}", "ids": {"simkl": number}}
    return {"status": "completed", "user_rating": None, key: title, **more}


async def _all(
    provider: SimklProvider, until: Snapshot, since: Snapshot | None = BEFORE
) -> list[Change]:
    return [change async for change in provider.changes(since, until)]


async def _until_error(
    provider: SimklProvider, until: Snapshot, since: Snapshot | None = BEFORE
) -> tuple[list[Change], ProviderError | None]:
    """The pieces that came, and what ended them."""
    found: list[Change] = []
    try:
        async for change in provider.changes(since, until):
            found.append(change)  # noqa: PERF401 - what came before the error counts
    except ProviderError as error:
        check_error(error)
        return found, error
    return found, None


def _simkl_ids(changes: list[Change]) -> list[str | None]:
    return [
        title.media.ids.simkl
        for change in changes
        if isinstance(change, TitlePage)
        for title in change.titles
    ]


# snapshot


async def test_a_snapshot_is_asked_with_a_get_and_kept_verbatim(provider_of: MakeProvider) -> None:
    """A POST would need the right to write; what is not understood stays in it."""
    text = '{ "all": "2026-10-14T07:12:20.000Z", "new": {"x": [1]}, "anime": null }'
    script = Script(httpx.Response(200, text=text))
    assert await provider_of(script).snapshot() == Snapshot(text)
    assert script.paths == ["GET /sync/activities"]
    assert not script.last.content


async def test_a_snapshot_may_be_large(provider_of: MakeProvider) -> None:
    """What is new there takes room."""
    data = {"all": NEW, "new": "x" * SMALL_BYTES}
    found = await provider_of(Script(reply(200, data))).snapshot()
    assert json.loads(found.text) == data


@pytest.mark.parametrize(
    "answer",
    [None, {}, [], "x", {"movies_": 1}, {"error": "empty"}, {"error": "internal", "code": 503}],
)
async def test_a_snapshot_that_is_none(provider_of: MakeProvider, answer: object) -> None:
    """Nothing may be built on it."""
    await failed(BrokenError, provider_of(Script(reply(200, answer))).snapshot())


async def test_a_snapshot_that_is_a_page(provider_of: MakeProvider) -> None:
    """Whatever stands in front of the API may answer."""
    await failed(BrokenError, provider_of(Script(httpx.Response(200, text="<p>"))).snapshot())


# The plan


async def test_everything_is_pulled_once_by_type(provider_of: MakeProvider) -> None:
    """Phase 1 (contract §11.2): three types and the resume points, each whole."""
    script = Script(
        reply(200, {"shows": [_row(1, "show")]}),
        reply(200, {"movies": [_row(2)]}),
        reply(200, {"anime": [_row(3, "show"), _row(4, "anime")]}),
        reply(200, []),
    )
    changes = await _all(provider_of(script), BEFORE, None)
    assert [type(change) for change in changes] == [TitlePage, TitlePage, TitlePage, ResumePoints]
    assert _simkl_ids(changes) == ["1", "2", "3", "4"]
    kinds = [t.media.kind for c in changes if isinstance(c, TitlePage) for t in c.titles]
    assert kinds == [Kind.SHOW, Kind.MOVIE, Kind.ANIME, Kind.ANIME]
    assert script.paths == [
        "GET /sync/all-items/shows",
        "GET /sync/all-items/movies",
        "GET /sync/all-items/anime",
        "GET /sync/playback",
    ]
    shows, films, anime, _ = (dict(request.url.params) for request in script.requests)
    for params in (shows, anime):
        assert params["episode_watched_at"] == "yes"
        assert params["include_all_episodes"] == "original"
    extended = [params["extended"] for params in (shows, films, anime)]
    assert extended == ["full", "full", "full_anime_seasons"]
    assert all("date_from" not in request.url.params for request in script.requests)


async def test_where_nothing_moved_nothing_is_asked(provider_of: MakeProvider) -> None:
    """The same `all` is the end of it, however it is written."""
    until = Snapshot(BEFORE.text.replace(OLD, OLD.replace("Z", ".000Z")))
    assert await _all(provider_of(Script()), until) == []


async def test_settings_alone_ask_for_nothing(provider_of: MakeProvider) -> None:
    """They move the topmost time and no list."""
    before = {"all": OLD, "settings": {"all": OLD}, "movies": {"all": OLD, "completed": OLD}}
    after = {**before, "all": NEW, "settings": {"all": NEW}}
    since, until = Snapshot(json.dumps(before)), Snapshot(json.dumps(after))
    assert await _all(provider_of(Script()), until, since) == []


@pytest.mark.parametrize(
    ("places", "requests"),
    [
        (["tv_shows.watching"], ["/sync/all-items"]),
        (["tv_shows.watching", "movies.completed", "anime.hold"], ["/sync/all-items"]),
        (["movies.rated_at"], ["/sync/ratings/movies"]),
        (["anime.rated_at"], ["/sync/ratings/anime"]),
        (["tv_shows.rated_at"], ["/sync/ratings/shows"]),
        (["tv_shows.rated_at", "movies.rated_at"], ["/sync/ratings"]),
        (["anime.removed_from_list"], ["/sync/all-items"]),
        (["anime.removed_from_list", "tv_shows.removed_from_list"], ["/sync/all-items"]),
        (["movies.playback", "tv_shows.playback"], ["/sync/playback"]),
        (
            ["movies.dropped", "movies.rated_at", "movies.removed_from_list", "movies.playback"],
            ["/sync/all-items", "/sync/ratings/movies", "/sync/all-items", "/sync/playback"],
        ),
    ],
)
async def test_only_what_moved_is_asked_for(
    provider_of: MakeProvider, places: list[str], requests: list[str]
) -> None:
    """One request for each sort of change, whatever the number of types."""
    script = Script(*[reply(200, {}) for _ in requests])
    await _all(provider_of(script), _after(*places))
    assert [request.url.path for request in script.requests] == requests


async def test_a_delta_is_asked_since_the_saved_all(provider_of: MakeProvider) -> None:
    """Verbatim, with the same details as the first time, and for anime too."""
    old = "2026-10-14T07:12:20.000Z"
    script = Script(reply(200, {}), reply(200, {}), reply(200, {}))
    until = _after("movies.dropped", "movies.rated_at", "anime.removed_from_list")
    await _all(provider_of(script), until, _snapshot(old))
    delta, ratings, listing = (dict(request.url.params) for request in script.requests)
    assert delta["date_from"] == ratings["date_from"] == old
    assert delta["extended"] == "full_anime_seasons"
    assert delta["episode_watched_at"] == "yes"
    assert delta["include_all_episodes"] == "original"
    assert listing["extended"] == "simkl_ids_only"
    assert "date_from" not in listing


async def test_a_delta_never_goes_without_a_date(provider_of: MakeProvider) -> None:
    """Also since a snapshot that held no time at all (contract §17.17)."""
    script = Script(reply(200, {}))
    await _all(provider_of(script), _after("movies.dropped"), Snapshot('{"all": null}'))
    assert script.last.url.params["date_from"] == LONG_AGO


async def test_a_saved_snapshot_that_cannot_be_read_is_none(
    provider_of: MakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken cursor costs one pull, not the account (F5)."""
    caplog.set_level(logging.WARNING)
    script = Script(*[reply(200, {}) for _ in range(4)])
    await _all(provider_of(script), BEFORE, Snapshot("{broken"))
    assert len(script.requests) == 4
    assert "cannot be read" in caplog.text


async def test_a_new_snapshot_that_cannot_be_read_asks_for_nothing(
    provider_of: MakeProvider,
) -> None:
    """There is nothing to anchor a pull to."""
    changes, error = await _until_error(provider_of(Script()), Snapshot("{}"))
    assert changes == []
    assert isinstance(error, BrokenError)


# Too large for one answer


async def test_a_type_that_is_too_large_is_pulled_by_status(provider_of: MakeProvider) -> None:
    """400 `max_items` (contract §11.3); films have three lists."""
    script = Script(
        reply(200, {}),
        refusal(400, "max_items"),
        *[reply(200, {"movies": [_row(n)]}) for n in (1, 2, 3)],
        reply(200, {}),
        reply(200, []),
    )
    changes = await _all(provider_of(script), BEFORE, None)
    assert _simkl_ids(changes) == ["1", "2", "3"]
    assert script.paths[2:5] == [
        f"GET /sync/all-items/movies/{status}" for status in ("plantowatch", "completed", "dropped")
    ]
    assert {request.url.params["extended"] for request in script.requests[:5]} == {"full"}


async def test_a_delta_that_is_too_large_is_pulled_by_type(provider_of: MakeProvider) -> None:
    """With its date; and by status where a type alone is too large."""
    script = Script(
        refusal(400, "max_items"),
        refusal(400, "max_items"),
        *[reply(200, {}) for _ in range(7)],
    )
    await _all(provider_of(script), _after("movies.dropped"))
    assert len(script.requests) == 9
    assert script.paths[1:3] == ["GET /sync/all-items/shows", "GET /sync/all-items/shows/watching"]
    assert script.paths[7:] == ["GET /sync/all-items/movies", "GET /sync/all-items/anime"]
    assert {request.url.params["date_from"] for request in script.requests} == {OLD}


async def test_a_listing_in_parts_is_one_listing(provider_of: MakeProvider) -> None:
    """No part of it alone says what is gone."""
    script = Script(
        refusal(400, "max_items"),
        reply(200, {"shows": [_row(1, "show")]}),
        reply(200, {}),
        reply(200, {"anime": [_row(3, "show")]}),
    )
    changes = await _all(provider_of(script), _after("anime.removed_from_list"))
    kinds = frozenset({Kind.SHOW, Kind.ANIME})
    assert changes == [Listing(kinds, frozenset({Ids(simkl="1"), Ids(simkl="3")}))]


@pytest.mark.parametrize("place", ["movies.dropped", "movies.rated_at", "movies.removed_from_list"])
async def test_what_cannot_be_divided_any_more_is_an_error(
    provider_of: MakeProvider, place: str
) -> None:
    """It ends, and nothing was told."""
    steps = [refusal(400, "max_items") for _ in range(3)]
    changes, error = await _until_error(provider_of(Script(*steps)), _after(place))
    assert changes == []
    assert isinstance(error, BrokenError)
    assert str(error) == pulling.TOO_LARGE


# Answers


@pytest.mark.parametrize("answer", EMPTY)
@pytest.mark.parametrize("place", ["tv_shows.watching", "tv_shows.rated_at"])
async def test_an_empty_answer_is_nothing(
    provider_of: MakeProvider, answer: object, place: str
) -> None:
    """However it is said (F10)."""
    assert await _all(provider_of(Script(reply(200, answer))), _after(place)) == []


@pytest.mark.parametrize("answer", EMPTY)
async def test_an_empty_listing_tells_of_what_the_activities_name(
    provider_of: MakeProvider, answer: object
) -> None:
    """Alone it is "nothing" (contract §17.16); of films the activities say that some were removed.

    Whether that can be believed is not decided here.
    """
    script = Script(reply(200, answer))
    (listing,) = await _all(provider_of(script), _after("movies.removed_from_list"))
    assert listing == Listing(frozenset({Kind.MOVIE}), frozenset())


async def test_an_empty_listing_alone_removes_nothing(provider_of: MakeProvider) -> None:
    """Old activities do not name the removals: what may have been removed is not said to be."""
    after = _after("movies.completed")
    data = json.loads(after.text)
    del data["movies"]["removed_from_list"]
    data["movies"]["all"] = NEW
    script = Script(*[reply(200, {})] * 3)
    found = await _all(provider_of(script), Snapshot(json.dumps(data)))
    assert Listing(frozenset(), frozenset()) in found


async def test_a_listing_tells_of_kinds_that_it_or_the_activities_name(
    provider_of: MakeProvider,
) -> None:
    """Anime alone is not the truth for shows (F1); every id found is one to keep."""
    answer = {"anime": [_row(3, "show")], "shows": [], "movies": [_row(2)]}
    script = Script(reply(200, answer))
    (listing,) = await _all(provider_of(script), _after("anime.removed_from_list"))
    kinds = frozenset({Kind.ANIME, Kind.MOVIE})
    assert listing == Listing(kinds, frozenset({Ids(simkl="3"), Ids(simkl="2")}))


@pytest.mark.parametrize(
    "answer",
    [
        "x",
        [{}],
        {"shows": "x"},
        {"shows": {"1": {}}},
        {"shows": [_row(1, "show"), {}]},
        {"shows": [_row(1, "show"), None]},
        {"shows": [_row(1, "show"), {"show": {"ids": {"imdb": "tt0149460"}}}]},
        {"shows": [_row(1, "show")], "error": "internal", "code": 500},
        {"shows": [_row(1, "show")], "pad": "x" * SMALL_BYTES, "error": "internal"},
    ],
)
async def test_a_listing_that_may_not_be_whole_is_an_error(
    provider_of: MakeProvider, answer: object
) -> None:
    """One row that cannot be read would look like a removal."""
    script = Script(reply(200, answer))
    changes, error = await _until_error(provider_of(script), _after("tv_shows.removed_from_list"))
    assert changes == []
    assert isinstance(error, BrokenError)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (reply(500), BrokenError),
        (refusal(429, "user_limit_exceeded"), ThrottledError),
        (reply(200, {"error": "rate_limit", "code": 429}), ThrottledError),
        (reply(200, {"error": "internal"}), BrokenError),
        (httpx.Response(200, text="<html>" + "x" * SMALL_BYTES), BrokenError),
        (httpx.Response(200, text='{"shows": [{"a": 1}, {"b'), BrokenError),
        (httpx.ReadError("gone"), OfflineError),
    ],
)
@pytest.mark.parametrize("place", ["movies.dropped", "movies.rated_at", "movies.removed_from_list"])
async def test_a_failure_is_never_an_empty_answer(
    provider_of: MakeProvider, place: str, step: Step, kind: type[ProviderError]
) -> None:
    """Its kind is told, and no piece that could be wrong."""
    changes, error = await _until_error(provider_of(Script(step)), _after(place))
    assert isinstance(error, kind)
    assert changes == []


async def test_the_sign_in_is_refused_in_the_midst(provider_of: MakeProvider) -> None:
    """A pull ends there; nothing of what is not told is made up."""
    script = Script(
        reply(200, {"shows": [_row(1, "show")]}),
        refusal(401, "invalid_token"),
        reply(400, {"error": "invalid_grant"}),
    )
    changes, error = await _until_error(provider_of(script), BEFORE, None)
    assert _simkl_ids(changes) == ["1"]
    assert isinstance(error, UnauthorizedError)


async def test_malformed_rows_are_counted_in_their_page(
    provider_of: MakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """The others stand; whoever merges must know that some are missing."""
    caplog.set_level(logging.WARNING)
    rows = [_row(1), None, {"movie": {"title": ACCESS}}, _row(2)]
    script = Script(reply(200, {"movies": rows}))
    (page,) = await _all(provider_of(script), _after("movies.dropped"))
    assert isinstance(page, TitlePage)
    assert [title.media.ids.simkl for title in page.titles] == ["1", "2"]
    assert page.malformed == 2
    assert "2 rows of a library left out" in caplog.text


async def test_only_malformed_rows_are_a_page_too(provider_of: MakeProvider) -> None:
    """Or nobody would know of them."""
    script = Script(reply(200, {"movies": [None]}))
    assert await _all(provider_of(script), _after("movies.dropped")) == [TitlePage((), 1)]


async def test_a_rating_alone_says_nothing_about_watching(provider_of: MakeProvider) -> None:
    """`user_rating: null` is a rating that was taken back."""
    rows = [_row(1, user_rating=8), _row(2, user_rating=None)]
    script = Script(reply(200, {"movies": rows}))
    (page,) = await _all(provider_of(script), _after("movies.rated_at"))
    assert isinstance(page, TitlePage)
    told = [(t.rating, t.says_rating, t.says_watched, t.watched) for t in page.titles]
    assert told == [(8, True, False, False), (None, True, False, False)]


@pytest.mark.parametrize(
    ("answer", "is_complete"),
    [
        ([], True),
        ([{"id": 1, "progress": 5, **_row(1)}], True),
        ([{"id": 1, "progress": 5, **_row(1)}, {"id": 2}], False),
        (None, False),
        ({}, False),
        ({"error": "empty"}, False),
    ],
)
async def test_resume_points_are_complete_only_as_a_whole_list(
    provider_of: MakeProvider, answer: object, is_complete: bool
) -> None:
    """Else a missing one is not gone."""
    script = Script(httpx.Response(200, text=json.dumps(answer)))
    (points,) = await _all(provider_of(script), _after("movies.playback"))
    assert isinstance(points, ResumePoints)
    assert points.complete is is_complete
    assert "date_from" not in script.last.url.params


async def test_resume_points_older_than_a_week_may_have_run_out(
    provider_of: MakeProvider,
) -> None:
    """Simkl keeps a free user's for 7 days (contract §10.1)."""
    provider = provider_of(Script(reply(200, [])))
    (points,) = await _all(provider, _after("movies.playback"))
    assert isinstance(points, ResumePoints)
    assert points.kept_since is not None
    assert points.kept_since.isoformat() == "2026-11-15T20:15:00+00:00"


# Large libraries


def _large_library() -> tuple[dict[str, Any], dict[str, Any]]:
    """3 000 films, and 200 shows of 100 episodes."""
    at = "2026-05-15T20:00:00Z"
    episodes = [{"number": n, "watched_at": at} for n in range(1, 101)]
    seasons = [{"number": 1, "episodes": episodes}]
    shows = [_row(n, "show", seasons=seasons) for n in range(1, 201)]
    return {"shows": shows}, {"movies": [_row(n) for n in range(1_000, 4_000)]}


async def test_a_large_library_comes_in_pages_of_bounded_size(provider_of: MakeProvider) -> None:
    """Whichever is reached first: so many titles, or so many episodes."""
    shows, films = _large_library()
    script = Script(reply(200, shows), reply(200, films), reply(200, {}), reply(200, []))
    pages = [c for c in await _all(provider_of(script), BEFORE, None) if isinstance(c, TitlePage)]
    counts = [(len(p.titles), sum(len(t.episodes) for t in p.titles)) for p in pages]
    assert counts == [(10, 1_000)] * 20 + [(100, 0)] * 30


async def test_rows_are_read_as_they_are_asked_for_and_off_the_loop(
    provider_of: MakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page at a time, in a worker thread."""
    threads: list[int] = []

    def watched(body: bytes) -> Iterator[tuple[Kind, object]]:
        for row in library_rows(body):
            threads.append(threading.get_ident())
            yield row

    monkeypatch.setattr(pulling, "library_rows", watched)
    _, films = _large_library()
    script = Script(reply(200, films), reply(200, films))
    pieces = provider_of(script).changes(
        BEFORE, _after("movies.dropped", "movies.removed_from_list")
    )
    first = await anext(pieces)
    assert isinstance(first, TitlePage)
    assert len(threads) == pulling.PAGE_TITLES
    async for _ in pieces:
        pass
    assert len(threads) == 6_000
    assert threading.get_ident() not in threads


async def test_whoever_stops_listening_asks_for_nothing_more(provider_of: MakeProvider) -> None:
    """A pull can be left at any piece."""
    script = Script(reply(200, {"shows": [_row(1, "show")]}))
    pieces = provider_of(script).changes(None, BEFORE)
    await anext(pieces)
    await pieces.aclose()  # type: ignore[attr-defined]
    assert len(script.requests) == 1
