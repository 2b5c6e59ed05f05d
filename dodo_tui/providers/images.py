"""Fetching pictures: bounded, without a user's tokens, and only what really is a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dodo_tui import __version__
from dodo_tui.providers.errors import BrokenError, RejectedError
from dodo_tui.providers.http import Connection, Request

if TYPE_CHECKING:
    import httpx

Locate = Callable[[str], tuple[str, Request] | None]
"""A provider's way from a path fragment to a server and a request; None for nonsense."""

_SERVICE = "The picture server"
_OK = 200
_SERVER_ERROR = 500
_TRY_LATER = frozenset({408, 421, 425, 429})


def is_picture(data: bytes) -> bool:
    """Whether bytes begin as a PNG, a JPEG or a WebP does; whatever else is never decoded."""
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


class PictureSource:
    """Posters of one provider. Redirects are not followed: a poster is where it is, or nowhere."""

    def __init__(self, locate: Locate, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """`transport` stands in for the network."""
        self._locate = locate
        self._transport = transport
        self._connections: dict[str, Connection] = {}

    async def fetch(self, fragment: str) -> bytes:
        """A picture's file.

        Raises:
            RejectedError: there is no such picture, or it is none, or far too large: for good.
            OfflineError: the server cannot be reached, or was too slow.
            BrokenError: the server is in trouble, or asks to come back later.
            MisconfiguredError: the server's address or the proxy's cannot be used.
        """
        place = self._locate(fragment)
        if place is None:
            raise RejectedError("This is no poster of this provider.")
        server, request = place
        try:
            reply = await self._connection(server).send(request)
        except BrokenError as error:
            raise RejectedError("The picture is too large or cannot be read.") from error
        if reply.status >= _SERVER_ERROR or reply.status in _TRY_LATER:
            raise BrokenError(f"{_SERVICE} is in trouble (HTTP {reply.status}).")
        if reply.status != _OK or not is_picture(reply.body):
            raise RejectedError(f"There is no such picture (HTTP {reply.status}).")
        return reply.body

    async def close(self) -> None:
        """Close what is open."""
        for connection in self._connections.values():
            await connection.close()

    def _connection(self, server: str) -> Connection:
        if server not in self._connections:
            self._connections[server] = Connection(
                _SERVICE,
                server,
                f"dodo-tui/{__version__}",
                self._transport,
                {"Accept": "image/webp, image/jpeg, image/png"},
            )
        return self._connections[server]
