"""What a real mpv does only on a bad day, played by `fake_mpv.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dodo_tui.domain.playback import End, PlayerStatus
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv.player import MpvPlayer
from tests.players.conftest import PATIENT, Show
from tests.support.clock import FakeClock

Make = Callable[..., MpvPlayer]

DEAF = replace(PATIENT, connect_seconds=0.3, quit_seconds=0.1, terminate_seconds=0.1)
SILENT = replace(PATIENT, answer_seconds=0.3, quit_seconds=0.1, terminate_seconds=0.1)
STUBBORN = replace(PATIENT, quit_seconds=0.1, terminate_seconds=0.1)
"""No patience with the one thing that does not come; what comes may come late."""


async def test_gone_without_a_word_is_lost(fake_mpv: Make, show: Show) -> None:
    """The last good sample is the end's, however soon after the last told one it came."""
    async with show(fake_mpv("mute"), "film.mkv") as showing:
        states = await showing.rest()
    assert (states[-1].end, states[-1].position_seconds) == (End.LOST, 1.5)


async def test_a_flood_is_told_as_a_trickle(fake_mpv: Make, show: Show) -> None:
    """30 000 positions in no time: a handful of samples, the pause among them, the last kept."""
    async with show(fake_mpv("flood", clock=FakeClock()), "film.mkv") as showing:
        states = await showing.rest()
    assert [state.status for state in states][-2:] == [PlayerStatus.PAUSED, PlayerStatus.STOPPED]
    assert len(states) <= 5
    assert (states[-1].end, states[-1].position_seconds) == (End.FINISHED, 1.0 + 29_999 / 1000)


async def test_crumbs_and_nonsense_are_survived(fake_mpv: Make, show: Show) -> None:
    """Half lines are put together; what is no message is passed over."""
    async with show(fake_mpv("crumbs"), "film.mkv") as showing:
        states = await showing.rest()
    assert (states[-1].end, states[-1].position_seconds) == (End.FINISHED, 42.0)


async def test_a_redirect_is_no_viewing(fake_mpv: Make, show: Show) -> None:
    """Of a playlist only its entries are told, by the path that mpv gives them."""
    async with show(fake_mpv("redirect"), "list.m3u") as showing:
        states = await showing.rest()
    assert {state.path for state in states} == {"http://example.org/film.mkv"}
    assert [state.end for state in states if state.end] == [End.FINISHED]


async def test_every_end_of_a_broken_playlist_arrives(fake_mpv: Make, show: Show) -> None:
    """More ends than the buffer holds: mpv is read more slowly, nothing is lost."""
    async with show(fake_mpv("broken_playlist"), "list.m3u") as showing:
        states = await showing.rest()
    assert [state.end for state in states] == [End.FAILED] * 5000
    assert len({state.item for state in states}) == 5000


async def test_a_reader_that_leaves_holds_up_no_end(fake_mpv: Make, show: Show) -> None:
    """There is more unread than the buffer holds, and nobody who would make room."""
    player = fake_mpv("broken_playlist")
    async with show(player, "list.m3u") as showing:
        await showing.until(lambda state: True)
        pid = player.pid
    assert not process_exists(pid)


async def test_no_socket_is_an_error_and_ends_it(fake_mpv: Make, show: Show) -> None:
    """A film that plays on without IPC would be one that nobody tracks."""
    with pytest.raises(PlayerError, match=r"socket did not open within 0\.3 seconds"):
        async with show(fake_mpv("deaf", DEAF), "film.mkv") as showing:
            await showing.rest()


async def test_no_answer_is_an_error_and_ends_it(fake_mpv: Make, show: Show) -> None:
    """A socket that says nothing is as good as none."""
    with pytest.raises(PlayerError, match="does not let itself be controlled"):
        async with show(fake_mpv("silent", SILENT), "film.mkv") as showing:
            await showing.rest()


