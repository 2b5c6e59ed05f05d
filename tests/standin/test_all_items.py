"""The library, whole or what moved since (contract, section 11.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.standin.clock import MANUAL_START, ManualClock
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller

FULL = {"extended": "full", "episode_watched_at": "yes"}


def test_an_empty_library_is_an_empty_object_or_null_or_arrays(
    standin: StandIn, dodo: Caller
) -> None:
    """All three mean "nothing", none means "delete all"."""
    assert dodo.get("/sync/all-items").raw == b"{}"
    standin.settings.shapes.empty_all_items = "null"
    assert dodo.get("/sync/all-items").raw == b"null"
    standin.settings.shapes.empty_all_items = "arrays"
    assert dodo.all_items("/shows") == {"shows": []}


def test_a_show_being_watched_in_full(standin: StandIn, dodo: Caller, clock: ManualClock) -> None:
    """Counts, codes, seasons with watched episodes only, runtime."""
    person = standin.person()
    person.mark_watched("tt0149460", 1, 1)
    clock.advance(3600)
    person.mark_watched("tt0149460", 1, 2)
    (row,) = dodo.all_items("/shows", **FULL)["shows"]
    assert row == {
        "added_to_watchlist_at": "2026-11-02T12:00:00Z",
        "last_watched_at": "2026-11-02T13:00:00Z",
        "user_rated_at": None,
        "user_rating": None,
        "status": "watching",
        "last_watched": "S01E02",
        "next_to_watch": "S01E03",
        "watched_episodes_count": 2,
        "total_episodes_count": 165,
        "not_aired_episodes_count": 11,
        "show": {
            "title": "Futurama",
            "poster": "18/18421459bbf0f06beb",
            "year": 1999,
            "runtime": 22,
            "ids": {
                "simkl": 3407,
                "slug": "futurama",
                "imdb": "tt0149460",
                "tmdb": "615",
                "tvdb": "73871",
            },
        },
        "seasons": [
            {
                "number": 1,
                "episodes": [
                    {"number": 1, "watched_at": "2026-11-02T12:00:00Z"},
                    {"number": 2, "watched_at": "2026-11-02T13:00:00Z"},
                ],
            }
        ],
    }


def test_a_film_has_no_codes_and_counts_of_zero(standin: StandIn, dodo: Caller) -> None:
    """Under `movie`, with its rating."""
    standin.person().mark_watched("tt0068646")
    standin.person().rate("tt0068646", 9)
    (row,) = dodo.all_items("/movies", **FULL)["movies"]
    assert row["movie"]["ids"]["simkl"] == 53434
    assert (row["user_rating"], row["user_rated_at"]) == (9, "2026-11-02T12:00:00Z")
    assert not {"last_watched", "next_to_watch", "seasons", "show"} & set(row)
    counts = {row[f"{which}_episodes_count"] for which in ("watched", "total", "not_aired")}
    assert counts == {0}


def test_an_anime_is_listed_under_anime_but_nested_under_show(
    standin: StandIn, dodo: Caller
) -> None:
    """With `E3` codes; a switch nests it under `anime`."""
    standin.person().mark_watched("mal:38000", 1, 13)
    (row,) = dodo.all_items("/anime", extended="full_anime_seasons")["anime"]
    assert row["show"]["ids"]["mal"] == "38000"
    assert (row["anime_type"], row["last_watched"], row["next_to_watch"]) == ("tv", "E13", "E14")
    assert row["mapped_tvdb_seasons"] == [1, 2]
    assert row["seasons"][0]["episodes"] == [
        {"number": 13, "tvdb": {"season": 2, "episode": 1}},
    ]
    standin.settings.shapes.all_items_anime_key = "anime"
    assert "anime" in dodo.all_items("/anime")["anime"][0]


def test_without_extended_there_are_no_seasons_and_no_runtime(
    standin: StandIn, dodo: Caller
) -> None:
    """Episode data are asked for."""
    standin.person().mark_watched("tt0903747", 1, 1)
    (row,) = dodo.all_items()["shows"]
    assert "seasons" not in row
    assert "runtime" not in row["show"]


def test_full_lists_no_episodes_of_completed_shows_unless_asked(
    standin: StandIn, dodo: Caller
) -> None:
    """`include_all_episodes` lists them."""
    standin.person().mark_watched("tt1748166")
    (row,) = dodo.all_items(**FULL)["shows"]
    assert row["status"] == "completed"
    assert "seasons" not in row
    (row,) = dodo.all_items(**FULL, include_all_episodes="original")["shows"]
    assert len(row["seasons"][0]["episodes"]) == 6


def test_a_show_completed_in_one_go_counts_everything_without_rows(
    standin: StandIn, dodo: Caller
) -> None:
    """`original` has no rows, `yes` invents them."""
    standin.person().set_status("tt1748166", "completed")
    (row,) = dodo.all_items(**FULL, include_all_episodes="original")["shows"]
    assert (row["last_watched"], row["next_to_watch"], row["seasons"]) == (None, None, [])
    assert row["watched_episodes_count"] == 6
    (row,) = dodo.all_items(**FULL, include_all_episodes="yes")["shows"]
    assert len(row["seasons"][0]["episodes"]) == 6


def test_the_other_options_add_what_they_name(standin: StandIn, dodo: Caller) -> None:
    """TVDB ids, runtimes, what comes next, notes."""
    standin.person().mark_watched("tt0903747", 1, 4)
    (row,) = dodo.all_items(
        extended="full",
        episode_tvdb_id="yes",
        episode_runtime="yes",
        next_watch_info="yes",
        memos="yes",
    )["shows"]
    (episode,) = row["seasons"][0]["episodes"]
    assert set(episode) == {"number", "ids", "runtime"}
    assert row["next_to_watch_info"]["title"] == "Gray Matter"
    assert row["next_to_watch_info"]["date"].endswith("-05:00")
    assert row["memo"] == {}


def test_ids_only_listings_hold_ids_and_nothing_else(standin: StandIn, dodo: Caller) -> None:
    """How removals are found by difference."""
    standin.person().mark_watched("tt0133093")
    assert dodo.all_items("/movies", extended="simkl_ids_only") == {
        "movies": [{"movie": {"ids": {"simkl": 53992, "slug": "the-matrix"}}}]
    }
    (row,) = dodo.all_items("/movies", extended="ids_only")["movies"]
    assert row["movie"]["ids"]["imdb"] == "tt0133093"


def test_type_and_status_narrow_and_fail_open(standin: StandIn, dodo: Caller) -> None:
    """What is not recognised returns everything."""
    person = standin.person()
    person.mark_watched("tt0133093")
    person.plan("tt1375666")
    person.mark_watched("tt0903747", 1, 1)
    assert set(dodo.all_items("/movies")) == {"movies"}
    assert len(dodo.all_items("/movies/plantowatch")["movies"]) == 1
    assert set(dodo.all_items("/all/completed")) == {"movies"}
    assert set(dodo.all_items("/films/nonsense")) == {"movies", "shows"}


def test_date_from_is_strictly_greater_by_one_second(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """What changed in the very second of the cursor is not in the delta."""
    clock.advance(0.25)
    standin.person().mark_watched("tt0133093")
    clock.advance(0.5)
    cursor = dodo.activities()["all"]
    standin.person().mark_watched("tt1375666")
    assert dodo.all_items(date_from=cursor) == {}
    clock.advance(1)
    standin.person().mark_watched("tt1727587")
    (row,) = dodo.all_items(date_from=cursor)["movies"]
    assert row["movie"]["title"] == "Sintel"


def test_a_rating_alone_never_shows_in_a_delta(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Only `/sync/ratings` tells of it."""
    standin.person().mark_watched("tt0133093")
    cursor = dodo.activities()["all"]
    clock.advance(10)
    standin.person().rate("tt0133093", 7)
    assert dodo.all_items(date_from=cursor) == {}
    rated = dodo.get("/sync/ratings/movies", date_from=cursor).json["movies"]
    assert [row["user_rating"] for row in rated] == [7]


