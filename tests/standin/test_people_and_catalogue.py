"""People on their other devices, and the titles there are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.standin.clock import (
    MANUAL_START,
    ManualClock,
    SystemClock,
    iso_with_offset,
    parse_time,
)
from dodo_tui.standin.simkl.server import StandIn


@pytest.mark.parametrize(
    "ref", [53992, "tt0133093", "tmdb:603", "imdb:tt0133093", "simkl:53992", "The Matrix"]
)
def test_a_title_can_be_named_in_many_ways(standin: StandIn, ref: int | str) -> None:
    """By Simkl id, by an id elsewhere, by name."""
    assert standin.world.title(ref).title == "The Matrix"


@pytest.mark.parametrize("ref", [1, "tt0000001", "mal:999999999", "No Such Thing"])
def test_an_unknown_title_is_a_key_error(standin: StandIn, ref: int | str) -> None:
    """A test that misspells one learns of it."""
    with pytest.raises(KeyError):
        standin.person().mark_watched(ref)


def test_an_unknown_episode_is_a_key_error(standin: StandIn) -> None:
    """Too."""
    with pytest.raises(KeyError):
        standin.person().mark_watched("tt0903747", 9, 9)


def test_the_sample_has_what_the_contract_and_the_demo_name(standin: StandIn) -> None:
    """By the ids that are fixed."""
    fixed = {
        "tt1375666": 472214,
        "tt0903747": 11121,
        "tt1520211": 2090,
        "mal:1": 37089,
        "tt0149460": 3407,
        "tt0068646": 53434,
    }
    for ref, simkl_id in fixed.items():
        assert standin.world.title(ref).simkl_id == simkl_id
    others = ("tt0133093", "tt11280740", "tt1254207", "tt1727587", "tt2285752", "tt5875444")
    for ref in (*others, "tt9253284", "mal:52991", "tt1748166"):
        assert standin.world.title(ref).title


def test_titles_can_be_added_by_the_thousand(standin: StandIn, clock: ManualClock) -> None:
    """And watched: two thousand shows, ten thousand episodes."""
    person = standin.person()
    for number in range(2_000):
        show = standin.world.catalogue.add_show(
            f"Generated {number}",
            2000,
            (5,),
            ids={"imdb": f"tt8{number:07}"},
            first_aired=MANUAL_START - timedelta(days=999),
        )
        person.mark_watched(show)
    clock.advance(1)
    assert len(person.member.library) == 2_000
    assert person.has_watched("tt80001999", 1, 5)


def test_the_catalogue_refuses_a_simkl_id_twice(standin: StandIn) -> None:
    """It would hide the first."""
    with pytest.raises(ValueError, match="53992"):
        standin.world.catalogue.add_movie("Another", 2000, simkl_id=53992)


def test_an_act_may_be_dated_back(standin: StandIn) -> None:
    """History keeps the event's time, the activities the time of the act."""
    long_ago = MANUAL_START - timedelta(days=30)
    person = standin.person()
    person.mark_watched("tt0133093", at=long_ago)
    person.pause("tt1375666", 40, at=MANUAL_START - timedelta(days=2))
    assert person.watched_at("tt0133093") == long_ago
    assert person.playbacks()[0].paused_at == MANUAL_START - timedelta(days=2)
    assert person.member.activities.moved("movies", "completed") == MANUAL_START


def test_a_film_can_be_unwatched_and_stays_listed(standin: StandIn) -> None:
    """It becomes planned."""
    person = standin.person()
    person.mark_watched("tt0133093")
    assert person.mark_unwatched("tt0133093") == 1
    assert person.mark_unwatched("tt0133093") == 0
    assert person.status("tt0133093") == "plantowatch"


def test_times_are_read_with_z_offsets_and_fractions() -> None:
    """Whole seconds, UTC; what is none is None."""
    noon = MANUAL_START
    for text in (
        "2026-11-02T12:00:00Z",
        "2026-11-02T12:00:00.900Z",
        "2026-11-02T07:00:00-05:00",
        "2026-11-02T12:00:00 00:00",
        "2026-11-02T12:00:00",
    ):
        assert parse_time(text) == noon
    assert parse_time("yesterday") is None
    assert parse_time(7) is None
    assert iso_with_offset(noon) == "2026-11-02T07:00:00-05:00"


def test_the_system_clock_tells_utc() -> None:
    """With its zone."""
    assert SystemClock().now().utcoffset() == timedelta(0)
