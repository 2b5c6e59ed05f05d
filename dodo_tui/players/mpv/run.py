"""One mpv, from its start to its end and the clearing up after it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.players.buffer import StateBuffer
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv import launch, prompting
from dodo_tui.players.mpv.display import DisplayMode
from dodo_tui.players.mpv.fold import OBSERVED, closed, fold
from dodo_tui.players.mpv.ipc import Message, MpvGoneError, MpvIpc, MpvRefusedError
from dodo_tui.players.mpv.process import MpvProcess
from dodo_tui.players.mpv.session import Moment, Session
from dodo_tui.players.protocol import PlayRequest

log = logging.getLogger(__name__)

_RETRY_SECONDS = 0.05

_READ_OUT_SECONDS = 1.0
"""How long the rest of a dead mpv's messages may take to be read."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long mpv is waited for, in seconds."""

    connect_seconds: float = 5.0
    """From its start until its socket answers."""
    answer_seconds: float = 5.0
    """From a command until its answer."""
    quit_seconds: float = 3.0
    """From being asked to quit until SIGTERM."""
    terminate_seconds: float = 2.0
    """From SIGTERM until SIGKILL."""


class _QuitAtOnceError(PlayerError):
    """mpv left with exit code 0 before it was given anything."""


class MpvRun:
    """One mpv from its start to its end."""

    def __init__(
        self,
        program: str,
        extra_args: Sequence[str],
        runtime_folder: Path,
        clock: Clock,
        display: DisplayMode,
        patience: Patience,
        on_key: Callable[[str], None],
    ) -> None:
        """`on_key` hears which of dodo's keys was pressed on mpv's window; see `prompting`."""
        self._on_key = on_key
        self._program = program
        self._extra_args = extra_args
        self._runtime_folder = runtime_folder
        self._clock = clock
        self._display = display
        self._patience = patience
        self._session = Session(item_prefix=f"mpv-{secrets.token_hex(4)}")
        self._socket: launch.SocketPlace | None = None
        self._process: MpvProcess | None = None
        self._ipc: MpvIpc | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self.states = StateBuffer()

    @property
    def pid(self) -> int | None:
        """The process id, once there is one."""
        return self._process.pid if self._process else None

    async def start(self, request: PlayRequest) -> None:
        """Start mpv, connect to it and give it its files.

        Raises:
            PlayerError: it could not be started or controlled.
        """
        try:
            ipc = await self._launch_patiently(request)
        except PlayerError:
            if not self._session.stopping:
                raise
            await self._conclude()
            return
        self._watching = asyncio.create_task(self._watch(ipc), name="mpv-watch")

    async def _launch_patiently(self, request: PlayRequest) -> MpvIpc:
        """Launch mpv, a second time if it did not take to the first."""
        try:
            return await self._launch(request, lifeline=True)
        except _QuitAtOnceError:
            # A wrapper around mpv that closes descriptors makes mpv find its lifeline cut.
            log.info("mpv quit at once; starting it again without a lifeline")
            first, self._process = self._process, None
            if first is not None:
                await first.end(0.0, 0.0)
            await self._clear()
            return await self._launch(request, lifeline=False)

    @property
    def is_at_end(self) -> bool:
        """Whether the last picture of the current item stays on the screen."""
        return self._session.at_end

    async def load_next(self, request: PlayRequest) -> None:
        """Put more files behind the playlist and go to the first of them.

        Kept open at its end mpv goes on by itself as soon as there is more to play.
        """
        was_at_end = self.is_at_end
        count = await self.ask(["get_property", "playlist-count"])
        await self.ask(["set_property", "pause", False])
        for path, command in zip(request.paths, launch.load_commands(request), strict=True):
            loaded = await self.ask(command)
            entry_id = loaded.get("playlist_entry_id") if isinstance(loaded, Mapping) else None
            if isinstance(entry_id, int):
                paths = {**self._session.paths, entry_id: path}
                self._session = replace(self._session, paths=paths)
        if not was_at_end and isinstance(count, int):
            await self.ask(["set_property", "playlist-pos", count])

    async def ask(self, command: prompting.Command) -> object:
        """Send a command and return its answer; None if mpv has gone or is going."""
        ipc = self._ipc
        if ipc is None or ipc.is_gone() or self._ending is not None:
            return None
        try:
            return await ipc.call(command, self._patience.answer_seconds)
        except MpvGoneError:
            if ipc.is_gone():
                return None
            raise

    async def stop(self) -> None:
        """Ask mpv to quit and see to it that it does. Being cancelled does not stop that."""
        self._session = replace(self._session, stopping=True)
        if self._process is None:
            return
        if self._ending is None:
            if self._ipc is not None:
                self._ipc.post(["quit"])
            patience = self._patience
            quit_seconds = patience.quit_seconds if self._ipc is not None else 0.0
            self._ending = asyncio.create_task(
                self._process.end(quit_seconds, patience.terminate_seconds), name="mpv-end"
            )
        await asyncio.shield(self._ending)

    async def end(self) -> None:
        """End mpv if it still runs, and clear up after it. Cancelled, it kills mpv."""
        self.states.lift_limit()
        try:
            await self.stop()
            if self._watching is not None:
                await asyncio.wait({self._watching}, timeout=_READ_OUT_SECONDS)
        except asyncio.CancelledError:
            if self._process is not None:
                self._process.kill()
            if self._ending is not None:
                await asyncio.wait({self._ending}, timeout=_READ_OUT_SECONDS)
            raise
        finally:
            await self._clear()

    async def finished(self) -> None:
        """Raise what went wrong in reading mpv, if anything did: that is a bug."""
        if self._watching is not None:
            await self._watching

    async def _launch(self, request: PlayRequest, *, lifeline: bool) -> MpvIpc:
        """One attempt to get an mpv that plays.

        Raises:
            _QuitAtOnceError: mpv went away without an error, before it began.
            PlayerError: it could not be started or controlled.
        """
        place = self._socket = launch.make_socket_place(self._runtime_folder)
        process = self._process = await MpvProcess.start(
            self._program,
            lambda descriptor: launch.arguments(
                self._extra_args, place.path, self._display, descriptor
            ),
            self._display,
            lifeline=lifeline,
        )
        try:
            ipc = self._ipc = await self._connect(process, place.path)
            await self._load(ipc, request)
        except MpvGoneError as error:
            if self._session.stopping:
                raise
            if not await process.wait(self._patience.quit_seconds):
                raise PlayerError("mpv started but does not let itself be controlled.") from error
            if process.exit_code == 0 and lifeline:
                raise _QuitAtOnceError("mpv quit at once.") from error
            raise PlayerError(await _obituary(process)) from error
        return ipc

    async def _connect(self, process: MpvProcess, socket_path: Path) -> MpvIpc:
        """Connect as soon as mpv's socket is there."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience.connect_seconds
        while True:
            if self._session.stopping:
                raise MpvGoneError("mpv was stopped before it played.")
            try:
                return await MpvIpc.connect(socket_path, self._handle)
            except OSError as error:
                if process.exit_code is not None:
                    raise MpvGoneError("mpv has gone.") from error
                if loop.time() >= deadline:
                    seconds = self._patience.connect_seconds
                    raise PlayerError(
                        f"mpv started but cannot be controlled: its socket did not open "
                        f"within {seconds:g} seconds."
                    ) from error
            await process.wait(_RETRY_SECONDS)

    async def _load(self, ipc: MpvIpc, request: PlayRequest) -> None:
        """Listen to everything, fill the playlist, and only then let it play."""
        seconds = self._patience.answer_seconds
        await ipc.call(["request_log_messages", "error"], seconds)
        for number, name in enumerate(OBSERVED, 1):
            await ipc.call(["observe_property", number, name], seconds)
        paths: dict[int, str] = {}
        for path, command in zip(request.paths, launch.load_commands(request), strict=True):
            loaded = await ipc.call(command, seconds)
            entry_id = loaded.get("playlist_entry_id") if isinstance(loaded, Mapping) else None
            if isinstance(entry_id, int):
                paths[entry_id] = path
        self._session = replace(self._session, paths=paths)
        for keys in prompting.define_commands():
            try:
                await ipc.call(keys, seconds)
            except MpvRefusedError as error:
                log.info("mpv lends no keys: %s", error)
        await ipc.call(["set_property", "playlist-pos", 0], seconds)

    async def _handle(self, message: Message) -> None:
        """Fold one event of mpv, or hand on a key."""
        if (key := prompting.pressed(message)) is not None:
            self._on_key(key)
            return
        self._session, states = fold(self._session, message, self._moment())
        await self.states.put(states)

    async def _watch(self, ipc: MpvIpc) -> None:
        """Wait for the end of the connection and tell what is then still owed."""
        try:
            await ipc.wait_gone()
        finally:
            await self._conclude()

    async def _conclude(self) -> None:
        """Tell the end of an item that mpv left without a word; nothing comes after it."""
        self._session, states = closed(self._session, self._moment())
        await self.states.put(states)
        self.states.close()

    def _moment(self) -> Moment:
        """Now."""
        return Moment(self._clock.now(), self._clock.monotonic())

    async def _clear(self) -> None:
        """Close and remove what belonged to the mpv that has ended."""
        if self._ipc is not None:
            await self._ipc.close()
            self._ipc = None
        if self._watching is not None:
            await asyncio.wait({self._watching}, timeout=_READ_OUT_SECONDS)
        if self._socket is not None:
            self._socket.remove()
            self._socket = None


async def _obituary(process: MpvProcess) -> str:
    """One sentence on an mpv that went away before it played."""
    code = process.exit_code or 0
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    words = await process.last_words()
    return f"mpv stopped at once ({how}): {words}" if words else f"mpv stopped at once ({how})."
