"""The calls of the protocol, each as one exchange with Simkl."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dodo_tui import __version__
from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Ids, Kind, MediaId, Scheme
from dodo_tui.domain.media import Media
from dodo_tui.providers.catalogue import FileMatch
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.errors import BrokenError, RejectedError
from dodo_tui.providers.facts import Answer, Fact, FactKind, Outcome, Verb
from dodo_tui.providers.items import Item
from dodo_tui.providers.protocol import Provider
from dodo_tui.providers.simkl.provider import SimklProvider
from tests.providers.conftest import MakeProvider
from tests.providers.support import (
    ACCESS,
    CLIENT_ID,
    EPISODE,
    INCEPTION,
    Script,
    bearer_of,
    body_of,
    failed,
    refusal,
    reply,
)
from tests.support.clock import START, FakeClock

NAMELESS = Item(Kind.MOVIE, "", 1999, Ids())


def _watched(item: Item) -> Fact:
    return Fact(FactKind.WATCHED, item, START)


def _episode(number: int) -> Item:
    return Item(EPISODE.kind, EPISODE.title, EPISODE.year, EPISODE.ids, 1, number)


def test_it_is_a_provider(clock: FakeClock) -> None:
    """The protocol, as a type and by its words."""
    provider: Provider = SimklProvider("id", "https://api.simkl.com", None, clock)
    assert (provider.id, provider.name, provider.batch_size) == ("simkl", "Simkl", 50)


async def test_every_request_says_who_asks(provider_of: MakeProvider) -> None:
    """Simkl: client id, app name and version, User-Agent and token (contract §2.1)."""
    script = Script(reply(201, {}), reply(200, []))
    provider = provider_of(script)
    await provider.scrobble(Verb.START, INCEPTION, 6)
    await provider.resume_points()
    for request in script.requests:
        params = request.url.params
        assert params["client_id"] == CLIENT_ID
        assert (params["app-name"], params["app-version"]) == ("dodo-tui", __version__)
        assert request.headers["user-agent"] == f"dodo-tui/{__version__}"
        assert bearer_of(request) == ACCESS
        assert ACCESS not in str(request.url)
    assert script.requests[0].headers["content-type"] == "application/json"


async def test_writes_are_a_second_apart(provider_of: MakeProvider, clock: FakeClock) -> None:
    """Two at once go out one after the other, in their order (contract §17.13)."""
    times: list[tuple[str, float]] = []

    def server(request: httpx.Request) -> httpx.Response:
        times.append((request.url.path, clock.monotonic()))
        return reply(201, {})

    provider = provider_of(Script(server, server))
    await asyncio.gather(
        provider.scrobble(Verb.START, INCEPTION, 6), provider.scrobble(Verb.STOP, INCEPTION, 95)
    )
    assert [path for path, _ in times] == ["/scrobble/start", "/scrobble/stop"]
    assert times[1][1] - times[0][1] >= 1


# user


async def test_user_is_read_with_a_get(provider_of: MakeProvider) -> None:
    """Simkl: a POST would need the right to write and count as a write."""
    data = {"user": {"name": "dodo\x1b", "age": "30 years"}, "account": {"id": 123456}}
    script = Script(reply(200, data))
    assert await provider_of(script).user() == User("123456", "dodo")
    assert script.paths == ["GET /users/settings"]
    assert script.last.content == b""


@pytest.mark.parametrize("user", [{"name": ""}, {"name": None}, {}, None, [], "x"])
async def test_a_user_without_a_name_is_known_by_number(
    provider_of: MakeProvider, user: object
) -> None:
    """The name is cosmetic; it must not cost the sign-in (adr-review 55)."""
    script = Script(reply(200, {"user": user, "account": {"id": "7"}}))
    assert await provider_of(script).user() == User("7", "7")


@pytest.mark.parametrize("data", [None, [], {}, {"account": {}}, {"account": {"id": 0}}])
async def test_settings_without_an_account_make_no_sense(
    provider_of: MakeProvider, data: object
) -> None:
    """An account id is what everything hangs on."""
    await failed(BrokenError, provider_of(Script(reply(200, data))).user())


# scrobble


@pytest.mark.parametrize(
    ("verb", "percent", "data", "outcome"),
    [
        (Verb.START, 6, {"id": 0, "action": "start"}, Outcome.NOTED),
        (Verb.PAUSE, 50, {"id": 1, "action": "pause"}, Outcome.SAVED),
        (Verb.STOP, 95, {"id": 2, "action": "scrobble"}, Outcome.WATCHED),
        (Verb.STOP, 50, {"id": 3, "action": "pause"}, Outcome.SAVED),
        # `action` is what was done, whatever was asked.
        (Verb.STOP, 95, {"action": "pause"}, Outcome.SAVED),
        (Verb.PAUSE, 95, {"action": "scrobble"}, Outcome.WATCHED),
        (Verb.START, 6, {"action": "checkin"}, Outcome.NOTED),
        # Missing or new: Simkl's own rule.
        (Verb.START, 6, {}, Outcome.NOTED),
        (Verb.PAUSE, 85, None, Outcome.SAVED),
        (Verb.STOP, 80, [], Outcome.WATCHED),
        (Verb.STOP, 79.99, {"action": None}, Outcome.SAVED),
        (Verb.STOP, 95, {"action": "something new"}, Outcome.WATCHED),
        (Verb.STOP, 95, {"action": {"x": 1}, "movie": 7}, Outcome.WATCHED),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
async def test_a_scrobble_is_what_simkl_says_it_did(
    provider_of: MakeProvider,
    verb: Verb,
    percent: float,
    data: object,
    outcome: Outcome,
    status: int,
) -> None:
    """`action` decides (contract §9), any 2xx is success."""
    script = Script(reply(status, data))
    answer = await provider_of(script).scrobble(verb, INCEPTION, percent)
    assert answer.outcome is outcome
    assert script.paths == [f"POST /scrobble/{verb.value}"]
    assert body_of(script.last)["progress"] == percent


async def test_a_scrobble_brings_the_ids_of_the_title(provider_of: MakeProvider) -> None:
    """The canonical ids are worth keeping."""
    data = {
        "id": 35148628,
        "action": "pause",
        "show": {"title": "x", "ids": {"simkl": 2090, "slug": "x", "imdb": "tt1520211"}},
        "episode": {"season": 1, "number": 1},
    }
    answer = await provider_of(Script(reply(201, data))).scrobble(Verb.PAUSE, EPISODE, 50)
    assert answer == Answer(Outcome.SAVED, Ids(simkl="2090", imdb="tt1520211"))


async def test_what_nothing_names_is_not_sent(provider_of: MakeProvider) -> None:
    """Simkl could not know it; no request is spent on that."""
    provider = provider_of(Script())
    assert (await provider.scrobble(Verb.STOP, NAMELESS, 95)).outcome is Outcome.UNKNOWN_TITLE
    (answer,) = await provider.deliver([_watched(NAMELESS)])
    assert answer.outcome is Outcome.UNKNOWN_TITLE


async def test_a_percent_that_is_no_number_is_the_callers_mistake(
    provider_of: MakeProvider,
) -> None:
    """It is refused before anything is sent."""
    with pytest.raises(ValueError, match="number"):
        await provider_of(Script()).scrobble(Verb.STOP, INCEPTION, float("nan"))


# deliver


@pytest.mark.parametrize(
    ("kind", "path"),
    [(FactKind.WATCHED, "/sync/history"), (FactKind.UNWATCHED, "/sync/history/remove")],
)
async def test_facts_of_a_kind_go_to_their_address(
    provider_of: MakeProvider, kind: FactKind, path: str
) -> None:
    """One request for all of them, and one answer each."""
    script = Script(reply(201, {"added": {"movies": 0}, "not_found": {"movies": [], "shows": []}}))
    facts = [Fact(kind, INCEPTION, START), Fact(kind, EPISODE, START)]
    answers = await provider_of(script).deliver(facts)
    assert answers == (Answer(Outcome.DONE), Answer(Outcome.DONE))
    assert script.paths == [f"POST {path}"]


async def test_already_watched_is_done(provider_of: MakeProvider) -> None:
    """Simkl adds nothing for what it has; only `not_found` tells of a failure (§12.1)."""
    zeros: object = {"added": {"movies": 0, "shows": 0, "episodes": 0}, "not_found": {}}
    for data in (zeros, {}, None, [], {"not_found": None}, {"not_found": {"movies": None}}):
        (answer,) = await provider_of(Script(reply(201, data))).deliver([_watched(INCEPTION)])
        assert answer.outcome is Outcome.DONE


async def test_no_facts_no_request(provider_of: MakeProvider) -> None:
    """`{}` would be answered with zeros."""
    assert await provider_of(Script()).deliver([]) == ()


async def test_a_batch_has_its_bounds(provider_of: MakeProvider) -> None:
    """Fifty of one kind; anything else is the caller's mistake."""
    provider = provider_of(Script(reply(201, {})))
    assert len(await provider.deliver([_watched(_episode(n)) for n in range(1, 51)])) == 50
    with pytest.raises(ValueError, match="50"):
        await provider.deliver([_watched(_episode(n)) for n in range(51)])
    with pytest.raises(ValueError, match="kind"):
        await provider.deliver([_watched(INCEPTION), Fact(FactKind.UNWATCHED, INCEPTION)])


