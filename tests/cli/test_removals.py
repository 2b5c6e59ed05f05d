"""`dodo sync` on titles that are missing there: said in one line, and answered by an option."""

from __future__ import annotations

import pytest

from dodo_tui.standin.faults import Reset
from dodo_tui.standin.simkl.server import StandIn
from tests.support.cli import Dodo
from tests.support.waiting import next_second

FILMS = ("tt1375666", "tt0133093", "tt0068646")


def lose(dodo: Dodo, standin: StandIn) -> None:
    """Three films were watched elsewhere, and then all of them are gone."""
    dodo.connect(standin)
    person = standin.person()
    for film in FILMS:
        person.mark_watched(film)
    dodo.ok("sync")
    next_second(standin.world.clock.now)
    for film in FILMS:
        person.remove(film)


@pytest.mark.parametrize(
    ("answer", "left", "words"),
    [("--accept-removals", 0, "removed"), ("--keep-removed", 3, "kept")],
)
def test_the_question_and_its_answer(
    dodo: Dodo, standin: StandIn, answer: str, left: int, words: str
) -> None:
    """It is said after every sync until it is answered, and then never again."""
    lose(dodo, standin)
    asked = dodo.ok("sync")
    assert "Simkl: 3 titles are missing there and kept here" in asked.err
    assert "--accept-removals" in asked.err
    assert "--keep-removed" in asked.err
    assert "3 missing there" in dodo.ok("status").out
    assert f"3 titles {words}" in dodo.ok("sync", answer).sentence
    assert "missing" not in dodo.ok("sync").err
    with dodo.store() as store:
        (found,) = store.run_now(
            lambda connection: connection.execute("SELECT count(*) FROM list_entry").fetchone()
        )
    assert found == left
    again = dodo.run("sync", answer)
    assert (again.code, again.out) == (1, "")
    assert "no question" in again.sentence


def test_a_small_removal_is_followed_and_said(dodo: Dodo, standin: StandIn) -> None:
    """One of two, taken off on the phone: it goes here, too, and the way back is named."""
    dodo.connect(standin)
    person = standin.person()
    for film in FILMS[:2]:
        person.mark_watched(film)
    assert "taken off" not in dodo.ok("sync").err + dodo.ok("status").out
    next_second(standin.world.clock.now)
    person.remove(FILMS[0])
    assert dodo.ok("sync").sentence == (
        "Simkl: 1 title taken off there, and so here; 'dodo sync --undo' brings it back."
    )
    assert "as it had been at Simkl; 'dodo sync --undo' brings it back" in dodo.ok("status").out
    dodo.ok("sync", "--undo")
    assert "taken off" not in dodo.ok("status").out


def test_nine_of_ten_wait_for_an_answer(dodo: Dodo, standin: StandIn) -> None:
    """Said by `sync`, by `status` with the way to answer, and in both documents."""
    dodo.connect(standin)
    person = standin.person()
    catalogue = standin.world.catalogue
    films = [catalogue.add_movie(f"Film {number}", 2001).simkl_id for number in range(10)]
    for film in films:
        person.mark_watched(film)
    dodo.ok("sync")
    next_second(standin.world.clock.now)
    for film in films[:9]:
        person.remove(film)
    synced = dodo.ok("sync", "--json")
    (simkl,) = synced.json["providers"]
    assert (simkl["removed"], simkl["missing"]) == (0, 9)
    assert "9 titles are missing there and kept here" in synced.err
    assert dodo.json("status")["providers"][0]["missing"] == 9
    said = dodo.ok("status").out
    assert "'dodo sync --accept-removals'; keep for good: 'dodo sync --keep-removed'" in said


def test_what_is_there_again_is_kept(dodo: Dodo, standin: StandIn) -> None:
    """It is looked once more before anything goes, which the requests show."""
    lose(dodo, standin)
    dodo.ok("sync")
    for film in FILMS[:2]:
        standin.person().mark_watched(film)
    standin.log.clear()
    said = dodo.ok("sync", "--accept-removals").err.splitlines()
    assert [entry.path for entry in standin.log.entries()] == [
        "/sync/activities",
        "/sync/all-items",
    ]
    assert said == [
        "Simkl: 1 title removed; 'dodo sync --undo' takes that back.",
        "Simkl: 2 titles on the list there again and kept.",
    ]


def test_nothing_is_removed_without_a_network(dodo: Dodo, standin: StandIn) -> None:
    """One sentence, and the question stays."""
    lose(dodo, standin)
    dodo.ok("sync")
    standin.faults.add("/", Reset())
    failed = dodo.run("sync", "--accept-removals")
    assert (failed.code, failed.sentence) == (
        1,
        "dodo: Simkl cannot be reached. What is missing at Simkl was kept here.",
    )
    assert "3 missing there" in dodo.ok("status").out


def test_what_was_removed_comes_back(dodo: Dodo, standin: StandIn) -> None:
    """The undo is named where it is needed, and does what it says."""
    lose(dodo, standin)
    dodo.ok("sync")
    dodo.ok("sync", "--accept-removals")
    dodo.ok("sync", "--undo")
    with dodo.store() as store:
        rows = store.run_now(
            lambda connection: connection.execute(
                "SELECT count(*) FROM progress WHERE watched"
            ).fetchone()
        )
    assert rows[0] == 3
    assert "missing" not in dodo.ok("sync").err


def test_a_film_paused_on_the_phone_stands_at_its_percentage(dodo: Dodo, standin: StandIn) -> None:
    """Nothing is known of its length here, so no time is made up."""
    dodo.connect(standin)
    standin.person().pause(FILMS[0], 42.0)
    dodo.ok("sync")
    assert "Inception  at 42 %" in dodo.ok("continue").out
