"""What is sent to Trakt, and what can never be."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.facts import Fact, FactKind
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.trakt.payloads import (
    EpisodeEntry,
    ShowEntry,
    history,
    is_nameable,
    scrobble_body,
    title_of,
)
from tests.providers.trakt_support import EPISODE, FILM
from tests.support.clock import START

WATCHED, UNWATCHED = FactKind.WATCHED, FactKind.UNWATCHED


def anime(ids: Ids, season: int | None = 1, number: int | None = 30) -> Item:
    """An anime, or a film of one."""
    return Item(Kind.ANIME, "Naruto", 2002, ids, season, number)


def test_a_film_and_episodes_in_one_body() -> None:
    """Numbers are numbers, IMDb's are texts; episodes are gathered by show and season."""
    other = Item(Kind.SHOW, "Breaking Bad", 2008, EPISODE.ids, 1, 6)
    late = Item(Kind.SHOW, "Breaking Bad", 2008, EPISODE.ids, 0, 1)
    facts = [Fact(WATCHED, item, START) for item in (FILM, EPISODE, other, late)]
    at = "2026-11-22T20:15:00.000Z"
    assert history(facts).body() == {
        "movies": [
            {
                "title": "Inception",
                "year": 2010,
                "ids": {"trakt": 16662, "imdb": "tt1375666", "tmdb": 27205},
                "watched_at": at,
            }
        ],
        "shows": [
            {
                "title": "Breaking Bad",
                "year": 2008,
                "ids": {"imdb": "tt0903747", "tvdb": 81189},
                "seasons": [
                    {
                        "number": 1,
                        "episodes": [
                            {"number": 5, "watched_at": at},
                            {"number": 6, "watched_at": at},
                        ],
                    },
                    {"number": 0, "episodes": [{"number": 1, "watched_at": at}]},
                ],
            }
        ],
    }


def test_the_same_film_twice_is_two_plays() -> None:
    """Trakt counts viewings."""
    again = datetime(2026, 11, 1, tzinfo=UTC)
    body = history([Fact(WATCHED, FILM, START), Fact(WATCHED, FILM, again)]).body()
    assert len(body["movies"]) == 2


def test_an_unknown_time_is_said_to_be_one() -> None:
    """Left out, Trakt would take it for now; what is taken back bears no time at all."""
    assert history([Fact(WATCHED, FILM, None)]).body()["movies"][0]["watched_at"] == "unknown"
    assert "watched_at" not in history([Fact(UNWATCHED, FILM, None)]).body()["movies"][0]


def test_a_show_cannot_be_made_without_an_episode() -> None:
    """By type: the first one is an argument of its own, and has no default."""
    first = inspect.signature(ShowEntry).parameters["first"]
    assert first.default is inspect.Parameter.empty
    with pytest.raises(TypeError):
        ShowEntry(title_of(EPISODE))  # type: ignore[call-arg]
    one = ShowEntry(title_of(EPISODE), EpisodeEntry(1, 5))
    assert one.body()["seasons"] == [{"number": 1, "episodes": [{"number": 5}]}]


ITEMS = st.one_of(
    st.just(FILM),
    st.builds(
        Item,
        kind=st.just(Kind.SHOW),
        title=st.text(max_size=30),
        year=st.one_of(st.none(), st.integers(1900, 2030)),
        ids=st.sampled_from([EPISODE.ids, Ids(tvdb="1"), Ids(tmdb="2", trakt="3")]),
        season=st.integers(0, 30),
        number=st.integers(0, 2000),
    ),
    st.builds(anime, ids=st.sampled_from([Ids(imdb="tt0409591"), Ids(tvdb="78857")])),
)


@given(st.lists(st.tuples(ITEMS, st.one_of(st.none(), st.just(START))), min_size=1, max_size=20),
       st.sampled_from(FactKind))  # fmt: skip
def test_whatever_is_told_names_episodes(
    told: list[tuple[Item, datetime | None]], kind: FactKind
) -> None:
    """No show without seasons, no season without episodes, nothing without an id, none empty."""
    body = history([Fact(kind, item, at) for item, at in told]).body()
    count = len(body.get("movies", []))
    for show in body.get("shows", []):
        assert show["seasons"]
        for season in show["seasons"]:
            assert season["episodes"]
            count += len(season["episodes"])
    assert count == len(told)
    for entry in (*body.get("movies", []), *body.get("shows", [])):
        assert entry["ids"]
        assert all(value not in ("", None) for value in entry["ids"].values())


@pytest.mark.parametrize(
    ("item", "nameable"),
    [
        (FILM, True),
        (EPISODE, True),
        (Item(Kind.MOVIE, "Only a name", 1999, Ids()), False),
        (Item(Kind.MOVIE, "Elsewhere", 1999, Ids(simkl="1", mal="2")), False),
        (anime(Ids(kitsu="7442")), False),
        (anime(Ids(simkl="37089", tmdb="31910", mal="20")), False),
        (anime(Ids(simkl="37089", tmdb="31910"), 2, 4), True),
        (anime(Ids(simkl="37089", mal="20"), 2, 4), False),
        (anime(Ids(imdb="tt0409591", simkl="37089")), True),
        (anime(Ids(simkl="1", tmdb="5"), None, None), True),
        (TitleRef(Kind.SHOW, "Breaking Bad", 2008, EPISODE.ids), True),
        (TitleRef(Kind.ANIME, "Naruto", 2002, Ids(kitsu="1")), False),
    ],
)
def test_what_trakt_can_know(item: Item | TitleRef, nameable: bool) -> None:
    """By a name alone it takes the newest of that name; Simkl's own numbering fits no season."""
    assert is_nameable(item) is nameable


@pytest.mark.parametrize(
    ("item", "trakt_id", "body"),
    [
        (FILM, None, {"movie": title_of(FILM)}),
        (EPISODE, None, {"show": title_of(EPISODE), "episode": {"season": 1, "number": 5}}),
        (EPISODE, 73_000, {"episode": {"ids": {"trakt": 73_000}}}),
        (anime(Ids(imdb="tt0409591"), None, None),
         None, {"movie": title_of(anime(Ids(imdb="tt0409591"), None, None))}),
    ],
)  # fmt: skip
def test_a_scrobble_names_one_thing(item: Item, trakt_id: int | None, body: dict[str, Any]) -> None:
    """A film, an episode of a show, or an episode by its own id."""
    assert scrobble_body(item, 12.345, trakt_id) == {"progress": 12.34, **body}
