"""The interface in a terminal, ended by the system: its mpv goes with it, in order."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import KEY
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.mpv import Mpv, is_running
from tests.support.waiting import until

ROWS, COLUMNS = 40, 120


class Terminal:
    """A terminal that somebody looks at, so that the program in it never waits for its reader."""

    def __init__(self, master: int) -> None:
        self._master = master
        self._seen = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def shows(self, text: str) -> bool:
        """Whether it was ever written."""
        return text.encode() in bytes(self._seen)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def close(self) -> None:
        """Close the window: whoever is in it gets SIGHUP."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _read(self) -> None:
        descriptor = os.dup(self._master)
        try:
            while data := os.read(descriptor, 65536):
                self._seen += data
        except OSError:
            pass
        finally:
            os.close(descriptor)


@contextmanager
def in_terminal(dodo: Dodo) -> Iterator[tuple[subprocess.Popen[bytes], Terminal]]:
    """Start the interface in a terminal of its own."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def take_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        dodo.command(),
        env=dodo.environment,
        cwd=dodo.home,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(slave)
    terminal = Terminal(master)
    try:
        yield process, terminal
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SAFETY_SECONDS)
        terminal.close()


def add_to_library(dodo: Dodo, film: str) -> None:
    """Put the film where the library looks."""
    videos = Path(film).parent / "Videos"
    videos.mkdir()
    Path(film).rename(videos / Path(film).name)
    dodo.ok("library", "add", str(videos))


def choose_film(terminal: Terminal) -> None:
    """OK on the only card of Home, and OK on Play."""
    until(lambda: terminal.shows("Big Buck Bunny"), "the film on Home")
    terminal.press("\r")
    until(lambda: terminal.shows("Mark watched"), "the title's screen")
    terminal.press("\r")


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGTERM twice"])
def test_the_interface_is_ended(dodo: Dodo, standin: StandIn, film: str, how: str) -> None:
    """Mpv is stopped, the position written, the last word told; the exit is an orderly one."""
    add_to_library(dodo, film)
    with in_terminal(dodo) as (process, terminal):
        choose_film(terminal)
        with Mpv(dodo.paths.runtime, process) as mpv:
            mpv.seek(15)
            position = mpv.reach(16)
            until(lambda: standin.log.entries("/scrobble/start"))
            if how == "SIGHUP":
                process.send_signal(signal.SIGHUP)
            else:
                for _ in range(how.count("twice") + 1):
                    process.send_signal(signal.SIGTERM)
            assert process.wait(SAFETY_SECONDS) == 0
            assert not is_running(mpv.pid)
        assert not terminal.shows("Traceback")
    (card,) = dodo.json("continue")
    assert (card["key"], card["position_seconds"] >= position) == (KEY, True)
    assert [entry.path for entry in standin.log.entries("/scrobble")][-1] == "/scrobble/pause"
    assert dodo.json("status")["now_playing"] is None
    assert list(dodo.paths.runtime.iterdir()) == []


def test_the_terminal_is_closed(dodo: Dodo, film: str) -> None:
    """A lost SSH connection takes the interface and its mpv with it; nothing is forgotten."""
    add_to_library(dodo, film)
    with in_terminal(dodo) as (process, terminal):
        choose_film(terminal)
        with Mpv(dodo.paths.runtime, process) as mpv:
            mpv.seek(15)
            position = mpv.reach(16)
            terminal.close()
            process.send_signal(signal.SIGHUP)
            process.wait(SAFETY_SECONDS)
            until(lambda: not is_running(mpv.pid), "mpv's end")
    assert dodo.json("continue")[0]["position_seconds"] >= position
    assert dodo.json("history")[0]["ended_at"] is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_daemon_delivers_and_ends_when_it_is_told_to(
    dodo: Dodo, standin: StandIn, number: signal.Signals
) -> None:
    """It delivers what others queue, imports no face, and ends when it is told to."""
    process = dodo.start("daemon")
    try:
        dodo.ok("mark", KEY, "--watched")
        until(lambda: standin.person().has_watched(KEY), "the mark")
        until(lambda: dodo.json("queue") == [])
        process.send_signal(number)
        output, errors = process.communicate(timeout=SAFETY_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=SAFETY_SECONDS)
    assert (process.returncode, output) == (0, b"")
    assert errors == b"dodo runs for Me. End it with Ctrl+C.\n"


def test_the_daemon_needs_no_terminal_to_itself(dodo: Dodo, standin: StandIn) -> None:
    """Two of them do no harm: one delivers."""
    first, second = dodo.start("daemon"), dodo.start("daemon")
    try:
        dodo.ok("mark", KEY, "--watched")
        until(lambda: standin.person().has_watched(KEY), "the mark")
        until(lambda: dodo.json("queue") == [])
    finally:
        for process in (first, second):
            process.terminate()
            process.communicate(timeout=SAFETY_SECONDS)
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(standin.log.entries("/sync/history")) == 1
