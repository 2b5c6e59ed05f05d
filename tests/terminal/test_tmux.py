"""dodo inside tmux: what is drawn, what arrows and Back do, and a window that changes its size."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.driver import PATIENCE_SECONDS, environment


class Tmux:
    """A tmux of the test's own, with one window."""

    def __init__(self, folder: Path, columns: int, lines: int) -> None:
        self._socket = str(folder / "tmux")
        self._own = environment(folder, "tmux-256color")
        size = ["-x", str(columns), "-y", str(lines)]
        self._run("-f", "/dev/null", "new-session", "-d", *size, *self._command())
        self._run("set-option", "-g", "escape-time", "20")

    @staticmethod
    def _command() -> list[str]:
        return [sys.executable, "-m", "dodo_tui"]

    def _run(self, *arguments: str) -> str:
        command = ["tmux", "-S", self._socket, *arguments]
        done = subprocess.run(command, env=self._own, capture_output=True, text=True, check=False)
        return done.stdout

    def keys(self, *names: str) -> None:
        """Press keys, by tmux's names."""
        self._run("send-keys", *names)

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(lines))

    def sees(self, *texts: str) -> str:
        """Wait until texts are on the screen; answers all of it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            screen = self._run("capture-pane", "-p")
            if all(text in screen for text in texts):
                return screen
            assert time.monotonic() < deadline, f"{texts}:\n{screen}"
            time.sleep(0.05)  # tmux tells nobody that its screen changed

    def close(self) -> None:
        """End it, and what runs in it."""
        self._run("kill-server")


@pytest.fixture(params=[(80, 24), (240, 67)], ids=["80x24", "240x67"])
def tmux(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tmux]:
    """Dodo in tmux, in two sizes."""
    assert shutil.which("tmux"), "tmux is needed: sudo apt install tmux"
    terminal = Tmux(tmp_path, *request.param)
    yield terminal
    terminal.close()


def test_it_moves_resizes_and_asks_before_it_leaves(tmux: Tmux) -> None:
    """The places are reached, a window too small says so and recovers, Back asks."""
    tmux.sees("Continue Watching")
    tmux.keys("l")
    tmux.sees("Watchlist", "Back to Home")
    tmux.resize(20, 5)
    tmux.sees("too small")
    tmux.resize(100, 30)
    tmux.sees("Watchlist", "Back to Home")
    tmux.keys("Escape")
    tmux.sees("Continue Watching")
    tmux.keys("q")
    tmux.sees("Leave dodo?", "[ Leave ]")
    tmux.keys("BSpace")
    tmux.sees("Continue Watching")
