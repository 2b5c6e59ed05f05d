"""Follows what the other dodos of this user play: connects to who comes, lets go of who leaves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.engine.control import places
from dodo_tui.engine.control.client import ControlClient

log = logging.getLogger(__name__)

MOST_FOLLOWED = 8
"""More than one is rare; a folder full of sockets must not cost more."""


class Follower:
    """Keeps a connection to every dodo that plays; `current` is the one that began last."""

    def __init__(self, folder: Path, clock: Clock, on_change: Callable[[], None]) -> None:
        """`on_change` is told when something about any of them is new."""
        self._folder = folder
        self._clock = clock
        self._on_change = on_change
        self._clients: dict[Path, ControlClient] = {}
        self._mark = -1
        self._looking = asyncio.Lock()

    @property
    def clients(self) -> tuple[ControlClient, ...]:
        """Everybody there is a connection to."""
        return tuple(self._clients.values())

    @property
    def current(self) -> ControlClient | None:
        """The dodo whose viewing began last; None if nothing plays elsewhere."""
        playing = [client for client in self._clients.values() if client.on_air is not None]
        return max(
            playing,
            key=lambda client: (
                client.on_air.playback.started_at.timestamp() if client.on_air else 0.0
            ),
            default=None,
        )

    @property
    def may_have_news(self) -> bool:
        """Whether a socket came or went since the last look; costs one `stat`."""
        return places.folder_mark(self._folder) != self._mark

    async def look(self) -> None:
        """Connect to who is new, and forget who has gone."""
        async with self._looking:
            self._mark = places.folder_mark(self._folder)
            for path, client in list(self._clients.items()):
                if client.is_gone:
                    del self._clients[path]
                    await client.close()
            for path in places.control_sockets(self._folder)[:MOST_FOLLOWED]:
                if path not in self._clients:
                    await self._connect(path)

    async def close(self) -> None:
        """Let go of everybody."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.close()

    async def _connect(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            client = await ControlClient.connect(path, self._clock, self._on_change)
            if client is not None:
                self._clients[path] = client
