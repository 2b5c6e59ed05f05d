"""Servers that speak HTTP and mean no good."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator

import pytest

from dodo_tui.players import http
from dodo_tui.players.http import HttpError, JsonClient
from tests.players.conftest import SAFETY_SECONDS


@contextlib.asynccontextmanager
async def server(
    head: str, pieces: list[bytes], forever: bool = False
) -> AsyncIterator[JsonClient]:
    """One that answers with these pieces, one after the other, or again and again."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            while True:
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                if not forever:
                    break
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        client = JsonClient(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        async with asyncio.timeout(SAFETY_SECONDS):
            yield client
        await client.close()


async def test_an_answer_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It drips: no read ever waits for long, and the whole would take a year."""
    monkeypatch.setattr(http, "_LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 10**12)
    async with server("Content-Type: application/json", [b" "], forever=True) as client:
        with pytest.raises(HttpError, match="does not answer"):
            await client.get("/Sessions")


async def test_an_answer_that_is_too_long() -> None:
    """It is given up on the way."""
    async with server("X: y", [b" " * 65536], forever=True) as client:
        with pytest.raises(HttpError, match="too long"):
            await client.get("/Sessions")


async def test_an_answer_that_unpacks_to_more_than_it_was() -> None:
    """Nothing packed is asked for, and nothing is unpacked."""
    bomb = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    async with server(f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}", [bomb]) as client:
        with pytest.raises(HttpError, match="makes no sense"):
            await client.get("/Sessions")


async def test_an_answer_that_breaks_off() -> None:
    """Fewer bytes than were announced."""
    async with server("Content-Length: 100", [b"[]"]) as client:
        with pytest.raises(HttpError, match="does not answer"):
            await client.get("/Sessions")
