"""Our side of a provider's rate limits, so that it never has to refuse us."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dodo_tui.clock import Clock


class Pace:
    """Keeps the calls of one account in order and apart.

    Simkl: 10 reads and 1 write per second; calls are sequential, never parallel; a second write
    of the same user is refused while the first one runs. Trakt: 1 write per second, so many
    reads in a window of minutes. Other processes are kept out by the lease, which is elsewhere.
    """

    def __init__(
        self,
        clock: Clock,
        read_gap_seconds: float,
        write_gap_seconds: float,
        most_reads: int | None = None,
        window_seconds: float = 0.0,
    ) -> None:
        """A gap is the time between the end of one request and the start of the next.

        `most_reads` is how many reads there may be in any `window_seconds`; None: any number.
        """
        self._clock = clock
        self._window_seconds = window_seconds
        self._reads: deque[float] | None = None if most_reads is None else deque(maxlen=most_reads)
        self._gaps = {False: read_gap_seconds, True: write_gap_seconds}
        self._ended: dict[bool, float] = {}
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One call with all its retries; calls get their turn in the order they came."""
        async with self._turn:
            yield

    @asynccontextmanager
    async def request(self, *, write: bool) -> AsyncIterator[None]:
        """One request inside a turn, held back until the limit allows it.

        The gap counts from the end of the last one: only then has it surely arrived, however slow
        the network was.
        """
        if (ended := self._ended.get(write)) is not None:
            wait = ended + self._gaps[write] - self._clock.monotonic()
            if wait > 0:
                await self._clock.sleep(wait)
        if not write:
            await self._wait_for_window()
        try:
            yield
        finally:
            self._ended[write] = self._clock.monotonic()

    async def _wait_for_window(self) -> None:
        """Wait until the oldest of the last reads has left the window, and count this one."""
        if self._reads is None:
            return
        if len(self._reads) == self._reads.maxlen:
            wait = self._reads[0] + self._window_seconds - self._clock.monotonic()
            if wait > 0:
                await self._clock.sleep(wait)
        self._reads.append(self._clock.monotonic())
