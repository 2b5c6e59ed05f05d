"""A dodo that plays, and others that look on and steer it: real processes, a real mpv."""

from __future__ import annotations

import json
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dodo_tui.engine.control.places import connect
from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import FILM_SECONDS, KEY, playing
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.waiting import until


def seen(dodo: Dodo) -> dict[str, Any]:
    """What the channel says that plays."""
    result = dodo.read("control", "--json")
    assert result.code == 0, result
    document: dict[str, Any] = result.json
    return document


@contextmanager
def on_air(dodo: Dodo) -> Iterator[Iterator[dict[str, Any]]]:
    """Everything that is told of what plays, one state after another, however late it is read."""

    def connected() -> socket.socket | None:
        for path in dodo.paths.runtime.glob("control-*.sock"):
            return connect(path)
        return None

    with until(connected, "the channel") as link, link.makefile("rb") as lines:
        link.settimeout(SAFETY_SECONDS)
        messages = (json.loads(line) for line in lines)
        yield (message["state"] for message in messages if message.get("state"))


def steer(dodo: Dodo, *arguments: str) -> None:
    """Ask for something that must work, in this process: it is quicker."""
    result = dodo.read("control", *arguments)
    assert (result.code, result.err) == (0, ""), result


def test_another_process_sees_and_steers_what_plays(dodo: Dodo, film: str) -> None:
    """Position, pause, seek, volume and stop go through; `status` agrees."""
    assert dodo.run("control").sentence == "dodo: Nothing plays."
    with playing(dodo, film) as viewing:
        viewing.mpv.reach(0.5)
        before = seen(dodo)
        assert (before["key"], before["title"], before["paused"]) == (KEY, "Big Buck Bunny", False)
        assert (before["previous"], before["next"], before["offer"]) == (None, None, None)
        steer(dodo, "pause")
        until(lambda: viewing.mpv.get("pause"), "the pause")
        steer(dodo, "seek", "+30")
        position = viewing.mpv.position()
        assert position >= 29
        until(lambda: abs(seen(dodo)["position_seconds"] - position) < 1, "the jump")
        status = dodo.json("status")["now_playing"]
        assert (status["key"], status["paused"]) == (KEY, True)
        assert abs(status["position_seconds"] - position) < 5
        steer(dodo, "seek", "-0:20")
        assert viewing.mpv.position() < position - 15
        steer(dodo, "seek", "1:00")
        assert abs(viewing.mpv.position() - 60) < 3
        steer(dodo, "volume", "-10")
        steer(dodo, "mute")
        assert (viewing.mpv.get("volume"), viewing.mpv.get("mute")) == (90.0, True)
        steer(dodo, "toggle")
        assert viewing.mpv.get("pause") is False
        assert dodo.json("control", "tracks") == []  # a silent film
        refused = dodo.run("control", "next")
        assert refused.code == 1
        assert refused.sentence == "dodo: There is nothing after this one on this device."
        assert dodo.run("control", "subtitles", "7").sentence == (
            "dodo: There is no track 7 of that kind."
        )
        assert dodo.run("control", "seek", "soon").code == 2
        steer(dodo, "stop")
        assert viewing.end() == 0
    assert dodo.run("control").code == 1
    assert list(dodo.paths.runtime.iterdir()) == []


def test_a_player_that_was_killed_is_not_on_air(dodo: Dodo, film: str) -> None:
    """Its socket stays behind; whoever looks removes it."""
    with playing(dodo, film) as viewing:
        viewing.mpv.reach(0.5)
        viewing.process.send_signal(signal.SIGKILL)
        viewing.process.wait(SAFETY_SECONDS)
        assert list(dodo.paths.runtime.glob("control-*"))
        assert dodo.run("control").sentence == "dodo: Nothing plays."
        assert list(dodo.paths.runtime.glob("control-*")) == []


