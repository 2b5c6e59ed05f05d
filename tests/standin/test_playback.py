"""Saved positions (contract, section 10)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.accounts import Plan
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, Callers

DAY = 86_400


def test_playbacks_come_newest_first_in_the_documented_shape(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """A film, and an episode with its show."""
    person = standin.person()
    film = person.pause("tt1375666", 75)
    clock.advance(60)
    episode = person.pause("tt0903747", 45.5, 1, 5)
    assert dodo.get("/sync/playback").json == [
        {
            "id": episode.playback_id,
            "progress": 45.5,
            "paused_at": "2026-11-02T12:01:00Z",
            "type": "episode",
            "episode": {
                "season": 1,
                "number": 5,
                "title": "Gray Matter",
                "tvdb_season": 1,
                "tvdb_number": 5,
            },
            "show": {
                "title": "Breaking Bad",
                "year": 2008,
                "ids": {
                    "simkl": 11121,
                    "slug": "breaking-bad",
                    "imdb": "tt0903747",
                    "tmdb": "1396",
                    "tvdb": "81189",
                },
            },
        },
        {
            "id": film.playback_id,
            "progress": 75,
            "paused_at": "2026-11-02T12:00:00Z",
            "type": "movie",
            "movie": {
                "title": "Inception",
                "year": 2010,
                "ids": {
                    "simkl": 472214,
                    "slug": "inception",
                    "imdb": "tt1375666",
                    "tmdb": "27205",
                },
            },
        },
    ]


def test_the_other_documented_shapes_can_be_switched_on(standin: StandIn, dodo: Caller) -> None:
    """Sources disagree about four of the keys."""
    standin.person().pause("mal:1", 45.4, 1, 5)
    assert "anime" in dodo.get("/sync/playback").json[0]
    shapes = standin.settings.shapes
    shapes.playback_time_key, shapes.playback_episode_key = "watched_at", "episode"
    shapes.playback_anime_key, shapes.playback_progress_rounded = "show", True
    (row,) = dodo.get("/sync/playback").json
    assert "paused_at" not in row
    assert row["watched_at"] == "2026-11-02T12:00:00Z"
    assert row["episode"]["episode"] == 5
    assert row["show"]["title"] == "Cowboy Bebop"
    assert row["progress"] == 45


def test_types_dates_and_limit_narrow_the_answer(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """From inclusive, to exclusive."""
    standin.person().pause("tt1375666", 10)
    clock.advance(60)
    standin.person().pause("tt0903747", 20, 1, 1)
    assert [row["type"] for row in dodo.get("/sync/playback/movies").json] == ["movie"]
    assert [row["type"] for row in dodo.get("/sync/playback/episodes").json] == ["episode"]
    newer = dodo.get("/sync/playback", date_from="2026-11-02T12:01:00Z").json
    older = dodo.get("/sync/playback", date_to="2026-11-02T12:01:00Z").json
    assert ([row["type"] for row in newer], [row["type"] for row in older]) == (
        ["episode"],
        ["movie"],
    )
    assert len(dodo.get("/sync/playback", limit="1").json) == 1


def test_a_wrong_type_is_404(dodo: Caller) -> None:
    """`shows` is not one."""
    answer = dodo.get("/sync/playback/shows")
    assert (answer.status, answer.error) == (404, "url_failed")


def test_only_pauses_overtaken_by_a_later_watch_are_hidden(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """A pause made after finishing is a second viewing and is shown."""
    person = standin.person()
    person.pause("tt1375666", 10)
    clock.advance(60)
    person.mark_watched("tt1375666")
    assert dodo.get("/sync/playback").json == []
    assert len(dodo.get("/sync/playback", hide_watched="false").json) == 1
    clock.advance(60)
    person.pause("tt1375666", 20)
    assert len(dodo.get("/sync/playback").json) == 1


@pytest.mark.parametrize(("plan", "days"), [("free", 7), ("pro", 30), ("vip", 90)])
def test_playbacks_are_forgotten_after_a_time_that_depends_on_the_plan(
    standin: StandIn, callers: Callers, clock: ManualClock, plan: Plan, days: int
) -> None:
    """7, 30 or 90 days."""
    person = standin.person()
    person.change_settings(plan=plan)
    person.pause("tt1375666", 10)
    clock.advance(days * DAY - 1)
    assert len(callers.signed_in().get("/sync/playback").json) == 1
    clock.advance(1)
    assert callers.signed_in().get("/sync/playback").json == []


def test_deleting_a_playback_is_204_and_then_404_empty(standin: StandIn, dodo: Caller) -> None:
    """Already gone is a success to a client."""
    playback = standin.person().pause("tt1375666", 10)
    answer = dodo.delete(f"/sync/playback/{playback.playback_id}")
    assert (answer.status, answer.raw) == (204, b"")
    assert standin.person().playbacks() == []
    answer = dodo.delete(f"/sync/playback/{playback.playback_id}")
    assert (answer.status, answer.error) == (404, "empty")


@pytest.mark.parametrize("path", ["", "/", "/0", "/abc"])
def test_deleting_without_a_number_is_404_url_failed(dodo: Caller, path: str) -> None:
    """Missing, zero or no number."""
    answer = dodo.delete(f"/sync/playback{path}")
    assert (answer.status, answer.error) == (404, "url_failed")


def test_deleting_by_get_or_post_deletes_nothing_and_lists(standin: StandIn, dodo: Caller) -> None:
    """It silently does nothing, which looks like success."""
    playback = standin.person().pause("tt1375666", 10)
    path = f"/sync/playback/{playback.playback_id}"
    assert [row["id"] for row in dodo.get(path).json] == [playback.playback_id]
    assert dodo.post(path, {}).status == 200
    assert len(standin.person().playbacks()) == 1


def test_the_legacy_answer_to_a_delete_can_be_switched_on(standin: StandIn, dodo: Caller) -> None:
    """200 with a body."""
    standin.settings.shapes.playback_delete_status = 200
    playback = standin.person().pause("tt1375666", 10)
    answer = dodo.delete(f"/sync/playback/{playback.playback_id}")
    assert (answer.status, answer.json) == (200, {"deleted": True})
