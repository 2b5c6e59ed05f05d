"""Rows of a library as titles: all that they say, nothing made up."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Kind, MediaId, Scheme
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.simkl.library_reading import read_ids, read_rating, read_title
from tests.providers.support import ACCESS
from tests.providers.test_simkl_models import json_values

FUTURAMA: dict[str, Any] = {
    "added_to_watchlist_at": "2026-05-15T00:35:15Z",
    "last_watched_at": "2026-05-16T20:00:00Z",
    "user_rated_at": None,
    "user_rating": None,
    "status": "watching",
    "watched_episodes_count": 2,
    "show": {
        "title": "Futurama",
        "poster": "18/18421459bbf0f06beb",
        "year": 1999,
        "runtime": 22,
        "ids": {"simkl": 3407, "slug": "futurama", "imdb": "tt0149460", "tvdb": "73871"},
    },
    "seasons": [
        {
            "number": 8,
            "episodes": [
                {"number": 1, "watched_at": "2026-05-15T20:00:00Z"},
                {"number": 2, "watched_at": "2026-05-16T20:00:00Z"},
            ],
        }
    ],
}
GODFATHER: dict[str, Any] = {
    "added_to_watchlist_at": "2026-04-10T20:13:02Z",
    "last_watched_at": "2026-04-11T11:30:00Z",
    "user_rating": 9,
    "status": "completed",
    "watched_episodes_count": 0,
    "movie": {
        "title": "The Godfather",
        "poster": "10/102447562f6b49ff3a",
        "year": 1972,
        "ids": {"simkl": 53434, "imdb": "tt0068646", "tmdb": "238"},
    },
}
BEBOP = {"title": "Cowboy Bebop", "year": 1998, "ids": {"simkl": 37089, "mal": "1"}}
SEASONAL = {"title": "Two Seasons", "ids": {"simkl": 831411, "mal": "38000", "tvdb": "348545"}}


def _time(day: int, hour: int = 20) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def _title(kind: Kind, row: object) -> RemoteTitle:
    found = read_title(kind, row)
    assert found.title is not None
    assert found.malformed == 0
    return found.title


def _places(title: RemoteTitle) -> list[tuple[int, int]]:
    return [(episode.season, episode.number) for episode in title.episodes]


def _seasons(*seasons: tuple[int | None, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [{"number": number, "episodes": episodes} for number, episodes in seasons]


def test_a_show_with_its_episodes() -> None:
    """The example of the contract (§11.3)."""
    ids = Ids(imdb="tt0149460", simkl="3407", tvdb="73871")
    media_id = MediaId(Scheme.IMDB, "tt0149460")
    poster = "18/18421459bbf0f06beb"
    assert _title(Kind.SHOW, FUTURAMA) == RemoteTitle(
        Media(media_id, Kind.SHOW, "Futurama", 1999, ids, 22, poster),
        status=ListStatus.WATCHING,
        episodes=(RemoteEpisode(8, 1, _time(15)), RemoteEpisode(8, 2, _time(16))),
        episodes_complete=True,
        added_at=datetime(2026, 5, 15, 0, 35, 15, tzinfo=UTC),
    )


def test_a_film_is_watched_by_its_status() -> None:
    """The example of the contract (§11.3)."""
    ids = Ids(imdb="tt0068646", simkl="53434", tmdb="238")
    media_id = MediaId(Scheme.IMDB, "tt0068646")
    poster = "10/102447562f6b49ff3a"
    assert _title(Kind.MOVIE, GODFATHER) == RemoteTitle(
        Media(media_id, Kind.MOVIE, "The Godfather", 1972, ids, None, poster),
        status=ListStatus.COMPLETED,
        watched=True,
        watched_at=datetime(2026, 4, 11, 11, 30, tzinfo=UTC),
        rating=9,
        added_at=datetime(2026, 4, 10, 20, 13, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize("status", ["plantowatch", "dropped", "notinteresting"])
def test_a_film_on_another_list_is_not_watched(status: str) -> None:
    """Whatever time stands beside it."""
    title = _title(Kind.MOVIE, {**GODFATHER, "status": status})
    assert (title.watched, title.watched_at, title.says_watched) == (False, None, True)


@pytest.mark.parametrize("status", [None, "rewatching", {"x": 1}, 7])
def test_of_a_film_on_an_unknown_list_nothing_is_concluded(status: object) -> None:
    """New values appear at any time (contract §2.3)."""
    title = _title(Kind.MOVIE, {**GODFATHER, "status": status})
    assert (title.status, title.watched, title.says_watched) == (None, False, False)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("watching", ListStatus.WATCHING),
        ("plantowatch", ListStatus.PLANNED),
        ("hold", ListStatus.HOLD),
        ("completed", ListStatus.COMPLETED),
        ("dropped", ListStatus.DROPPED),
        ("notinteresting", ListStatus.DROPPED),
    ],
)
def test_every_list_is_known(word: str, status: ListStatus) -> None:
    """`hold` too (F2), and both words for dropped."""
    assert _title(Kind.SHOW, {**FUTURAMA, "status": word}).status is status


@pytest.mark.parametrize("time", ["1970-01-01T00:00:01Z", "1999-12-31T23:59:59Z", None, "", {}, 5])
def test_a_time_before_2000_is_unknown(time: object) -> None:
    """Simkl: a placeholder for "a very long time ago"."""
    film = _title(Kind.MOVIE, {**GODFATHER, "last_watched_at": time})
    assert (film.watched, film.watched_at) == (True, None)
    seasons = _seasons((1, [{"number": 1, "watched_at": time}]))
    show = _title(Kind.SHOW, {**FUTURAMA, "seasons": seasons})
    assert show.episodes == (RemoteEpisode(1, 1, None),)


@pytest.mark.parametrize(
    "seasons", ["missing", None, [], {}, [{"number": 1}], [{"number": 1, "episodes": None}]]
)
def test_a_completed_show_without_rows_gets_no_episodes(seasons: object) -> None:
    """The counter says 165, and which ones nobody knows."""
    row = {**FUTURAMA, "status": "completed", "watched_episodes_count": 165, "seasons": seasons}
    if seasons == "missing":
        del row["seasons"]
    title = _title(Kind.SHOW, row)
    assert title.status is ListStatus.COMPLETED
    assert (title.watched, title.episodes, title.episodes_complete) == (False, (), False)


@pytest.mark.parametrize(("count", "is_complete"), [(1, True), (2, False), (None, False)])
def test_episodes_are_complete_when_the_counter_says_so(
    count: int | None, is_complete: bool
) -> None:
    """Simkl: the counter is authoritative, rows may be fewer; specials are not in it."""
    seasons = _seasons((0, [{"number": 1}, {"number": 2}]), (1, [{"number": 1}]))
    row = {**FUTURAMA, "seasons": seasons, "watched_episodes_count": count}
    title = _title(Kind.SHOW, row)
    assert _places(title) == [(0, 1), (0, 2), (1, 1)]
    assert title.episodes_complete is is_complete


def test_an_episode_told_twice_has_its_newest_known_time() -> None:
    """And stands there once; its number may come under the other key."""
    seasons = _seasons(
        (1, [{"number": 2}, {"episode": 2, "watched_at": "2026-05-15T20:00:00Z"}]),
        (1, [{"number": 2, "watched_at": "2026-05-14T20:00:00Z"}, {"number": 1}]),
    )
    title = _title(Kind.SHOW, {**FUTURAMA, "seasons": seasons})
    assert title.episodes == (RemoteEpisode(1, 1, None), RemoteEpisode(1, 2, _time(15)))


# Anime


@pytest.mark.parametrize("key", ["show", "anime"])
def test_an_anime_is_under_either_key(key: str) -> None:
    """The list says that it is one (F2); its season may be left out."""
    seasons = _seasons((None, [{"number": 2}]), (1, [{"number": 1}]), (0, [{"number": 1}]))
    row = {key: BEBOP, "status": "watching", "seasons": seasons, "watched_episodes_count": 2}
    title = _title(Kind.ANIME, row)
    assert title.media.kind is Kind.ANIME
    assert title.media.ids == Ids(simkl="37089", mal="1")
    assert _places(title) == [(0, 1), (1, 1), (1, 2)]
    assert title.episodes_complete


def _two_seasons(*tvdb: object, title: dict[str, Any] = SEASONAL, **more: Any) -> RemoteTitle:
    episodes = [{"number": 12 + n, "tvdb": place} for n, place in enumerate(tvdb)]
    row = {"show": title, "seasons": _seasons((1, episodes)), "watched_episodes_count": len(tvdb)}
    return _title(Kind.ANIME, {**row, **more})


def test_an_anime_keyed_by_seasons_takes_tvdbs_count() -> None:
    """As its resume points do; a special of TVDB's is one here."""
    title = _two_seasons(
        {"season": 1, "episode": 12}, {"season": 2, "number": "1"}, {"season": 0, "episode": 3}
    )
    assert title.media.ids == Ids(simkl="831411", tvdb="348545", mal="38000")
    assert _places(title) == [(0, 3), (1, 12), (2, 1)]


