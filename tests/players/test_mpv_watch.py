"""Watching real mpvs that somebody else started, over their sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import tempfile
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.domain.playback import End, PlayerStatus
from dodo_tui.engine.watchers import glance
from dodo_tui.players.mpv import watch
from dodo_tui.players.mpv.fold import OBSERVED
from dodo_tui.players.mpv.sockets import (
    MOST_SOCKETS,
    configured_socket,
    default_patterns,
    find_sockets,
)
from dodo_tui.players.mpv.watch import MpvWatcher
from dodo_tui.players.watching import Sight
from tests.players.conftest import HEADLESS, SAFETY_SECONDS, Videos
from tests.players.programs import running
from tests.players.watch import Watch, plays


def mpv(
    socket_path: Path, *args: str
) -> contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """An mpv as a file manager starts it."""
    return running("mpv", *HEADLESS, "--no-terminal", f"--input-ipc-server={socket_path}", *args)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often; an mpv on a busy machine has its time to answer."""
    monkeypatch.setattr(watch, "LOOK_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(watch, "ANSWER_SECONDS", SAFETY_SECONDS)


@pytest.fixture
def impatient(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose patience soon."""
    monkeypatch.setattr(watch, "ANSWER_SECONDS", 0.5)


@pytest.fixture
async def watching(tmp_path: Path, quick: None) -> AsyncIterator[Watch]:
    """A watcher of every socket in the test's folder."""
    seen = Watch(MpvWatcher([str(tmp_path / "*.sock")], SystemClock(), ()))
    yield seen
    await seen.stop()


async def test_a_film_that_runs_already_is_met_in_its_midst(
    watching: Watch, tmp_path: Path, videos: Videos
) -> None:
    """And told to its end, with what mpv knows."""
    async with mpv(tmp_path / "a.sock", "--start=30", videos.long) as process:
        await watching.until_plays(videos.long)
        assert watching.watcher.report().sight is Sight.SEEN
        state = watching.told[-1]
        assert (state.position_seconds or 0) >= 29
        assert state.duration_seconds == pytest.approx(60, abs=1)
        assert state.session
        process.kill()
        await watching.until_ended()
    (end,) = watching.ends
    assert end.end is End.LOST
    assert (end.position_seconds or 0) >= 29
    assert watching.watcher.report().sight is Sight.NONE


async def test_several_at_once_are_told_apart(
    watching: Watch, tmp_path: Path, videos: Videos
) -> None:
    """Two rooms, one machine."""
    async with (
        mpv(tmp_path / "a.sock", videos.long),
        mpv(tmp_path / "b.sock", videos.short),
    ):
        await watching.until(
            lambda told: (
                {s.path for s in told if s.status is PlayerStatus.PLAYING}
                == {videos.long, videos.short}
            )
        )
    assert len({state.session for state in watching.told}) == 2


async def test_a_new_mpv_takes_the_old_ones_place(
    watching: Watch, tmp_path: Path, videos: Videos
) -> None:
    """The same path in mpv.conf for every mpv: the file stays behind and is made anew."""
    async with mpv(tmp_path / "a.sock", videos.short) as process:
        await watching.until_plays(videos.short)
        process.terminate()
        await watching.until_ended()
    async with mpv(tmp_path / "a.sock", videos.long):
        await watching.until_plays(videos.long)


async def test_a_relative_name_is_told_whole(
    watching: Watch, tmp_path: Path, videos: Videos, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As typed in the folder of the film."""
    monkeypatch.chdir(Path(videos.short).parent)
    async with mpv(tmp_path / "a.sock", Path(videos.short).name):
        await watching.until_plays(videos.short)


async def test_a_frozen_mpv_ends_its_viewing_and_comes_back(
    impatient: None, watching: Watch, tmp_path: Path, videos: Videos
) -> None:
    """SIGSTOP: it is given up at its last good position; what it plays afterwards is told anew."""
    async with mpv(tmp_path / "a.sock", videos.long) as process:
        await watching.until_plays(videos.long)
        process.send_signal(signal.SIGSTOP)
        await watching.until(lambda told: told[-1].end is End.LOST)
        ended = watching.told[-1]
        process.send_signal(signal.SIGCONT)
        await watching.until(lambda told: plays(told[-1], videos.long))
    again = next(s for s in watching.told if plays(s, videos.long) and s.item != ended.item)
    assert again.item != ended.item


async def test_a_socket_that_is_removed_ends_nothing(
    watching: Watch, tmp_path: Path, videos: Videos
) -> None:
    """Who is connected stays so: the film goes on, and its end is told once."""
    async with mpv(tmp_path / "a.sock", "--start=20", videos.long) as process:
        await watching.until_plays(videos.long)
        (tmp_path / "a.sock").unlink()
        before = watching.told[-1].position_seconds or 0.0
        await watching.until_plays(videos.long, before + 1)
        process.terminate()
        end = await watching.until_ended()
    assert len({state.item for state in watching.told}) == 1, watching.told
    assert (end.position_seconds or 0) > before


def _reply(request: dict[str, object], data: object) -> bytes:
    """Mpv's answer to a request, as a line."""
    reply = {"request_id": request["request_id"], "error": "success", "data": data}
    return json.dumps(reply).encode() + b"\n"


BEGINS, LOADED, SOUGHT, RUNS = "start-file", "file-loaded", "seek", "playback-restart"


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ("path", (BEGINS, LOADED, RUNS)),
        ("file-format", (BEGINS, LOADED, RUNS)),
        ("pid", (LOADED, SOUGHT, RUNS)),
        (OBSERVED[0], (LOADED, SOUGHT, RUNS)),
        (OBSERVED[-1], (RUNS,)),
    ],
)
async def test_a_film_met_while_it_loads_is_one_item(
    watching: Watch, tmp_path: Path, asked: str, heard: tuple[str, ...]
) -> None:
    """Whatever mpv says of it after it was asked for something, and whatever it said before.

    The seek to where it begins (`--start`) is none of the viewer's.
    """
    film = "/films/Film (2001).mkv"
    values: dict[str, object] = {"path": film, "time-pos": 7.0}
    is_open = LOADED not in heard

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known = {"path": film, "file-format": "mkv" if is_open else ""}
        async for line in reader:
            request = json.loads(line)
            name = request["command"][-1]
            writer.write(_reply(request, known.get(name)))
            said: list[dict[str, object]] = []
            if name == asked:
                said += [{"event": event} for event in heard]
            if request["command"][0] == "observe_property" and name in values:
                said.append({"event": "property-change", "name": name, "data": values[name]})
            for event in said:
                writer.write(json.dumps(event).encode() + b"\n")
            if name == OBSERVED[-1]:
                await writer.drain()
                writer.close()

    async with await asyncio.start_unix_server(answer, tmp_path / "x.sock"):
        end = await watching.until_ended()
    assert len({state.item for state in watching.told}) == 1, watching.told
    assert {state.path for state in watching.told} == {film}
    assert {state.jumps for state in watching.told} == {0}
    assert end.position_seconds == 7.0


_EVENTS = 10_000
"""What a mad player says in a second: a megabyte."""


async def test_a_flood_costs_no_memory_and_loses_nothing(watching: Watch, tmp_path: Path) -> None:
    """However fast positions come: few are told, the last is kept, nothing piles up."""
    film = "/films/Flood (2001).mkv"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        flooding: asyncio.Task[None] | None = None
        async for line in reader:
            request = json.loads(line)
            known = {"path": film, "file-format": "mkv"}
            writer.write(_reply(request, known.get(request["command"][-1])))
            if request["command"][-1] == OBSERVED[-1]:
                flooding = asyncio.create_task(flood(writer))
        assert flooding is not None
        await flooding

    async def flood(writer: asyncio.StreamWriter) -> None:
        for number in range(_EVENTS):
            event = {"event": "property-change", "id": 1, "name": "time-pos", "data": number / 100}
            writer.write(json.dumps(event).encode() + b"\n")
            if number % 100 == 0:
                await writer.drain()
        await writer.drain()
        writer.close()

    tracemalloc.start()
    try:
        async with await asyncio.start_unix_server(answer, tmp_path / "x.sock"):
            end = await watching.until_ended()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end.position_seconds == (_EVENTS - 1) / 100
    assert len(watching.told) < _EVENTS / 100
    assert peak_bytes < 800_000, peak_bytes


async def test_what_is_no_mpv_is_left_alone(watching: Watch, tmp_path: Path) -> None:
    """Half a line, nonsense, and then silence."""
    heard = asyncio.Event()

    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'{"event": "file-loaded"}\n\xff\xfe{{{\n[1]\n{"event":')
        await reader.read(1)
        heard.set()
        writer.close()

    server = await asyncio.start_unix_server(nonsense, tmp_path / "x.sock")
    async with server:
        await asyncio.wait_for(heard.wait(), SAFETY_SECONDS)
    assert watching.told == []


