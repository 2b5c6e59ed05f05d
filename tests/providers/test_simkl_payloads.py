"""What is sent: bodies by table, and what holds for every body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.times import known_time
from dodo_tui.providers.facts import Fact, FactKind
from dodo_tui.providers.items import Item
from dodo_tui.providers.simkl.payloads import (
    LONG_AGO,
    history_body,
    is_nameable,
    scrobble_body,
)
from tests.providers.support import EPISODE, INCEPTION

T1 = datetime(2026, 10, 1, 20, 15, tzinfo=UTC)
T2 = datetime(2026, 10, 1, 21, 0, 59, 999_000, tzinfo=UTC)

INCEPTION_BODY = {
    "title": "Inception",
    "year": 2010,
    "ids": {"imdb": "tt1375666", "simkl": 472214},
}
WALKING_DEAD_BODY = {
    "title": "The Walking Dead",
    "year": 2010,
    "ids": {"imdb": "tt1520211", "tvdb": "153021"},
}


def _anime(season: int | None, number: int | None, **ids: str) -> Item:
    return Item(Kind.ANIME, "Naruto", 2002, Ids(**ids), season, number)


def _watched(item: Item, moment: datetime | None = T1) -> Fact:
    return Fact(FactKind.WATCHED, item, moment)


# Scrobble


def test_a_film_is_scrobbled_with_all_that_is_known() -> None:
    """Simkl: send everything you have; its own id is a number."""
    assert scrobble_body(INCEPTION, 10) == {"progress": 10, "movie": INCEPTION_BODY}


def test_an_episode_is_scrobbled_with_its_coordinates() -> None:
    """Season and number are the safest; an episode's own ids are not sent."""
    assert scrobble_body(EPISODE, 25.5) == {
        "progress": 25.5,
        "show": WALKING_DEAD_BODY,
        "episode": {"season": 1, "number": 1},
    }


def test_an_anime_episode_is_scrobbled_as_anime() -> None:
    """An anime of one season is in season 1."""
    assert scrobble_body(_anime(1, 7, kitsu="7442", mal="38000"), 25) == {
        "progress": 25,
        "anime": {"title": "Naruto", "year": 2002, "ids": {"kitsu": "7442", "mal": "38000"}},
        "episode": {"season": 1, "number": 7},
    }


def test_an_anime_without_an_episode_is_scrobbled_as_a_film() -> None:
    """Simkl: `anime` without `episode` is an anime film."""
    body = scrobble_body(_anime(None, None, mal="1"), 1)
    assert set(body) == {"progress", "anime"}


def test_specials_are_season_zero() -> None:
    """Season 0 is a season like any other, also of an anime."""
    special = Item(Kind.SHOW, "Sherlock", 2010, Ids(imdb="tt1475582"), 0, 1)
    assert scrobble_body(special, 1)["episode"] == {"season": 0, "number": 1}
    assert scrobble_body(_anime(0, 2, kitsu="1"), 1)["episode"] == {"season": 0, "number": 2}


def test_an_episode_of_a_one_season_scheme_is_in_season_one() -> None:
    """A file says S02E05 and is matched to the entry of that season, where it is number 5."""
    assert scrobble_body(_anime(2, 5, anidb="23"), 1)["episode"] == {"season": 1, "number": 5}


def test_unknown_is_left_out() -> None:
    """No year, no ids, no title: no key, rather than a made-up value."""
    assert scrobble_body(Item(Kind.MOVIE, "Heat", None, Ids()), 1)["movie"] == {"title": "Heat"}
    assert scrobble_body(Item(Kind.MOVIE, "", None, Ids(tmdb="949")), 1)["movie"] == {
        "ids": {"tmdb": "949"}
    }


def test_malformed_ids_are_left_out() -> None:
    """One bad id must not cost the title."""
    item = Item(Kind.MOVIE, "Heat", 1995, Ids(imdb="0113277", tmdb="949", simkl="x", tvdb="-1"))
    assert scrobble_body(item, 1)["movie"]["ids"] == {"tmdb": "949"}


def test_titles_are_cleaned() -> None:
    """A file name may hold anything, undecodable bytes included."""
    item = Item(Kind.MOVIE, "He\x1bat\udcff\n", None, Ids())
    assert scrobble_body(item, 1)["movie"] == {"title": "He at"}


# History


def test_films_are_marked_with_their_own_times() -> None:
    """Whole seconds, in UTC."""
    heat = Item(Kind.MOVIE, "Heat", 1995, Ids(tmdb="949"))
    assert history_body([_watched(INCEPTION), _watched(heat, T2)]) == {
        "movies": [
            INCEPTION_BODY | {"watched_at": "2026-10-01T20:15:00Z"},
            {
                "title": "Heat",
                "year": 1995,
                "ids": {"tmdb": "949"},
                "watched_at": "2026-10-01T21:00:59Z",
            },
        ]
    }


