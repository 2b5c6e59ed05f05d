"""A daemon watches an mpv that somebody else started, and is killed; the film plays on."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import KEY
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.mpv import HEADLESS, Mpv
from tests.support.waiting import until


@contextlib.contextmanager
def daemon(dodo: Dodo) -> Iterator[subprocess.Popen[bytes]]:
    """One that is at work."""
    process = dodo.start("daemon")
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"dodo runs for")
        yield process
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=SAFETY_SECONDS)
        assert b"Traceback" not in errors


@contextlib.contextmanager
def mpv(folder: Path, film: str, start_seconds: int) -> Iterator[Mpv]:
    """An mpv as a file manager starts it, with a socket by its mpv.conf."""
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        ["mpv", *HEADLESS.split(), "--no-terminal", f"--start={start_seconds}",
         f"--input-ipc-server={folder / 'mpv-1-a.sock'}", film],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with Mpv(folder, process) as hands:
            yield hands
    finally:
        process.kill()
        process.wait()


def test_a_film_is_one_play_whoever_is_killed(dodo: Dodo, standin: StandIn, film: str) -> None:
    """Watched under the first daemon, over under the second: one play, told once."""
    folder = dodo.paths.runtime.parent / "mpv"
    with mpv(folder, film, 70) as hands:
        with daemon(dodo) as first:
            until(lambda: dodo.json("status")["now_playing"], "the film")
            hands.set("speed", 4)
            until(lambda: dodo.json("history")[0]["watched_at"], "that it counts")
            hands.set("speed", 0.1)
            until(lambda: standin.person().has_watched(KEY), "the film at Simkl")
            first.kill()
            first.wait()
        with daemon(dodo):
            until(lambda: "Big Buck Bunny, in mpv" in dodo.run("control").out, "what plays")
            hands.set("speed", 4)
            until(lambda: dodo.json("history")[0]["ratio"] > 0.99, "the end of the film")
            until(lambda: dodo.json("history")[0]["ended_at"], "the end of the play")
            until(lambda: dodo.json("queue") == [], "an empty queue")
    (play,) = dodo.json("history")
    assert (play["key"], play["source"]) == (KEY, "mpv")
    assert len(standin.log.entries("/scrobble/stop|/sync/history", "POST")) == 1