HEAT = Item(Kind.MOVIE, "Heat", 1995, Ids())
NARUTO = Item(Kind.ANIME, "Naruto", 2002, Ids(mal="20", simkl="37089"), 1, 3)
SHOW_IDS = {"imdb": "tt1520211", "tvdb": "153021"}


@pytest.mark.parametrize(
    ("not_found", "lost"),
    [
        ({"movies": [{"ids": {"imdb": "tt1375666", "simkl": 472214}}]}, {0}),
        ({"movies": [{"title": "Inception", "ids": {"imdb": "tt1375666"}}]}, {0}),
        ({"movies": [{"ids": {"imdb": "tt1375666", "simkl": "472214"}, "to": "x"}]}, {0}),
        ({"movies": [{"title": "HEAT", "year": 1995}]}, {4}),
        ({"movies": [{"movie": {"title": "Heat", "year": 1995}}]}, {4}),
        # A copy of a show names the episodes that were sent, or only those that are unknown.
        ({"shows": [{"ids": SHOW_IDS}]}, {1, 2}),
        (
            {
                "shows": [
                    {
                        "ids": SHOW_IDS,
                        "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 2}]}],
                    }
                ]
            },
            {1, 2},
        ),
        (
            {"shows": [{"ids": SHOW_IDS, "seasons": [{"number": 1, "episodes": [{"number": 2}]}]}]},
            {2},
        ),
        ({"shows": [{"ids": SHOW_IDS, "episodes": [{"number": 2}]}]}, {2}),
        ({"episodes": [{"ids": SHOW_IDS, "season": 1, "number": 2}]}, {2}),
        ({"episodes": [{"show": {"ids": SHOW_IDS}, "episode": {"season": 1, "episode": 2}}]}, {2}),
        # Anime are counted under shows, by one page under anime.
        ({"shows": [{"ids": {"mal": "20", "simkl": 37089}}]}, {3}),
        ({"anime": [{"ids": {"mal": 20}}]}, {3}),
        # The same TMDB or IMDb id under the other list is another title.
        ({"shows": [{"ids": {"imdb": "tt1375666", "simkl": 472214}}]}, set()),
        ({"movies": [{"ids": {"imdb": "tt9999999"}}]}, set()),
        ({"movies": [None, 7, "x", {}]}, set()),
        ({"shows": [{"ids": SHOW_IDS, "seasons": 7, "episodes": [7, {}]}]}, set()),
    ],
)
async def test_not_found_is_told_apart_by_item(
    provider_of: MakeProvider, not_found: dict[str, Any], lost: set[int]
) -> None:
    """201 does not mean stored (contract §17.15): each fact gets its own answer, in order."""
    items = [INCEPTION, _episode(1), _episode(2), NARUTO, HEAT]
    script = Script(reply(201, {"added": {}, "not_found": not_found}))
    answers = await provider_of(script).deliver([_watched(item) for item in items])
    unknown = {i for i, a in enumerate(answers) if a.outcome is Outcome.UNKNOWN_TITLE}
    assert unknown == lost
    assert len(answers) == len(items)


