"""A daemon watches an mpv that somebody else started, and is killed; the film plays on."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.leases import WATCHING_LEASE, Lease
from tests.end_to_end.conftest import KEY
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.mpv import HEADLESS, Mpv
from tests.support.waiting import until

OTHER = "tt0133093"


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
        hands.set("speed", 0.1)
        with daemon(dodo) as first:
            until(lambda: dodo.json("status")["now_playing"], "the film")
            hands.set("speed", 4)
            hands.reach(80)
            hands.set("speed", 1)
            hands.seek(89)
            hands.reach(91)
            hands.set("speed", 0.05)
            until(lambda: dodo.json("history")[0]["watched_at"], "that it counts")
            until(lambda: standin.person().has_watched(KEY), "the film at Simkl")
            until(lambda: dodo.json("queue") == [], "that the answer has come")
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


def watcher(dodo: Dodo) -> int | None:
    """The process whose turn it is to watch, as the kernel tells."""
    return Lease(dodo.paths.data / WATCHING_LEASE)._holder()


@contextlib.contextmanager
def two_daemons(
    dodo: Dodo,
) -> Iterator[tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """One that watches, and one that would."""
    with daemon(dodo) as first:
        until(lambda: watcher(dodo) == first.pid, "that the first one watches")
        with daemon(dodo) as second:
            yield first, second


def test_a_watcher_that_is_frozen_and_goes_on(dodo: Dodo, standin: StandIn, film: str) -> None:
    """Another one delivers and watches meanwhile, goes on with the film, and it is one play."""
    folder = dodo.paths.runtime.parent / "mpv"
    with mpv(folder, film, 50) as hands, two_daemons(dodo) as (first, second):
        until(lambda: dodo.json("status")["now_playing"], "the film")
        hands.set("keep-open", True)
        first.send_signal(signal.SIGSTOP)
        try:
            hands.set("speed", 0.2)
            dodo.ok("mark", OTHER, "--watched", "--at", "2026-11-01T20:15:00Z")
            until(lambda: standin.person().has_watched(OTHER), "the mark, from the other one")
            until(lambda: watcher(dodo) == second.pid, "that the other one watches")
            hands.set("speed", 8)
            hands.reach(92)
            hands.set("speed", 0.1)
            until(lambda: standin.person().has_watched(KEY), "the film, from the other one")
        finally:
            first.send_signal(signal.SIGCONT)
        hands.quit()
        until(lambda: dodo.json("history")[0]["ended_at"], "its end")
        until(lambda: dodo.json("queue") == [], "an empty queue")
        assert watcher(dodo) == second.pid
    plays = [play for play in dodo.json("history") if play["key"] == KEY]
    assert [play["source"] for play in plays] == ["mpv"]
    assert plays[0]["ratio"] > 0.9
    assert len(standin.log.entries("/scrobble/stop|/sync/history", "POST")) == 2


def test_a_watcher_that_is_frozen_and_killed(dodo: Dodo, standin: StandIn, film: str) -> None:
    """As systemd's watchdog does: the other one goes on with the same play."""
    folder = dodo.paths.runtime.parent / "mpv"
    with mpv(folder, film, 40) as hands, two_daemons(dodo) as (first, _):
        until(lambda: dodo.json("status")["now_playing"], "the film")
        first.send_signal(signal.SIGSTOP)
        hands.reach(52)
        first.kill()
        first.wait()
        until(
            lambda: (dodo.json("status")["now_playing"] or {}).get("position_seconds", 0) > 52,
            "the film, by the other one",
        )
        hands.quit()
        until(lambda: dodo.json("history")[0]["ended_at"], "its end")
        until(lambda: dodo.json("queue") == [], "an empty queue")
    (play,) = dodo.json("history")
    assert play["ratio"] > 0.5
    assert len(standin.person().playbacks()) == 1
