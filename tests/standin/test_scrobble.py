"""Start, pause, stop and check-in (contract, section 9)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller

MATRIX = {"title": "The Matrix", "year": 1999, "ids": {"imdb": "tt0133093"}}
SINTEL = {"ids": {"imdb": "tt1727587"}}
BREAKING_BAD = {"ids": {"imdb": "tt0903747"}}
HOUR = 3600


def test_a_start_shows_what_is_watched_and_marks_nothing(standin: StandIn, dodo: Caller) -> None:
    """Its id is 0."""
    answer = dodo.scrobble("start", 10, movie=MATRIX)
    assert answer.status == 201
    assert answer.json == {
        "id": 0,
        "action": "start",
        "progress": 10,
        "movie": {
            "title": "The Matrix",
            "year": 1999,
            "ids": {"simkl": 53992, "slug": "the-matrix", "imdb": "tt0133093", "tmdb": "603"},
        },
    }
    current = standin.watching_now()
    assert current is not None
    assert current.title.title == "The Matrix"
    assert not standin.person().has_watched("tt0133093")


def test_watching_now_expires_after_the_remaining_runtime(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """136 minutes, of which half remain."""
    dodo.scrobble("start", 50, movie=MATRIX)
    clock.advance(68 * 60 - 1)
    assert standin.watching_now() is not None
    clock.advance(1)
    assert standin.watching_now() is None
    assert not standin.person().has_watched("tt0133093")


@pytest.mark.parametrize(("progress", "action"), [(79.99, "pause"), (80, "scrobble")])
def test_a_stop_marks_watched_from_80_percent_on(
    standin: StandIn, dodo: Caller, progress: float, action: str
) -> None:
    """Below, it saves a playback instead."""
    answer = dodo.scrobble("stop", progress, movie=MATRIX)
    assert (answer.status, answer.json["action"]) == (201, action)
    assert answer.json["id"] > 0
    assert standin.person().has_watched("tt0133093") is (action == "scrobble")
    assert (standin.person().playback("tt0133093") is not None) is (action == "pause")


def test_a_pause_saves_a_playback_and_never_marks_watched(standin: StandIn, dodo: Caller) -> None:
    """Not even at 99 %; the newer position replaces the older, also backwards."""
    first = dodo.scrobble("pause", 99, show=BREAKING_BAD, episode={"season": 1, "number": 5})
    second = dodo.scrobble("pause", 25.5, show=BREAKING_BAD, episode={"season": 1, "number": 6})
    assert first.json["episode"] == {"season": 1, "number": 5, "title": "Gray Matter"}
    assert second.json["id"] != first.json["id"]
    (playback,) = standin.person().playbacks()
    assert (playback.key, playback.progress) == ((1, 6), 25.5)
    assert standin.person().entry("tt0903747") is None


def test_a_start_clears_the_saved_pause_of_that_title(standin: StandIn, dodo: Caller) -> None:
    """What plays again has no resume point until it pauses."""
    dodo.scrobble("pause", 30, movie=MATRIX)
    dodo.scrobble("pause", 40, movie=SINTEL)
    dodo.scrobble("start", 30, movie=MATRIX)
    assert [each.title.title for each in standin.person().playbacks()] == ["Sintel"]


def test_a_stop_at_the_end_keeps_no_playback(standin: StandIn, dodo: Caller) -> None:
    """The earlier pause goes with it."""
    dodo.scrobble("pause", 30, movie=MATRIX)
    dodo.scrobble("stop", 95, movie=MATRIX)
    assert standin.person().playbacks() == []


@pytest.mark.parametrize(("minutes", "is_watched"), [(11, False), (12, True), (600, True)])
def test_a_start_marks_the_previous_item_if_that_had_got_to_80_percent(
    standin: StandIn, dodo: Caller, clock: ManualClock, minutes: int, is_watched: bool
) -> None:
    """Sintel runs 15 minutes; another film begins later."""
    dodo.scrobble("start", 0, movie=SINTEL)
    clock.advance(minutes * 60)
    dodo.scrobble("start", 0, movie=MATRIX)
    assert standin.person().has_watched("tt1727587") is is_watched


def test_starting_the_same_item_again_marks_nothing(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Resuming is not leaving."""
    dodo.scrobble("start", 0, movie=SINTEL)
    clock.advance(14 * 60)
    dodo.scrobble("start", 93, movie=SINTEL)
    assert not standin.person().has_watched("tt1727587")


