"""New files are noticed without anybody asking, by one process, and idle costs a look."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dodo_tui.config import Settings
from dodo_tui.engine import minding_library
from dodo_tui.engine.daemon import DaemonApp
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.state import Scan
from dodo_tui.storage import files
from dodo_tui.storage.errors import StorageError, Trouble
from dodo_tui.storage.folders import add_folder
from dodo_tui.storage.leases import LIBRARY_LEASE, Lease
from dodo_tui.tracking import scanning
from tests.engine.conftest import World
from tests.engine.support import StillClock, eventually
from tests.support.clock import START

LONG_AGO = 1_700_000_000
FIRST_LOOK = 3.0
QUARTER = 15 * 60.0
DAY = 24 * 3600.0


class Noted:
    """A clock that tells how long those who have begun to wait wanted to wait."""

    def __init__(self, clock: StillClock) -> None:
        self._clock = clock
        self.now = clock.now
        self.monotonic = clock.monotonic
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Wait, and be seen to."""
        self.waits.append(seconds)
        await self._clock.sleep(seconds)


class Asked(Lease):
    """A lease that counts who asks for it."""

    asks = 0

    def take_over(self, clock_seconds: float) -> bool:
        """Count, and answer as ever."""
        Asked.asks += 1
        return super().take_over(clock_seconds)


class Household:
    """A daemon that minds a folder of films."""

    def __init__(self, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.folder = folder
        self.looks = self.scans = self._changes = 0
        folder.mkdir()
        self.clock = Noted(world.clock)
        self.app = app = DaemonApp(
            Parts(world.store, world.profile, Settings(), world.paths, world.services, self.clock)
        )
        app.minds_library = True
        world.store.run_now(add_folder, str(folder), START)
        look, scan = app._look_for_files, app._scan

        async def counted_look() -> None:
            await look()
            self.looks += 1

        async def counted_scan() -> bool:
            self.scans += 1
            return await scan()

        monkeypatch.setattr(app, "_look_for_files", counted_look)
        monkeypatch.setattr(app, "_scan", counted_scan)

    def put(self, name: str) -> None:
        """A new film."""
        (self.folder / name).write_bytes(b"video")
        self._changes += 1
        os.utime(self.folder, (LONG_AGO + self._changes,) * 2)

    @property
    def names(self) -> set[str]:
        """The films that are known."""
        known = self.world.store.run_now(files.known_files, str(self.folder))
        return {os.path.basename(path) for path in known}  # noqa: PTH119

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The daemon, from when it has looked for the first time."""
        async with self.app.run_test() as pilot:
            self._pilot = pilot
            await eventually(pilot, lambda: FIRST_LOOK in self.clock.waits)
            await self.pass_time(FIRST_LOOK)
            yield

    async def pass_time(self, seconds: float) -> None:
        """Let so much time pass, and what is done then come to its end."""
        before = self.clock.waits.count(QUARTER)
        await self.world.clock.advance(seconds)
        await eventually(self._pilot, lambda: self.clock.waits.count(QUARTER) > before)


@pytest.fixture
def household(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Household:
    """With one film."""
    made = Household(world, tmp_path / "films", monkeypatch)
    made.put("Heat.1995.mkv")
    return made


async def test_a_new_file_is_noticed_by_itself(household: Household) -> None:
    """What is there at the start, and what comes later; nobody opens dodo or types anything."""
    async with household.running():
        assert household.names == {"Heat.1995.mkv"}
        household.put("Alien.1979.mkv")
        await household.pass_time(QUARTER)
        assert household.names == {"Heat.1995.mkv", "Alien.1979.mkv"}


async def test_where_nothing_has_changed_nothing_is_scanned(household: Household) -> None:
    """Except once a day: some file systems do not tell of changes."""
    async with household.running():
        for _ in range(3):
            await household.pass_time(QUARTER)
        assert (household.looks, household.scans) == (4, 1)
        await household.pass_time(DAY)
        assert (household.looks, household.scans) == (5, 2)


async def test_a_scan_that_failed_is_made_again(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was in use by another process, say."""

    def fail(*_: object) -> None:
        raise StorageError(Trouble.BUSY, "It is in use.")

    with monkeypatch.context() as patch:
        patch.setattr(scanning, "scan_library", fail)
        async with household.running():
            assert household.names == set()
            patch.undo()
            await household.pass_time(QUARTER)
            assert household.names == {"Heat.1995.mkv"}


async def test_a_scan_by_hand_is_the_only_one(household: Household) -> None:
    """A look that comes upon one leaves it alone, and the next one finds what was missed."""
    async with household.running():
        household.app.scan = Scan(running=True)
        household.put("Alien.1979.mkv")
        await household.pass_time(QUARTER)
        assert household.scans == 1
        household.app.scan = Scan(running=False)
        await household.pass_time(QUARTER)
        assert household.names == {"Heat.1995.mkv", "Alien.1979.mkv"}


async def test_one_process_looks_again_and_again(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each scans when it starts; afterwards the others see what one of them has found."""
    monkeypatch.setattr(minding_library, "Lease", Asked)
    other = Lease(household.world.paths.data / LIBRARY_LEASE)
    assert other.take()
    Asked.asks = 0
    async with household.running():
        household.put("Alien.1979.mkv")
        await household.pass_time(QUARTER)
        assert (Asked.asks, household.looks, household.names) == (1, 1, {"Heat.1995.mkv"})
        other.release()
        await household.pass_time(QUARTER)
        assert household.names == {"Heat.1995.mkv", "Alien.1979.mkv"}
