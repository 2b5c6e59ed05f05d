"""A terminal that goes away: the SSH session ends, somebody closes the window."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.terminal import Screen
from tests.terminal.driver import OK, environment

PATIENCE_SECONDS = 60.0
PYTHON_COULD_NOT_FLUSH = 120
"""What Python itself ends with when its standard output is gone."""


def read_until(master: int, screen: Screen, text: str) -> None:
    """Show what comes until a text is on the screen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while text not in screen.text:
        assert time.monotonic() < deadline, screen.text
        if select.select([master], [], [], 0.1)[0]:
            screen.feed(os.read(master, 65536))


@pytest.mark.parametrize("with_signal", [True, False], ids=["SIGHUP", "no signal"])
@pytest.mark.parametrize("playing", [True, False], ids=["playing", "at home"])
def test_it_ends_in_order(tmp_path: Path, with_signal: bool, playing: bool) -> None:
    """Dodo notices, stops what plays, and leaves nothing behind, with and without a SIGHUP.

    This terminal has no size of its own, like a serial line: 80 by 24 is assumed.
    """
    master, end = pty.openpty()
    # Only the terminal that controls a session sends a signal when it hangs up.
    leader = ["setsid", "--ctty"] if with_signal else ["setsid"]
    own = environment(tmp_path, "xterm-256color")
    process = subprocess.Popen(
        [*leader, sys.executable, "-m", "dodo_tui", "demo"],
        stdin=end,
        stdout=end,
        stderr=end,
        cwd=tmp_path,
        env={**own, "DODO_MPV": str(tmp_path / "no-mpv"), "TMPDIR": str(tmp_path)},
    )
    os.close(end)
    screen = Screen(80, 24)
    try:
        try:
            read_until(master, screen, "Tour 1 of 6")
            if playing:
                os.write(master, OK)
                read_until(master, screen, "Left/Right seek")
        finally:
            os.close(master)
        assert process.wait(PATIENCE_SECONDS) in (0, PYTHON_COULD_NOT_FLUSH)
    finally:
        process.kill()
        process.wait()
    assert not list(tmp_path.glob("dodo-demo-*"))
