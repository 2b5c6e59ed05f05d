"""`dodo play` from end to end: the real program, the real mpv, a server on the loopback."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import FILM_SECONDS, KEY, playing
from tests.support.cli import Dodo
from tests.support.mpv import is_running
from tests.support.waiting import until


def told(standin: StandIn) -> list[str]:
    """What was told live, in order."""
    return [entry.path.rpartition("/")[2] for entry in standin.log.entries("/scrobble")]


def percents(standin: StandIn) -> list[float]:
    """How far the film was each time."""
    bodies: list[Any] = [entry.body for entry in standin.log.entries("/scrobble")]
    return [body["progress"] for body in bodies]


def history(dodo: Dodo) -> Any:
    """The one play there is."""
    (play,) = dodo.json("history")
    return play


def test_a_viewing_from_start_to_end(dodo: Dodo, standin: StandIn, film: str) -> None:
    """`start` at 5 %, pause and resume, nothing on a seek, `stop` once at 90 %."""
    with playing(dodo, film) as viewing:
        mpv = viewing.mpv
        mpv.set("speed", 4)
        assert told(standin) == []
        mpv.reach(4)
        mpv.set("speed", 1)
        until(lambda: told(standin) == ["start"])
        status = dodo.json("status")["now_playing"]
        assert (status["key"], status["paused"]) == (KEY, False)
        assert status["duration_seconds"] == pytest.approx(FILM_SECONDS, abs=0.5)
        mpv.set("pause", True)
        until(lambda: told(standin) == ["start", "pause"])
        mpv.set("pause", False)
        until(lambda: told(standin) == ["start", "pause", "start"])
        now = standin.watching_now()
        assert now is not None
        assert now.title.title == "Big Buck Bunny"
        mpv.seek(86)
        mpv.reach(87)
        assert told(standin) == ["start", "pause", "start"]
        mpv.set("speed", 10)
        assert viewing.end() == 0
        assert viewing.err == "Big Buck Bunny is watched.\n"
    assert told(standin) == ["start", "pause", "start", "stop"]
    assert 5 <= percents(standin)[0] < 15
    assert 90 <= percents(standin)[-1] <= 100
    assert standin.person().has_watched(KEY)
    assert standin.watching_now() is None
    play = history(dodo)
    assert (play["key"], play["source"], play["delivered"]) == (KEY, "mpv", {"simkl": "sent"})
    assert play["watched_at"] is not None
    assert dodo.json("continue") == []
    assert dodo.json("status")["now_playing"] is None
    assert {entry.path for entry in standin.log.entries()} <= {
        "/scrobble/start",
        "/scrobble/pause",
        "/scrobble/stop",
    }


def test_an_unfinished_end_and_going_on(dodo: Dodo, standin: StandIn, film: str) -> None:
    """It leaves a pause there and a resume point here, from which the next run goes on."""
    with playing(dodo, film) as viewing:
        viewing.mpv.seek(20)
        viewing.mpv.reach(21)
        viewing.mpv.quit()
        assert viewing.end() == 0
    assert told(standin) in (["start", "pause"], ["pause"])
    (card,) = dodo.json("continue")
    assert (card["key"], card["state"], card["playable"]) == (KEY, "in_progress", True)
    position = card["position_seconds"]
    assert position >= 20
    assert percents(standin)[-1] == pytest.approx(position, abs=1)
    assert card["ratio"] == pytest.approx(position / FILM_SECONDS, abs=0.01)
    assert not standin.person().has_watched(KEY)
    assert history(dodo)["watched_at"] is None
    dodo.environment["DODO_MPV_ARGS"] += " --pause"
    with playing(dodo, film) as viewing:
        assert viewing.mpv.position() == pytest.approx(position, abs=2)
        viewing.mpv.quit()
        viewing.end()
    with playing(dodo, KEY) as viewing:
        assert viewing.mpv.position() >= position - 2
        viewing.mpv.quit()
        viewing.end()
    with playing(dodo, film, "--from-start") as viewing:
        assert viewing.mpv.position() < 5
        viewing.mpv.quit()
        viewing.end()
    assert dodo.json("continue")[0]["position_seconds"] >= position - 2


def test_offline_for_the_whole_film(dodo: Dodo, standin: StandIn, film: str) -> None:
    """Later it is history with its true time, and nobody is told that it plays now."""
    standin.offline = True
    with playing(dodo, film) as viewing:
        viewing.mpv.set("speed", 25)
        assert viewing.end() == 0
    (row,) = dodo.json("queue")
    assert (row["kind"], row["state"]) == ("watched", "waiting")
    assert history(dodo)["delivered"] == {"simkl": "waiting"}
    assert dodo.json("status")["providers"][0]["queue"]["waiting"] == 1
    standin.offline = False
    assert dodo.json("sync")["providers"][0]["pushed"] == 1
    assert told(standin) == []
    play = history(dodo)
    assert play["delivered"] == {"simkl": "sent"}
    watched_at = standin.person().watched_at(KEY)
    assert watched_at == datetime.fromisoformat(play["watched_at"])


def test_back_online_during_the_film(dodo: Dodo, standin: StandIn, film: str) -> None:
    """Late live rows are dropped; the stop still comes live."""
    standin.offline = True
    with playing(dodo, film) as viewing:
        viewing.mpv.set("speed", 4)
        viewing.mpv.reach(10)
        viewing.mpv.set("speed", 0.5)
        until(lambda: dodo.json("status")["providers"][0]["sync_state"] == "offline")
        standin.offline = False
        viewing.mpv.seek(80)
        viewing.mpv.set("speed", 4)
        assert viewing.end() == 0
    assert told(standin).count("stop") == 1
    assert told(standin)[-1] == "stop"
    assert standin.person().has_watched(KEY)


def test_jumping_to_the_end_is_not_watching(dodo: Dodo, standin: StandIn, film: str) -> None:
    """Who only looks at the end has not seen the film."""
    with playing(dodo, film) as viewing:
        viewing.mpv.seek(97)
        assert viewing.end() == 0
        assert viewing.err == ""
    assert "stop" not in told(standin)
    assert not standin.person().has_watched(KEY)
    play = history(dodo)
    assert play["watched_at"] is None
    assert dodo.json("queue") == []


def test_a_killed_mpv_costs_no_position(dodo: Dodo, standin: StandIn, film: str) -> None:
    """The position is kept and told, and dodo says that its player has gone."""
    with playing(dodo, film) as viewing:
        viewing.mpv.set("speed", 5)
        position = viewing.mpv.reach(20)
        os.kill(viewing.mpv.pid, signal.SIGKILL)
        assert viewing.end() == 1
        assert viewing.err == "dodo: The player went away unexpectedly.\n"
    (card,) = dodo.json("continue")
    assert card["position_seconds"] >= position - 5 * 5
    assert told(standin)[-1] == "pause"
    assert list(dodo.paths.runtime.iterdir()) == []


def test_a_killed_dodo_leaves_no_mpv_and_loses_no_viewing(
    dodo: Dodo, standin: StandIn, film: str
) -> None:
    """Mpv goes, too; the next dodo closes the viewing at its last position and tells it."""
    with playing(dodo, film) as viewing:
        viewing.mpv.seek(30)
        viewing.mpv.reach(33)
        viewing.mpv.set("speed", 0.25)
        until(lambda: "start" in told(standin))
        position = viewing.mpv.position()
        mpv_pid = viewing.mpv.pid
        viewing.process.kill()
        until(lambda: not is_running(mpv_pid), "mpv's end")
        viewing.process.wait()
        assert dodo.json("status")["now_playing"] is None
    assert dodo.json("sync")["providers"][0]["pushed"] == 1
    (card,) = dodo.json("continue")
    assert position - 5 <= card["position_seconds"] <= position + 2
    play = history(dodo)
    assert (play["watched_at"], play["delivered"]) == (None, {"simkl": "sent"})
    assert play["ended_at"] is not None
    assert told(standin)[-1] == "pause"


def test_dodo_is_killed_after_the_film_was_watched(dodo: Dodo, standin: StandIn, film: str) -> None:
    """The fact was on the disk the moment it was one."""
    standin.offline = True
    with playing(dodo, film) as viewing:
        viewing.mpv.set("speed", 4)
        viewing.mpv.reach(8)
        viewing.mpv.seek(88)
        viewing.mpv.set("speed", 1)
        until(lambda: dodo.json("queue"), "the fact")
        viewing.process.kill()
        viewing.process.wait()
    standin.offline = False
    dodo.ok("sync")
    play = history(dodo)
    assert play["delivered"] == {"simkl": "sent"}
    watched_at = standin.person().watched_at(KEY)
    assert watched_at is not None
    # Within two minutes it still goes as a `stop`, which is dated by the server.
    assert abs(watched_at - datetime.fromisoformat(play["watched_at"])) <= timedelta(minutes=2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_system_ends_dodo(
    dodo: Dodo, standin: StandIn, film: str, number: signal.Signals
) -> None:
    """Mpv is ended in order, the position written and told."""
    with playing(dodo, film) as viewing:
        viewing.mpv.seek(20)
        position = viewing.mpv.reach(21)
        mpv_pid = viewing.mpv.pid
        viewing.process.send_signal(number)
        assert viewing.end() == 0
        assert viewing.err == ""
        assert not is_running(mpv_pid)
    assert dodo.json("continue")[0]["position_seconds"] >= position
    assert told(standin)[-1] == "pause"
    assert dodo.json("queue") == []


def test_resume_plays_the_top_of_the_shelf(dodo: Dodo, film: str) -> None:
    """`dodo resume` goes on where it was left."""
    with playing(dodo, film) as viewing:
        viewing.mpv.seek(20)
        viewing.mpv.reach(21)
        viewing.mpv.quit()
        viewing.end()
    with playing(dodo, command="resume") as viewing:
        assert viewing.mpv.position() >= 19
        viewing.mpv.quit()
        assert viewing.end() == 0


def test_a_file_that_nobody_knows_yet_is_identified_and_told(
    dodo: Dodo, standin: StandIn, film: str
) -> None:
    """After it was played: its name is asked about once, and the viewing is told at once."""
    unknown = str(Path(film).rename(Path(film).with_name("Big.Buck.Bunny.2008.1080p.mkv")))
    with playing(dodo, unknown) as viewing:
        viewing.mpv.set("speed", 10)
        assert list(standin.log.entries("/search")) == []
        assert viewing.end() == 0
    assert standin.person().has_watched("Big Buck Bunny")
    play = history(dodo)
    assert (play["key"], play["delivered"]) == (KEY, {"simkl": "sent"})
    assert len(standin.log.entries("/search")) == 1


def test_without_a_network_an_unknown_file_plays_and_waits(
    dodo: Dodo, standin: StandIn, film: str
) -> None:
    """Not knowing what it is delays nothing; the next sync finds out and tells the true time."""
    unknown = str(Path(film).rename(Path(film).with_name("Big.Buck.Bunny.2008.1080p.mkv")))
    standin.offline = True
    with playing(dodo, unknown) as viewing:
        viewing.mpv.set("speed", 10)
        assert viewing.end() == 0
    watched_at = history(dodo)["watched_at"]
    assert history(dodo)["key"].startswith("local:")
    standin.offline = False
    assert dodo.ok("sync", "--merge").out == "Simkl: 1 sent, 0 changed here\n"
    there = standin.person().watched_at("Big Buck Bunny")
    assert there is not None
    assert there.isoformat().replace("+00:00", "Z") == watched_at
