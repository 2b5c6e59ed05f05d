"""HTTP for the providers: one bounded exchange at a time, and trouble told as our own errors.

Nothing else in dodo's providers imports httpx. What comes back is a plain `Reply`; what fails on
the way is an `OfflineError` (or a `BrokenError` for an answer that cannot be read).
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import BrokenError, MisconfiguredError, OfflineError
from dodo_tui.providers.hearing import heard

# httpx's own command line pulls in click and rich where they are installed: 1.6 times the import.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

# They log addresses at INFO, and the classic PIN is polled at an address that holds the code.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

MAX_BYTES = 4 * 1024 * 1024
"""The largest answer read, in bytes after decompression, unless a call expects a library."""

MAX_LIBRARY_BYTES = 64 * 1024 * 1024
"""The largest answer read where a whole library may come back, in bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an answer is read and how long it may take. Times in seconds."""

    max_bytes: int = MAX_BYTES
    connect_seconds: float = 5.0
    read_seconds: float = 12.0
    """Between two pieces of the answer."""
    total_seconds: float = 18.0
    """For the whole exchange: a sync that nobody answers gives up within 20 s."""


ORDINARY = Limits()
"""For everything that is small."""

LIBRARY = Limits(MAX_LIBRARY_BYTES, read_seconds=60.0, total_seconds=600.0)
"""For whole libraries, which a server takes its time to collect."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask. The body is `json` or `form`, or there is none."""

    method: str
    path: str = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    tokens: Tokens | None = None
    """Sent as `Authorization: Bearer …`; None sends no such header."""
    limits: Limits = ORDINARY


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def _tls() -> ssl.SSLContext:
    """Whom dodo trusts: one context for all connections, since each holds every certificate."""
    return _tls_of(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _tls_of(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The same, with the certificates that the environment names so; httpx reads it itself.

    Raises:
        OSError: they cannot be read.
    """
    del file, folder
    return httpx.create_ssl_context()


class Connection:
    """Connections to one service, made when first needed and kept until `close`.

    TLS is always verified, redirects are never followed, and a proxy from the environment is
    used except for this machine itself.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        user_agent: str,
        transport: httpx.AsyncBaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
        on_date: Callable[[datetime], None] | None = None,
    ) -> None:
        """`service` is the name shown to people; `transport` stands in for the network.

        `headers` go with every request, besides the user agent. `on_date` hears with every answer
        how late it is there.
        """
        self._on_date = on_date
        self._service = service
        self._base_url = base_url.rstrip("/")
        self._transport = transport
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "application/json",
            **(headers or {}),
        }
        self._client: httpx.AsyncClient | None = None

    async def send(self, request: Request) -> Reply:
        """Ask and read the whole answer, whatever its status.

        Raises:
            OfflineError: nobody was reached, the connection broke, or it took too long.
            BrokenError: the answer is too large or cannot be decompressed.
            MisconfiguredError: the service's address or the proxy's cannot be used.
        """
        client = self._client
        if client is None:
            client = await asyncio.to_thread(self._open)
        limits = request.limits
        headers = {} if request.tokens is None else _authorization(request.tokens)
        try:
            async with (
                asyncio.timeout(limits.total_seconds),
                client.stream(
                    request.method,
                    self._base_url + request.path,
                    params=dict(request.query),
                    json=request.json,
                    data=request.form,
                    headers=headers,
                    timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
                ) as response,
            ):
                self._note_date(response.headers)
                body = await self._read(response, limits.max_bytes)
                return Reply(response.status_code, _lowered(response.headers), body)
        except httpx.DecodingError as error:
            raise BrokenError(f"{self._service} sent an answer that cannot be read.") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise MisconfiguredError(self._bad_address()) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise OfflineError(self._unreachable(error), never_sent=True) from error
        except (httpx.TransportError, TimeoutError) as error:
            raise OfflineError(self._unreachable(error)) from error

    async def close(self) -> None:
        """Close what is open; the next `send` would open it again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _open(self) -> httpx.AsyncClient:
        """Make the client. Its TLS context costs some ten milliseconds: late, and not on a loop."""
        try:
            host = urlsplit(self._base_url).hostname or ""
        except ValueError as error:
            raise MisconfiguredError(self._bad_address()) from error
        pattern = f"all://[{host}]" if ":" in host else f"all://{host}"
        try:
            self._client = httpx.AsyncClient(
                headers=self._headers,
                follow_redirects=False,
                verify=_tls(),
                transport=self._transport,
                mounts={pattern: None} if _is_loopback(host) else None,
            )
        except OSError as error:
            sentence = "The certificates named in the environment cannot be read."
            raise MisconfiguredError(sentence) from error
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            # A SOCKS proxy without its helper, or no proxy address at all. It may hold a password.
            sentence = "The proxy set in the environment cannot be used."
            raise MisconfiguredError(sentence) from error
        return self._client

    async def _read(self, response: httpx.Response, max_bytes: int) -> bytes:
        """The body, unless it is longer than anything this service has reason to send."""
        body = bytearray()
        heard()
        async for piece in response.aiter_bytes():
            heard()
            body += piece
            if len(body) > max_bytes:
                raise BrokenError(f"{self._service} sent an answer that is too large.")
        return bytes(body)

    def _note_date(self, headers: Mapping[str, str]) -> None:
        """Pass on how late it is there, as far as that is said and can be read.

        What a cache kept (HTTP: it says so with `Age`) bears the time at which it was made.
        """
        text = headers.get("date")
        if self._on_date is None or text is None or "age" in headers:
            return
        try:
            there = parsedate_to_datetime(text)
        except ValueError:
            return
        self._on_date(there.replace(tzinfo=UTC) if there.tzinfo is None else there)

    def _unreachable(self, error: BaseException) -> str:
        """The sentence for a connection that failed; a bad certificate is often a wrong clock."""
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"{self._service} cannot be reached: its certificate is not trusted. "
                    "Is the clock right?"
                )
            cause = cause.__cause__ or cause.__context__
        return f"{self._service} cannot be reached."

    def _bad_address(self) -> str:
        return f"The address set for {self._service} cannot be used."


def _authorization(tokens: Tokens) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.access}"}


def _lowered(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine, which no proxy can reach for us."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
