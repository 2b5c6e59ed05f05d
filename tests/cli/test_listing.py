"""`dodo rate`, `list`, `forget`, `unhide`, and what a sync with Simkl makes of them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.cli.samples import FILM, SHOW, WATCHED_FILM, write_export
from tests.support.cli import Dodo


@pytest.fixture
def known(dodo: Dodo, standin: StandIn, tmp_path: Path) -> Dodo:
    """Signed in, with a history that nobody has told yet."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    dodo.connect(standin)
    return dodo


def test_where_a_rating_counts_as_a_viewing_it_is_said(known: Dodo, standin: StandIn) -> None:
    """A film nobody has watched becomes a watched one at Simkl; one that was watched stays so."""
    is_told = "counts as watched at Simkl"
    known.ok("sync", "--merge")
    assert is_told not in known.read("rate", WATCHED_FILM, "7").sentence
    assert is_told not in known.read("rate", SHOW, "7").sentence
    assert is_told in known.read("rate", FILM, "8").sentence
    known.ok("sync")
    assert standin.person().status(FILM) == "completed"
    known.ok("sync")
    assert is_told not in known.read("rate", FILM, "9").sentence


def test_a_title_is_rated_and_listed_there(known: Dodo, standin: StandIn) -> None:
    """In words, in the queue's document, and at Simkl after a sync."""
    assert known.read("rate", FILM, "8").sentence == (
        "Inception is rated 8 of 10. It counts as watched at Simkl now, and then here."
    )
    assert known.read("list", SHOW, "hold").sentence == "Breaking Bad is on the list: On hold."
    rows = known.json("queue")
    assert [(row["kind"], row["says"], row["rating"], row["list"]) for row in rows] == [
        ("rated", "rated 8", 8, None),
        ("listed", "list: On hold", None, "hold"),
    ]
    known.ok("sync", "--merge")
    person = standin.person()
    assert (person.rating(FILM), person.status(SHOW)) == (8, "hold")
    assert known.json("queue") == []
    assert known.read("rate", FILM, "none").sentence == "Inception has no rating any more."
    known.ok("sync")
    assert person.rating(FILM) is None


def test_off_the_list_and_nothing_of_the_history(known: Dodo, standin: StandIn) -> None:
    """What has no history goes there; what has one is kept there, and stays off here."""
    person = standin.person()
    person.plan("tt0056923")
    person.mark_watched(SHOW, 1, 1)
    person.plan(SHOW)
    known.ok("sync", "--merge")
    known.do("list", "tt0056923", "none")
    told = known.read("list", SHOW, "none").sentence
    assert told == "Breaking Bad is on no list any more. What was watched of it stays."
    known.ok("sync")
    assert person.status("tt0056923") is None
    assert person.has_watched(SHOW, 1, 1)
    assert person.status(SHOW) == "plantowatch"
    known.ok("sync")
    assert known.json("queue") == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list", FILM, "watching"], "A film is planned or dropped"),
        (["list", WATCHED_FILM, "planned"], "stays with the watched ones"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    known: Dodo, arguments: list[str], sentence: str
) -> None:
    """Exit code 1 and the way out."""
    result = known.read(*arguments)
    assert result.code == 1
    assert sentence in result.sentence


@pytest.mark.parametrize(
    "arguments",
    [
        ["rate", FILM, "11"],
        ["rate", FILM, "eight"],
        ["rate", "nonsense", "5"],
        ["list", FILM, "completed"],
        ["forget", FILM, "--here", "--there"],
    ],
)
def test_wrong_usage_ends_with_2(known: Dodo, arguments: list[str]) -> None:
    """Exit code 2."""
    assert known.read(*arguments).code == 2


def test_forgetting_asks_somebody_or_is_told_how(known: Dodo) -> None:
    """Without a terminal nothing is guessed."""
    result = known.run("forget", SHOW)
    assert result.code == 1
    assert result.sentence.endswith("--there to do so there, too.")
    assert (
        known.read("forget", "tt0113277", "--here").sentence == "Nothing was watched of tt0113277."
    )


@pytest.mark.parametrize("where", ["--here", "--there"])
def test_what_was_forgotten_stays_forgotten(known: Dodo, standin: StandIn, where: str) -> None:
    """Here alone it stays at Simkl; there, too, it is gone for the next device."""
    person = standin.person()
    person.mark_watched(SHOW, 1)
    person.pause(SHOW, 40.0, 2, 1)
    person.rate(SHOW, 9)
    known.ok("sync", "--merge")
    known.do("forget", SHOW, where)
    known.ok("sync")
    known.ok("sync")
    assert [row["key"] for row in known.json("history") if row["key"].startswith(SHOW)] == []
    assert [row for row in known.json("continue") if row["media_id"] == SHOW] == []
    gone = where == "--there"
    assert person.has_watched(SHOW, 1) is not gone
    assert (person.playback(SHOW) is None) is gone
    assert person.rating(SHOW) == 9
    assert person.status(SHOW) is not None


def test_a_hidden_title_is_shown_again(known: Dodo) -> None:
    """Both by its key."""
    before = known.json("continue")
    assert any(card["key"] == FILM for card in before)
    known.do("hide", FILM)
    assert not any(card["key"] == FILM for card in known.json("continue"))
    assert known.read("unhide", FILM).sentence == "Inception is shown again."
    assert known.json("continue") == before


def test_what_stopped_elsewhere_is_told_in_percent(known: Dodo, standin: StandIn) -> None:
    """A second nobody knows is not made up."""
    standin.person().pause("tt0056923", 42.0)
    known.ok("sync", "--merge")
    lines = known.read("continue").out.splitlines()
    (line,) = [line for line in lines if line.startswith("tt0056923")]
    assert line.endswith("at 42 %")


class _Keyboard(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        """There is a terminal."""
        return True


@pytest.mark.parametrize(
    ("answer", "code", "left"),
    [("n", 1, True), ("", 1, True), ("h", 0, True), ("too", 0, False), ("what", 1, True)],
)
def test_forgetting_asks_somebody_who_can_answer(
    known: Dodo,
    standin: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
    left: bool,
) -> None:
    """It says what would go; anything but a clear answer changes nothing."""
    standin.person().mark_watched(SHOW, 1)
    known.ok("sync", "--merge")
    monkeypatch.setattr("sys.stdin", _Keyboard(f"{answer}\n"))
    result = known.read("forget", SHOW)
    assert result.code == code
    assert "leave the history here. Rating and list stay." in result.err
    assert ("is forgotten" in result.err) is (code == 0)
    monkeypatch.undo()
    known.ok("sync")
    assert standin.person().has_watched(SHOW, 1) is left
