"""Lists, ratings and the question "watched?" (contract, sections 11.4, 11.5, 12.3 and 12.4)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller

MATRIX = {"ids": {"imdb": "tt0133093"}}


def test_adding_to_a_list_answers_with_arrays(standin: StandIn, dodo: Caller) -> None:
    """And echoes what was sent, a memo included, which is not stored."""
    item = {"to": "plantowatch", **MATRIX, "memo": {"text": "x"}}
    answer = dodo.post("/sync/add-to-list", {"movies": [item]})
    assert answer.status == 201
    assert answer.json == {
        "added": {"movies": [{**item, "type": "movie", "anime_type": None}], "shows": []},
        "not_found": {"movies": [], "shows": []},
    }
    assert standin.person().status("tt0133093") == "plantowatch"
    assert dodo.all_items(memos="yes")["movies"][0]["memo"] == {}


@pytest.mark.parametrize(
    ("array", "imdb", "to", "got"),
    [
        ("movies", "tt0133093", "watching", "completed"),
        ("shows", "tt11280740", "completed", "watching"),
        ("shows", "tt0903747", "completed", "completed"),
        ("shows", "tt0903747", "notinteresting", "dropped"),
        ("shows", "tt0903747", "hold", "hold"),
    ],
)
def test_the_status_may_be_rewritten(
    dodo: Caller, array: str, imdb: str, to: str, got: str
) -> None:
    """A film cannot be watched half; an airing show cannot be completed."""
    body = {array: [{"to": to, "ids": {"imdb": imdb}}]}
    assert dodo.post("/sync/add-to-list", body).json["added"][array][0]["to"] == got


def test_an_unreleased_show_cannot_be_completed_either(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """It becomes planned."""
    show = standin.world.catalogue.add_show(
        "Not Out Yet", 2030, (8,), first_aired=clock.now().replace(year=2030), ended=False
    )
    body = {"shows": [{"to": "completed", "ids": {"simkl": show.simkl_id}}]}
    assert dodo.post("/sync/add-to-list", body).json["added"]["shows"][0]["to"] == "plantowatch"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"to": "watching", "movies": [MATRIX]}, "empty_field"),
        ({"movies": [{"to": "completed", **MATRIX}, MATRIX]}, "empty_field"),
        ({}, "empty_field"),
        ({"movies": [{"to": "seen", **MATRIX}]}, "wrong_parameter"),
    ],
)
def test_a_status_belongs_to_every_item(
    standin: StandIn, dodo: Caller, body: object, error: str
) -> None:
    """One missing or wrong and nothing is stored."""
    answer = dodo.post("/sync/add-to-list", body)
    assert (answer.status, answer.error) == (400, error)
    assert standin.person().entry("tt0133093") is None


def test_an_unknown_title_is_repeated(dodo: Caller) -> None:
    """With 201."""
    item = {"to": "hold", "ids": {"imdb": "tt1"}}
    answer = dodo.post("/sync/add-to-list", {"shows": [item]})
    assert (answer.status, answer.json["not_found"]["shows"]) == (201, [item])


def test_rating_an_unlisted_title_files_it(standin: StandIn, dodo: Caller) -> None:
    """A released film is completed, a series is being watched."""
    body = {
        "movies": [{"rating": 8, **MATRIX}, {"rating": 5, "ids": {"imdb": "tt9990031"}}],
        "shows": [{"rating": "9", "ids": {"imdb": "tt0903747"}}],
        "anime": [{"rating": 10, "ids": {"mal": 1}}],
    }
    answer = dodo.post("/sync/ratings", body).json
    assert (answer["added"]["movies"], answer["added"]["shows"]) == (2, 2)
    statuses = [each["response"]["status"] for each in answer["added"]["statuses"]]
    assert statuses == ["completed", "plantowatch", "watching", "watching"]
    assert standin.person().rating("tt0903747") == 9


@pytest.mark.parametrize("rating", [0, 11, 7.5, None, "good"])
def test_a_rating_out_of_range_lands_in_not_found(
    standin: StandIn, dodo: Caller, rating: object
) -> None:
    """With 201."""
    item = {"rating": rating, **MATRIX}
    answer = dodo.post("/sync/ratings", {"movies": [item]})
    assert (answer.status, answer.json["not_found"]["movies"]) == (201, [item])
    assert standin.person().entry("tt0133093") is None


def test_ratings_can_be_read_by_type_score_and_time(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Strictly newer than `date_from`."""
    person = standin.person()
    person.rate("tt0133093", 9)
    person.rate("mal:1", 7)
    cursor = dodo.activities()["all"]
    clock.advance(1)
    person.rate("tt1375666", 7)
    assert set(dodo.get("/sync/ratings").json) == {"movies", "anime"}
    assert len(dodo.get("/sync/ratings/movies").json["movies"]) == 2
    assert len(dodo.get("/sync/ratings/movies/7,8").json["movies"]) == 1
    (row,) = dodo.get("/sync/ratings/movies", date_from=cursor).json["movies"]
    assert row["movie"]["title"] == "Inception"


def test_a_rating_taken_away_is_null_in_a_delta_without_scores(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """A score segment hides it."""
    standin.person().rate("tt0133093", 9)
    cursor = dodo.activities()["all"]
    clock.advance(10)
    answer = dodo.post("/sync/ratings/remove", {"movies": [MATRIX]})
    assert answer.json["deleted"] == {"movies": 1, "shows": 0}
    assert dodo.activities()["movies"]["rated_at"] == "2026-11-02T12:00:10Z"
    (row,) = dodo.get("/sync/ratings/movies", date_from=cursor).json["movies"]
    assert (row["user_rating"], row["user_rated_at"]) == (None, None)
    assert dodo.get("/sync/ratings/movies/9", date_from=cursor).json == {}
    assert dodo.get("/sync/ratings/movies").json == {}
    assert dodo.post("/sync/ratings/remove", {"movies": [MATRIX]}).json["deleted"]["movies"] == 0


def test_watched_is_answered_for_each_item_in_order(standin: StandIn, dodo: Caller) -> None:
    """True, false or `not_found`, with counters when asked."""
    standin.person().mark_watched("tt0133093")
    standin.person().mark_watched("tt0903747", 1, 1)
    asked = [
        MATRIX,
        {"ids": {"imdb": "tt0903747"}, "season": 1, "episode": 1},
        {"ids": {"imdb": "tt0903747"}, "season": 1, "episode": 2},
        {"title": "Inception", "year": 2010, "type": "movie"},
        {"ids": {"imdb": "tt1"}},
        {"ids": {"imdb": "tt0903747"}, "season": 1, "episode": 99},
        {"ids": {"imdb": "tt0903747"}},
    ]
    rows = dodo.post("/sync/watched", asked, extended="counters").json
    results = [row["result"] for row in rows]
    assert results == [True, True, False, False, "not_found", "not_found", True]
    assert rows[6]["episodes_watched"] == 1
    assert rows[6]["episodes_total"] == 62
    assert (rows[1]["simkl"], rows[1]["list"]) == (11121, "watching")


def test_watched_of_nothing_is_null_and_of_too_much_an_error(dodo: Caller) -> None:
    """At most a hundred."""
    assert dodo.post("/sync/watched", []).raw == b"null"
    answer = dodo.post("/sync/watched", [MATRIX] * 101)
    assert (answer.status, answer.error) == (400, "max_items")