def test_episodes_are_gathered_by_show_and_season() -> None:
    """A season marked by hand is one entry, not dozens of requests (adr-review 29)."""

    def episode(season: int, number: int) -> Item:
        return Item(EPISODE.kind, EPISODE.title, EPISODE.year, EPISODE.ids, season, number)

    facts = [
        _watched(episode(1, 1)),
        _watched(episode(2, 1), T2),
        _watched(INCEPTION),
        _watched(episode(1, 2), T2),
        _watched(episode(0, 3)),
    ]
    at1, at2 = "2026-10-01T20:15:00Z", "2026-10-01T21:00:59Z"
    assert history_body(facts) == {
        "movies": [INCEPTION_BODY | {"watched_at": at1}],
        "shows": [
            WALKING_DEAD_BODY
            | {
                "seasons": [
                    {
                        "number": 1,
                        "episodes": [
                            {"number": 1, "watched_at": at1},
                            {"number": 2, "watched_at": at2},
                        ],
                    },
                    {"number": 2, "episodes": [{"number": 1, "watched_at": at2}]},
                    {"number": 0, "episodes": [{"number": 3, "watched_at": at1}]},
                ]
            }
        ],
    }


def test_shows_of_the_same_name_stay_apart() -> None:
    """The title as a whole is what gathers: another year or id is another show."""
    office = [
        Item(Kind.SHOW, "The Office", 2001, Ids(), 1, 1),
        Item(Kind.SHOW, "The Office", 2005, Ids(), 1, 1),
        Item(Kind.SHOW, "The Office", 2005, Ids(imdb="tt0386676"), 1, 1),
    ]
    assert len(history_body([_watched(item) for item in office])["shows"]) == 3


def test_unmarking_names_the_same_things_without_times() -> None:
    """Simkl: of a show only the named episodes; anime under `shows`, elsewhere it is ignored."""
    facts = [
        Fact(FactKind.UNWATCHED, EPISODE, T1),
        Fact(FactKind.UNWATCHED, INCEPTION, T1),
        Fact(FactKind.UNWATCHED, _anime(1, 3, mal="1")),
    ]
    assert history_body(facts) == {
        "movies": [INCEPTION_BODY],
        "shows": [
            WALKING_DEAD_BODY | {"seasons": [{"number": 1, "episodes": [{"number": 1}]}]},
            {
                "title": "Naruto",
                "year": 2002,
                "ids": {"mal": "1"},
                "seasons": [{"number": 1, "episodes": [{"number": 3}]}],
            },
        ],
    }


def test_an_unknown_time_is_simkls_word_for_long_ago() -> None:
    """Left out, Simkl would stamp now; read back, it is unknown again."""
    body = history_body([_watched(INCEPTION, None), _watched(EPISODE, None)])
    assert body["movies"][0]["watched_at"] == LONG_AGO
    assert body["shows"][0]["seasons"][0]["episodes"][0]["watched_at"] == LONG_AGO
    assert known_time(LONG_AGO) is None


def test_what_is_told_twice_is_sent_once_with_its_first_known_time() -> None:
    """Simkl ignores the second; a known time is better than none."""
    body = history_body([_watched(EPISODE, None), _watched(EPISODE, T1), _watched(EPISODE, T2)])
    assert body["shows"][0]["seasons"][0]["episodes"] == [
        {"number": 1, "watched_at": "2026-10-01T20:15:00Z"}
    ]
    films = history_body([_watched(INCEPTION, T1), _watched(INCEPTION, T2)])
    assert [film["watched_at"] for film in films["movies"]] == ["2026-10-01T20:15:00Z"]


@pytest.mark.parametrize(
    ("item", "season", "by_tvdb"),
    [
        (_anime(2, 5, imdb="tt0409591"), 2, True),
        (_anime(1, 5, imdb="tt0409591", mal="20"), 1, True),
        (_anime(1, 5, tvdb="78857"), 1, True),
        (_anime(1, 5, tmdb="46260"), 1, True),
        (_anime(0, 5, tvdb="78857"), 0, True),
        (_anime(1, 5, kitsu="11"), 1, False),
        (_anime(1, 5, mal="20"), 1, False),
        (_anime(1, 5, anidb="239"), 1, False),
        (_anime(2, 5, anilist="20"), 1, False),
        (_anime(1, 5, simkl="37089", mal="1"), 1, False),
        (_anime(3, 5, simkl="37089", mal="1"), 3, True),
        (_anime(1, 5), 1, False),
        (_anime(2, 5), 2, True),
        (EPISODE, 1, False),
    ],
)
def test_the_numbering_of_an_anime_follows_the_id_that_makes_its_key(
    item: Item, season: int, by_tvdb: bool
) -> None:
    """IMDb, TMDB and TVDB count seasons; the anime sites and Simkl itself have one."""
    (entry,) = history_body([_watched(item)])["shows"]
    assert entry.get("use_tvdb_anime_seasons", False) is by_tvdb
    assert [s["number"] for s in entry["seasons"]] == [season]