def series(dodo: Dodo, clip: Path, folder: Path, *numbers: int) -> list[str]:
    """Episodes of one series in the library, whose names say what they are; their paths."""
    folder.mkdir()
    name = "Pioneer One (2010) {imdb-tt1748166}"
    paths = [folder / f"{name} S01E{number:02d}.mkv" for number in numbers]
    for path in paths:
        shutil.copy(clip, path)
    dodo.ok("library", "add", str(folder))
    return [str(path) for path in paths]


def test_the_next_episode_begins_by_itself(
    dodo: Dodo, standin: StandIn, clip: Path, tmp_path: Path
) -> None:
    """In the same mpv, as a viewing of its own, once the first one is over; both are recorded."""
    first, second = series(dodo, clip, tmp_path / "Videos", 1, 2)
    with dodo.store() as store:
        from dodo_tui.storage.settings import set_setting

        store.run_now(set_setting, "autoplay_countdown_seconds", "8")
    with playing(dodo, first) as viewing, on_air(dodo) as states:
        viewing.mpv.reach(6)  # a twentieth of it has been played
        viewing.mpv.set("pause", True)
        viewing.mpv.seek(96)
        viewing.mpv.set("pause", False)
        offered = next(state for state in states if state["offer"])
        assert offered["offer"]["name"] == "Pioneer One S1 E2"
        begun = next(state for state in states if state["label"] == "S1 E2")
        viewing.mpv.set("pause", True)
        assert begun["offer"] is None
        assert viewing.mpv.get("path") == second
        assert viewing.mpv.get("keep-open") is False
        steer(dodo, "stop")
        assert viewing.end() == 0
    plays = dodo.json("history")
    assert [(play["episode"], play["watched_at"] is not None) for play in plays] == [
        (2, False),
        (1, True),
    ]
    assert "S1 E1 is watched" in viewing.err


def test_a_declined_offer_lets_the_player_end(dodo: Dodo, clip: Path, tmp_path: Path) -> None:
    """By its own key, or by `dodo control`; nothing plays by itself."""
    first, _ = series(dodo, clip, tmp_path / "Videos", 1, 2)
    for how in ("key", "command"):
        with playing(dodo, first, "--from-start") as viewing:
            viewing.mpv.seek(FILM_SECONDS - 4)
            until(lambda: seen(dodo)["offer"], "the offer")
            if how == "key":
                viewing.mpv.ask("keypress", "ESC")
            else:
                steer(dodo, "decline")
            assert viewing.end() == 0
    assert {play["episode"] for play in dodo.json("history")} == {1}


def test_an_accepted_offer_begins_at_once(dodo: Dodo, clip: Path, tmp_path: Path) -> None:
    """OK on mpv's own window; and what was refused is told there."""
    first, second = series(dodo, clip, tmp_path / "Videos", 1, 2)
    with playing(dodo, first) as viewing:
        viewing.mpv.seek(FILM_SECONDS - 4)
        until(lambda: seen(dodo)["offer"], "the offer")
        viewing.mpv.ask("keypress", "ENTER")
        until(lambda: viewing.mpv.get("path") == second, "the second episode")
        until(lambda: seen(dodo)["label"] == "S1 E2", "the second viewing")
        viewing.mpv.ask("keypress", "PREV")
        until(lambda: viewing.mpv.get("path") == first, "the first episode")
        steer(dodo, "stop")
        assert viewing.end() == 0


def test_nothing_is_offered_where_it_is_switched_off(
    dodo: Dodo, clip: Path, tmp_path: Path
) -> None:
    """By the option, and by the setting."""
    first, _ = series(dodo, clip, tmp_path / "Videos", 1, 2)
    with dodo.store() as store:
        from dodo_tui.storage.settings import set_setting

        store.run_now(set_setting, "autoplay_next", "off")
    for options in ((), ("--only-this",)):
        with playing(dodo, first, "--from-start", *options) as viewing:
            viewing.mpv.seek(FILM_SECONDS - 3)
            assert viewing.end() == 0
    assert json.dumps(dodo.json("history")).count('"episode": 2') == 0
