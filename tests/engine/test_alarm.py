"""A clock that rings."""

from __future__ import annotations

import asyncio

from dodo_tui.engine.alarm import AlarmClock
from tests.engine.support import StillClock


async def test_whoever_sleeps_wakes_when_it_rings() -> None:
    """Before its time, and whoever lies down again sleeps as long as it is to."""
    clock = StillClock()
    alarm = AlarmClock(clock)
    sleepers = [asyncio.create_task(alarm.sleep(seconds)) for seconds in (60, 3600)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not any(sleeper.done() for sleeper in sleepers)
    alarm.ring()
    await asyncio.gather(*sleepers)
    again = asyncio.create_task(alarm.sleep(60))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not again.done()
    await clock.advance(60)
    await again


async def test_whoever_is_cancelled_sleeps_no_more() -> None:
    """And leaves nothing behind that would."""
    alarm = AlarmClock(StillClock())
    before = asyncio.all_tasks()
    sleeper = asyncio.create_task(alarm.sleep(60))
    await asyncio.sleep(0)
    sleeper.cancel()
    await asyncio.wait({sleeper})
    assert sleeper.cancelled()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
