"""One client's connection: requests in, answers out, and the faults asked for in between."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol

from dodo_tui.standin.clock import Clock
from dodo_tui.standin.faults import Drip, Fault, Faults, HalfAnswer, Hold, Malformed, Reply, Reset
from dodo_tui.standin.messages import Request, Response, answer
from dodo_tui.standin.requests_log import LoggedRequest, RequestsLog, logged
from dodo_tui.standin.wire import (
    BadRequestError,
    encode,
    read_request,
    reset,
    wants_keep_alive,
)

_HOLD_LOOKS_EVERY_SECONDS = 0.005


class Site(Protocol):
    """The provider that a server stands in for."""

    @property
    def clock(self) -> Clock:
        """Where every time comes from."""
        ...

    @property
    def lock(self) -> RLock:
        """Held while a request is looked at or processed."""
        ...

    @property
    def latency_seconds(self) -> float:
        """How long every answer takes, in real seconds."""
        ...

    def owner(self, request: Request) -> str | None:
        """Whose token a request carries, for the log."""
        ...

    def in_flight(
        self, request: Request, is_abandoned: Callable[[], bool]
    ) -> AbstractContextManager[None]:
        """Look at a request as it comes, and count it as long as it is unanswered."""
        ...

    def answer(self, request: Request) -> Response:
        """Process a request; the lock is held."""
        ...

    def answer_lost(self, request: Request) -> None:
        """The answer to a request was made to go astray; the lock is held."""
        ...


@dataclass(slots=True)
class Service:
    """What all connections share."""

    site: Site
    """The provider."""
    faults: Faults
    """The troubles asked for."""
    log: RequestsLog
    """The requests seen."""
    errors: list[str] = field(default_factory=list)
    """Tracebacks of the stand-in's own mistakes; there should be none."""


class _ConnectionOver(Exception):  # noqa: N818 - not an error but an end
    """Nothing more is to be sent on this connection."""


async def serve_connection(
    service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the requests of one connection until either side is done."""
    try:
        with suppress(_ConnectionOver, OSError):  # clients leave as they please
            await _serve_all(service, reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _serve_all(
    service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One request after the other; one that cannot be read is refused and is the last."""
    try:
        is_open = True
        while is_open:
            is_open = await _serve_one(service, reader, writer)
    except BadRequestError as problem:
        await _refuse(service, writer, problem.status)


async def _serve_one(
    service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    request = await read_request(reader, writer)
    if request is None:
        return False
    site = service.site
    with site.lock:
        entry = logged(request, site.clock.now(), site.owner(request))
        service.log.add(entry)
        fault = service.faults.take(request)
        entry.fault = fault
    with site.in_flight(request, reader.at_eof):
        response = await _respond(service, request, fault, reader, writer)
        if site.latency_seconds > 0:
            await asyncio.sleep(site.latency_seconds)
    entry.status = response.status
    keep_alive = wants_keep_alive(request)
    data = encode(response, service.site.clock.now(), keep_alive=keep_alive)
    if isinstance(fault, HalfAnswer):
        await _send_half(data, writer, entry)
    if isinstance(fault, Drip):
        data = await _drip(fault, data, writer)
    writer.write(data)
    await writer.drain()
    return keep_alive


async def _respond(
    service: Service,
    request: Request,
    fault: Fault | None,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> Response:
    if isinstance(fault, Reply):
        return _as_response(fault)
    if isinstance(fault, Reset) and not fault.after_processing:
        reset(writer)
        raise _ConnectionOver
    if isinstance(fault, Hold) and not fault.after_processing:
        await _hold(fault, reader, writer)
    response = _process(service, request)
    if isinstance(fault, Reset | HalfAnswer | Malformed):
        with service.site.lock:
            service.site.answer_lost(request)
    if isinstance(fault, Hold) and fault.after_processing:
        await _hold(fault, reader, writer)
    if isinstance(fault, Reset):
        reset(writer)
        raise _ConnectionOver
    if isinstance(fault, Malformed):
        response.body = fault.body
    return response


def _process(service: Service, request: Request) -> Response:
    try:
        with service.site.lock:
            return service.site.answer(request)
    except Exception:  # noqa: BLE001 - a mistake of ours is a 500, and a failing test
        service.errors.append(traceback.format_exc())
        return answer({"error": "internal", "code": 500}, 500)


async def _hold(hold: Hold, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Wait until released, out of time, or left by the client."""
    loop = asyncio.get_running_loop()
    deadline = None if hold.seconds is None else loop.time() + hold.seconds
    hold.reached.set()
    while not hold.is_released and (deadline is None or loop.time() < deadline):
        if reader.at_eof() or writer.transport.is_closing():
            raise _ConnectionOver
        await asyncio.sleep(_HOLD_LOOKS_EVERY_SECONDS)


async def _send_half(data: bytes, writer: asyncio.StreamWriter, entry: LoggedRequest) -> None:
    entry.status = None
    writer.write(data[: (len(data) + data.index(b"\r\n\r\n")) // 2])
    await writer.drain()
    raise _ConnectionOver


async def _drip(drip: Drip, data: bytes, writer: asyncio.StreamWriter) -> bytes:
    """Send an answer piece by piece; answers the last one, which is not sent yet."""
    size = len(data) // drip.pieces + 1
    while len(data) > size:
        writer.write(data[:size])
        await writer.drain()
        data = data[size:]
        await asyncio.sleep(drip.pause_seconds)
    return data


async def _refuse(service: Service, writer: asyncio.StreamWriter, status: int) -> None:
    response = answer({"error": "bad_request", "code": status}, status)
    writer.write(encode(response, service.site.clock.now(), keep_alive=False))
    with suppress(ConnectionError, TimeoutError, OSError):
        await writer.drain()


def _as_response(fault: Reply) -> Response:
    headers = dict(fault.headers)
    content_type = headers.pop("Content-Type", "application/json; charset=utf-8")
    return Response(fault.status, fault.body, content_type, headers)
