"""Time, handed to whatever needs it, so that tests need neither sleeping nor patching."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from dodo_tui.values import dataclass

SLACK = timedelta(minutes=2)
"""Two clocks that differ by less are both right."""

_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A server that says it is earlier does not know the time either."""


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


@dataclass(frozen=True, slots=True)
class Misdated:
    """What this process has written before it knew how late it was."""

    since: datetime
    """When it began, as the machine's clock had it then."""
    until: datetime
    """Up to when it may have gone by that, as the same clock would have had it."""
    late: timedelta
    """What is to be added."""


class CorrectedClock:
    """A machine's clock, set right by what servers say.

    A Pi without a battery starts anywhere in time. Every answer of a provider says how late it is
    there (HTTP: the header `Date`). Where the machine's own time is another, time is counted from
    the server's on, by the clock that nobody sets, until the machine's is right again.
    """

    def __init__(self, machine: Clock, slept: Callable[[], float] = slept_seconds) -> None:
        """`slept` says how long the machine has been suspended, in seconds."""
        self.machine = machine
        self._slept = slept
        self._anchor: tuple[datetime, float] | None = None
        """A time that was right, and what the clock that nobody sets said then."""
        self.is_measured = False
        """Whether a server has said how late it is."""
        self._began = (machine.now(), self._ran())
        self._misdated: Misdated | None = None

    def now(self) -> datetime:
        """The time of day, in UTC, as far as it is known."""
        if self._anchor is None:
            return self.machine.now()
        at, ran = self._anchor
        return at + timedelta(seconds=self._ran() - ran)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes backwards."""
        return self.machine.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long; cancelling ends the wait at once."""
        await self.machine.sleep(seconds)

    def learn(self, there: datetime) -> None:
        """A server has said that it is so late now."""
        if there < _EARLIEST:
            return
        if not self.is_measured:
            self._note_misdated(there)
        is_off = abs(there - self.machine.now()) > SLACK
        self._anchor = (there, self._ran()) if is_off else None
        self.is_measured = True

    def take_misdated(self) -> Misdated | None:
        """What was written by a wrong clock in this process, told once; None: nothing was."""
        found, self._misdated = self._misdated, None
        return found

    def _note_misdated(self, there: datetime) -> None:
        """How wrong the clock was since this process began, whoever has set it meanwhile."""
        began_at, ran = self._began
        lasted = timedelta(seconds=self._ran() - ran)
        truly_began_at = there - lasted
        late = truly_began_at - began_at
        until = began_at + lasted
        if late > timedelta():
            until = min(until, truly_began_at)  # what is later than that may have its true time
        if abs(late) > SLACK:
            self._misdated = Misdated(began_at, until, late)

    def _ran(self) -> float:
        return self.machine.monotonic() + self._slept()


def may_be_wrong(clock: Clock) -> bool:
    """Whether a clock waits for a server to say how late it is."""
    return isinstance(clock, CorrectedClock) and not clock.is_measured


def take_misdated(clock: Clock) -> Misdated | None:
    """What a clock that was wrong has dated in this process, told once."""
    return clock.take_misdated() if isinstance(clock, CorrectedClock) else None


def machine_time(clock: Clock) -> datetime:
    """How late the machine itself takes it to be, whatever servers have said."""
    return clock.machine.now() if isinstance(clock, CorrectedClock) else clock.now()


def is_measured(clock: Clock) -> bool:
    """Whether what a clock says is known to be right."""
    return isinstance(clock, CorrectedClock) and clock.is_measured


def learner(clock: Clock) -> Callable[[datetime], None] | None:
    """Who wants to hear what servers say of the time, if the clock does."""
    return clock.learn if isinstance(clock, CorrectedClock) else None
