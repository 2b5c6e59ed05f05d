"""The client of mpv's IPC, against a socket that says what the test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.players.mpv.ipc import (
    Handler,
    Message,
    MpvGoneError,
    MpvIpc,
    MpvRefusedError,
    decode,
    encode,
)
from dodo_tui.players.mpv.lines import LineSplitter


@given(st.lists(st.binary(max_size=12)))
def test_lines_do_not_depend_on_chunks(chunks: list[bytes]) -> None:
    """However the bytes are cut, the lines are the same."""
    whole = b"".join(chunks)
    splitter = LineSplitter()
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    *complete, _ = whole.split(b"\n")
    assert lines == [line.strip() for line in complete if line.strip()]


def test_an_overlong_line_is_skipped_whole() -> None:
    """It takes no memory, and the next line is read as if it had not been there."""
    splitter = LineSplitter(max_line_bytes=10)
    assert splitter.feed(b"x" * 8) == []
    assert splitter.feed(b"y" * 8) == []
    assert splitter.feed(b"z\n0123456789\nshort") == [b"0123456789"]
    assert splitter.feed(b"\n") == [b"short"]
    assert splitter.skipped_lines == 1


@pytest.mark.parametrize(
    "line", [b"", b"nonsense", b"[1]", b"3", b'{"a":', b"\xff\xfe", b"[" * 100_000]
)
def test_nonsense_is_nothing(line: bytes) -> None:
    """What is no object is no message."""
    assert decode(line) is None


def test_bytes_that_are_not_utf8_go_both_ways() -> None:
    """A file name is the same bytes on disk, on the way to mpv and back."""
    line = encode(["loadfile", "caf\udce9 “x”.mkv"], 1)
    assert b"caf\xe9" in line
    message = decode(line)
    assert message is not None
    assert message["command"] == ["loadfile", "caf\udce9 “x”.mkv"]


class Server:
    """The other end: what was received, and the means to say something."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.writer: asyncio.StreamWriter | None = None
        self.connected = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Collect what is received until the client goes."""
        self.writer = writer
        self.connected.set()
        while line := await reader.readline():
            self.received.put_nowait(json.loads(line))
        writer.close()

    async def say(self, data: bytes) -> None:
        """Write bytes."""
        assert self.writer is not None
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, **fields: object) -> None:
        """Answer the next command."""
        request = await self.received.get()
        message = {"request_id": request["request_id"], "error": "success", **fields}
        await self.say(json.dumps(message).encode() + b"\n")

    def hang_up(self) -> None:
        """End the connection."""
        assert self.writer is not None
        self.writer.close()


async def ignore(_message: Message) -> None:
    """Handle an event by doing nothing."""


@asynccontextmanager
async def connected(
    folder: Path, handler: Handler = ignore
) -> AsyncGenerator[tuple[MpvIpc, Server], None]:
    """A client and a server that talk to each other."""
    server = Server()
    listening = await asyncio.start_unix_server(server.serve, str(folder / "s"))
    async with asyncio.timeout(60), listening:
        ipc = await MpvIpc.connect(folder / "s", handler)
        await server.connected.wait()
        try:
            yield ipc, server
        finally:
            await ipc.close()
            await ipc.close()


async def test_answers_find_their_calls(runtime_socket: Path) -> None:
    """Several calls at once, events between the answers, answers nobody asked for."""
    events: list[Message] = []

    async def keep(message: Message) -> None:
        events.append(message)

    async with connected(runtime_socket, keep) as (ipc, server):
        first = asyncio.create_task(ipc.call(["get_property", "a"]))
        second = asyncio.create_task(ipc.call({"name": "loadfile", "url": "x"}))
        assert (await server.received.get())["request_id"] == 1
        assert (await server.received.get())["request_id"] == 2
        await server.say(
            b'{"request_id":0,"error":"success"}\n{"request_id":true,"error":"success","data":9}\n'
            b'{"request_id":1,"error":"success","data":5}\n{"event":"idle"}\n'
            b'{"request_id":99,"error":"success"}\n{"request_id":2,"error":"success"}\n'
        )
        assert (await first, await second) == (5, None)
    assert events == [{"event": "idle"}]


async def test_a_refusal_names_command_and_reason(runtime_socket: Path) -> None:
    """An error answer is an error here."""
    async with connected(runtime_socket) as (ipc, server):
        call = asyncio.create_task(ipc.call(["seek", 5]))
        await server.answer(error="error running command")
        with pytest.raises(MpvRefusedError, match=r"seek.*error running command") as caught:
            await call
    assert caught.value.reason == "error running command"


async def test_no_answer_in_time(runtime_socket: Path) -> None:
    """A late answer goes to nobody; the connection goes on."""
    async with connected(runtime_socket) as (ipc, server):
        with pytest.raises(MpvGoneError, match="does not answer"):
            await ipc.call(["get_property", "a"], timeout_seconds=0.01)
        await server.answer(data="late")
        call = asyncio.create_task(ipc.call(["get_property", "b"]))
        await server.answer(data="in time")
        assert await call == "in time"


async def test_waiting_calls_fail_when_mpv_goes(runtime_socket: Path) -> None:
    """And so do later ones, at once; posting to nobody is no error."""
    async with connected(runtime_socket) as (ipc, server):
        call = asyncio.create_task(ipc.call(["get_property", "a"]))
        await server.received.get()
        server.hang_up()
        with pytest.raises(MpvGoneError):
            await call
        await ipc.wait_gone()
        assert ipc.is_gone()
        with pytest.raises(MpvGoneError):
            await ipc.call(["get_property", "a"])
        ipc.post(["quit"])


async def test_closing_fails_the_waiting_calls(runtime_socket: Path) -> None:
    """Our own end counts like mpv's."""
    async with connected(runtime_socket) as (ipc, server):
        call = asyncio.create_task(ipc.call(["get_property", "a"]))
        await server.received.get()
        await ipc.close()
        with pytest.raises(MpvGoneError):
            await call


async def test_a_slow_handler_slows_the_reading(runtime_socket: Path) -> None:
    """Nothing is queued here: while one event is handled the next is not even taken apart."""
    handled: list[object] = []
    busy, gate = asyncio.Event(), asyncio.Event()

    async def handle(message: Message) -> None:
        handled.append(message["event"])
        busy.set()
        await gate.wait()

    async with connected(runtime_socket, handle) as (ipc, server):
        await server.say(b'{"event":1}\n{"event":2}\n{"event":3}\n')
        await busy.wait()
        assert handled == [1]
        gate.set()
        server.hang_up()
        await ipc.wait_gone()
    assert handled == [1, 2, 3]


async def test_a_bug_in_the_handler_is_not_hidden(runtime_socket: Path) -> None:
    """Whoever waits for the end of the connection hears of it."""

    async def fail(message: Message) -> None:
        raise LookupError(str(message))

    async with connected(runtime_socket, fail) as (ipc, server):
        await server.say(b'{"event":"idle"}\n')
        with pytest.raises(LookupError):
            await ipc.wait_gone()


async def test_connecting_is_one_attempt(runtime_socket: Path) -> None:
    """Connecting is one attempt; trying again is the caller's business."""
    with pytest.raises(OSError, match="No such file"):
        await MpvIpc.connect(runtime_socket / "nothing", ignore)


@pytest.fixture
def runtime_socket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short path."""
    return tmp_path_factory.mktemp("ipc")
