"""The buffer between a player and its reader."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.players.buffer import StateBuffer
from tests.support.clock import START

TICK = PlayerState("mpv", "a", "film.mkv", PlayerStatus.PLAYING, START, 0.0, 1.0, 100.0)


async def rest(buffer: StateBuffer) -> list[PlayerState]:
    """Everything that nobody has read, oldest first."""
    return [state for _ in range(len(buffer)) if (state := await buffer.get()) is not None]


async def test_ticks_replace_each_other_and_changes_do_not() -> None:
    """Unread, only the latest position of each status and jump is kept."""
    buffer = StateBuffer()
    later = replace(TICK, position_seconds=2.0)
    paused = replace(later, status=PlayerStatus.PAUSED)
    jumped = replace(paused, jumps=1, position_seconds=50.0)
    ended = replace(jumped, end=End.CLOSED)
    following = replace(TICK, item="b")
    await buffer.put([TICK, later, paused, jumped, ended, following])
    assert await rest(buffer) == [later, paused, jumped, ended, following]


async def test_a_crowd_of_changes_is_bounded() -> None:
    """However much happens to one item unread, the last of it is kept."""
    buffer = StateBuffer(soft_limit=8)
    await buffer.put(replace(TICK, jumps=number) for number in range(10_000))
    assert len(buffer) == 8
    assert (await rest(buffer))[-1].jumps == 9_999


async def test_ends_are_never_dropped() -> None:
    """Who puts waits when it is full of them, until the limit is lifted."""
    buffer = StateBuffer(hard_limit=3)
    ends = [replace(TICK, item=str(number), end=End.FAILED) for number in range(6)]
    putting = asyncio.create_task(buffer.put(ends))
    await asyncio.sleep(0)
    assert len(buffer) == 3
    assert await buffer.get() == ends[0]
    await asyncio.sleep(0)
    assert len(buffer) == 3
    buffer.lift_limit()
    await putting
    assert await rest(buffer) == ends[1:]


async def test_reading_to_the_end() -> None:
    """Closed, it gives what is left and then None."""
    buffer = StateBuffer()
    waiting = asyncio.create_task(buffer.get())
    await asyncio.sleep(0)
    await buffer.put([TICK])
    assert await waiting == TICK
    waiting = asyncio.create_task(buffer.get())
    await asyncio.sleep(0)
    buffer.close()
    assert await waiting is None
    assert await buffer.get() is None
