"""Time, handed to whatever needs it, so that tests need neither sleeping nor patching."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall-clock time, monotonic time and waiting."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never goes backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long; cancelling ends the wait at once."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long; cancelling ends the wait at once."""
        import asyncio  # 40 ms; the commands that only read never wait

        await asyncio.sleep(seconds)


def slept_seconds() -> float:
    """How long this machine has been suspended since it was started.

    The boot clock counts that time, the monotonic clock does not. 0 where there is no such clock.
    """
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
