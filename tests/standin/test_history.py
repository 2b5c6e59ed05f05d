"""Marking watched and taking it back (contract, sections 12.1 and 12.2)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.clock import ManualClock, iso_or_null
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller

MATRIX = {"ids": {"imdb": "tt0133093"}}
WALKING_DEAD = {"ids": {"imdb": "tt1520211"}}


def test_a_film_and_an_episode_are_marked_at_the_time_sent(standin: StandIn, dodo: Caller) -> None:
    """Counters, and the status each ended with."""
    answer = dodo.post(
        "/sync/history",
        {
            "movies": [{**MATRIX, "watched_at": "2026-10-01T20:15:00Z"}],
            "shows": [
                {
                    **WALKING_DEAD,
                    "seasons": [
                        {
                            "number": 1,
                            "episodes": [{"number": 1, "watched_at": "2026-10-01T21:00:00Z"}],
                        }
                    ],
                }
            ],
        },
    )
    assert answer.status == 201
    assert answer.json == {
        "added": {
            "movies": 1,
            "shows": 1,
            "episodes": 1,
            "statuses": [
                {
                    "request": {**MATRIX, "type": "movie", "rating": None},
                    "response": {
                        "status": "completed",
                        "simkl_type": "movie",
                        "anime_type": None,
                    },
                },
                {
                    "request": {**WALKING_DEAD, "type": "show", "rating": None},
                    "response": {"status": "watching", "simkl_type": "tv", "anime_type": None},
                },
            ],
        },
        "not_found": {"movies": [], "shows": [], "episodes": []},
    }
    person = standin.person()
    assert iso_or_null(person.watched_at("tt0133093")) == "2026-10-01T20:15:00Z"
    assert iso_or_null(person.watched_at("tt1520211", 1, 1)) == "2026-10-01T21:00:00Z"


def test_marking_again_is_a_silent_no_op(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Replaying a queued write is safe; the first time stays."""
    body = {"movies": [MATRIX]}
    dodo.post("/sync/history", body)
    clock.advance(60)
    answer = dodo.post("/sync/history", body)
    assert answer.status == 201
    assert answer.json["added"]["movies"] == 0
    assert answer.json["not_found"]["movies"] == []
    assert iso_or_null(standin.person().watched_at("tt0133093")) == "2026-11-02T12:00:00Z"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"movies": []}'])
def test_an_empty_body_is_201_with_zeros(dodo: Caller, body: bytes) -> None:
    """A scrobble would be 400."""
    answer = dodo.send("POST", "/sync/history", body, {"Content-Type": "application/json"})
    assert answer.status == 201
    assert answer.json["added"] == {"movies": 0, "shows": 0, "episodes": 0, "statuses": []}


def test_201_does_not_mean_stored(dodo: Caller) -> None:
    """What is not found is repeated as it was sent, beside what was stored."""
    unknown = {"title": "No Such Film", "year": 1900, "ids": {"imdb": "tt0000001"}, "x": 1}
    answer = dodo.post("/sync/history", {"movies": [unknown, MATRIX]})
    assert answer.status == 201
    assert answer.json["not_found"]["movies"] == [unknown]
    assert answer.json["added"]["movies"] == 1


def test_unknown_episodes_are_not_counted_and_are_listed_by_default(
    standin: StandIn, dodo: Caller
) -> None:
    """A switch leaves them out, which an older server does."""
    seasons = [{"number": 1, "episodes": [{"number": 1}, {"number": 99}]}, {"number": 77}]
    body = {"shows": [{**WALKING_DEAD, "seasons": seasons}]}
    answer = dodo.post("/sync/history", body).json
    assert answer["added"]["episodes"] == 1
    unknown = [{"number": 1, "episodes": [{"number": 99}]}, {"number": 77}]
    assert answer["not_found"]["episodes"] == [{**WALKING_DEAD, "seasons": unknown}]
    standin.settings.shapes.unknown_episodes_reported = False
    assert dodo.post("/sync/history", body).json["not_found"]["episodes"] == []


