"""Posters as sixel in a real pseudo-terminal that says, or does not say, that it draws them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.history import FIRST_CARD, make_history
from benchmarks.terminal import PLAIN, WHAT_ARE_YOU, WITH_SIXEL, Answers
from dodo_tui.storage.pictures import PictureCache
from tests.support.pictures import plain_png
from tests.terminal.driver import DOWN, ESCAPE, OK, RIGHT, Couch, environment

TRUE_COLOUR = {"COLORTERM": "truecolor"}
SIXEL = re.compile(rb"\x1b\[(\d+);(\d+)H\x1bP[^\x1b]*\x1b\\")
ASK_CELL = b"\x1b[16t"
BLOCK = b"48;2;200;30;60"
SILENT: Answers = PLAIN[1:]
ON_HOME = 8
"""Posters on Home: two rows of three whole cards and the beginning of one more."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Some titles that were watched, each with the same poster on the disk."""
    own = environment(tmp_path, "dumb")
    history = tmp_path / "history.json"
    history.write_text(json.dumps(make_history(60, 20)))
    command = [sys.executable, "-m", "dodo_tui", "import", str(history)]
    subprocess.run(command, env=own, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    database = sqlite3.connect(tmp_path / "data_home" / "dodo" / "dodo.db")
    with contextlib.closing(database) as connection, connection:
        connection.execute("UPDATE media SET poster = '14/1'")
    PictureCache(tmp_path / "cache_home" / "dodo" / "posters").put("14/1", plain_png((200, 30, 60)))
    return tmp_path


class Viewer(Couch):
    """Somebody who looks at the pictures, too."""

    def __init__(
        self,
        home: Path,
        answers: Answers = WITH_SIXEL,
        more: Mapping[str, str] = TRUE_COLOUR,
        term: str = "xterm-256color",
    ) -> None:
        super().__init__(home, term=term, columns=120, lines=40, more=more, answers=answers)

    def drawn(self, after: int = 0) -> set[tuple[int, int]]:
        """Where sixel was drawn, row and column, from some byte of the output on."""
        return {(int(row), int(column)) for row, column in SIXEL.findall(self.output[after:])}

    def draws(self, after: int = 0, least: int = 1) -> set[tuple[int, int]]:
        """Wait until sixel is drawn, at so many places; where."""
        self._until(lambda: len(self.drawn(after)) >= least, "sixel did not come")
        return self.drawn(after)

    def writes(self, part: bytes, after: int = 0) -> None:
        """Wait until something was written."""
        self._until(lambda: part in self.output[after:], f"{part!r} was not written")

    def rest(self) -> int:
        """How much was written so far; reads until nothing more comes."""
        for _, chunk in self.until_quiet(0.5, 20.0):
            self.output += chunk
            self.screen.feed(chunk)
        return len(self.output)


@pytest.mark.parametrize(
    ("term", "more"),
    [("xterm-256color", TRUE_COLOUR), ("xterm", {})],
    ids=["true colour", "colours unknown"],
)
def test_posters_are_drawn_and_stay(home: Path, term: str, more: Mapping[str, str]) -> None:
    """A key that moves the focus draws none; a question covers them, and they come back after."""
    with Viewer(home, more=more, term=term) as couch:
        couch.sees(FIRST_CARD)
        places = couch.draws(least=ON_HOME)
        quiet = couch.rest()
        assert couch.output.count(ASK_CELL) == 1
        couch.press(RIGHT)
        couch.sees("2 of")
        moved = couch.rest()
        assert couch.drawn(quiet) == set()
        couch.press(b"m")
        couch.sees("Details")
        asked = couch.rest()
        assert couch.drawn(moved) == set()
        couch.press(ESCAPE)
        assert couch.draws(asked, ON_HOME) == places
        couch.press(b"q")
        couch.sees("Leave dodo?")
        couch.press(OK)
        assert couch.exit_code() == 0
    _, left, end = couch.output.rpartition(b"\x1b[?1049l")
    assert left and SIXEL.search(end) is None


def test_a_title_has_a_large_one(home: Path) -> None:
    """Drawn as soon as it comes, in one piece; back on Home the small ones are there again."""
    with Viewer(home) as couch:
        couch.sees(FIRST_CARD)
        small = couch.draws(least=ON_HOME)
        couch.press(b"m")
        couch.sees("Details")
        asked = couch.rest()
        couch.press(OK)
        couch.sees("Mark watched")
        (large,) = couch.draws(asked)
        assert large not in small
        shown = couch.rest()
        couch.press(ESCAPE)
        assert couch.draws(shown, ON_HOME) == small


def test_a_terminal_without_sixel_gets_blocks(home: Path) -> None:
    """It is asked once, and no answer becomes a key: `?` would open the list of keys."""
    with Viewer(home, answers=PLAIN) as couch:
        couch.sees(FIRST_CARD)
        couch.writes(BLOCK)
        couch.rest()
        assert couch.drawn() == set()
        assert len(WHAT_ARE_YOU.findall(couch.output)) == 1
        assert "1 of" in couch.screen.text and "Six keys" not in couch.screen.text


def test_a_silent_terminal_gets_blocks_and_its_late_answer_is_no_key(home: Path) -> None:
    """Keys work while it is waited for; what comes late, in pieces, does nothing."""
    with Viewer(home, answers=SILENT) as couch:
        couch.sees(FIRST_CARD)
        couch.press(RIGHT)
        couch.sees("2 of")
        couch.writes(BLOCK)
        for piece in (b"\x1b[?6", b"2;4;", b"22c"):
            os.write(couch.master, piece)
            couch.until_quiet(0.2, 0.4)
        os.write(couch.master, b"\x1b[?64;1;2;4;6;9;15;16;17;18;21;22;28;29c" + DOWN)
        couch.sees("1 of")
        couch.rest()
        assert couch.drawn() == set()
        assert "Six keys" not in couch.screen.text
        assert "Continue Watching" in couch.screen.text


@pytest.mark.parametrize(
    ("term", "more"),
    [
        ("linux", {}),
        ("linux", {"DODO_PICTURES": "sixel"}),
        ("xterm-256color", {**TRUE_COLOUR, "NO_COLOR": "1"}),
        ("xterm-256color", {**TRUE_COLOUR, "DODO_PICTURES": "off"}),
        ("xterm-256color", {**TRUE_COLOUR, "DODO_PICTURES": "blocks"}),
    ],
)
def test_who_is_not_to_draw_is_not_asked(home: Path, term: str, more: Mapping[str, str]) -> None:
    """A bare console, no colours, and whoever said otherwise."""
    with Viewer(home, more=more, term=term) as couch:
        couch.sees(FIRST_CARD)
        couch.rest()
        assert WHAT_ARE_YOU.search(couch.output) is None
        assert couch.drawn() == set()


def test_the_setting_is_enough_where_a_terminal_does_not_say_it(home: Path) -> None:
    """Only the size of its cells must be known."""
    answers = (PLAIN[0], *WITH_SIXEL[1:])
    with Viewer(home, answers=answers, more={**TRUE_COLOUR, "DODO_PICTURES": "sixel"}) as couch:
        couch.sees(FIRST_CARD)
        couch.draws()
