"""mpv's JSON IPC: one object per line over a private unix socket.

Answers are matched to calls by `request_id`; everything else goes, in its order, to one handler.
No event is ever queued here: the handler is awaited, so that who is slow slows the reading down
(mpv then waits or drops on its own side, and plays on).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv.lines import LineSplitter

log = logging.getLogger(__name__)

Message = Mapping[str, object]
"""One decoded line. Its values are whatever mpv wrote: nothing about them is certain."""

Handler = Callable[[Message], Awaitable[None]]

_CHUNK_BYTES = 64 * 1024


class MpvGoneError(PlayerError):
    """The connection to mpv has ended, or mpv does not answer any more."""


class MpvRefusedError(PlayerError):
    """mpv answered a command with an error, which is `reason`."""

    def __init__(self, command: str, reason: str) -> None:
        super().__init__(f"mpv refused “{command}”: {reason}.")
        self.reason = reason


def encode(command: object, request_id: int) -> bytes:
    """The line for a command: a list, or an object with `name`.

    File names that are not UTF-8 travel as the bytes that they are on disk.
    """
    text = json.dumps({"command": command, "request_id": request_id}, ensure_ascii=False)
    return text.encode("utf-8", "surrogateescape") + b"\n"


def decode(line: bytes) -> Message | None:
    """The object on a line, or None if there is none: nonsense is logged and passed over."""
    try:
        message = json.loads(line.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        log.debug("mpv wrote nonsense (%s): %r", error, line[:200])
        return None
    if not isinstance(message, dict):
        log.debug("mpv wrote no object: %r", line[:200])
        return None
    return message


class MpvIpc:
    """One connection to one mpv. Made by `connect`, ended by `close` or by mpv's going."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._calls: dict[int, tuple[str, asyncio.Future[object]]] = {}
        self._last_request_id = 0
        self._gone = False
        self._reading = asyncio.create_task(self._read(), name="mpv-ipc")

    @classmethod
    async def connect(cls, socket_path: Path, handler: Handler) -> MpvIpc:
        """Connect once and start reading; `handler` is awaited for every event.

        Raises:
            OSError: nobody listens there (yet).
        """
        reader, writer = await asyncio.open_unix_connection(str(socket_path))
        return cls(reader, writer, handler)

    def is_gone(self) -> bool:
        """Whether the connection has ended."""
        return self._gone

    async def wait_gone(self) -> None:
        """Wait until mpv has closed the connection and its last event has been handled.

        Raises:
            Exception: whatever the handler raised; that is a bug in it.
        """
        await asyncio.shield(self._reading)

    async def call(
        self, command: Sequence[object] | Mapping[str, object], timeout_seconds: float = 5.0
    ) -> object:
        """Send a command and wait for its `data`.

        Raises:
            MpvRefusedError: mpv said no.
            MpvGoneError: the connection ended, or there was no answer within the time; mpv needs
                milliseconds unless it hangs.
        """
        name = _name_of(command)
        request_id, answer = self._expect(name)
        try:
            self._send(command, request_id)
            async with asyncio.timeout(timeout_seconds):
                await self._writer.drain()
                return await answer
        except TimeoutError as error:
            raise MpvGoneError(f"mpv does not answer to “{name}”.") from error
        except OSError as error:
            raise MpvGoneError("mpv has gone.") from error
        finally:
            self._calls.pop(request_id, None)
            answer.cancel()

    def post(self, command: Sequence[object]) -> None:
        """Send a command whose answer does not matter; if mpv has gone, do nothing."""
        self._last_request_id += 1
        with contextlib.suppress(MpvGoneError):
            self._send(command, self._last_request_id)

    async def close(self) -> None:
        """End the connection; calls still waiting fail. Does nothing the second time."""
        self._reading.cancel()
        await asyncio.wait({self._reading})
        self._end()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def _expect(self, name: str) -> tuple[int, asyncio.Future[object]]:
        """A new request id and the future of its answer."""
        self._last_request_id += 1
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._calls[self._last_request_id] = (name, answer)
        return self._last_request_id, answer

    def _send(self, command: object, request_id: int) -> None:
        """Write a command to the socket's buffer."""
        if self._gone or self._writer.is_closing():
            raise MpvGoneError("mpv has gone.")
        self._writer.write(encode(command, request_id))

    async def _read(self) -> None:
        """Take the socket's lines apart until it ends."""
        splitter = LineSplitter()
        try:
            while chunk := await self._reader.read(_CHUNK_BYTES):
                for line in splitter.feed(chunk):
                    if (message := decode(line)) is not None:
                        await self._dispatch(message)
        except OSError as error:
            log.debug("the connection to mpv broke: %s", error)
        finally:
            if splitter.skipped_lines:
                log.warning("%d overlong lines of mpv were skipped", splitter.skipped_lines)
            self._end()

    async def _dispatch(self, message: Message) -> None:
        """Hand an event to the handler, an answer to its call."""
        if "event" in message:
            await self._handler(message)
            return
        request_id = message.get("request_id")
        if not isinstance(request_id, int) or isinstance(request_id, bool):
            return
        name, answer = self._calls.pop(request_id, (None, None))
        if name is None or answer is None or answer.done():
            return
        reason = message.get("error")
        if reason == "success":
            answer.set_result(message.get("data"))
        else:
            answer.set_exception(MpvRefusedError(name, str(reason)))

    def _end(self) -> None:
        """Note that nothing more will come, and tell those who wait."""
        self._gone = True
        for _, answer in self._calls.values():
            if not answer.done():
                answer.set_exception(MpvGoneError("mpv has gone."))
        self._calls.clear()
        self._writer.close()


def _name_of(command: Sequence[object] | Mapping[str, object]) -> str:
    """What a command is called, for messages."""
    return str(command.get("name") if isinstance(command, Mapping) else command[0])
