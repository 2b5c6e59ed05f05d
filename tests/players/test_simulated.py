"""The player that only pretends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.protocol import PlayRequest
from dodo_tui.players.simulated import SimulatedPlayer
from tests.support.clock import FakeClock


def player_of(speed: float = 1.0) -> SimulatedPlayer:
    """A player with a film of ten seconds and one of three."""
    return SimulatedPlayer(FakeClock(), {"ten": 10.0, "three": 3.0}, speed=speed)


async def until(states: AsyncGenerator[PlayerState, None], status: PlayerStatus) -> PlayerState:
    """The next state with a status."""
    return await anext(state async for state in states if state.status is status)


async def test_it_plays_to_the_end_and_on() -> None:
    """A state a second, an end each, the second film from its start."""
    player = player_of()
    request = PlayRequest(("ten", "three"), start_seconds=6.5)
    states = [state async for state in player.play(request)]
    assert [(s.path, s.position_seconds, s.end) for s in states] == [
        ("ten", 6.5, None),
        ("ten", 7.5, None),
        ("ten", 8.5, None),
        ("ten", 9.5, None),
        ("ten", 10.0, End.FINISHED),
        ("three", 0.0, None),
        ("three", 1.0, None),
        ("three", 2.0, None),
        ("three", 3.0, End.FINISHED),
    ]
    assert len({state.item for state in states}) == 2


async def test_speed_is_film_per_second() -> None:
    """Fast enough to be shown: a whole film in a few seconds of the clock."""
    states = [state async for state in player_of(4.0).play(PlayRequest(("ten",)))]
    assert [state.position_seconds for state in states] == [0.0, 4.0, 8.0, 10.0]
    assert {state.speed for state in states} == {4.0}


async def test_an_unknown_film_has_a_length_too() -> None:
    """Nothing has to be said about a film before it is played."""
    player = SimulatedPlayer(FakeClock(), default_duration_seconds=2.0)
    states = [state async for state in player.play(PlayRequest(("any",)))]
    assert states[-1].duration_seconds == 2.0


async def test_pausing_stops_the_film_not_the_clock() -> None:
    """A pause is told at once and lasts until it is undone."""
    player = player_of()
    async with aclosing(player.play(PlayRequest(("ten",)))) as states:
        await anext(states)
        await player.pause(True)
        await player.pause(True)
        paused = await until(states, PlayerStatus.PAUSED)
        resuming = asyncio.create_task(player.pause(False))
        resumed = await anext(states)
        await resuming
    assert resumed.status is PlayerStatus.PLAYING
    assert resumed.position_seconds == paused.position_seconds


async def test_seeking_is_a_jump_within_the_film() -> None:
    """Never before its start, at its end it is over."""
    player = player_of()
    async with aclosing(player.play(PlayRequest(("ten",)))) as states:
        await anext(states)
        await player.seek(-100)
        back = await anext(states)
        await player.seek(100)
        end = await anext(states)
    assert (back.jumps, back.position_seconds) == (1, 0.0)
    assert (end.jumps, end.position_seconds, end.end) == (2, 10.0, End.FINISHED)


async def test_stepping_replaces() -> None:
    """Next, and beyond the edge nothing."""
    player = player_of()
    async with aclosing(player.play(PlayRequest(("ten", "three")))) as states:
        await anext(states)
        await player.step(-1)
        await player.step(5)
        replaced = await anext(states)
        begun = await anext(states)
    assert (replaced.path, replaced.end) == ("ten", End.REPLACED)
    assert (begun.path, begun.position_seconds) == ("three", 0.0)


@pytest.mark.parametrize("read", [1, 2, 3])
async def test_stopping_ends_it_wherever_it_is(read: int) -> None:
    """Nothing begins after `stop`; the last state arrives once."""
    player = player_of(speed=10.0)
    seen: list[PlayerState] = []
    async for state in player.play(PlayRequest(("ten", "three"))):
        seen.append(state)
        if len(seen) == read:
            await player.stop()
    ends = [state.end for state in seen if state.end]
    assert ends == {1: [End.CLOSED], 2: [End.FINISHED], 3: [End.FINISHED, End.CLOSED]}[read]


async def test_it_can_play_again_once_its_reader_has_left() -> None:
    """Early, or because the task that reads is cancelled."""
    player = player_of()
    async with aclosing(player.play(PlayRequest(("ten",)))) as states:
        await anext(states)

    waiting = asyncio.Event()

    async def read() -> None:
        async with aclosing(player.play(PlayRequest(("ten",)))) as states:
            await anext(states)
            await player.pause(True)
            await until(states, PlayerStatus.PAUSED)
            waiting.set()
            await anext(states)

    reading = asyncio.create_task(read())
    await waiting.wait()
    reading.cancel()
    await asyncio.wait({reading})
    assert reading.cancelled()
    ends = [state.end async for state in player.play(PlayRequest(("three",))) if state.end]
    assert ends == [End.FINISHED]


async def test_nothing_and_two_films_at_once_are_refused() -> None:
    """Nothing, and two films at once."""
    player = player_of()
    with pytest.raises(PlayerError, match="nothing to play"):
        await anext(player.play(PlayRequest(())))
    async with aclosing(player.play(PlayRequest(("ten",)))) as states:
        await anext(states)
        with pytest.raises(PlayerError, match="already playing"):
            await anext(player.play(PlayRequest(("ten",))))


async def test_controls_without_a_film() -> None:
    """They do nothing; a text to show is remembered."""
    player = player_of()
    await player.pause(True)
    await player.seek(1)
    await player.step(1)
    await player.stop()
    await player.show_text("hello", 1.5)
    assert player.shown == [("hello", 1.5)]
