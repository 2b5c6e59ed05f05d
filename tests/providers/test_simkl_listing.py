"""Ratings and lists at Simkl, of titles as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus, may_choose
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.facts import ListChange, Outcome, Rating
from dodo_tui.providers.items import TitleRef
from tests.providers.conftest import MakeProvider
from tests.providers.support import Script, body_of, failed, refusal, reply

INCEPTION = TitleRef(Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666", simkl="472214"))
DEAD = TitleRef(Kind.SHOW, "The Walking Dead", 2010, Ids(imdb="tt1520211", tvdb="153021"))
BEBOP = TitleRef(Kind.ANIME, "Cowboy Bebop", 1998, Ids(mal="1"))
NOBODY = TitleRef(Kind.MOVIE, "", None, Ids())

INCEPTION_BODY = {
    "title": "Inception", "year": 2010, "ids": {"imdb": "tt1375666", "simkl": 472214},
}  # fmt: skip
DEAD_BODY = {
    "title": "The Walking Dead", "year": 2010, "ids": {"imdb": "tt1520211", "tvdb": "153021"},
}  # fmt: skip
BEBOP_BODY = {"title": "Cowboy Bebop", "year": 1998, "ids": {"mal": "1"}}

NOTHING_LOST: dict[str, Any] = {"movies": [], "shows": []}


def standing(**told: Any) -> dict[str, Any]:
    """A row of `/sync/watched`: known, on no list, never watched."""
    return {"result": False, "simkl": 2090, "list": None, "last_watched_at": None, **told}


# Ratings


async def test_titles_are_rated_in_one_write(provider_of: MakeProvider) -> None:
    """Everything known of them goes along, and when it was; anime is a show (contract §12.4)."""
    at = datetime(2026, 11, 1, 20, 15, tzinfo=UTC)
    script = Script(reply(201, {"added": {"movies": 1, "shows": 2}, "not_found": NOTHING_LOST}))
    ratings = [Rating(INCEPTION, 8, at), Rating(DEAD, 10), Rating(BEBOP, 1)]
    answers = await provider_of(script).rate(ratings)
    assert [answer.outcome for answer in answers] == [Outcome.DONE] * 3
    assert script.paths == ["POST /sync/ratings"]
    assert body_of(script.last) == {
        "movies": [{**INCEPTION_BODY, "rating": 8, "rated_at": "2026-11-01T20:15:00Z"}],
        "shows": [{**DEAD_BODY, "rating": 10}, {**BEBOP_BODY, "rating": 1}],
    }


async def test_ratings_are_taken_back(provider_of: MakeProvider) -> None:
    """The same without a rating."""
    script = Script(reply(200, {"deleted": {"movies": 1}, "not_found": NOTHING_LOST}))
    answers = await provider_of(script).rate([Rating(INCEPTION, None), Rating(DEAD, None)])
    assert [answer.outcome for answer in answers] == [Outcome.DONE] * 2
    assert script.paths == ["POST /sync/ratings/remove"]
    assert body_of(script.last) == {"movies": [INCEPTION_BODY], "shows": [DEAD_BODY]}


@pytest.mark.parametrize("value", [0, 11, -1, True])
def test_a_rating_out_of_range_cannot_be_made(value: int) -> None:
    """Simkl would call the title unknown."""
    with pytest.raises(ValueError, match="1 to 10"):
        Rating(INCEPTION, value)


async def test_only_what_was_not_found_is_unknown(provider_of: MakeProvider) -> None:
    """201 does not mean stored (contract §17.15)."""
    lost = {"movies": [], "shows": [{**DEAD_BODY, "rating": 3}]}
    script = Script(reply(201, {"added": {"movies": 1}, "not_found": lost}))
    answers = await provider_of(script).rate([Rating(INCEPTION, 3), Rating(DEAD, 3)])
    assert [answer.outcome for answer in answers] == [Outcome.DONE, Outcome.UNKNOWN_TITLE]


@pytest.mark.parametrize("slot", ["shows", "anime"])
@pytest.mark.parametrize("value", [7, None])
async def test_anime_that_was_not_found(
    provider_of: MakeProvider, slot: str, value: int | None
) -> None:
    """It is sent, and usually told, as a show (contract §7)."""
    script = Script(reply(201, {"added": {}, "not_found": {slot: [BEBOP_BODY]}}))
    (answer,) = await provider_of(script).rate([Rating(BEBOP, value)])
    assert answer.outcome is Outcome.UNKNOWN_TITLE


@pytest.mark.parametrize("body", [None, {}, {"not_found": None}, {"not_found": {"movies": None}}])
async def test_a_rating_whose_answer_says_little(provider_of: MakeProvider, body: object) -> None:
    """Nothing was called unknown."""
    (answer,) = await provider_of(Script(reply(200, body))).rate([Rating(INCEPTION, 7)])
    assert answer.outcome is Outcome.DONE


async def test_what_has_no_name_is_not_asked_about(provider_of: MakeProvider) -> None:
    """Nobody could find it."""
    provider = provider_of(Script())
    (rated,) = await provider.rate([Rating(NOBODY, 7)])
    (listed,) = await provider.set_lists([ListChange(NOBODY, ListStatus.PLANNED)])
    (removed,) = await provider.set_lists([ListChange(NOBODY, None)])
    assert {rated.outcome, listed.outcome, removed.outcome} == {Outcome.UNKNOWN_TITLE}


async def test_a_rating_that_fails_is_an_error(provider_of: MakeProvider) -> None:
    """Also in a 200."""
    script = Script(reply(200, {"error": "internal", "code": 500}))
    await failed(BrokenError, provider_of(script).rate([Rating(INCEPTION, 7)]))


async def test_too_many_at_once_go_in_halves(provider_of: MakeProvider) -> None:
    """Simkl: `max_items` asks for smaller requests."""
    fine = reply(201, {"added": {}, "not_found": NOTHING_LOST})
    script = Script(refusal(400, "max_items"), fine, fine)
    answers = await provider_of(script).rate([Rating(INCEPTION, 7), Rating(DEAD, 7)])
    assert [answer.outcome for answer in answers] == [Outcome.DONE] * 2
    assert [list(body_of(request)) for request in script.requests[1:]] == [["movies"], ["shows"]]


async def test_what_does_not_go_together(provider_of: MakeProvider) -> None:
    """Nothing is sent."""
    provider = provider_of(Script())
    with pytest.raises(ValueError, match="not both"):
        await provider.rate([Rating(INCEPTION, 7), Rating(DEAD, None)])
    with pytest.raises(ValueError, match="not both"):
        await provider.set_lists([ListChange(DEAD, ListStatus.HOLD), ListChange(INCEPTION, None)])
    with pytest.raises(ValueError, match="at most 50"):
        await provider.rate([Rating(INCEPTION, 7)] * 51)


# Lists


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_put_on_a_list_that_stands_for_a_viewing(kind: Kind) -> None:
    """Completed marks all of a series, and a film "watching" becomes watched (contract §12.3)."""
    title = TitleRef(kind, "Anything", 2000, Ids(simkl="1"))
    refused = set(ListStatus) - set(may_choose(kind))
    assert ListStatus.COMPLETED in refused
    assert (ListStatus.WATCHING in refused) is (kind is Kind.MOVIE)
    for status in refused:
        with pytest.raises(ValueError, match="not put on the list"):
            ListChange(title, status)


@pytest.mark.parametrize(
    ("status", "to"),
    [
        (ListStatus.PLANNED, "plantowatch"),
        (ListStatus.WATCHING, "watching"),
        (ListStatus.HOLD, "hold"),
        (ListStatus.DROPPED, "dropped"),
    ],
)
async def test_series_are_put_on_a_list(
    provider_of: MakeProvider, status: ListStatus, to: str
) -> None:
    """Each with its own `to`; only of an anime it is asked whether it is a series at all."""
    added = {"movies": [], "shows": [{"to": to, "ids": {"tvdb": "153021"}, "type": "show"}]}
    script = Script(
        reply(200, [standing(result=True, list="completed", episodes_total=26)]),
        reply(201, {"added": added, "not_found": NOTHING_LOST}),
    )
    answers = await provider_of(script).set_lists(
        [ListChange(DEAD, status), ListChange(BEBOP, status)]
    )
    assert [(a.outcome, a.status) for a in answers] == [(Outcome.DONE, status)] * 2
    assert script.paths == ["POST /sync/watched", "POST /sync/add-to-list"]
    assert body_of(script.requests[0]) == [{**BEBOP_BODY, "type": "show"}]
    assert body_of(script.last) == {"shows": [{**DEAD_BODY, "to": to}, {**BEBOP_BODY, "to": to}]}


@pytest.mark.parametrize(
    ("status", "watched", "outcome"),
    [
        (ListStatus.PLANNED, False, Outcome.DONE),
        (ListStatus.DROPPED, False, Outcome.DONE),
        (ListStatus.PLANNED, True, Outcome.KEPT),
        (ListStatus.WATCHING, False, Outcome.KEPT),
        (ListStatus.HOLD, False, Outcome.KEPT),
    ],
)
async def test_an_anime_film_is_a_film(
    provider_of: MakeProvider, status: ListStatus, watched: bool, outcome: Outcome
) -> None:
    """It has no episodes; on the lists of what is being watched it would be taken for watched."""
    script = Script(
        reply(200, [standing(result=watched)]),
        reply(201, {"added": {"shows": []}, "not_found": NOTHING_LOST}),
    )
    (answer,) = await provider_of(script).set_lists([ListChange(BEBOP, status)])
    assert answer.outcome is outcome
    assert len(script.requests) == (2 if outcome is Outcome.DONE else 1)


async def test_simkl_may_put_it_elsewhere(provider_of: MakeProvider) -> None:
    """Its word counts, also `notinteresting` from the days of old apps."""
    added = {"shows": [{**DEAD_BODY, "to": "watching"}, {**BEBOP_BODY, "to": "notinteresting"}]}
    series = standing(episodes_total=26)
    script = Script(reply(200, [series]), reply(201, {"added": added}))
    answers = await provider_of(script).set_lists(
        [ListChange(DEAD, ListStatus.HOLD), ListChange(BEBOP, ListStatus.HOLD)]
    )
    assert [answer.status for answer in answers] == [ListStatus.WATCHING, ListStatus.DROPPED]


@pytest.mark.parametrize(
    "added", [None, [], {"shows": 1}, {"shows": [None, {"to": 5}, {"to": "x"}]}]
)
async def test_an_answer_about_lists_that_says_little(
    provider_of: MakeProvider, added: object
) -> None:
    """Then it is where it was asked to be."""
    script = Script(reply(201, {"added": added, "not_found": None}))
    (answer,) = await provider_of(script).set_lists([ListChange(DEAD, ListStatus.HOLD)])
    assert (answer.outcome, answer.status) == (Outcome.DONE, ListStatus.HOLD)


async def test_a_film_on_the_watchlist(provider_of: MakeProvider) -> None:
    """It is asked first whether it was watched: being on another list would undo that."""
    script = Script(
        reply(200, [standing(simkl=472214)]),
        reply(201, {"added": {"movies": [{**INCEPTION_BODY, "to": "plantowatch"}]}}),
    )
    (answer,) = await provider_of(script).set_lists([ListChange(INCEPTION, ListStatus.PLANNED)])
    assert (answer.outcome, answer.status) == (Outcome.DONE, ListStatus.PLANNED)
    assert script.paths == ["POST /sync/watched", "POST /sync/add-to-list"]
    assert body_of(script.requests[0]) == [{**INCEPTION_BODY, "type": "movie"}]
    assert script.requests[0].url.params["extended"] == "counters"
    assert body_of(script.last) == {"movies": [{**INCEPTION_BODY, "to": "plantowatch"}]}


WATCHED = [
    standing(result=True, list="completed", last_watched_at="2026-04-11T11:30:00Z"),
    standing(result=True),
    standing(list="completed"),
    standing(last_watched_at="2026-04-11T11:30:00Z"),
    standing(episodes_watched=2),
    standing(result="what?"),
    standing(result=None),
]


@pytest.mark.parametrize("row", WATCHED)
async def test_a_watched_film_stays_on_its_list(
    provider_of: MakeProvider, row: dict[str, Any]
) -> None:
    """What is not clearly without a history counts as watched; what else there is, goes on."""
    added = {"shows": [{**DEAD_BODY, "to": "dropped"}]}
    script = Script(reply(200, [row]), reply(201, {"added": added}))
    answers = await provider_of(script).set_lists(
        [ListChange(INCEPTION, ListStatus.DROPPED), ListChange(DEAD, ListStatus.DROPPED)]
    )
    assert [answer.outcome for answer in answers] == [Outcome.KEPT, Outcome.DONE]
    assert body_of(script.last) == {"shows": [{**DEAD_BODY, "to": "dropped"}]}


async def test_a_title_without_a_history_is_taken_off(provider_of: MakeProvider) -> None:
    """By the id that Simkl has just told, so that no other title can be meant."""
    script = Script(
        reply(
            200,
            [
                standing(simkl=472214, list="plantowatch"),
                standing(simkl=2090, list="dropped", episodes_watched=0),
            ],
        ),
        reply(201, {"deleted": {"movies": 1, "shows": 1}}),
    )
    answers = await provider_of(script).set_lists(
        [ListChange(INCEPTION, None), ListChange(DEAD, None)]
    )
    assert [answer.outcome for answer in answers] == [Outcome.DONE] * 2
    assert script.paths == ["POST /sync/watched", "POST /sync/history/remove"]
    assert body_of(script.last) == {
        "movies": [{"ids": {"simkl": 472214}}],
        "shows": [{"ids": {"simkl": 2090}}],
    }


@pytest.mark.parametrize("row", WATCHED)
async def test_a_history_is_never_removed_with_the_list(
    provider_of: MakeProvider, row: dict[str, Any]
) -> None:
    """Simkl's only removal takes all of it (contract §12.2)."""
    script = Script(reply(200, [{**row, "list": row["list"] or "watching"}]))
    (answer,) = await provider_of(script).set_lists([ListChange(DEAD, None)])
    assert answer.outcome is Outcome.KEPT
    assert script.paths == ["POST /sync/watched"]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (standing(list=None), Outcome.DONE),
        ({"result": "not_found"}, Outcome.UNKNOWN_TITLE),
        (standing(list="plantowatch", simkl=None), Outcome.KEPT),
    ],
)
async def test_what_needs_no_removal(
    provider_of: MakeProvider, row: dict[str, Any], outcome: Outcome
) -> None:
    """On no list; not known; or known without the id that would name it."""
    script = Script(reply(200, [row]))
    (answer,) = await provider_of(script).set_lists([ListChange(DEAD, None)])
    assert answer.outcome is outcome
    assert len(script.requests) == 1


async def test_another_title_than_was_meant_is_not_removed(provider_of: MakeProvider) -> None:
    """Simkl resolved our ids to something else than the id it once gave."""
    script = Script(reply(200, [standing(simkl=5, list="plantowatch")]))
    (answer,) = await provider_of(script).set_lists([ListChange(INCEPTION, None)])
    assert answer.outcome is Outcome.KEPT


@pytest.mark.parametrize("body", [None, {}, [], [standing(), standing()], [1], {"x": 1}])
async def test_an_answer_that_is_not_parallel_makes_no_sense(
    provider_of: MakeProvider, body: object
) -> None:
    """Nothing is removed on the strength of it."""
    script = Script(reply(200, body))
    await failed(BrokenError, provider_of(script).set_lists([ListChange(DEAD, None)]))
    assert script.paths == ["POST /sync/watched"]
