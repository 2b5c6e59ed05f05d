"""A server in memory and devices that sync with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.clock import FakeClock
from tests.sync.server import Device, MemoryProvider, MemoryServer

NewDevice = Callable[[str], Device]


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