def test_a_season_without_episodes_is_the_whole_season_and_times_are_inherited(
    standin: StandIn, dodo: Caller
) -> None:
    """Episode before season before title before now."""
    season = {"number": 1, "watched_at": "2026-09-01T00:00:00Z"}
    dodo.post("/sync/history", {"shows": [{**WALKING_DEAD, "seasons": [season]}]})
    assert standin.person().has_watched("tt1520211", 1)
    assert not standin.person().has_watched("tt1520211", 2, 1)
    assert iso_or_null(standin.person().watched_at("tt1520211", 1, 6)) == "2026-09-01T00:00:00Z"


def test_episodes_alone_are_those_of_season_1(standin: StandIn, dodo: Caller) -> None:
    """The shorthand."""
    dodo.post("/sync/history", {"shows": [{**WALKING_DEAD, "episodes": [{"number": 3}]}]})
    assert standin.person().has_watched("tt1520211", 1, 3)


@pytest.mark.parametrize(
    ("imdb", "status", "next_to_watch"),
    [("tt1748166", "completed", None), ("tt5875444", "watching", None)],
)
def test_a_show_without_episodes_is_everything_that_has_aired(
    dodo: Caller, imdb: str, status: str, next_to_watch: str | None
) -> None:
    """An ended show is completed, an airing one is being watched."""
    answer = dodo.post("/sync/history", {"shows": [{"ids": {"imdb": imdb}}]}).json
    assert answer["added"]["statuses"][0]["response"]["status"] == status
    (row,) = dodo.all_items()["shows"]
    assert (row["status"], row["next_to_watch"]) == (status, next_to_watch)


def test_watching_the_last_episode_completes_only_an_ended_show(
    standin: StandIn, dodo: Caller
) -> None:
    """`completed` on an airing show comes back as `watching`."""
    person = standin.person()
    person.mark_watched("tt1748166", 1)
    assert person.status("tt1748166") == "completed"
    body = {"shows": [{"ids": {"imdb": "tt11280740"}, "status": "completed"}]}
    answer = dodo.post("/sync/history", body).json
    assert answer["added"]["statuses"][0]["response"]["status"] == "watching"


def test_anime_is_counted_among_the_shows_from_either_array(standin: StandIn, dodo: Caller) -> None:
    """There is no anime slot."""
    for array, number in (("shows", 1), ("anime", 2)):
        item = {"ids": {"mal": "1"}, "episodes": [{"number": number}]}
        added = dodo.post("/sync/history", {array: [item]}).json["added"]
        assert (added["shows"], added["episodes"]) == (1, 1)
        assert added["statuses"][0]["response"]["anime_type"] == "tv"
    assert standin.person().has_watched("mal:1", 1, 2)


def test_tvdb_seasons_of_an_anime_are_read_only_when_asked(standin: StandIn, dodo: Caller) -> None:
    """Without the flag an anime has one season."""
    item: dict[str, object] = {
        "ids": {"mal": "38000"},
        "seasons": [{"number": 2, "episodes": [{"number": 1}]}],
    }
    answer = dodo.post("/sync/history", {"shows": [item]}).json
    assert answer["added"]["episodes"] == 0
    assert len(answer["not_found"]["episodes"]) == 1
    item["use_tvdb_anime_seasons"] = True
    assert dodo.post("/sync/history", {"shows": [item]}).json["added"]["episodes"] == 1
    assert standin.person().has_watched("mal:38000", 1, 13)


def test_status_rating_memo_and_added_at_may_come_along(standin: StandIn, dodo: Caller) -> None:
    """A status alone is no viewing."""
    dodo.post(
        "/sync/history",
        {
            "movies": [
                {
                    **MATRIX,
                    "status": "plantowatch",
                    "rating": 8,
                    "memo": {"text": "soon", "is_private": True},
                    "added_at": "2020-01-01T00:00:00Z",
                }
            ]
        },
    )
    (row,) = dodo.all_items(memos="yes")["movies"]
    assert (row["status"], row["user_rating"], row["last_watched_at"]) == ("plantowatch", 8, None)
    assert row["memo"]["text"] == "soon"
    assert row["added_to_watchlist_at"] == "2020-01-01T00:00:00Z"
    assert not standin.person().has_watched("tt0133093")