def test_an_anime_not_keyed_by_seasons_keeps_its_own_count() -> None:
    """Sites for anime number it in one season, whatever TVDB says."""
    title = _two_seasons({"season": 1, "episode": 12}, {"season": 2, "episode": 1}, title=BEBOP)
    assert _places(title) == [(1, 12), (1, 13)]


@pytest.mark.parametrize("nothing", [None, {}, [], "x", {"season": None, "episode": None}])
def test_without_tvdbs_count_the_seasonal_ids_are_left_out(nothing: object) -> None:
    """Under them the episodes would be others, or none."""
    title = _two_seasons(nothing, nothing)
    assert title.media.ids == Ids(simkl="831411", mal="38000")
    assert _places(title) == [(1, 12), (1, 13)]


def test_one_season_at_tvdb_needs_no_mapping() -> None:
    """Both count alike then; told for all, or for some of the episodes."""
    for title in (
        _two_seasons(None, None, mapped_tvdb_seasons=[1]),
        _two_seasons({"season": 1, "episode": 12}, None),
    ):
        assert title.media.ids.tvdb == "348545"
        assert _places(title) == [(1, 12), (1, 13)]


def test_an_episode_that_cannot_be_placed_is_left_out() -> None:
    """Under the key of the whole show, episode 13 of this entry would be another one."""
    title = _two_seasons({"season": 1, "episode": 12}, None, mapped_tvdb_seasons=[1, 2])
    assert title.media.ids.tvdb == "348545"
    assert _places(title) == [(1, 12)]
    assert not title.episodes_complete
    second_season = _two_seasons({"season": 2, "episode": 1}, None)
    assert _places(second_season) == [(2, 1)]


