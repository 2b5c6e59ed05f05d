"""A watcher at work: everything that it tells, and a way to wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from dodo_tui.domain.playback import PlayerState, PlayerStatus
from dodo_tui.players.watching import Watcher
from tests.players.conftest import SAFETY_SECONDS


class Watch:
    """A watcher at work, and everything that it has told."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.told: list[PlayerState] = []
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(watcher.watch(self._hear))

    async def _hear(self, state: PlayerState) -> None:
        async with self._news:
            self.told.append(state)
            self._news.notify_all()

    async def until(self, is_seen: Callable[[list[PlayerState]], bool]) -> None:
        """Wait for what is told to come to something."""
        async with asyncio.timeout(SAFETY_SECONDS), self._news:
            await self._news.wait_for(lambda: is_seen(self.told))

    async def until_plays(self, path: str, seconds: float = 0.0) -> None:
        """Wait for a picture that runs, from a second on."""
        await self.until(
            lambda told: any(
                plays(state, path) and (state.position_seconds or 0) >= seconds for state in told
            )
        )

    async def until_ended(self) -> PlayerState:
        """Wait for the last thing told to be an end; answers it."""
        await self.until(lambda told: bool(told) and told[-1].end is not None)
        return self.told[-1]

    @property
    def ends(self) -> list[PlayerState]:
        """The last samples."""
        return [state for state in self.told if state.end is not None]

    async def stop(self) -> None:
        """Watch no longer."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


def plays(state: PlayerState, path: str) -> bool:
    """Whether a sample tells of a picture that runs."""
    return state.path == path and state.status is PlayerStatus.PLAYING
