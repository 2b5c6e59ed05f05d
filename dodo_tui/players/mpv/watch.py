"""Watching mpvs that others started, over the sockets that they open.

An mpv may be met in the midst of a film: what it plays then is asked for, and told to `fold` as if
it had just been loaded. It may also be met while it loads one, when some of its events are past and
others are to come: mpv has a path before it says that a file starts, and a format once it is open.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.domain.playback import PlayerState
from dodo_tui.players.mpv.fold import OBSERVED, closed, fold
from dodo_tui.players.mpv.ipc import Message, MpvGoneError, MpvIpc, MpvRefusedError
from dodo_tui.players.mpv.session import Moment, Session
from dodo_tui.players.mpv.sockets import CONFIG_LINE, find_sockets
from dodo_tui.players.watching import Report, Sight, Tell

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 3.0
"""How often new sockets are looked for."""

ANSWER_SECONDS = 5.0
"""An mpv that says nothing for so long when asked hangs."""

SocketId = tuple[str, int]


class MpvWatcher:
    """Watches every mpv of this user that has a socket where it is looked for."""

    id = "mpv"
    name = "Other mpv"

    def __init__(self, patterns: Sequence[str], clock: Clock, not_below: Sequence[Path]) -> None:
        """`patterns`: paths of sockets, with `*`; `not_below`: folders of dodo's own sockets."""
        self._patterns = tuple(patterns)
        self._clock = clock
        self._not_below = tuple(not_below)
        self._watched: dict[SocketId, asyncio.Task[None]] = {}
        self._connected: set[SocketId] = set()

    def report(self) -> Report:
        """How many are watched, or how to make one be."""
        count = len(self._connected)
        if count:
            return Report(
                Sight.SEEN, "1 mpv is watched." if count == 1 else f"{count} are watched."
            )
        return Report(Sight.NONE, "No mpv to watch.", f"Add to mpv.conf: {CONFIG_LINE}")

    async def watch(self, tell: Tell) -> None:
        """Watch until cancelled."""
        try:
            while True:
                found = await asyncio.to_thread(find_sockets, self._patterns, self._not_below)
                for socket_id, path in found.items():
                    if socket_id not in self._watched:
                        task = asyncio.create_task(self._follow(socket_id, path, tell))
                        self._watched[socket_id] = task
                for socket_id, task in list(self._watched.items()):
                    if task.done():
                        del self._watched[socket_id]
                        task.result()
                await self._clock.sleep(LOOK_EVERY_SECONDS)
        finally:
            for task in self._watched.values():
                task.cancel()
            await asyncio.gather(*self._watched.values(), return_exceptions=True)
            self._watched.clear()

    async def _follow(self, socket_id: SocketId, path: Path, tell: Tell) -> None:
        """One mpv, from its being found to its end; a socket that nobody listens on is none."""
        follower = _Follower(f"{path}#{secrets.token_hex(3)}", self._clock, tell)
        try:
            ipc = await MpvIpc.connect(path, follower.handle)
        except OSError:
            return
        self._connected.add(socket_id)
        try:
            await follower.follow(ipc)
        except (MpvGoneError, MpvRefusedError) as error:
            log.info("an mpv could not be watched: %s", error)
        finally:
            self._connected.discard(socket_id)
            await ipc.close()
            await follower.conclude()


class _Follower:
    """What is known of one mpv, and who is told."""

    def __init__(self, session_name: str, clock: Clock, tell: Tell) -> None:
        self._name = session_name
        self._clock = clock
        self._tell = tell
        self._folder = ""
        self._session = Session(item_prefix=f"mpv-{secrets.token_hex(4)}")

    async def follow(self, ipc: MpvIpc) -> None:
        """Listen until it has gone, or answers no more.

        Raises:
            MpvGoneError: it went away, or hangs.
            MpvRefusedError: what is at the socket is no mpv.
        """
        path = await _text(ipc, "path")
        is_open = bool(await _text(ipc, "file-format"))
        self._folder = await _folder_of(ipc)  # asked last: what was said meanwhile is heard now
        if path and self._session.item is None:  # else it began since, and says so itself
            await self.handle({"event": "property-change", "name": "path", "data": path})
            if is_open:
                await self.handle({"event": "file-loaded"})
                await self.handle({"event": "playback-restart"})
        for number, name in enumerate(OBSERVED, 1):
            await ipc.call(["observe_property", number, name], ANSWER_SECONDS)
        gone = asyncio.ensure_future(ipc.wait_gone())
        try:
            while not gone.done():
                pulse = asyncio.ensure_future(self._clock.sleep(2 * ANSWER_SECONDS))
                await asyncio.wait({gone, pulse}, return_when=asyncio.FIRST_COMPLETED)
                pulse.cancel()
                if not gone.done():
                    await ipc.call(["get_property", "pause"], ANSWER_SECONDS)
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone

    async def handle(self, message: Message) -> None:
        """Fold one event, and tell what comes of it; what is loaded has begun, heard or not."""
        if message.get("event") == "file-loaded" and self._session.item is None:
            await self.handle({"event": "start-file"})
        if message.get("name") == "path":
            message = {**message, "data": self._absolute(message.get("data"))}
        self._session, states = fold(self._session, message, self._moment())
        await self._tell_all(states)

    async def conclude(self) -> None:
        """Tell the end of what it was playing when it went away."""
        self._session, states = closed(self._session, self._moment())
        await self._tell_all(states)

    async def _tell_all(self, states: tuple[PlayerState, ...]) -> None:
        """Tell of what has a name: mpv says what it loads before it says what that is called."""
        for state in states:
            if state.path:
                await self._tell(replace(state, session=self._name))

    def _absolute(self, path: object) -> object:
        """A file may be named as it was typed, relative to the folder that mpv was started in."""
        if not isinstance(path, str) or not path or path.startswith("/") or "://" in path:
            return path
        return os.path.normpath(os.path.join(self._folder, path))  # noqa: PTH118

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic())


async def _folder_of(ipc: MpvIpc) -> str:
    """The folder that mpv runs in; what it says itself is what its shell believed ($PWD)."""
    pid = await ipc.call(["get_property", "pid"], ANSWER_SECONDS)
    try:
        return os.readlink(f"/proc/{pid}/cwd")  # noqa: PTH115 - names need not be UTF-8
    except OSError:
        return await _text(ipc, "working-directory")


async def _text(ipc: MpvIpc, name: str) -> str:
    """A property that is text; empty while there is none."""
    try:
        value = await ipc.call(["get_property", name], ANSWER_SECONDS)
    except MpvRefusedError:
        return ""
    return value if isinstance(value, str) else ""