def test_an_anime_film_is_the_first_episode_of_its_entry() -> None:
    """Never a show without coordinates: were it a series after all, all would be marked."""
    (entry,) = history_body([_watched(_anime(None, None, mal="1", imdb="tt0119698"))])["shows"]
    assert entry["seasons"] == [
        {"number": 1, "episodes": [{"number": 1, "watched_at": "2026-10-01T20:15:00Z"}]}
    ]


def test_an_item_that_would_mark_a_whole_show_cannot_be_made() -> None:
    """Lessons #14: eleven episodes became eighty."""
    for season, number in [(None, None), (1, None), (None, 1)]:
        with pytest.raises(ValueError, match="episode"):
            Item(Kind.SHOW, "Lost", 2004, Ids(imdb="tt0411008"), season, number)
    with pytest.raises(ValueError, match="episode"):
        _anime(1, None, mal="1")
    with pytest.raises(ValueError, match="episode"):
        Item(Kind.MOVIE, "Lost", 2004, Ids(), 1, 1)


@pytest.mark.parametrize(
    ("item", "nameable"),
    [
        (Item(Kind.MOVIE, "", None, Ids()), False),
        (Item(Kind.MOVIE, " \x00 ", 1999, Ids(imdb="nonsense")), False),
        (Item(Kind.MOVIE, "Heat", None, Ids()), True),
        (Item(Kind.MOVIE, "", None, Ids(imdb="tt0113277")), True),
    ],
)
def test_a_title_needs_a_name_or_an_id(item: Item, nameable: bool) -> None:
    """A year alone names nothing."""
    assert is_nameable(item) is nameable


# What holds for all


_ids = st.builds(
    Ids,
    imdb=st.none() | st.sampled_from(["tt0000001", "tt0000002", "bad"]),
    simkl=st.none() | st.sampled_from(["1", "2"]),
    tmdb=st.none() | st.sampled_from(["1", "2"]),
    kitsu=st.none() | st.sampled_from(["1", "2"]),
    mal=st.none() | st.sampled_from(["1", "2"]),
)
_titles = st.text(max_size=20) | st.sampled_from(["Lost", "Heat"])
_years = st.none() | st.integers(1900, 2030)
_films = st.builds(
    Item, st.sampled_from([Kind.MOVIE, Kind.ANIME]), _titles, _years, _ids, st.none(), st.none()
)
_episodes = st.builds(
    Item,
    st.sampled_from([Kind.SHOW, Kind.ANIME]),
    _titles,
    _years,
    _ids,
    st.integers(0, 3),
    st.integers(0, 5),
)
_times = st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1))  # noqa: DTZ001


def _episodes_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for show in body.get("shows", []):
        for season in show["seasons"]:
            yield from season["episodes"]


@given(st.sampled_from(FactKind), st.lists(st.tuples(_films | _episodes, _times), max_size=50))
def test_no_body_marks_more_than_the_facts_it_was_made_of(
    kind: FactKind, told: list[tuple[Item, datetime | None]]
) -> None:
    """Every show has seasons, every season episodes, each with a number and its time."""
    body = history_body([Fact(kind, item, moment) for item, moment in told])
    json.dumps(body, allow_nan=False).encode("utf-8")
    assert set(body) <= {"movies", "shows"}
    episodes = list(_episodes_of(body))
    films = body.get("movies", [])
    assert len(episodes) + len(films) <= len(told)
    for show in body.get("shows", []):
        assert show["seasons"]
        assert "watched_at" not in show
        for season in show["seasons"]:
            assert season["episodes"]
            assert isinstance(season["number"], int)
            assert "watched_at" not in season
    for leaf in [*episodes, *films]:
        assert ("watched_at" in leaf) is (kind is FactKind.WATCHED)
    for episode in episodes:
        assert isinstance(episode["number"], int)


@given(_films | _episodes, st.floats(0, 100))
def test_a_scrobble_names_exactly_one_title(item: Item, percent: float) -> None:
    """Simkl: one of `movie`, `show` with `episode`, `anime`."""
    body = scrobble_body(item, percent)
    assert len({"movie", "show", "anime"} & set(body)) == 1
    assert ("show" in body) <= ("episode" in body)
    assert ("episode" in body) is (item.number is not None)
    json.dumps(body, allow_nan=False).encode("utf-8")
