"""Whole viewings with a real mpv."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv.player import MpvPlayer
from dodo_tui.players.protocol import PlayRequest
from tests.players.conftest import HEADLESS, PATIENT, Show, Videos
from tests.support.waiting import until

Make = Callable[..., MpvPlayer]


def runs(state: PlayerState) -> bool:
    """The film moves."""
    return state.status is PlayerStatus.PLAYING and bool(state.position_seconds)


def shown(state: PlayerState) -> bool:
    """Where it is, is known."""
    return state.position_seconds is not None


def is_gone(pid: int | None) -> bool:
    """No such process, not even a zombie."""
    assert pid is not None
    return not Path(f"/proc/{pid}").exists()


def is_stopped(pid: int | None) -> bool:
    """Whether a process is frozen."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def names_in(folder: Path) -> list[str]:
    """What is in a folder."""
    return [path.name for path in folder.iterdir()]


def mode_of(path: Path) -> int:
    """Who may read, write and enter."""
    return stat.S_IMODE(path.stat().st_mode)


def command_line_of(pid: int | None) -> str:
    """What everybody can see of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text()


async def test_a_whole_viewing_ends_finished(mpv: Make, show: Show, videos: Videos) -> None:
    """One item, one end, near the end of the film; nothing of mpv remains."""
    player = mpv("--speed=20")
    async with show(player, videos.long) as showing:
        await showing.until(shown)
        pid = player.pid
        states = await showing.rest()
    assert [state.end for state in states if state.end] == [End.FINISHED]
    assert {state.path for state in states} == {videos.long}
    assert len({state.item for state in states}) == 1
    last = states[-1]
    assert last.end is End.FINISHED
    assert last.status is PlayerStatus.STOPPED
    assert last.duration_seconds == pytest.approx(60, abs=0.2)
    assert last.position_seconds is not None
    assert 30 < last.position_seconds < 61
    assert last.speed == 20
    assert is_gone(pid)
    assert player.pid is None


async def test_stop_ends_it_closed(mpv: Make, show: Show, videos: Videos) -> None:
    """`stop` waits for mpv's end and the last state still arrives."""
    player = mpv("--pause")
    async with show(player, videos.long, start_seconds=20) as showing:
        first = await showing.until(shown)
        pid = player.pid
        await player.stop()
        assert is_gone(pid)
        await showing.rest()
    assert first.position_seconds == pytest.approx(20, abs=0.2)
    assert (first.jumps, first.status) == (0, PlayerStatus.PAUSED)
    assert [end.end for end in showing.ends] == [End.CLOSED]
    assert showing.seen[-1].position_seconds == pytest.approx(20, abs=0.2)


