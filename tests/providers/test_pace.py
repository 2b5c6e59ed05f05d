"""Our side of the rate limits."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from dodo_tui.providers.pace import Pace
from tests.support.clock import FakeClock


async def _request(pace: Pace, clock: FakeClock, *, write: bool, takes: float = 0.0) -> float:
    """One request; answers when it started."""
    async with pace.turn(), pace.request(write=write):
        started = clock.monotonic()
        await asyncio.sleep(0)
        clock.advance(takes)
        return started


async def test_the_first_request_does_not_wait(clock: FakeClock) -> None:
    """Nothing has been sent yet, so nothing is too early."""
    await _request(Pace(clock, 0.1, 1.0), clock, write=True)
    assert clock.sleeps == []


async def test_writes_are_a_second_apart_counted_from_the_answer(clock: FakeClock) -> None:
    """A slow answer may mean that the request arrived late, so the gap starts at its end."""
    pace = Pace(clock, 0.1, 1.0)
    first = await _request(pace, clock, write=True, takes=3.0)
    second = await _request(pace, clock, write=True)
    assert second - first == 4.0


async def test_reads_and_writes_have_gaps_of_their_own(clock: FakeClock) -> None:
    """A read after a write need not wait for the write's second."""
    pace = Pace(clock, 0.1, 1.0)
    await _request(pace, clock, write=True)
    await _request(pace, clock, write=False)
    assert clock.sleeps == []
    await _request(pace, clock, write=False)
    assert [round(s, 6) for s in clock.sleeps] == [0.1]


async def test_no_wait_when_enough_time_has_passed(clock: FakeClock) -> None:
    """The limit is a gap, not a toll."""
    pace = Pace(clock, 0.1, 1.0)
    await _request(pace, clock, write=True)
    clock.advance(5)
    await _request(pace, clock, write=True)
    assert clock.sleeps == []


async def test_calls_take_turns_in_the_order_they_came(clock: FakeClock) -> None:
    """Simkl wants calls sequential: of twenty at once, one runs at a time, first come first."""
    pace = Pace(clock, 0.1, 1.0)
    running = 0
    order = []

    async def call(number: int) -> None:
        nonlocal running
        async with pace.turn(), pace.request(write=True):
            running += 1
            assert running == 1
            await asyncio.sleep(0)
            order.append((number, clock.monotonic()))
            running -= 1

    await asyncio.gather(*(call(number) for number in range(20)))
    assert [number for number, _ in order] == list(range(20))
    times = [moment for _, moment in order]
    assert all(b - a >= 1.0 for a, b in pairwise(times))


async def test_a_failed_request_counts_too(clock: FakeClock) -> None:
    """The server may have seen it, whatever became of the answer."""
    pace = Pace(clock, 0.1, 1.0)
    try:
        async with pace.turn(), pace.request(write=True):
            raise RuntimeError
    except RuntimeError:
        await _request(pace, clock, write=True)
    assert clock.sleeps == [1.0]