def test_only_live_sockets_of_this_user_are_found(tmp_path: Path) -> None:
    """Not files, not links to nowhere, not dodo's own."""
    own = tmp_path / "dodo"
    own.mkdir()
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as theirs:
        theirs.bind(str(tmp_path / "a.sock"))
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as ours:
            ours.bind(str(own / "mpv.sock"))
            (tmp_path / "b.sock").write_text("")
            (tmp_path / "c.sock").symlink_to(tmp_path / "nowhere")
            found = find_sockets([str(tmp_path / "*.sock"), str(own / "*")], [own])
    assert list(found.values()) == [tmp_path / "a.sock"]


def test_a_folder_full_of_what_dead_mpvs_left() -> None:
    """Nobody clears it away; the mpv that was started last is found all the same."""
    with tempfile.TemporaryDirectory(prefix="dodo-") as folder:
        names = [f"{folder}/{number:03}.sock" for number in range(MOST_SOCKETS + 10)]
        for age, name in enumerate(names):
            with socket.socket(socket.AF_UNIX) as dead:
                dead.bind(name)
            os.utime(name, (1e9 - age, 1e9 - age))
        found = find_sockets([f"{folder}/*"])
    assert [str(path) for path in found.values()] == names[:MOST_SOCKETS]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("input-ipc-server=/tmp/x.sock", "/tmp/x.sock"),
        ('  input-ipc-server = "~/m.sock" # here', "{home}/m.sock"),
        ("input-ipc-server=~~/socket", "{conf}/socket"),
        ("# input-ipc-server=/tmp/x.sock", None),
        ("input-ipc-server=relative", None),
        ("volume=50", None),
    ],
)
def test_mpv_conf_says_where_to_look(tmp_path: Path, line: str, expected: str | None) -> None:
    """The user's own setting comes first."""
    home, conf = tmp_path, tmp_path / ".config" / "mpv"
    conf.mkdir(parents=True)
    (conf / "mpv.conf").write_text(f"hwdec=auto\n{line}\n")
    wanted = expected and expected.format(home=home, conf=conf)
    assert configured_socket(conf / "mpv.conf", conf, home) == wanted
    patterns = default_patterns({"XDG_RUNTIME_DIR": os.fspath(tmp_path)}, home)
    assert patterns[0] == (wanted or str(conf / "socket"))


async def test_a_glance_says_what_it_has_seen(quick: None, tmp_path: Path, videos: Videos) -> None:
    """`dodo doctor` looks for a moment, and an mpv that runs is seen in it."""
    watcher = MpvWatcher([str(tmp_path / "*.sock")], SystemClock(), ())
    async with mpv(tmp_path / "a.sock", videos.long):
        async with asyncio.timeout(SAFETY_SECONDS):
            while (await glance([watcher], SystemClock(), 0.3))[0].sight is not Sight.SEEN:
                pass
