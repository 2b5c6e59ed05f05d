"""When what last changed (contract, section 11.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dodo_tui.standin.clock import ManualClock, iso
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.simkl.world import Person

from .caller import Caller


def test_a_new_account_has_only_its_settings(dodo: Caller) -> None:
    """Everything else never happened; films have no `watching` and no `hold`."""
    activities = dodo.activities()
    assert activities["all"] == activities["settings"]["all"] == "2026-11-02T12:00:00Z"
    assert set(activities["tv_shows"].values()) == {None}
    assert set(activities["tv_shows"]) - set(activities["movies"]) == {"watching", "hold"}
    assert activities["custom_lists"]["lists"]["all"] is None


@pytest.mark.parametrize(
    ("act", "group", "bucket"),
    [
        (lambda p: p.mark_watched("tt0133093"), "movies", "completed"),
        (lambda p: p.mark_watched("tt0903747", 1, 1), "tv_shows", "watching"),
        (lambda p: p.mark_watched("tt0903747"), "tv_shows", "completed"),
        (lambda p: p.mark_watched("mal:1", 1, 1), "anime", "watching"),
        (lambda p: p.mark_watched("mal:199"), "anime", "completed"),
        (lambda p: p.plan("tt0903747"), "tv_shows", "plantowatch"),
        (lambda p: p.set_status("tt0903747", "hold"), "tv_shows", "hold"),
        (lambda p: p.set_status("tt0133093", "dropped"), "movies", "dropped"),
        (lambda p: p.pause("tt0133093", 20), "movies", "playback"),
        (lambda p: p.pause("tt0903747", 20, 1, 1), "tv_shows", "playback"),
        (lambda p: p.pause("mal:1", 20, 1, 1), "anime", "playback"),
    ],
)
def test_each_change_moves_exactly_its_bucket(
    standin: StandIn,
    dodo: Caller,
    clock: ManualClock,
    act: Callable[[Person], object],
    group: str,
    bucket: str,
) -> None:
    """And the group's and the whole's `all`."""
    clock.advance(100)
    act(standin.person())
    activities = dodo.activities()
    moved = {
        (name, key)
        for name in ("tv_shows", "anime", "movies")
        for key, value in activities[name].items()
        if value is not None
    }
    assert moved == {(group, "all"), (group, bucket)}
    assert activities["all"] == activities[group]["all"] == "2026-11-02T12:01:40Z"


def test_removing_and_rating_move_their_own_buckets(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """A rating moves no status; a removal moves `removed_from_list`."""
    person = standin.person()
    person.mark_watched("tt0133093")
    before = dodo.activities()["movies"]
    clock.advance(10)
    person.rate("tt0133093", 9)
    rated = dodo.activities()["movies"]
    assert rated == {
        **before,
        "rated_at": "2026-11-02T12:00:10Z",
        "all": "2026-11-02T12:00:10Z",
    }
    clock.advance(10)
    person.remove("tt0133093")
    removed = dodo.activities()["movies"]
    assert removed["removed_from_list"] == "2026-11-02T12:00:20Z"
    assert removed["completed"] == rated["completed"]


def test_forgetting_a_playback_moves_playback(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Deleted and cleared ones alike."""
    person = standin.person()
    person.pause("tt0133093", 20)
    clock.advance(10)
    person.forget_playback("tt0133093")
    assert dodo.activities()["movies"]["playback"] == "2026-11-02T12:00:10Z"


def test_own_writes_move_the_timestamps_too(dodo: Caller, clock: ManualClock) -> None:
    """A client meets the echo of what it sent."""
    clock.advance(5)
    dodo.scrobble("stop", 95, movie={"ids": {"imdb": "tt0133093"}})
    assert dodo.activities()["movies"]["completed"] == "2026-11-02T12:00:05Z"


def test_what_changes_nothing_moves_nothing(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Marking again what is watched."""
    standin.person().mark_watched("tt0133093")
    before = dodo.activities()
    clock.advance(7200)
    standin.person().mark_watched("tt0133093")
    dodo.scrobble("stop", 95, movie={"ids": {"imdb": "tt0133093"}})
    dodo.post("/sync/history", {"movies": [{"ids": {"imdb": "tt0133093"}}]})
    assert dodo.activities() == before


def test_settings_move_their_own_timestamp(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """So that they are fetched only then."""
    clock.advance(30)
    standin.person().change_settings(location="Porto")
    activities = dodo.activities()
    assert activities["settings"]["all"] == activities["all"] == "2026-11-02T12:00:30Z"
    assert dodo.get("/users/settings").json["user"]["loc"] == "Porto"


def test_a_newly_aired_episode_of_a_watched_show_moves_watching(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Nobody did anything; the show appears in the delta with something new to watch."""
    slow_horses = standin.world.title("tt5875444")
    standin.person().mark_watched(slow_horses)
    assert standin.person().status(slow_horses) == "watching"
    saved = dodo.activities()
    assert dodo.all_items(date_from=saved["all"]) == {}
    coming = slow_horses.by_key[5, 3].aired_at
    assert coming is not None
    clock.move_to(coming)
    moved = dodo.activities()
    assert moved["tv_shows"]["watching"] == moved["all"] == iso(coming)
    (row,) = dodo.all_items(date_from=saved["all"])["shows"]
    assert row["next_to_watch"] == "S05E03"
    assert dodo.all_items(date_from=moved["all"]) == {}


def test_the_vocabulary_of_old_apps_can_be_switched_on(standin: StandIn, dodo: Caller) -> None:
    """`notinteresting`, no `playback`, no `custom_lists`."""
    standin.settings.shapes.legacy_vocabulary = True
    standin.person().set_status("tt0133093", "dropped")
    activities = dodo.activities()
    assert "custom_lists" not in activities
    assert set(activities["movies"]) >= {"notinteresting"}
    assert not {"dropped", "playback"} & set(activities["movies"])
    assert dodo.all_items()["movies"][0]["status"] == "notinteresting"


def test_objects_and_milliseconds_can_be_switched_on(standin: StandIn, dodo: Caller) -> None:
    """One client has met objects where strings are expected."""
    standin.settings.shapes.activities_with_objects = True
    standin.settings.shapes.times_with_milliseconds = True
    activities = dodo.activities()
    assert isinstance(activities["movies"]["rated_at"], dict)
    assert activities["all"] == "2026-11-02T12:00:00.000Z"
