"""An event loop whose time passes only when a test, or its clock, lets it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class HeldLoop(asyncio.SelectorEventLoop):
    """Its timeouts do not depend on how fast the machine is."""

    def __init__(self) -> None:
        self._passed_seconds = 0.0
        super().__init__()

    def time(self) -> float:
        """Seconds that were let pass."""
        return self._passed_seconds

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass; another thread calls this by `call_soon_threadsafe`."""
        self._passed_seconds += seconds


class LoopClock:
    """A `dodo_tui.clock.Clock` that moves a held loop's time on whenever it is told to sleep."""

    def __init__(self, loop: HeldLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The loop's time."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once; whoever else is ready to run does so first."""
        await asyncio.sleep(0)
        self._loop.pass_seconds(seconds)
        await asyncio.sleep(0)