def test_skip_auto_watching_leaves_a_listed_show_where_it_is(
    standin: StandIn, dodo: Caller
) -> None:
    """Otherwise watching an episode moves it to `watching`."""
    standin.person().set_status("tt1520211", "hold")
    body = {"shows": [{**WALKING_DEAD, "episodes": [{"number": 1}]}]}
    dodo.post("/sync/history", body, skip_auto_watching="yes")
    assert standin.person().status("tt1520211") == "hold"
    dodo.post("/sync/history", {"shows": [{**WALKING_DEAD, "episodes": [{"number": 2}]}]})
    assert standin.person().status("tt1520211") == "watching"


def test_removing_without_episodes_removes_everything(standin: StandIn, dodo: Caller) -> None:
    """History, list entry and rating; but not the saved position."""
    person = standin.person()
    person.mark_watched("tt0133093")
    person.rate("tt0133093", 9)
    person.pause("tt0133093", 20)
    answer = dodo.post("/sync/history/remove", {"movies": [MATRIX, {"ids": {"imdb": "tt1"}}]})
    assert answer.status == 201
    assert answer.json == {
        "deleted": {"movies": 1, "shows": 0, "episodes": 0},
        "not_found": {"movies": [{"ids": {"imdb": "tt1"}}], "shows": []},
    }
    assert person.entry("tt0133093") is None
    assert person.playback("tt0133093") is not None


def test_removing_episodes_unmarks_only_those_and_skips_unknown_ones(
    standin: StandIn, dodo: Caller
) -> None:
    """Unknown or unwatched numbers are simply not counted."""
    standin.person().mark_watched("tt1520211", 1)
    seasons = [{"number": 1, "episodes": [{"number": 2}, {"number": 3}, {"number": 99}]}]
    answer = dodo.post("/sync/history/remove", {"shows": [{**WALKING_DEAD, "seasons": seasons}]})
    assert answer.json["deleted"] == {"movies": 0, "shows": 0, "episodes": 2}
    assert standin.person().has_watched("tt1520211", 1, 1)
    assert not standin.person().has_watched("tt1520211", 1, 2)


def test_removing_ignores_an_anime_array_in_silence(standin: StandIn, dodo: Caller) -> None:
    """Anime has to stand among the shows."""
    standin.person().mark_watched("mal:1", 1, 1)
    item = {"ids": {"mal": "1"}, "episodes": [{"number": 1}]}
    answer = dodo.post("/sync/history/remove", {"anime": [item]}).json
    assert answer["deleted"]["episodes"] == 0
    assert standin.person().has_watched("mal:1", 1, 1)
    assert dodo.post("/sync/history/remove", {"shows": [item]}).json["deleted"]["episodes"] == 1


def test_what_was_removed_may_be_scrobbled_again_at_once(standin: StandIn, dodo: Caller) -> None:
    """The hour's 409 goes with the history."""
    dodo.scrobble("stop", 95, movie=MATRIX)
    dodo.post("/sync/history/remove", {"movies": [MATRIX]})
    assert dodo.scrobble("stop", 95, movie=MATRIX).status == 201
    assert standin.person().has_watched("tt0133093")


def test_writes_may_answer_200_as_of_old(standin: StandIn, dodo: Caller) -> None:
    """Any 2xx is success."""
    standin.settings.shapes.write_status = 200
    assert dodo.post("/sync/history", {"movies": [MATRIX]}).status == 200
    assert dodo.post("/sync/history/remove", {"movies": [MATRIX]}).status == 200


def test_an_hours_window_is_not_opened_by_history(dodo: Caller) -> None:
    """Only scrobbles collide with scrobbles."""
    dodo.post("/sync/history", {"movies": [MATRIX]})
    assert dodo.scrobble("stop", 95, movie=MATRIX).status == 201


def test_unmarking_a_show_completed_in_one_go_keeps_the_rest(
    standin: StandIn, dodo: Caller
) -> None:
    """The implied episodes become real ones."""
    standin.person().set_status("tt1748166", "completed")
    item = {"ids": {"imdb": "tt1748166"}, "episodes": [{"number": 6}]}
    assert dodo.post("/sync/history/remove", {"shows": [item]}).json["deleted"]["episodes"] == 1
    (row,) = dodo.all_items()["shows"]
    assert (row["status"], row["watched_episodes_count"]) == ("watching", 5)
    assert row["next_to_watch"] == "S01E06"