async def test_pause_is_told_at_once_and_is_idempotent(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """Asking twice for a pause pauses once."""
    player = mpv()
    async with show(player, videos.long) as showing:
        await showing.until(shown)
        await player.pause(True)
        await player.pause(True)
        await showing.until(lambda state: state.status is PlayerStatus.PAUSED)
        await player.pause(False)
        await showing.until(lambda state: state.status is PlayerStatus.PLAYING)
        await player.stop()
        states = await showing.rest()
    assert sum(state.status is PlayerStatus.PAUSED for state in states) == 1
    assert {state.jumps for state in states} == {0}


async def test_a_seek_is_a_jump(mpv: Make, show: Show, videos: Videos) -> None:
    """The first sample after a seek has the new position and one jump more."""
    player = mpv()
    async with show(player, videos.long) as showing:
        await showing.until(runs)
        await player.pause(True)
        before = await showing.until(lambda state: state.status is PlayerStatus.PAUSED)
        await player.seek(30)
        after = await showing.until(lambda state: state.jumps == 1)
        await player.seek(-20)
        back = await showing.until(lambda state: state.jumps == 2)
        await player.show_text("Jumped ${path}", 0.5)
        await player.stop()
    assert before.position_seconds is not None
    assert after.position_seconds == pytest.approx(before.position_seconds + 30, abs=2)
    assert back.position_seconds == pytest.approx(before.position_seconds + 10, abs=3)


async def test_jumping_to_the_end_finishes(mpv: Make, show: Show, videos: Videos) -> None:
    """A jump beyond the end is an end, and its position is near it."""
    player = mpv("--start=95%")
    async with show(player, videos.short) as showing:
        states = await showing.rest()
    assert states[-1].end is End.FINISHED
    assert states[-1].jumps == 0
    assert states[-1].position_seconds == pytest.approx(9.7, abs=0.4)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
async def test_a_killed_mpv_is_lost_where_it_was(
    mpv: Make, show: Show, videos: Videos, number: signal.Signals
) -> None:
    """Without `end-file` the last good sample is the end's."""
    player = mpv("--pause")
    async with show(player, videos.long, start_seconds=30) as showing:
        await showing.until(shown)
        assert player.pid is not None
        os.kill(player.pid, number)
        states = await showing.rest()
    assert [end.end for end in showing.ends] == [End.LOST]
    assert states[-1].position_seconds == pytest.approx(30, abs=0.2)


async def test_a_frozen_mpv_goes_on_where_it_was(
    mpv: Make, show: Show, videos: Videos, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGSTOP: a command is refused in a sentence; SIGCONT: the same viewing, not a jump."""
    player = mpv()
    async with show(player, videos.long) as showing:
        before = await showing.until(runs)
        assert player.pid is not None
        os.kill(player.pid, signal.SIGSTOP)
        until(lambda: is_stopped(player.pid), "a frozen mpv")
        with monkeypatch.context() as soon, pytest.raises(PlayerError, match="does not answer"):
            soon.setattr(player._run, "_patience", replace(PATIENT, answer_seconds=0.3))
            await player.pause(True)
        os.kill(player.pid, signal.SIGCONT)
        await player.pause(False)
        position = (before.position_seconds or 0.0) + 1
        await showing.until(lambda state: (state.position_seconds or 0.0) > position)
        await player.stop()
        states = await showing.rest()
    assert [end.end for end in showing.ends] == [End.CLOSED]
    assert {state.jumps for state in states} == {0}
    assert len({state.item for state in states}) == 1


async def test_a_socket_that_is_removed_changes_nothing(
    mpv: Make, runtime: Path, show: Show, videos: Videos
) -> None:
    """Dodo is connected already: the film is steered and followed to its end."""
    player = mpv()
    async with show(player, videos.long) as showing:
        await showing.until(runs)
        for name in names_in(runtime):
            os.unlink(runtime / name)  # noqa: PTH108 - nothing here waits for a disk
        await player.seek(30)
        await showing.until(lambda state: state.jumps == 1)
        await player.stop()
        await showing.rest()
    assert [end.end for end in showing.ends] == [End.CLOSED]
    assert (showing.ends[0].position_seconds or 0.0) >= 30


async def test_sigterm_from_outside_closes_it_in_order(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """Started as dodo starts it, mpv obeys SIGTERM with an `end-file`."""
    player = mpv()
    async with show(player, videos.long) as showing:
        await showing.until(shown)
        assert player.pid is not None
        os.kill(player.pid, signal.SIGTERM)
        await showing.rest()
    assert [end.end for end in showing.ends] == [End.CLOSED]


async def test_only_the_first_item_gets_the_start_and_the_title(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """The second one begins at its beginning when the first has ended."""
    player = mpv("--speed=10")
    async with show(player, videos.short, videos.long, start_seconds=9, title="A “Title”, 1") as s:
        await s.until(lambda state: state.end is End.FINISHED)
        begun = await s.until(shown)
        await player.stop()
    first = next(state for state in s.seen if shown(state))
    assert (first.path, begun.path) == (videos.short, videos.long)
    assert first.position_seconds == pytest.approx(9, abs=0.3)
    assert begun.position_seconds is not None
    assert begun.position_seconds < 5


async def test_stepping_replaces_one_item_by_another(mpv: Make, show: Show, videos: Videos) -> None:
    """Next and previous: every stay is an item of its own, at the edges nothing happens."""
    player = mpv()
    async with show(player, videos.long, videos.short) as showing:
        await showing.until(shown)
        await player.step(1)
        await showing.until(lambda state: state.path == videos.short and shown(state))
        await player.step(1)
        await player.step(-1)
        await showing.until(lambda state: state.path == videos.long and shown(state))
        await player.stop()
        states = await showing.rest()
    assert [(end.end, end.path) for end in showing.ends] == [
        (End.REPLACED, videos.long),
        (End.REPLACED, videos.short),
        (End.CLOSED, videos.long),
    ]
    assert len({state.item for state in states}) == 3


async def test_kept_open_at_the_end_it_is_finished_once(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """Sought back and played on it is a new viewing; quitting ends only that one."""
    player = mpv("--keep-open=yes")
    async with show(player, videos.long, start_seconds=59) as showing:
        finished = await showing.until(lambda state: state.end is End.FINISHED)
        await player.seek(-30)
        await player.pause(False)
        again = await showing.until(lambda state: state.item != finished.item)
        await player.stop()
        await showing.rest()
    assert again.status is PlayerStatus.PLAYING
    assert again.position_seconds == pytest.approx(30, abs=3)
    assert [(end.item, end.end) for end in showing.ends] == [
        (finished.item, End.FINISHED),
        (again.item, End.CLOSED),
    ]


async def test_kept_open_and_quit_has_one_end(mpv: Make, show: Show, videos: Videos) -> None:
    """Quitting at the last picture is no second end."""
    player = mpv("--keep-open=yes", "--speed=20")
    async with show(player, videos.short) as showing:
        await showing.until(lambda state: state.end is End.FINISHED)
        await player.stop()
        await showing.rest()
    assert [end.end for end in showing.ends] == [End.FINISHED]


async def test_a_loop_is_a_jump(mpv: Make, show: Show, videos: Videos) -> None:
    """Beginning again without an end counts as jumping back."""
    player = mpv("--loop-file=inf", "--speed=20")
    async with show(player, videos.short) as showing:
        await showing.until(lambda state: state.jumps == 1)
        await player.stop()
        await showing.rest()
    assert [end.end for end in showing.ends] == [End.CLOSED]


async def test_what_cannot_be_played_is_told_and_the_next_goes_on(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """A missing file, no film, a film: two failures with a sentence each, one viewing."""
    player = mpv("--speed=100")
    async with show(player, "/nonexistent/x.mkv", videos.text, videos.short) as showing:
        await showing.rest()
    missing, text, _ = showing.ends
    assert [end.end for end in showing.ends] == [End.FAILED, End.FAILED, End.FINISHED]
    # mpv's log overtakes its events or not as the machine is idle or busy
    assert missing.error in (
        "Cannot open file '/nonexistent/x.mkv': No such file or directory.",
        "Loading failed.",
    )
    assert text.error == "Unrecognized file format."
    assert showing.ends[0].position_seconds is None


async def test_only_a_missing_file(mpv: Make, show: Show) -> None:
    """It leaves at once; that is a failed item, not a broken player."""
    async with show(mpv(), "/nonexistent/x.mkv") as showing:
        states = await showing.rest()
    assert [state.end for state in states] == [End.FAILED]


@pytest.mark.parametrize("name", ["-", "--fs", "a; touch x #$(id).mkv", "café “x”.mkv"])
async def test_hostile_names_are_only_names(
    mpv: Make,
    show: Show,
    videos: Videos,
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A relative name that looks like an option, standard input or a command is a file."""
    shutil.copy(videos.short, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    async with show(mpv("--speed=100"), name) as showing:
        states = await showing.rest()
    assert states[-1].end is End.FINISHED
    assert states[-1].path == name
    assert names_in(tmp_path) == [name]


async def test_a_name_that_is_not_utf8(
    mpv: Make, show: Show, videos: Videos, tmp_path: Path
) -> None:
    """The name reaches mpv as the bytes that it is."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mkv")
    shutil.copy(videos.short, path)
    async with show(mpv("--speed=100"), path) as showing:
        states = await showing.rest()
    assert (states[-1].end, states[-1].path) == (End.FINISHED, path)


async def test_closing_the_iterator_ends_mpv(mpv: Make, show: Show, videos: Videos) -> None:
    """In order: when the reader has left, it has gone."""
    player = mpv("--pause")
    async with show(player, videos.long, start_seconds=20) as showing:
        await showing.until(shown)
        pid = player.pid
    assert is_gone(pid)
    assert player.pid is None


async def test_cancelling_the_reader_ends_mpv(mpv: Make, show: Show, videos: Videos) -> None:
    """As on SIGTERM: the worker is cancelled while it waits for the next state."""
    player = mpv()
    running = asyncio.Event()

    async def watch() -> None:
        async with show(player, videos.long) as showing:
            await showing.until(shown)
            running.set()
            await showing.rest()

    worker = asyncio.create_task(watch())
    await running.wait()
    pid = player.pid
    worker.cancel()
    await asyncio.wait({worker})
    assert worker.cancelled()
    assert is_gone(pid)


async def test_refusing_options_says_why(mpv: Make, show: Show, videos: Videos) -> None:
    """Its own words, in one sentence."""
    with pytest.raises(PlayerError, match=r"exit code 1\): Error parsing option no-such"):
        async with show(mpv("--no-such-thing=1"), videos.short) as showing:
            await showing.rest()


async def test_a_second_play_at_the_same_time_is_refused(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """One player, one film; afterwards it can play again."""
    player = mpv("--speed=100")
    async with show(player, videos.short) as showing:
        await showing.until(shown)
        with pytest.raises(PlayerError, match="already playing"):
            async with show(player, videos.short) as second:
                await second.rest()
        await showing.rest()
    async with show(player, videos.short) as showing:
        await showing.rest()
    assert [end.end for end in showing.ends] == [End.FINISHED]


async def test_the_socket_is_private_and_no_address_is_in_the_process_list(
    mpv: Make, show: Show, videos: Videos, runtime: Path
) -> None:
    """Only this user can reach mpv, and nobody can read what it plays."""
    player = mpv()
    async with show(player, videos.long) as showing:
        await showing.until(shown)
        (socket,) = names_in(runtime)
        assert mode_of(runtime) == 0o700
        assert mode_of(runtime / socket) == 0o600
        assert videos.long not in command_line_of(player.pid)


async def test_a_deep_runtime_folder(videos: Videos, tmp_path: Path, show: Show) -> None:
    """Where the socket's path would be too long another folder is used, and removed."""
    player = MpvPlayer(
        extra_args=(*HEADLESS, "--speed=100"),
        runtime_folder=tmp_path / ("x" * 120),
        clock=SystemClock(),
        patience=PATIENT,
    )
    async with show(player, videos.short) as showing:
        states = await showing.rest()
    assert states[-1].end is End.FINISHED


_PLAY_FOR_EVER = """
import asyncio, sys
from contextlib import aclosing
from pathlib import Path
from dodo_tui.clock import SystemClock
from dodo_tui.players.mpv.player import MpvPlayer
from dodo_tui.players.mpv.run import Patience
from dodo_tui.players.protocol import PlayRequest

async def main():
    player = MpvPlayer(
        extra_args=("--no-config", "--vo=null", "--ao=null", "--loop-file=inf"),
        runtime_folder=Path(sys.argv[1]), clock=SystemClock(), patience=Patience(60, 60, 60, 60),
    )
    async with aclosing(player.play(PlayRequest((sys.argv[2],)))) as states:
        async for state in states:
            if state.position_seconds is not None:
                print(player.pid, flush=True)

asyncio.run(main())
"""


async def test_mpv_dies_with_a_killed_dodo(
    mpv: Make, show: Show, videos: Videos, runtime: Path
) -> None:
    """After `kill -9` of dodo no film plays on untold; the next start removes the old socket."""
    dodo = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PLAY_FOR_EVER, str(runtime), videos.long,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    assert dodo.stdout is not None
    handle = os.pidfd_open(int(await dodo.stdout.readline()))
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(handle, ended.set)
    dodo.kill()
    async with asyncio.timeout(60):
        await dodo.communicate()
        await ended.wait()
    asyncio.get_running_loop().remove_reader(handle)
    os.close(handle)
    assert len(names_in(runtime)) == 1
    async with show(mpv("--speed=100"), videos.short) as showing:
        await showing.rest()


async def test_an_empty_request_starts_nothing(mpv: Make) -> None:
    """An empty request is refused before anything is started."""
    with pytest.raises(PlayerError, match="nothing to play"):
        await anext(mpv().play(PlayRequest(())))
