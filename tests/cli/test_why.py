"""`dodo why`: file, match, viewings, answers, what waits, by key or by path."""

from __future__ import annotations

from pathlib import Path

import pytest

from dodo_tui.standin.faults import error
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.review import review_entries
from tests.support.cli import Dodo

FILM = "tt0133093"
SHOW = "tt0903747"
STEPS = ["File", "Match", "Viewings", "Answers", "Waiting"]


@pytest.fixture
def film(dodo: Dodo, tmp_path: Path) -> Path:
    """A film that is in the library, sure by its id."""
    folder = tmp_path / "media"
    folder.mkdir()
    path = folder / f"The Matrix (1999) {{imdb-{FILM}}}.mkv"
    path.write_bytes(b"film")
    dodo.do("library", "add", str(folder))
    return path


def test_the_five_steps_by_key_and_by_path(dodo: Dodo, standin: StandIn, film: Path) -> None:
    """The same answer, whichever way it is asked."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    dodo.do("sync", "--merge")
    by_key = dodo.read("why", FILM)
    assert by_key.code == 0
    assert by_key.out == dodo.read("why", str(film)).out
    lines = by_key.out.splitlines()
    assert lines[0] == f"The Matrix  {FILM}"
    assert [line for line in lines[1:] if not line.startswith(" ")] == STEPS
    assert str(film) in by_key.out
    assert "marked watched by hand" in by_key.out
    assert "Simkl has it in the history" in by_key.out
    assert "Nothing waits." in by_key.out


def test_the_document_holds_everything_and_nothing_else_is_said(
    dodo: Dodo, standin: StandIn, film: Path
) -> None:
    """Everything as JSON, nothing else on standard output."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-20T20:15:00Z")
    seen = dodo.read("why", FILM, "--json").json
    assert (seen["key"], seen["title"], seen["year"], seen["watched"]) == (
        FILM, "The Matrix", 1999, True,
    )  # fmt: skip
    (file,) = seen["files"]
    assert (file["path"], file["match"], file["decided_by"]) == (str(film), "sure", "name")
    (play,) = seen["plays"]
    assert (play["source"], play["watched_at"]) == ("manual", "2026-11-20T20:15:00Z")
    assert [answer["state"] for answer in play["answers"]] == ["waiting"]
    (row,) = seen["queue"]
    assert (row["kind"], row["state"], row["provider"]) == ("watched", "waiting", "simkl")
    (provider,) = seen["providers"]
    assert (provider["connected"], provider["pulled_at"]) == (True, None)
    assert seen["lookup"] is None
    assert seen["candidates"] == []


def test_another_account_s_answers_are_told_apart(dodo: Dodo, standin: StandIn, film: Path) -> None:
    """What Anna's Simkl knows is no word of Ben's, who is signed in now."""
    dodo.connect(standin, "Anna")
    standin.person("Anna").mark_watched(FILM)
    dodo.do("sync", "--merge")
    dodo.do("mark", FILM, "--watched", "--at", "2020-11-20T20:15:00Z")
    dodo.do("sync")
    dodo.connect(standin, "Ben")
    dodo.do("sync", "--take-theirs")
    text = dodo.read("why", FILM).out
    assert "watched elsewhere, as Simkl (signed in as Anna then) told." in text
    assert "Simkl (signed in as Anna then) has it in the history" in text
    assert "Simkl says: not watched" in text
    assert "Simkl has it in the history" not in text
    entries = dodo.read("history", "--json").json
    assert [entry["delivered"]["simkl"] for entry in entries] == ["off", "off"]
    dodo.connect(standin, "Anna")
    assert "then)" not in dodo.read("why", FILM).out


def test_what_is_held_says_why_and_the_way_out(dodo: Dodo, standin: StandIn, film: Path) -> None:
    """The reason of the provider, and the command that tries again."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    standin.faults.add("/sync/history", error(400, "wrong_parameter", "No."), count=None)
    dodo.read("sync", "--merge")
    text = dodo.read("why", FILM).out
    assert "Held:" in text
    assert "dodo queue retry" in text


def test_an_unknown_file_says_that_it_was_asked_about(
    dodo: Dodo, standin: StandIn, tmp_path: Path
) -> None:
    """`dodo sync` identifies what is there; what nobody knows says so, and when."""
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "Inception.2010.mkv").write_bytes(b"a")
    (folder / "Nobody.Knows.This.1999.mkv").write_bytes(b"b")
    dodo.do("library", "add", str(folder))
    dodo.connect(standin)
    dodo.ok("sync", "--merge")
    assert "Inception  tt1375666" in dodo.read("why", str(folder / "Inception.2010.mkv")).out
    text = dodo.read("why", str(folder / "Nobody.Knows.This.1999.mkv")).out
    assert "did not know it" in text
    assert "Settle it in dodo under Review." in text


def test_review_is_named_only_where_it_asks(dodo: Dodo, tmp_path: Path) -> None:
    """Nobody was asked what a file is, so Review is empty; what it is can be said all the same."""
    folder = tmp_path / "media"
    folder.mkdir()
    path = folder / "Nobody.Knows.This.1999.mkv"
    path.write_bytes(b"a")
    dodo.do("library", "add", str(folder))
    lines = dodo.read("why", str(path)).out.splitlines()
    assert "  No provider has been asked yet." in lines
    assert "    Say what it is in dodo: Why? in its menu, then Fix match." in lines
    with dodo.store() as store:
        assert store.run_now(review_entries) == ()


def test_each_viewing_of_a_series_says_of_which_episode(dodo: Dodo, standin: StandIn) -> None:
    """Asked of the series as a whole; of one episode there is nothing to tell apart."""
    dodo.connect(standin)
    dodo.do("mark", f"{SHOW}:1:2", "--watched", "--at", "2026-11-20T20:15:00Z")
    dodo.do("mark", f"{SHOW}:1:3", "--watched", "--at", "2026-11-21T20:15:00Z")
    dodo.do("sync", "--merge")
    dodo.do("mark", f"{SHOW}:2:1", "--watched", "--at", "2026-11-22T20:15:00Z")
    text = dodo.read("why", SHOW).out
    viewings = text.partition("Viewings\n")[2].partition("Answers")[0].splitlines()
    assert [line.partition(",")[0].strip() for line in viewings] == ["S2 E1", "S1 E3", "S1 E2"]
    assert "(the viewing of S1 E2, 20 Nov 2026" in text
    assert "is still to be told that it was watched (S2 E1, 22 Nov 2026" in text
    assert "Simkl says: 2 episodes watched, on the list: watching" in text
    assert "S1 E2" not in dodo.read("why", f"{SHOW}:1:2").out.partition("\n")[2]


@pytest.mark.parametrize("target", ["tt0000404", "nowhere.mkv", "kitsu:1:2", "", "\x1b[31m"])
def test_what_is_not_known_is_one_sentence(dodo: Dodo, target: str) -> None:
    """Neither a key nor a file."""
    result = dodo.read("why", target)
    assert result.code == 1
    assert "Nothing is known of" in result.sentence
