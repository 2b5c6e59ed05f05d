"""Samples between a player that tells them and a reader who may be slow."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from dodo_tui.domain.playback import PlayerState

SOFT_LIMIT = 64
"""From here on only an item's latest sample is kept, whatever changed between."""

HARD_LIMIT = 1000
"""From here on (so many items have ended unread) whoever puts must wait."""


class StateBuffer:
    """A bounded queue in which a newer sample of an item takes the place of an older one.

    While the reader keeps up nothing is replaced but the mere passing of time. An end is never
    lost: when the buffer is full of them, `put` waits until one is taken.
    """

    def __init__(self, soft_limit: int = SOFT_LIMIT, hard_limit: int = HARD_LIMIT) -> None:
        self._soft_limit = soft_limit
        self._hard_limit = hard_limit
        self._states: deque[PlayerState] = deque()
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._unbounded = False
        self._closed = False

    def __len__(self) -> int:
        return len(self._states)

    async def put(self, states: Iterable[PlayerState]) -> None:
        """Add samples; waits while the buffer is full."""
        for state in states:
            await self._writable.wait()
            if self._states and self._replaces(state, self._states[-1]):
                self._states.pop()
            self._states.append(state)
            self._readable.set()
            self._mark()

    async def get(self) -> PlayerState | None:
        """The oldest sample; waits for one. None once the buffer is closed and empty."""
        while not self._states:
            if self._closed:
                return None
            self._readable.clear()
            await self._readable.wait()
        state = self._states.popleft()
        self._mark()
        return state

    def lift_limit(self) -> None:
        """Let `put` never wait again: there is no reader any more who could make room."""
        self._unbounded = True
        self._mark()

    def close(self) -> None:
        """Say that nothing more will come."""
        self._closed = True
        self._readable.set()

    def _mark(self) -> None:
        """Let `put` pass, or stop it."""
        if self._unbounded or len(self._states) < self._hard_limit:
            self._writable.set()
        else:
            self._writable.clear()

    def _replaces(self, new: PlayerState, old: PlayerState) -> bool:
        """Whether the older sample tells nothing that the newer one does not."""
        if old.item != new.item or old.end is not None or new.end is not None:
            return False
        crowded = len(self._states) >= self._soft_limit
        return crowded or (old.status, old.jumps, old.speed) == (new.status, new.jumps, new.speed)