async def test_early_death_is_explained(fake_mpv: Make, show: Show) -> None:
    """Exit code and last words, free of escapes, in one sentence."""
    with pytest.raises(PlayerError) as caught:
        async with show(fake_mpv("noisy_death"), "film.mkv") as showing:
            await showing.rest()
    assert str(caught.value).startswith("mpv stopped at once (exit code 3): ")
    assert str(caught.value).endswith("last words.")
    assert "\033" not in str(caught.value)


async def test_a_wrapper_that_cuts_the_lifeline(fake_mpv: Make, show: Show) -> None:
    """One that quits at once without an error is started once more, without it."""
    player = fake_mpv("cut_lifeline")
    async with show(player, "film.mkv") as showing:
        await showing.until(lambda state: state.position_seconds is not None)
        await player.stop()
        await showing.rest()
    assert [end.end for end in showing.ends] == [End.CLOSED]


@pytest.mark.parametrize("scenario", ["deaf_to_quit", "stubborn"])
async def test_who_does_not_quit_is_ended(fake_mpv: Make, show: Show, scenario: str) -> None:
    """SIGTERM after `quit`, SIGKILL after SIGTERM; for the viewer it was closed all the same."""
    player = fake_mpv(scenario, STUBBORN)
    async with show(player, "film.mkv") as showing:
        await showing.until(lambda state: state.position_seconds is not None)
        pid = player.pid
        await player.stop()
        assert not process_exists(pid)
        states = await showing.rest()
    assert (states[-1].end, states[-1].position_seconds) == (End.CLOSED, 1.0)


async def test_cancelled_while_closing_it_is_killed(fake_mpv: Make, show: Show) -> None:
    """Nobody has time to wait for a stubborn mpv when dodo itself is being ended."""
    player = fake_mpv("stubborn", replace(PATIENT, quit_seconds=3600))
    running = asyncio.Event()

    async def watch() -> None:
        async with show(player, "film.mkv") as showing:
            await showing.until(lambda state: state.position_seconds is not None)
            running.set()

    worker = asyncio.create_task(watch())
    await running.wait()
    pid = player.pid
    worker.cancel()
    await asyncio.wait({worker})
    assert worker.cancelled()
    assert not process_exists(pid)


async def test_stopped_before_it_began(fake_mpv: Make, show: Show) -> None:
    """The iterator just ends; mpv has gone."""
    player = fake_mpv("deaf")
    async with show(player, "film.mkv") as showing:
        reading = asyncio.create_task(showing.rest())
        pid = await pid_of(player)
        await player.stop()
        assert await reading == []
    assert not process_exists(pid)


async def test_cancelled_before_it_began(fake_mpv: Make, show: Show) -> None:
    """Leaving while mpv starts leaves nothing behind."""
    player = fake_mpv("deaf")
    async with show(player, "film.mkv") as showing:
        reading = asyncio.create_task(showing.rest())
        pid = await pid_of(player)
        reading.cancel()
        await asyncio.wait({reading})
    assert not process_exists(pid)


async def test_a_refused_seek_is_one_sentence(fake_mpv: Make, show: Show) -> None:
    """Live streams cannot be jumped in."""
    player = fake_mpv("begin")
    async with show(player, "film.mkv") as showing:
        await showing.until(lambda state: state.position_seconds is not None)
        with pytest.raises(PlayerError, match="cannot jump"):
            await player.seek(10)


async def test_controls_without_a_film_do_nothing(fake_mpv: Make) -> None:
    """The film may have ended the moment before the key was pressed."""
    player = fake_mpv("begin")
    await player.pause(True)
    await player.seek(10)
    await player.step(1)
    await player.show_text("nobody sees it", 1)
    await player.stop()


async def pid_of(player: MpvPlayer) -> int:
    """The process id, as soon as there is one; nothing announces it."""
    while player.pid is None:  # noqa: ASYNC110
        await asyncio.sleep(0)
    return player.pid


def process_exists(pid: int | None) -> bool:
    """Whether there is such a process, be it a zombie."""
    return Path(f"/proc/{pid}").exists()