@pytest.mark.parametrize(("title", "entry"), [(SEASONAL, "831411"), (BEBOP, None)])
@pytest.mark.parametrize("seasons", [[], _seasons((1, [{"number": 1, "tvdb": {}}]))])
def test_one_of_several_entries_under_a_show_says_which_it_is(
    title: dict[str, Any], entry: str | None, seasons: list[dict[str, Any]]
) -> None:
    """What the second season's entry lacks may have been watched in the first one's."""
    row = {"show": title, "seasons": seasons, "mapped_tvdb_seasons": [1]}
    count = len(seasons)
    found = _title(Kind.ANIME, {**row, "watched_episodes_count": count})
    assert (found.episodes_complete, found.entry) == (True, entry)


def test_an_entry_that_cannot_be_told_apart_is_not_complete() -> None:
    """Without Simkl's id nobody knows of what it speaks."""
    nameless = {**SEASONAL, "ids": {"mal": "38000", "tvdb": "348545"}}
    place = {"season": 1, "episode": 12}
    assert _two_seasons(place).episodes_complete
    assert not _two_seasons(place, title=nameless).episodes_complete


def test_a_row_told_twice_does_not_fill_the_counter() -> None:
    """Two of one episode are not two episodes."""
    seasons = _seasons((1, [{"number": 1}, {"number": 1}]))
    row = {**FUTURAMA, "seasons": seasons, "watched_episodes_count": 2}
    assert not _title(Kind.SHOW, row).episodes_complete


def test_an_anime_without_episodes_keeps_every_id() -> None:
    """It may be planned; there is nothing to be numbered."""
    title = _title(Kind.ANIME, {"show": SEASONAL, "status": "plantowatch"})
    assert title.media.id == MediaId(Scheme.SIMKL, "831411")
    assert title.media.ids.tvdb == "348545"


def test_an_anime_film_is_a_film() -> None:
    """Without coordinates, and without a TMDB id that would be taken for a series'."""
    ids = {"simkl": 37201, "mal": "199", "imdb": "tt0245429", "tmdb": "129"}
    row = {
        "show": {"title": "Spirited Away", "year": 2001, "ids": ids},
        "anime_type": "movie",
        "status": "completed",
        "last_watched_at": "2026-05-15T20:00:00Z",
        "seasons": _seasons((1, [{"number": 1}])),
    }
    title = _title(Kind.ANIME, row)
    assert (title.watched, title.watched_at, title.episodes) == (True, _time(15), ())
    assert title.media.ids == Ids(imdb="tt0245429", simkl="37201", mal="199")
    rated = read_rating(Kind.ANIME, {**row, "user_rating": 8}).title
    assert rated is not None
    assert rated.media == title.media