def test_a_pause_in_between_saves_the_previous_item_from_being_marked(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """A paused item is no longer being watched."""
    dodo.scrobble("start", 0, movie=SINTEL)
    clock.advance(14 * 60)
    dodo.scrobble("pause", 93, movie=SINTEL)
    dodo.scrobble("start", 0, movie=MATRIX)
    assert not standin.person().has_watched("tt1727587")


def test_a_checkin_is_watched_when_the_runtime_is_over(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Nothing else has to be sent; the progress sent is ignored."""
    answer = dodo.post("/scrobble/checkin", {"progress": 50, "movie": SINTEL})
    assert (answer.status, answer.json["action"]) == (201, "checkin")
    clock.advance(15 * 60 - 1)
    assert not standin.person().has_watched("tt1727587")
    clock.advance(1)
    assert standin.person().has_watched("tt1727587")
    assert dodo.post("/scrobble/checkin", {"movie": SINTEL}).status == 201


def test_a_second_stop_within_the_hour_is_409_without_an_error_key(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """It says since when and until when; afterwards it is a no-op that succeeds."""
    dodo.scrobble("stop", 95, movie=MATRIX)
    clock.advance(HOUR - 1)
    answer = dodo.scrobble("stop", 95, movie=MATRIX)
    assert answer.status == 409
    assert answer.json == {
        "watched_at": "2026-11-02T12:00:00Z",
        "expires_at": "2026-11-02T13:00:00Z",
    }
    clock.advance(1)
    before = standin.person().watched_at("tt0133093")
    assert dodo.scrobble("stop", 95, movie=MATRIX).status == 201
    assert standin.person().watched_at("tt0133093") == before


def test_other_forms_of_the_409_can_be_switched_on(standin: StandIn, dodo: Caller) -> None:
    """Older documents name the error, one variant writes offsets, low stops are open."""
    standin.settings.shapes.conflict_has_error = True
    standin.settings.shapes.conflict_times_with_offset = True
    dodo.scrobble("stop", 95, movie=MATRIX)
    assert dodo.scrobble("stop", 20, movie=MATRIX).status == 201
    standin.settings.conflict_on_low_stop = True
    answer = dodo.scrobble("stop", 20, movie=MATRIX)
    assert answer.status == 409
    assert answer.error == "already_watched"
    assert answer.json["watched_at"] == "2026-11-02T07:00:00-05:00"


def test_one_episode_does_not_block_the_next(dodo: Caller) -> None:
    """The hour is counted per item."""
    for number in (1, 2):
        episode = {"season": 1, "number": number}
        assert dodo.scrobble("stop", 95, show=BREAKING_BAD, episode=episode).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"progress": 10},
        {"progress": 10, "movie": "tt0133093"},
        {"progress": 10, "show": BREAKING_BAD},
        {"movie": MATRIX},
    ],
)
def test_a_missing_field_is_400_empty_field(dodo: Caller, body: object) -> None:
    """No title, a show without its episode, or no progress."""
    answer = dodo.post("/scrobble/stop", body)
    assert (answer.status, answer.error) == (400, "empty_field")


@pytest.mark.parametrize("progress", [-1, 100.5, "much", True])
def test_a_progress_that_is_no_percentage_is_400(dodo: Caller, progress: object) -> None:
    """0 to 100 and nothing else."""
    answer = dodo.post("/scrobble/pause", {"progress": progress, "movie": MATRIX})
    assert (answer.status, answer.error) == (400, "wrong_parameter")


def test_two_titles_in_one_body_are_400(dodo: Caller) -> None:
    """Exactly one of movie, show, anime."""
    answer = dodo.scrobble("start", 1, movie=MATRIX, show=BREAKING_BAD, episode={"number": 1})
    assert (answer.status, answer.error) == (400, "wrong_parameter")


@pytest.mark.parametrize(
    "item",
    [
        {"movie": {"ids": {"imdb": "tt0000000"}}},
        {"movie": BREAKING_BAD},
        {"show": BREAKING_BAD, "episode": {"season": 9, "number": 1}},
        {"show": BREAKING_BAD, "episode": {"season": 1}},
    ],
)
def test_what_matches_nothing_is_404_id_err(dodo: Caller, item: dict[str, object]) -> None:
    """An unknown id, an id of another kind, an unknown episode."""
    answer = dodo.post("/scrobble/stop", {"progress": 95, **item})
    assert (answer.status, answer.error, answer.json["code"]) == (404, "id_err", 404)


@pytest.mark.parametrize(
    "movie",
    [
        {"ids": {"simkl": 53992}},
        {"ids": {"tmdb": 603}},
        {"ids": {"imdb": "tt9999999"}, "title": "the matrix", "year": 1999},
        {"title": "The Matrix"},
        {"title": "The Matrix", "year": 2001},
        {"ids": {"simkl": 53992, "imdb": "tt1375666"}},
    ],
)
def test_titles_resolve_by_simkl_id_then_other_ids_then_name(dodo: Caller, movie: object) -> None:
    """In this order; ids may be strings or numbers."""
    answer = dodo.post("/scrobble/start", {"progress": 1, "movie": movie})
    assert answer.json["movie"]["ids"]["simkl"] == 53992


def test_the_outer_key_says_which_tmdb_is_meant(standin: StandIn, dodo: Caller) -> None:
    """A film and a show may share a TMDB id."""
    standin.world.catalogue.add_movie("Not Breaking Bad", 2001, ids={"tmdb": "1396"})
    ids = {"ids": {"tmdb": "1396"}}
    film = dodo.scrobble("start", 1, movie=ids).json
    show = dodo.scrobble("start", 1, show=ids, episode={"season": 1, "number": 1}).json
    assert film["movie"]["title"] == "Not Breaking Bad"
    assert show["show"]["title"] == "Breaking Bad"


@pytest.mark.parametrize("outer", ["show", "anime"])
def test_an_anime_answers_under_its_own_key_with_tvdb_numbers(dodo: Caller, outer: str) -> None:
    """Whether it was sent as a show or as an anime; numbered as one season."""
    body = {outer: {"ids": {"kitsu": 7442}}, "episode": {"number": 14}}
    answer = dodo.post("/scrobble/stop", {"progress": 90, **body}).json
    assert answer["anime"]["anime_type"] == "tv"
    assert answer["episode"] == {
        "season": 1,
        "number": 14,
        "title": "Episode 14",
        "tvdb_season": 2,
        "tvdb_number": 2,
    }


def test_a_scrobble_maps_tvdb_seasons_of_an_anime_by_itself(standin: StandIn, dodo: Caller) -> None:
    """Season 2 can only be TVDB's."""
    body = {"anime": {"ids": {"mal": "38000"}}, "episode": {"season": 2, "number": 3}}
    answer = dodo.post("/scrobble/stop", {"progress": 90, **body}).json
    assert (answer["episode"]["season"], answer["episode"]["number"]) == (1, 15)
    assert standin.person().has_watched("mal:38000", 1, 15)


def test_an_anime_without_an_episode_is_an_anime_film(standin: StandIn, dodo: Caller) -> None:
    """It may stand under `anime` or `movie`."""
    answer = dodo.scrobble("start", 10, anime={"ids": {"mal": "199"}}).json
    assert "episode" not in answer
    assert dodo.scrobble("stop", 90, movie={"ids": {"imdb": "tt0245429"}}).status == 201
    assert standin.person().status("mal:199") == "completed"


def test_an_episodes_tvdb_id_overrides_its_numbers(standin: StandIn, dodo: Caller) -> None:
    """The only episode id that is accepted."""
    wanted = standin.world.title("tt0903747").by_key[3, 4]
    episode = {"season": 1, "number": 1, "ids": {"tvdb": wanted.tvdb_id}}
    answer = dodo.scrobble("start", 1, show=BREAKING_BAD, episode=episode).json
    assert (answer["episode"]["season"], answer["episode"]["number"]) == (3, 4)


def test_specials_are_season_0(dodo: Caller) -> None:
    """They scrobble like any episode."""
    episode = {"season": 0, "number": 1}
    answer = dodo.scrobble("stop", 95, show=BREAKING_BAD, episode=episode)
    assert answer.json["episode"]["title"] == "Good Cop / Bad Cop"


def test_another_devices_write_locks_the_user_for_up_to_20_seconds(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """400 `RATE_LIMIT`, the one 400 to try again; the write did not happen."""
    standin.person().lock_writes()
    answer = dodo.scrobble("stop", 95, movie=MATRIX)
    assert (answer.status, answer.error) == (400, "RATE_LIMIT")
    assert not standin.person().has_watched("tt0133093")
    assert dodo.get("/sync/activities").status == 200
    clock.advance(20)
    assert dodo.scrobble("stop", 95, movie=MATRIX).status == 201
    standin.person().lock_writes(5)
    standin.settings.shapes.lock_error, standin.settings.shapes.lock_status = "rate_limit", 429
    answer = dodo.post("/sync/history", {})
    assert (answer.status, answer.error) == (429, "rate_limit")
