"""The server as a server: connections, going offline, and input nobody should send."""

from __future__ import annotations

import gc
import http.client
import socket
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Hold
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.wire import MOST_BODY_BYTES

from .caller import Caller, Callers


def raw_exchange(standin: StandIn, data: bytes) -> bytes:
    """Send bytes, read until the server ends the connection."""
    host, port = standin.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        received = b""
        while piece := sock.recv(65536):
            received += piece
        return received


def test_it_listens_on_the_loopback_interface_only(standin: StandIn) -> None:
    """Other addresses of this machine are refused."""
    assert standin.url.startswith("http://127.0.0.1:")
    port = int(standin.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", port), timeout=2)


def test_one_connection_carries_many_requests(dodo: Caller) -> None:
    """Keep-alive; the caller's socket stays the same."""
    dodo.get("/sync/activities")
    sock = dodo.connection.sock
    dodo.post("/sync/history", {})
    assert sock is not None
    assert dodo.connection.sock is sock


def test_a_connection_ends_when_the_client_says_so(standin: StandIn) -> None:
    """`Connection: close`, and HTTP/1.0."""
    for head in (b"GET /pin HTTP/1.1\r\nConnection: close", b"GET /pin HTTP/1.0"):
        received = raw_exchange(standin, head + b"\r\n\r\n")
        assert received.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"Connection: close" in received


def test_requests_sent_at_once_are_answered_in_turn(standin: StandIn) -> None:
    """Pipelining."""
    received = raw_exchange(standin, b"GET /pin HTTP/1.1\r\n\r\n" * 3)
    assert received.count(b"HTTP/1.1 200 OK") == 3


def test_the_date_header_is_the_stand_ins_time(dodo: Caller, clock: ManualClock) -> None:
    """A client may compare its clock with it."""
    clock.advance(61)
    assert dodo.get("/sync/activities").headers["Date"] == "Mon, 02 Nov 2026 12:01:01 GMT"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / SPDY/3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY_BYTES + 1), 413),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (b"GET http://[/ HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused(standin: StandIn, data: bytes, status: int) -> None:
    """With a status, and without a traceback."""
    received = b""
    try:
        received = raw_exchange(standin, data)
    except ConnectionError:
        assert status == 431  # unread bytes make the kernel reset what was answered
        return
    assert received.startswith(b"HTTP/1.1 %d " % status)


def test_a_client_may_leave_at_any_point(
    standin: StandIn, capfd: pytest.CaptureFixture[str]
) -> None:
    """In the middle of a head or a body, or before the answer; nothing is printed."""
    for data in (b"", b"GET /pi", b"POST /pin HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc"):
        assert raw_exchange(standin, data) == b""
    host, port = standin.url.removeprefix("http://").split(":")
    for _ in range(5):
        sock = socket.create_connection((host, int(port)))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        sock.sendall(b"GET /pin HTTP/1.1\r\n\r\n")
        sock.close()
    assert raw_exchange(standin, b"GET /pin HTTP/1.0\r\n\r\n")
    assert capfd.readouterr().err == ""


def test_offline_refuses_new_connections_and_resets_old_ones(
    standin: StandIn, dodo: Caller
) -> None:
    """And back online everything is as it was, on the same port."""
    dodo.get("/sync/activities")
    url = standin.url
    standin.offline = True
    assert standin.offline
    with pytest.raises(ConnectionResetError):
        dodo.get("/sync/activities")
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            dodo.get("/sync/activities")
    standin.person().mark_watched("tt0133093")
    standin.offline = False
    assert standin.url == url
    assert len(dodo.all_items()["movies"]) == 1


def test_nobody_takes_the_port_while_offline_or_online(standin: StandIn) -> None:
    """Going back online always works; a second stand-in on the port is refused."""
    port = int(standin.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        StandIn(port=port).start()
    for _ in range(5):
        standin.offline = True
        standin.offline = True
        standin.offline = False
        standin.offline = False


def test_it_can_start_offline(clock: ManualClock) -> None:
    """Before `start()` the switch is only remembered."""
    standin = StandIn(clock=clock)
    standin.offline = True
    with standin:
        callers = Callers(standin)
        with pytest.raises(ConnectionRefusedError):
            callers.anonymous().get("/sync/activities")
        standin.offline = False
        assert callers.anonymous().get("/sync/activities").status == 401
        callers.close()


def test_stopping_ends_open_connections_and_held_requests(clock: ManualClock) -> None:
    """Within a moment, leaving no thread behind; starting again keeps port and state."""
    standin = StandIn(clock=clock, faithful_limits=False)
    standin.start()
    url = standin.url
    callers = Callers(standin)
    caller = callers.signed_in()
    hold = Hold()
    standin.faults.add("/sync/activities", hold)
    failures: list[BaseException] = []

    def call() -> None:
        try:
            caller.get("/sync/activities")
        except (OSError, http.client.HTTPException) as problem:
            failures.append(problem)

    thread = threading.Thread(target=call)
    thread.start()
    assert hold.reached.wait(60)
    standin.stop()
    standin.stop()
    thread.join(60)
    assert len(failures) == 1
    assert "simkl-stand-in" not in {each.name for each in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        caller.get("/sync/activities")
    with standin:
        standin.start()
        assert standin.url == url
        assert caller.get("/sync/activities").status == 200
        callers.close()
    assert standin.errors == []


def test_before_it_starts_it_has_no_address() -> None:
    """Asking is a mistake of the program."""
    with pytest.raises(RuntimeError, match="not been started"):
        _ = StandIn().url


def test_many_clients_at_once_are_served(standin: StandIn, callers: Callers) -> None:
    """Every write of every one arrives."""
    people = [callers.signed_in(f"User {number}") for number in range(8)]

    def watch_all(caller: Caller) -> None:
        for number in range(1, 8):
            item = {"ids": {"imdb": "tt0903747"}, "episodes": [{"number": number}]}
            assert caller.post("/sync/history", {"shows": [item]}).status == 201

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(watch_all, people))
    assert all(standin.person(f"User {number}").has_watched("tt0903747", 1) for number in range(8))


def test_a_mistake_of_its_own_is_a_500_and_is_kept(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a test can notice."""
    with StandIn(clock=clock) as standin:
        callers = Callers(standin)
        caller = callers.signed_in()
        monkeypatch.setattr(standin.world.catalogue, "titles", lambda: 1 / 0)
        answer = caller.get("/search/movie", q="x")
        assert (answer.status, answer.error) == (500, "internal")
        assert "ZeroDivisionError" in standin.errors[0]
        callers.close()


def test_a_delay_for_every_answer_can_be_set(standin: StandIn, dodo: Caller) -> None:
    """The demo feels like a network; calls sent side by side are then seen to be parallel."""
    standin.settings.latency_seconds = 0.01
    assert dodo.get("/sync/activities").status == 200


def test_stopping_while_clients_connect_leaves_no_socket_open() -> None:
    """Whoever connects in that very moment is reset; nothing is left to the collector."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(40):
            server = StandIn()
            server.start()
            host, port = server.url.removeprefix("http://").split(":")
            clients = [socket.socket() for _ in range(20)]
            for client in clients:
                client.setblocking(False)
                client.connect_ex((host, int(port)))
            server.stop()
            for client in clients:
                client.close()
            gc.collect()
    assert [str(warning.message) for warning in seen] == []
