"""Daemons, players and commands at the same time: one of them delivers, and none is missed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dodo_tui.standin.faults import Hold
from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import KEY, playing
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.waiting import until

OTHER = "tt0133093"


@contextlib.contextmanager
def daemons(dodo: Dodo, count: int) -> Iterator[dict[int, subprocess.Popen[bytes]]]:
    """So many daemons, by process id; all of them are at work when this begins."""
    running = [dodo.start("daemon") for _ in range(count)]
    try:
        for process in running:
            assert process.stderr is not None
            assert process.stderr.readline().startswith(b"dodo runs for")
        yield {process.pid: process for process in running}
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
            _, errors = process.communicate(timeout=SAFETY_SECONDS)
            assert b"Traceback" not in errors


def holder(dodo: Dodo) -> int | None:
    """The process that has the right to deliver just now, as the kernel tells."""
    try:
        inode = (dodo.paths.data / "queue.lock").stat().st_ino
    except FileNotFoundError:
        return None
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
            return int(fields[4])
    return None


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a power cut would, for this one process."""
    process.send_signal(signal.SIGKILL)
    process.wait(SAFETY_SECONDS)


def test_a_holder_that_is_killed_while_it_sends_is_replaced(dodo: Dodo, standin: StandIn) -> None:
    """The other daemon finds what was not acknowledged, and the provider has it once."""
    hold = Hold()
    standin.faults.add("/sync/history", hold)
    with daemons(dodo, 2) as running:
        dodo.ok("mark", KEY, "--watched", "--at", "2026-11-01T20:15:00Z")
        assert hold.reached.wait(SAFETY_SECONDS)
        pid = holder(dodo)
        assert pid in running
        kill(running[pid])
        until(lambda: standin.person().has_watched(KEY), "the mark, from the other one")
        until(lambda: dodo.json("queue") == [], "an empty queue")
        hold.release()
        (survivor,) = set(running) - {pid}
        assert running[survivor].poll() is None


def test_a_sync_that_is_cut_off_is_begun_anew(dodo: Dodo, standin: StandIn) -> None:
    """Whoever is left ends it in words and in deed; nobody says `syncing` for ever."""
    dodo.ok("sync", "--merge")
    standin.person().mark_watched("The Matrix")
    hold = Hold()
    standin.faults.add("/sync/activities", hold)
    with daemons(dodo, 1) as running:
        syncing = dodo.start("sync")
        assert hold.reached.wait(SAFETY_SECONDS)
        kill(syncing)
        syncing.communicate()
        hold.release()
        until(
            lambda: dodo.json("status")["providers"][0]["sync_state"] == "idle",
            "the end of the sync",
        )
        assert all(process.poll() is None for process in running.values())


def test_the_play_of_a_killed_process_is_closed_by_the_others(
    dodo: Dodo, standin: StandIn, film: str
) -> None:
    """Within seconds, at its last position, told once; nobody has to start anything for it."""
    with daemons(dodo, 2):
        with playing(dodo, film) as viewing:
            viewing.mpv.seek(30)
            viewing.mpv.reach(31)
            until(lambda: standin.log.entries("/scrobble/start"), "watching now")
            dodo.ok("control", "pause")
            until(lambda: (dodo.json("status")["now_playing"] or {}).get("paused"), "the pause")
            position = dodo.json("status")["now_playing"]["position_seconds"]
            kill(viewing.process)
            until(lambda: dodo.json("history")[0]["ended_at"], "the end of the play")
        until(lambda: dodo.json("queue") == [], "an empty queue")
    (play,) = dodo.json("history")
    assert play["watched_at"] is None
    (card,) = dodo.json("continue")
    assert (card["key"], card["position_seconds"]) == (KEY, position)
    assert len(standin.person().playbacks()) == 1


def test_what_one_does_all_the_others_see(dodo: Dodo, standin: StandIn, film: str) -> None:
    """A daemon, a player and commands at once: one ledger, one set of calls, no violation."""
    with daemons(dodo, 2) as running, playing(dodo, film) as viewing:
        viewing.mpv.set("speed", 0.5)
        viewing.mpv.seek(30)
        dodo.ok("mark", OTHER, "--watched", "--at", "2026-11-01T20:15:00Z")
        until(lambda: standin.log.entries("/scrobble/start"), "watching now")
        viewing.mpv.set("speed", 20)
        assert viewing.end() == 0
        until(lambda: standin.person().has_watched(KEY), "the film")
        until(lambda: standin.person().has_watched(OTHER), "the mark")
        until(lambda: dodo.json("queue") == [], "an empty queue")
        assert all(process.poll() is None for process in running.values())
    calls = [entry.path for entry in standin.log.entries("/scrobble|/sync/history", "POST")]
    assert sorted(calls) == ["/scrobble/start", "/scrobble/stop", "/sync/history"]
    assert len(dodo.json("history")) == 2
