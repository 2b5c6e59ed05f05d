"""dodo in real pseudo-terminals: what is on the screen, what keys do, and how it ends."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.terminal.driver import BACKSPACE, DOWN, ESCAPE, OK, Couch

TERMINALS = ("linux", "xterm-256color", "tmux-256color")
SIZES = ((80, 24), (240, 67))


@pytest.mark.parametrize("term", TERMINALS)
@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_it_opens_moves_asks_and_gives_the_terminal_back(
    tmp_path: Path, term: str, columns: int, lines: int
) -> None:
    """Home is there, an arrow moves, Back asks once with Leave in focus, OK leaves in order."""
    with Couch(tmp_path, term=term, columns=columns, lines=lines) as couch:
        couch.sees("Continue Watching")
        couch.sees("Library")
        couch.press(DOWN)
        couch.press(ESCAPE)
        couch.sees("Leave dodo?")
        couch.press(OK)
        assert couch.exit_code() == 0
    end = couch.output.rpartition(b"Leave")[2]
    assert b"\x1b[?1049l" in end
    assert b"\x1b[?25h" in end
    assert b"\x1b[?1000l" in end


def test_backspace_is_back(tmp_path: Path) -> None:
    """The remote's Back often is a backspace."""
    with Couch(tmp_path) as couch:
        couch.sees("Continue Watching")
        couch.press(BACKSPACE)
        couch.sees("Leave dodo?")
        couch.press(BACKSPACE)
        couch.sees_no_more("Leave dodo?")


def test_broken_escape_sequences_harm_nothing(tmp_path: Path) -> None:
    """The letters of arrows that arrive in pieces are no commands that destroy or leave."""
    with Couch(tmp_path) as couch:
        couch.sees("Continue Watching")
        couch.press(b"[", b"A", b"[", b"B", b"O", b"C", b"\x1b[99~", b"\x1b[")
        couch.press(DOWN)
        couch.sees("Continue Watching")
        assert couch._process.poll() is None


def test_a_kill_leaves_a_sound_database(tmp_path: Path) -> None:
    """After kill -9 the file passes SQLite's own check and dodo opens again."""
    with Couch(tmp_path) as couch:
        couch.sees("Continue Watching")
        os.kill(couch.pid, signal.SIGKILL)
        assert couch.exit_code() == -signal.SIGKILL
    connection = sqlite3.connect(tmp_path / "data_home" / "dodo" / "dodo.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    with Couch(tmp_path) as couch:
        couch.sees("Continue Watching")


def test_a_lost_connection_ends_it_in_order(tmp_path: Path) -> None:
    """SIGHUP, as when SSH goes away, ends dodo by itself."""
    with Couch(tmp_path) as couch:
        couch.sees("Continue Watching")
        os.kill(couch.pid, signal.SIGHUP)
        assert couch.exit_code() == 0
