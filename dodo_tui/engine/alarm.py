"""A clock whose sleepers can be woken before their time."""

from __future__ import annotations

import asyncio
from datetime import datetime

from dodo_tui.clock import Clock


class AlarmClock:
    """Another `Clock`, for whoever waits long for what may be there sooner: players, a network."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sleeping: set[asyncio.Future[None]] = set()

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Seconds since some moment; never goes backwards."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long, or until it rings; cancelling ends the wait at once."""
        sleep = asyncio.ensure_future(self._clock.sleep(seconds))
        self._sleeping.add(sleep)
        try:
            await asyncio.wait({sleep})
        finally:
            self._sleeping.discard(sleep)
            sleep.cancel()

    def ring(self) -> None:
        """Wake everybody."""
        for sleep in self._sleeping:
            sleep.cancel()
