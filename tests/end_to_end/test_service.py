"""The daemon and a service manager: what they say to each other, over a real socket."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from dodo_tui.engine.notify import ALIVE, READY, STOPPING, notify, watchdog_seconds
from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import KEY
from tests.support.cli import SAFETY_SECONDS, Dodo


class Manager:
    """The end of the socket that a service manager holds."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.settimeout(SAFETY_SECONDS)

    def hear(self, line: str) -> None:
        """Wait for a line."""
        while line not in self._socket.recv(4096).decode().splitlines():
            pass

    def close(self) -> None:
        """Hear nothing more."""
        self._socket.close()


def test_ready_alive_and_stopping(dodo: Dodo, standin: StandIn) -> None:
    """It says when it is ready, gives signs of life, says what it does and that it ends."""
    with tempfile.TemporaryDirectory(prefix="dodo-notify-") as folder:
        manager = Manager(Path(folder))
        dodo.environment |= {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "600000"}
        process = dodo.start("daemon")
        try:
            manager.hear(READY)
            manager.hear(ALIVE)
            standin.offline = True
            dodo.ok("mark", KEY, "--watched")
            manager.hear("STATUS=Delivers and syncs. 1 waiting, 0 held.")
            manager.hear(ALIVE)
            process.terminate()
            manager.hear(STOPPING)
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=SAFETY_SECONDS)
            manager.close()
    assert (process.returncode, b"Traceback" in errors) == (0, False)
    standin.offline = False


@pytest.mark.parametrize("address", ["", "relative", "/nobody/there", "@dodo-nobody"])
def test_without_anybody_to_tell_nothing_happens(address: str) -> None:
    """Outside of a service, or with a socket that is gone, nothing happens."""
    assert notify(READY, environment={"NOTIFY_SOCKET": address}) is False
    assert notify(READY, environment={}) is False


def test_an_abstract_address_is_told_too() -> None:
    """Containers give one that is no file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0dodo-test-notify")
        assert notify("A=1", "B=2", environment={"NOTIFY_SOCKET": "@dodo-test-notify"})
        assert manager.recv(100) == b"A=1\nB=2"


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_signs_of_life_are_given_where_they_are_expected(
    environment: dict[str, str], seconds: float | None
) -> None:
    """Signs of life are given only where they are expected of this process."""
    assert watchdog_seconds(environment) == seconds
