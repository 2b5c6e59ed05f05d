"""Posters from a hostile world: only a picture of a sane size comes through, and in time."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError, RejectedError
from dodo_tui.providers.http import Limits, Request
from dodo_tui.providers.images import PictureSource, is_picture
from dodo_tui.providers.simkl.images import LIMITS, poster_request
from tests.support.pictures import plain_png

PICTURE = plain_png()
SHORT = Limits(max_bytes=20_000, read_seconds=5.0, total_seconds=0.05)
ENOUGH = Limits(max_bytes=20_000)
MEGABYTE = b"\x89PNG\r\n\x1a\n" + b"x" * 1_000_000


def answer(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """An HTTP answer, with a length that may be a lie."""
    size = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


ANSWERS = {
    "picture": answer("200 OK", PICTURE, "Content-Type: text/plain"),
    "svg": answer(
        "200 OK", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Content-Type: image/png"
    ),
    "html": answer("200 OK", b"<html>not here</html>"),
    "empty": answer("200 OK", b""),
    "gone": answer("404 Not Found", PICTURE),
    "moved": answer("302 Found", PICTURE, "Location: http://127.0.0.1:9/picture"),
    "large": answer("200 OK", MEGABYTE, length=100 * 1024 * 1024),
    "bomb": answer("200 OK", gzip.compress(MEGABYTE), "Content-Encoding: gzip"),
    "nonsense": answer("200 OK", b"no gzip", "Content-Encoding: gzip"),
    "trouble": answer("503 Service Unavailable", b""),
    "busy": answer("429 Too Many Requests", b""),
    "cut": answer("200 OK", PICTURE[:40], length=len(PICTURE)),
    "slow": answer("200 OK", PICTURE[:10], length=len(PICTURE)),
    "silent": b"",
}
STAYS_OPEN = {"large", "slow", "silent"}
"""What keeps the connection and says no more."""


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """A server of pictures on this machine; answers its address."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        name = line.split()[1].decode().strip("/") if line else "silent"
        writer.write(ANSWERS[name])
        if name in STAYS_OPEN:
            await done.wait()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        done.set()
        listening.close()


async def fetch(name: str, limits: Limits = ENOUGH) -> bytes:
    """One picture of the server."""
    async with server() as address:
        source = PictureSource(lambda path: (address, Request("GET", f"/{path}", limits=limits)))
        try:
            return await source.fetch(name)
        finally:
            await source.close()


async def test_a_picture_comes_whatever_its_type_says() -> None:
    """What counts is what is in the file."""
    assert await fetch("picture") == PICTURE


@pytest.mark.parametrize(
    "name", ["svg", "html", "empty", "gone", "moved", "large", "bomb", "nonsense"]
)
async def test_what_is_no_picture_is_refused_for_good(name: str) -> None:
    """Also a hundred megabytes, of which no more than the limit is ever read."""
    with pytest.raises(RejectedError):
        await fetch(name)


@pytest.mark.parametrize("name", ["trouble", "busy"])
async def test_a_server_in_trouble_is_asked_again_later(name: str) -> None:
    """Nothing is concluded about the picture."""
    with pytest.raises(BrokenError):
        await fetch(name)


@pytest.mark.parametrize("name", ["slow", "silent"])
async def test_a_slow_picture_is_not_waited_for(name: str) -> None:
    """Byte by byte or not at all: the whole of it has one limit."""
    with pytest.raises(OfflineError):
        await fetch(name, SHORT)


async def test_a_connection_that_breaks_is_no_answer() -> None:
    """Half a picture is none, and nothing is concluded about it."""
    with pytest.raises(OfflineError):
        await fetch("cut")


async def test_a_port_that_nobody_listens_on_is_offline() -> None:
    """A port that nobody listens on."""
    source = PictureSource(lambda _path: ("http://127.0.0.1:9", Request("GET", "/x")))
    with pytest.raises(ProviderError):
        await source.fetch("x")
    await source.close()


async def test_nonsense_is_never_asked_for() -> None:
    """What the provider cannot place goes nowhere."""
    with pytest.raises(RejectedError):
        await PictureSource(lambda _path: None).fetch("x")


@given(st.binary(max_size=40))
def test_only_three_kinds_are_pictures(data: bytes) -> None:
    """By their first bytes."""
    known = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
    assert is_picture(data) == (
        data.startswith(known) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    )
    assert is_picture(b"RIFF\x00\x00\x00\x00WEBP" + data)
    assert not is_picture(b"GIF89a" + data)


def test_a_poster_is_asked_for_as_simkl_says() -> None:
    """Through the proxy, encrypted, in a size that is enough, within limits."""
    place = poster_request("14/14017865947c9d3d0d")
    assert place is not None
    server_address, request = place
    assert server_address == "https://wsrv.nl"
    assert request.query == {
        "url": "https://simkl.in/posters/14/14017865947c9d3d0d_m.webp",
        "q": "90",
    }
    assert request.tokens is None
    assert LIMITS.max_bytes <= 5 * 1024 * 1024 and LIMITS.total_seconds <= 15
    assert poster_request("14/14a", "http://127.0.0.1:8000") == (
        "http://127.0.0.1:8000",
        Request("GET", "/posters/14/14a_m.webp", limits=LIMITS),
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "/",
        "14",
        "../../etc/passwd",
        "14/../15",
        "14/a/b",
        "14/a?x=1",
        "14/a#",
        "14/a%2e%2e",
        "14/a\n",
        "14/a b",
        "http://evil.example/14/a",
        "//evil.example/a",
        "14/" + "a" * 65,
        "١٤/a",
        "14/é",
        "14/a\x00",
    ],
)
def test_a_fragment_cannot_lead_elsewhere(fragment: str) -> None:
    """It comes from outside."""
    assert poster_request(fragment) is None
    assert poster_request(fragment, "http://127.0.0.1:8000") is None


@given(st.text(max_size=80))
def test_no_text_leads_elsewhere(fragment: str) -> None:
    """Whatever is taken is digits, a slash, letters and digits."""
    if poster_request(fragment) is not None:
        number, name = fragment.split("/")
        assert number.isascii() and number.isdigit()
        assert name.isascii() and name.isalnum()
