"""What plays in a player that dodo only watches: every remote shows it, and none can steer it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dodo_tui.domain.playback import Playback
from dodo_tui.engine.control.server import ControlServer
from dodo_tui.engine.on_air import OnAir

_NAMES = {
    "mpv": "mpv",
    "kodi": "Kodi",
    "vlc": "VLC",
    "mpris": "a player on the desktop",
    "jellyfin": "Jellyfin",
}


def seen_on_air(watched: tuple[tuple[str, Playback], ...]) -> OnAir | None:
    """Of what plays in other players, what began last; None if nothing does."""
    playbacks = [playback for _, playback in watched if playback.end is None]
    last = max(playbacks, key=lambda playback: playback.started_at, default=None)
    if last is None:
        return None
    return OnAir(last, _NAMES.get(last.source, last.source), is_here=False, is_watched=True)


class Airing:
    """Shows it to the other dodos over a control socket, which is there while anything plays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._on_air: OnAir | None = None
        self._changed = asyncio.Event()

    def show(self, on_air: OnAir | None) -> None:
        """From now on this plays; None: nothing does."""
        self._on_air = on_air
        self._changed.set()

    async def run(self) -> None:
        """Show it until cancelled."""
        server: ControlServer | None = None
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                on_air = self._on_air
                if on_air is None and server is not None:
                    await server.close()
                    server = None
                elif on_air is not None:
                    if server is None:
                        server = ControlServer(self._folder, None)
                        await server.open()
                    server.tell(on_air)
        finally:
            if server is not None:
                await server.close()