def test_a_removal_is_seen_only_by_difference(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """The delta says nothing; the listing lacks the title."""
    standin.person().mark_watched("tt0133093")
    standin.person().mark_watched("tt1375666")
    cursor = dodo.activities()["all"]
    clock.advance(10)
    standin.person().remove("tt0133093")
    assert dodo.all_items(date_from=cursor) == {}
    listing = dodo.all_items("/movies", extended="simkl_ids_only")["movies"]
    assert [row["movie"]["ids"]["simkl"] for row in listing] == [472214]


def test_an_unwatched_episode_shows_as_a_changed_item(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """The show is in the delta with one episode fewer."""
    person = standin.person()
    person.mark_watched("tt0903747", 1)
    cursor = dodo.activities()["all"]
    clock.advance(10)
    person.mark_unwatched("tt0903747", 1, 7)
    (row,) = dodo.all_items(date_from=cursor, **FULL)["shows"]
    assert row["watched_episodes_count"] == 6
    assert [each["number"] for each in row["seasons"][0]["episodes"]] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("cursor", ["1999-01-01T00:00:00Z", "1999-01-01T00:00:00-05:00"])
def test_a_cursor_may_be_of_any_age(standin: StandIn, dodo: Caller, cursor: str) -> None:
    """There is no oldest date; offsets are understood."""
    standin.person().mark_watched("tt0133093")
    assert len(dodo.all_items(date_from=cursor)["movies"]) == 1


def test_specials_stay_out_of_codes_and_counts(standin: StandIn, dodo: Caller) -> None:
    """Season 0 is listed among the seasons only."""
    standin.person().mark_watched("tt0903747", 0, 1, at=MANUAL_START + timedelta(hours=1))
    standin.person().mark_watched("tt0903747", 1, 1)
    (row,) = dodo.all_items(**FULL)["shows"]
    assert (row["last_watched"], row["watched_episodes_count"]) == ("S01E01", 1)
    assert row["total_episodes_count"] == 62
    assert [season["number"] for season in row["seasons"]] == [0, 1]


def test_next_to_watch_is_null_when_nothing_more_has_aired(standin: StandIn, dodo: Caller) -> None:
    """Though more is to come."""
    standin.person().mark_watched("tt11280740")
    (row,) = dodo.all_items()["shows"]
    assert (row["status"], row["next_to_watch"]) == ("watching", None)


def test_too_many_items_can_be_made_an_error(standin: StandIn, dodo: Caller) -> None:
    """400 `max_items`, where one status at a time helps."""
    standin.person().mark_watched("tt0133093")
    standin.person().plan("tt1375666")
    standin.settings.max_items = 1
    answer = dodo.get("/sync/all-items")
    assert (answer.status, answer.error) == (400, "max_items")
    assert dodo.get("/sync/all-items/movies/completed").status == 200


def test_anime_films_can_be_asked_for_alone(standin: StandIn, dodo: Caller) -> None:
    """`anime_type=movies`."""
    standin.person().mark_watched("mal:199")
    standin.person().mark_watched("mal:1", 1, 1)
    (row,) = dodo.all_items("/anime", anime_type="movies")["anime"]
    assert (row["anime_type"], row["show"]["title"]) == ("movie", "Spirited Away")
