"""Our side of a provider's rate limits, so that it never has to refuse us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dodo_tui.clock import Clock


class Pace:
    """Keeps the calls of one account in order and apart.

    Simkl: 10 reads and 1 write per second; calls are sequential, never parallel; a second write
    of the same user is refused while the first one runs. Other processes are kept out by the
    lease, which is elsewhere.
    """

    def __init__(self, clock: Clock, read_gap_seconds: float, write_gap_seconds: float) -> None:
        """A gap is the time between the end of one request and the start of the next."""
        self._clock = clock
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
        try:
            yield
        finally:
            self._ended[write] = self._clock.monotonic()
