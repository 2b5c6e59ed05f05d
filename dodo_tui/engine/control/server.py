"""The side that plays: tells every client what plays, and does what they ask."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from dodo_tui.engine.control import messages, places
from dodo_tui.engine.control.messages import Message, NonsenseError
from dodo_tui.engine.on_air import Controller, OnAir, not_ours
from dodo_tui.players.errors import PlayerError

log = logging.getLogger(__name__)

MOST_CLIENTS = 16
MAX_UNREAD_BYTES = 256 * 1024
"""A client that has not read so much is not listening any more."""

_CLOSE_SECONDS = 1.0


class ControlServer:
    """One control socket, from `open` to `close`."""

    def __init__(self, folder: Path, controller: Controller | None) -> None:
        """`controller` None: what plays can be seen, and not be steered."""
        self._folder = folder
        self._controller = controller
        self._path: Path | None = None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._on_air: OnAir | None = None

    async def open(self) -> None:
        """Be there for others. What cannot be opened is logged: it plays on without."""
        try:
            listener, self._path = places.listen(self._folder)
            self._server = await asyncio.start_unix_server(
                self._serve, sock=listener, limit=messages.MAX_REQUEST_BYTES
            )
        except OSError as error:
            log.warning("others cannot steer what plays here: %s", error)

    async def close(self) -> None:
        """Let everybody go, and remove the socket."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        if self._server is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), _CLOSE_SECONDS)

    def tell(self, on_air: OnAir) -> None:
        """Tell everybody what plays; the last word is what a new client hears first."""
        if on_air == self._on_air:
            return
        self._on_air = on_air
        line = messages.encode(messages.state_message(on_air))
        for writer in tuple(self._writers):
            self._send(writer, line)

    def _send(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        if writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
            log.info("a client of the control socket does not read; it is let go")
            self._writers.discard(writer)
            writer.transport.abort()
        elif not writer.is_closing():
            writer.write(line)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until it goes or talks nonsense."""
        link = writer.get_extra_info("socket")
        if len(self._writers) >= MOST_CLIENTS or not places.is_ours(link):
            writer.close()
            return
        self._writers.add(writer)
        try:
            hello: dict[str, object] = {"dodo": messages.VERSION}
            if self._on_air is not None:
                hello |= messages.state_message(self._on_air)
            self._send(writer, messages.encode(hello))
            while line := await reader.readline():
                self._send(writer, messages.encode(await self._answer(messages.decode(line))))
        except (OSError, ValueError) as error:  # a line too long is a ValueError, as is nonsense
            log.info("a client of the control socket was let go: %s", error)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, request: Message) -> Message:
        """Do what is asked."""
        reply: dict[str, object] = {"re": request.get("id")}
        act = _ACTS.get(str(request.get("do")))
        if act is None:
            return {**reply, "error": "The dodo that plays is another version and cannot do that."}
        if self._controller is None:
            return {**reply, "error": not_ours(self._on_air)}
        try:
            return {**reply, **(await act(self._controller, request) or {})}
        except (NonsenseError, PlayerError) as error:
            return {**reply, "error": str(error)}


Act = Callable[[Controller, Message], Awaitable[dict[str, object] | None]]


async def _pause(controller: Controller, request: Message) -> None:
    await controller.pause(messages.read_flag(request, "paused"))


async def _seek(controller: Controller, request: Message) -> None:
    await controller.seek(messages.read_number(request, "seconds"))


async def _step(controller: Controller, request: Message) -> None:
    await controller.step(1 if messages.read_number(request, "episodes") > 0 else -1)


async def _tracks(controller: Controller, _request: Message) -> dict[str, object]:
    return messages.tracks_message(await controller.tracks())


async def _select(controller: Controller, request: Message) -> None:
    await controller.select_track(messages.read_kind(request), messages.read_track_id(request))


async def _volume(controller: Controller, request: Message) -> None:
    await controller.change_volume(messages.read_number(request, "percent"))


async def _mute(controller: Controller, _request: Message) -> None:
    await controller.toggle_mute()


async def _offer(controller: Controller, request: Message) -> None:
    await controller.answer_offer(messages.read_flag(request, "accepted"))


async def _stop(controller: Controller, _request: Message) -> None:
    await controller.stop()


_ACTS: dict[str, Act] = {
    "pause": _pause,
    "seek": _seek,
    "step": _step,
    "tracks": _tracks,
    "select": _select,
    "volume": _volume,
    "mute": _mute,
    "offer": _offer,
    "stop": _stop,
}