# Ratings


@pytest.mark.parametrize(
    ("value", "rating", "is_said"),
    [
        (9, 9, True),
        ("10", 10, True),
        (1, 1, True),
        (None, None, True),
        (0, None, False),
        (11, None, False),
        (True, None, False),
        (7.5, None, False),
        ("x", None, False),
        ({"all": 3}, None, False),
    ],
)
def test_a_rating_is_1_to_10_or_none(value: object, rating: int | None, is_said: bool) -> None:
    """Null takes it back; nonsense says nothing, and as a rating alone it is malformed."""
    row = {**GODFATHER, "user_rating": value}
    title = _title(Kind.MOVIE, row)
    assert (title.rating, title.says_rating) == (rating, is_said)
    told = read_rating(Kind.MOVIE, row)
    assert told.malformed == (0 if is_said else 1)
    if is_said:
        assert told.title == RemoteTitle(title.media, rating=rating, says_watched=False)


def test_a_rating_that_is_missing_says_nothing() -> None:
    """It is not "no rating"."""
    row = {key: value for key, value in GODFATHER.items() if key != "user_rating"}
    assert not _title(Kind.MOVIE, row).says_rating
    assert read_rating(Kind.MOVIE, row).title is None


# Malformed


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        "x",
        {},
        {"show": None},
        {"show": []},
        {**FUTURAMA, "show": {"title": "Futurama", "ids": {}}},
        {**FUTURAMA, "show": {"title": "", "ids": {"simkl": 3407}}},
        {**FUTURAMA, "show": {"ids": {"simkl": 3407}}},
        {**FUTURAMA, "seasons": "x"},
        {**FUTURAMA, "seasons": {"1": []}},
    ],
)
def test_a_row_that_makes_no_sense_is_left_out_and_counted(row: object) -> None:
    """It costs itself only."""
    found = read_title(Kind.SHOW, row)
    assert (found.title, found.malformed) == (None, 1)


def test_episodes_that_make_no_sense_are_left_out_and_counted() -> None:
    """The others stay, and are then not complete."""
    seasons: list[object] = [
        {"episodes": [{"number": 1}]},
        {"number": 1, "episodes": [{"number": 1}, {}, None, {"number": -1}, {"number": "x"}]},
        None,
        {"number": 2, "episodes": "x"},
    ]
    found = read_title(Kind.SHOW, {**FUTURAMA, "seasons": seasons, "watched_episodes_count": 1})
    assert found.malformed == 7
    assert found.title is not None
    assert _places(found.title) == [(1, 1)]
    assert not found.title.episodes_complete


def test_what_is_malformed_is_not_quoted_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Only where it is wrong is said."""
    caplog.set_level(logging.DEBUG)
    read_title(Kind.SHOW, {**FUTURAMA, "seasons": ACCESS})
    assert "LibraryRow is malformed at: seasons" in caplog.text
    assert ACCESS not in caplog.text


@given(st.sampled_from(Kind), json_values, json_values, json_values)
def test_no_row_is_too_strange(kind: Kind, one: object, other: object, third: object) -> None:
    """Whatever comes, it is read or counted."""
    title = {"title": "x", "ids": {"simkl": 1, "imdb": one}, "year": other, "runtime": third}
    row = {
        "show": title,
        "status": one,
        "user_rating": other,
        "mapped_tvdb_seasons": third,
        "anime_type": one,
        "watched_episodes_count": other,
        "seasons": [one, {"number": 1, "episodes": [other, {"number": 1, "tvdb": third}]}],
    }
    found = read_title(kind, row)
    assert found.title is not None or found.malformed
    read_rating(kind, row)
    read_title(kind, one)


# Listings


@pytest.mark.parametrize("key", ["show", "anime", "movie"])
def test_the_ids_of_a_listing(key: str) -> None:
    """Simkl's own is what it is compared by."""
    assert read_ids({key: {"ids": {"simkl": 5, "slug": "x"}}}) == Ids(simkl="5")


@pytest.mark.parametrize("row", [None, {}, {"show": {}}, {"show": {"ids": {"imdb": "tt0149460"}}}])
def test_a_row_of_a_listing_without_an_id(row: object) -> None:
    """A listing with such a row is not complete."""
    assert read_ids(row) is None
