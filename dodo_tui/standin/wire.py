"""HTTP/1.1 on a stream: reading one request, writing one answer, resetting a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from dodo_tui.standin.messages import Request, Response

MOST_HEADER_BYTES = 64 * 1024
"""The longest head of a request."""
MOST_BODY_BYTES = 4 * 1024 * 1024
"""The longest body of a request."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class BadRequestError(Exception):
    """What came is not a request this server can read; it is answered and the connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(f"unreadable request: {status}")
        self.status = status
        """What to answer."""


async def read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Request | None:
    """The next request of a connection; None when the client is done."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as problem:
        raise BadRequestError(431) from problem
    lines = head.decode("iso-8859-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequestError(400)
    headers = _headers(lines[1:])
    headers.setdefault("connection", "close" if parts[2] == "HTTP/1.0" else "keep-alive")
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await _read_body(reader, headers)
    return _request(parts[0], parts[1], headers, body)


def encode(response: Response, now: datetime, *, keep_alive: bool) -> bytes:
    """An answer as it goes over the wire."""
    headers = {
        "Date": http_date(now),
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        "Connection": "keep-alive" if keep_alive else "close",
    }
    if response.status == 204:
        del headers["Content-Type"], headers["Content-Length"]
    headers |= response.headers
    phrase = _phrase(response.status)
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    lines += [f"{name}: {_one_line(value)}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("iso-8859-1", "replace") + response.body


def wants_keep_alive(request: Request) -> bool:
    """Whether the client will send another request on this connection."""
    return "close" not in request.headers.get("connection", "").lower()


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection so that the client sees "connection reset", not an orderly end."""
    sock = writer.get_extra_info("socket")
    if sock is not None and not writer.transport.is_closing():
        reset_on_close(sock)
    writer.transport.abort()


def reset_on_close(sock: socket.socket) -> None:
    """Let the end of a socket, whenever it comes, be "connection reset" for the client."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def http_date(moment: datetime) -> str:
    """A time as HTTP headers have it, in any locale."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02d} {month} {moment.year} {moment:%H:%M:%S} GMT"


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        raise BadRequestError(411)
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequestError(400)
    if int(text) > MOST_BODY_BYTES:
        raise BadRequestError(413)
    try:
        return await reader.readexactly(int(text))
    except asyncio.IncompleteReadError as problem:
        raise ConnectionResetError("the client left in the middle of a body") from problem


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    try:
        address = urlsplit(target)
    except ValueError as problem:
        raise BadRequestError(400) from problem
    query: dict[str, str] = {}
    for name, value in parse_qsl(address.query, keep_blank_values=True):
        query.setdefault(name, value)
    return Request(method.upper(), unquote(address.path) or "/", query, headers, body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
