"""A server in memory and devices that sync with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dodo_tui.standin.faults import HalfAnswer, Malformed, Reset
from dodo_tui.standin.requests_log import LoggedRequest, RequestsLog
from tests.support.clock import FakeClock
from tests.sync.device import Device
from tests.sync.server import MemoryProvider, MemoryServer

NewDevice = Callable[[str], Device]


@pytest.fixture(autouse=True)
def conduct(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What no sync may ever do at Simkl, looked for in the requests of every test here.

    `all-items` never without the activities before it, and never twice without `date_from`. A
    request whose answer was made to go wrong may be made again. The server in memory refuses the
    same by itself (`MemoryProvider`).
    """
    seen: dict[int, tuple[RequestsLog, list[LoggedRequest]]] = {}
    """With the log itself, so that no other one gets its number in memory."""
    add = RequestsLog.add

    def note(log: RequestsLog, entry: LoggedRequest) -> None:
        seen.setdefault(id(log), (log, []))[1].append(entry)
        add(log, entry)

    monkeypatch.setattr(RequestsLog, "add", note)
    yield
    for _, requests in seen.values():
        check_conduct(requests)


def check_conduct(requests: list[LoggedRequest]) -> None:
    """Fail where the requests that one stand-in saw hold what must not be."""
    has_asked: set[str] = set()
    renewed = 0
    """So many tokens have come that nobody has used yet; who had them has asked before."""
    whole: set[tuple[str, str]] = set()
    for request in requests:
        who = request.headers.get("authorization", "")
        if request.path == "/oauth2/token" and has_asked:
            renewed += 1
        if request.path == "/sync/activities":
            has_asked.add(who)
        elif who not in has_asked and renewed and request.path.startswith("/sync"):
            renewed -= 1
            has_asked.add(who)
        if not request.path.startswith("/sync/all-items"):
            continue
        assert who in has_asked, f"{request.line} without activities before it"
        is_listing = "ids_only" in request.query.get("extended", "")
        was_lost = isinstance(request.fault, Reset | HalfAnswer | Malformed)
        if is_listing or was_lost or request.status != 200 or "date_from" in request.query:
            continue
        assert (who, request.path) not in whole, f"{request.line} twice without date_from"
        whole.add((who, request.path))


@pytest.fixture
def clock() -> FakeClock:
    """The time of everybody."""
    return FakeClock()


@pytest.fixture
def server(clock: FakeClock) -> MemoryServer:
    """A provider with an empty library."""
    return MemoryServer(clock)


@pytest.fixture
def new_device(tmp_path: Path, server: MemoryServer) -> Iterator[NewDevice]:
    """Make a device by its name."""
    made: list[Device] = []

    def make(name: str) -> Device:
        made.append(Device(tmp_path / name, MemoryProvider(server), server.clock))
        return made[-1]

    yield make
    for device in made:
        device.close()


@pytest.fixture
def tv(new_device: NewDevice) -> Device:
    """The television's dodo."""
    return new_device("tv")