async def test_two_seasons_of_an_anime_that_share_an_id_are_told_apart(
    provider_of: MakeProvider,
) -> None:
    """The very copy counts before an id in common."""
    first = Item(Kind.ANIME, "X", None, Ids(imdb="tt0000001", mal="1"), 1, 1)
    second = Item(Kind.ANIME, "X", None, Ids(imdb="tt0000001", mal="2"), 2, 1)
    data = {"not_found": {"shows": [{"ids": {"imdb": "tt0000001", "mal": "2"}}]}}
    answers = await provider_of(Script(reply(201, data))).deliver(
        [_watched(first), _watched(second)]
    )
    assert [a.outcome for a in answers] == [Outcome.DONE, Outcome.UNKNOWN_TITLE]


async def test_a_not_found_that_was_never_sent_is_logged(
    provider_of: MakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """It cannot be anybody's answer, but nothing is dropped in silence."""
    data = {"not_found": {"movies": [{"title": "Other\x1b", "ids": {"imdb": "tt9"}}]}}
    await provider_of(Script(reply(201, data))).deliver([_watched(INCEPTION)])
    assert "not found that was not sent: {'title': 'Other" in caplog.text
    assert "\x1b" not in caplog.text


async def test_nameless_facts_do_not_shift_the_answers(provider_of: MakeProvider) -> None:
    """What is not sent is answered in its place."""
    script = Script(reply(201, {"not_found": {"movies": [{"ids": {"imdb": "tt1375666"}}]}}))
    answers = await provider_of(script).deliver(
        [_watched(NAMELESS), _watched(EPISODE), _watched(INCEPTION)]
    )
    outcomes = [answer.outcome for answer in answers]
    assert outcomes == [Outcome.UNKNOWN_TITLE, Outcome.DONE, Outcome.UNKNOWN_TITLE]
    assert body_of(script.last)["movies"][0]["title"] == "Inception"


async def test_a_batch_too_large_is_split(provider_of: MakeProvider) -> None:
    """Simkl: `max_items` means smaller requests; the answers stay in order."""
    lost = {"not_found": {"shows": [{"ids": SHOW_IDS, "episodes": [{"number": 3}]}]}}
    script = Script(refusal(400, "max_items"), reply(201, {}), reply(201, lost))
    answers = await provider_of(script).deliver([_watched(_episode(n)) for n in (1, 2, 3)])
    outcomes = [answer.outcome for answer in answers]
    assert outcomes == [Outcome.DONE, Outcome.DONE, Outcome.UNKNOWN_TITLE]
    sent = [body_of(request)["shows"][0]["seasons"][0]["episodes"] for request in script.requests]
    assert [[e["number"] for e in episodes] for episodes in sent] == [[1, 2, 3], [1], [2, 3]]


async def test_a_single_fact_too_large_is_rejected(provider_of: MakeProvider) -> None:
    """Splitting has an end."""
    script = Script(refusal(400, "max_items"))
    await failed(RejectedError, provider_of(script).deliver([_watched(INCEPTION)]))


# resume points


BREAKING_BAD = {
    "title": "Breaking Bad",
    "year": 2008,
    "ids": {"simkl": 11121, "slug": "breaking-bad", "imdb": "tt0903747"},
}


async def _points(provider_of: MakeProvider, *found: object) -> list[ResumePoint]:
    return list(await provider_of(Script(reply(200, list(found)))).resume_points())


async def test_resume_points_of_films_and_episodes(provider_of: MakeProvider) -> None:
    """The examples of the contract (§10.1)."""
    episode, film = await _points(
        provider_of,
        {
            "id": 35148632,
            "progress": 45.5,
            "paused_at": "2026-10-01T20:15:00Z",
            "type": "episode",
            "episode": {"season": 1, "number": 5, "tvdb_season": 1, "tvdb_number": 5},
            "show": BREAKING_BAD,
        },
        {
            "id": 35148628,
            "progress": 75,
            "paused_at": "2026-10-01T13:00:00-05:00",
            "type": "movie",
            "movie": {"title": "Inception", "year": 2010, "ids": {"simkl": 472214}},
        },
    )
    ids = Ids(imdb="tt0903747", simkl="11121")
    assert episode == ResumePoint(
        Item(Kind.SHOW, "Breaking Bad", 2008, ids, 1, 5),
        45.5,
        datetime(2026, 10, 1, 20, 15, tzinfo=UTC),
        35148632,
    )
    assert film == ResumePoint(
        Item(Kind.MOVIE, "Inception", 2010, Ids(simkl="472214")),
        75,
        datetime(2026, 10, 1, 18, 0, tzinfo=UTC),
        35148628,
    )


@pytest.mark.parametrize(
    ("paused_at", "watched_at", "read"),
    [
        ("2026-10-01T20:15:00.250Z", "2020-01-01T00:00:00Z", datetime(2026, 10, 1, 20, 15, 0, 250_000, UTC)),  # noqa: E501
        (None, "2026-10-01T20:15:00Z", datetime(2026, 10, 1, 20, 15, tzinfo=UTC)),
        ("1970-01-01T00:00:01Z", None, None),
        (None, None, None),
    ],
)  # fmt: skip
async def test_the_time_comes_under_two_keys(
    provider_of: MakeProvider, paused_at: object, watched_at: object, read: datetime | None
) -> None:
    """`paused_at` before `watched_at`; a placeholder is unknown."""
    (point,) = await _points(
        provider_of,
        {
            "progress": 1,
            "movie": {"title": "x"},
            "paused_at": paused_at,
            "watched_at": watched_at,
        },
    )
    assert point.paused_at == read


@pytest.mark.parametrize(
    ("ids", "episode", "item_ids", "place"),
    [
        # Known by a seasonal id: TVDB's count.
        (
            {"imdb": "tt1", "mal": "5"},
            {"number": 13},
            Ids(mal="5"),
            (1, 13),
        ),
        (
            {"imdb": "tt0409591", "mal": "5"},
            {"season": 1, "number": 13, "tvdb_season": 2, "tvdb_number": 1},
            Ids(imdb="tt0409591", mal="5"),
            (2, 1),
        ),
        # No TVDB count: those ids would misplace the episode.
        (
            {"imdb": "tt0409591", "mal": "5", "simkl": 9},
            {"season": 1, "number": 13},
            Ids(mal="5", simkl="9"),
            (1, 13),
        ),
        # Known by an anime site only: one season.
        (
            {"mal": "5"},
            {"number": 13, "tvdb_season": 2, "tvdb_number": 1},
            Ids(mal="5"),
            (1, 13),
        ),
        ({"imdb": "tt0409591"}, {"episode": 13}, Ids(imdb="tt0409591"), (1, 13)),
        ({"mal": "5"}, None, Ids(mal="5"), (None, None)),
    ],
)
async def test_an_anime_is_numbered_as_its_key_will_be(
    provider_of: MakeProvider,
    ids: dict[str, object],
    episode: dict[str, object] | None,
    item_ids: Ids,
    place: tuple[int | None, int | None],
) -> None:
    """Simkl counts one season and tells TVDB's count beside it."""
    row = {"progress": 1, "anime": {"title": "x", "ids": ids}, "episode": episode}
    (point,) = await _points(provider_of, row)
    assert point.item.kind is Kind.ANIME
    assert point.item.ids == item_ids
    assert (point.item.season, point.item.number) == place


async def test_resume_points_that_cannot_be_read_are_left_out_and_counted(
    provider_of: MakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """One broken row costs itself only."""
    caplog.set_level(logging.WARNING)
    good = {"id": 0, "progress": 5, "movie": {"title": "x"}}
    points = await _points(
        provider_of,
        {"progress": 5},
        {"progress": 5, "movie": {"year": 1999}},
        {"progress": 5, "show": BREAKING_BAD},
        {"progress": 5, "show": BREAKING_BAD, "episode": {"number": 5}},
        {"progress": 5, "show": BREAKING_BAD, "episode": {"season": 1}},
        {"progress": "much", "movie": {"title": "x"}},
        None,
        good,
    )
    assert [point.item.title for point in points] == ["x"]
    assert points[0].remote_id is None
    assert "7 of 8 resume points left out" in caplog.text


@pytest.mark.parametrize("data", [{"movies": []}, "x", 7])
async def test_resume_points_that_are_no_list_make_no_sense(
    provider_of: MakeProvider, data: object
) -> None:
    """They must not look like "there are none"."""
    await failed(BrokenError, provider_of(Script(reply(200, data))).resume_points())


# identify


async def test_a_file_is_identified_by_its_name_alone(provider_of: MakeProvider) -> None:
    """No folder leaves this machine."""
    data = {
        "type": "episode",
        "show": BREAKING_BAD | {"poster": "14/x", "runtime": 47},
        "episode": {"title": "Gray Matter", "season": 1, "episode": 5, "multipart": False},
    }
    script = Script(reply(200, data))
    match = await provider_of(script).identify("/home/me/private/Breaking.Bad.S01E05.mkv")
    ids = Ids(imdb="tt0903747", simkl="11121")
    media = Media(
        MediaId(Scheme.IMDB, "tt0903747"), Kind.SHOW, "Breaking Bad", 2008, ids, 47, "14/x"
    )
    assert match == FileMatch(media, 1, 5, "Gray Matter")
    assert script.paths == ["POST /search/file"]
    assert body_of(script.last) == {"file": "Breaking.Bad.S01E05.mkv"}


@pytest.mark.parametrize(
    ("data", "kind", "season", "number"),
    [
        ({"type": "movie", "movie": {"title": "x", "ids": {"simkl": 1}}}, Kind.MOVIE, None, None),
        ({"type": "show", "show": {"title": "x", "ids": {"simkl": 1}}}, Kind.SHOW, None, None),
        (
            {"show": {"title": "x", "ids": {"mal": 1}}, "episode": {"episode": 12}},
            Kind.ANIME,
            1,
            12,
        ),
        (
            {"show": {"title": "x", "ids": {"simkl": 1}}, "episode": {"episode": 12}},
            Kind.SHOW,
            None,
            None,
        ),
    ],
)
async def test_a_file_is_a_film_a_show_or_an_episode(
    provider_of: MakeProvider,
    data: object,
    kind: Kind,
    season: int | None,
    number: int | None,
) -> None:
    """A show without an episode stays one; nothing is made up."""
    match = await provider_of(Script(reply(200, data))).identify("x.mkv")
    assert match is not None
    assert (match.media.kind, match.season, match.number) == (kind, season, number)


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"type": "movie"}, {"movie": {"title": "x"}}, {"movie": {"ids": {"simkl": 1}}}],
)
async def test_a_file_may_be_unknown(provider_of: MakeProvider, data: object) -> None:
    """No match, or one without a name or an id, is no match."""
    assert await provider_of(Script(reply(200, data))).identify("x.mkv") is None


async def test_a_file_name_of_any_bytes_can_be_asked_about(provider_of: MakeProvider) -> None:
    """Undecodable bytes are left out; a name of nothing else is not asked about."""
    script = Script(reply(200, None))
    provider = provider_of(script)
    assert await provider.identify("Heat\udcff.mkv") is None
    assert body_of(script.last) == {"file": "Heat.mkv"}
    assert await provider.identify("\udcff") is None
    assert await provider.identify("/home/me/") is None
