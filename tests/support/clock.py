"""A clock for tests: time passes only when somebody waits for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
"""Where the fake clock begins: a Sunday evening in winter time everywhere."""


class FakeClock:
    """A `dodo_tui.clock.Clock` that moves on by itself whenever it is told to sleep."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start
        self.elapsed = 0.0
        self.sleeps: list[float] = []
        """Every wait, in seconds, in order."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        """Seconds since the start, plus an offset that shows up wrong uses of it."""
        return 1000.0 + self.elapsed

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once; whoever else is ready to run does so first."""
        await asyncio.sleep(0)
        self.sleeps.append(seconds)
        self.advance(max(seconds, 0.0))

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.elapsed += seconds
