"""Asking players that speak HTTP: VLC on this machine, a Jellyfin server.

Answers are bounded in size and time. Nothing of an address or a header is ever put into an error:
both may hold a secret.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dodo_tui import __version__

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 8 * 1024 * 1024
_SECONDS = 5.0
_LONGEST_SECONDS = 15.0
"""For the whole of an answer: one that drips for ever never runs into the time-out of a read."""


class HttpError(Exception):
    """There was no usable answer; `status` is the server's, or 0 where there was none."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


class JsonClient:
    """Gets JSON objects and lists from one server."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        password: str | None = None,
    ) -> None:
        """`password`: for basic authorisation with an empty user name, as VLC wants it."""
        self._base_url = base_url
        self._headers = dict(headers or {})
        self._password = password
        self._client: httpx.AsyncClient | None = None

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> object:
        """What the server says, whatever content type it calls it.

        Raises:
            HttpError: it does not answer, refuses, or says no JSON.
        """
        import httpx  # 91 ms, for who has such a player only

        try:
            if self._client is None:
                self._client = httpx.AsyncClient(
                    base_url=self._base_url,
                    headers={
                        "User-Agent": f"dodo-tui/{__version__}",
                        "Accept-Encoding": "identity",  # nothing unpacks to more than it was
                        **self._headers,
                    },
                    auth=None if self._password is None else ("", self._password),
                    timeout=_SECONDS,
                    trust_env=False,
                )
            async with (
                asyncio.timeout(_LONGEST_SECONDS),
                self._client.stream("GET", path, params=dict(query or {})) as answer,
            ):
                if answer.status_code != 200:
                    raise HttpError("it refuses", answer.status_code)
                body = bytearray()
                async for chunk in answer.aiter_raw():
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        raise HttpError("its answer is too long", answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise HttpError(f"it does not answer ({type(error).__name__})") from None
        try:
            return json.loads(bytes(body))
        except (ValueError, RecursionError):
            raise HttpError("its answer makes no sense", 200) from None

    async def close(self) -> None:
        """Close the connection; the next `get` opens another."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
