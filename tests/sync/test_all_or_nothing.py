"""A later sync is merged in one transaction: broken off anywhere, it has changed nothing here."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import pytest_asyncio

from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.changes import TitlePage
from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError, ThrottledError
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Fault, server_error
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage import pulls
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import sync_log
from dodo_tui.tracking.applying import gathering, pieces
from dodo_tui.tracking.applying.gathering import Gathered
from dodo_tui.tracking.applying.pull import Pull
from tests.support.standins import CUT_SHORT, well_behaved
from tests.sync.device import Device, dated, earlier
from tests.sync.phone import BREAKING_BAD, INCEPTION, MATRIX, device_at
from tests.sync.rows import Rows, rows_of
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryServer, film, remote_title
from tests.sync.twins import TraktDevice, trakt_device_at


@pytest.fixture
def time() -> ManualClock:
    """The time of everybody at the stand-ins."""
    return ManualClock()


async def known_here(tv: Device, server: MemoryServer) -> None:
    """Two films are known, one of them begun; then everything that can move has moved."""
    server.watch(film(1), FILM, earlier(server.clock, days=2))
    server.watch(film(2), FILM, earlier(server.clock, days=2))
    server.pause(film(3), FILM, 30.0, earlier(server.clock, days=1))
    await tv.sync()
    server.clock.advance(900)
    server.watch(HEAT, FILM, earlier(server.clock, seconds=5))
    server.rate(film(2), 8)
    server.remove(film(1))
    server.pause(SEVERANCE, (1, 1), 50.0, earlier(server.clock, seconds=4))
    server.clear_point(film(3))


def log_of(device: Device) -> list[str]:
    """The lines of the sync log, newest first."""
    return [text for _, text in device.store.run_now(sync_log, device.profile.id)]


NEWS = {
    f"{film(3).title} taken out of Continue Watching on another device",
    "Severance S1 E1 stopped at 50 % on another device",
    f"{film(1).title} removed from the list on another device",
    f"{film(2).title} rated 8 on another device",
    "Heat watched on another device",
}


@pytest.mark.parametrize(
    "error",
    [
        OfflineError("No network."),
        BrokenError("Nonsense."),
        ThrottledError("Too many.", ManualClock().now()),
    ],
)
@pytest.mark.parametrize("number", range(4))
async def test_whichever_request_fails(
    tv: Device, server: MemoryServer, number: int, error: ProviderError
) -> None:
    """Timestamps, titles, the listing, the resume points: the next sync brings all of it, once."""
    await known_here(tv, server)
    before = rows_of(tv.store)
    server.fail_at, server.error = number, error
    result = await tv.sync()
    assert (result.error, result.pulled) == (str(error), 0)
    assert rows_of(tv.store) == before
    server.clock.advance(900)
    result = await tv.sync()
    assert (result.error, result.pulled) == (None, len(NEWS))
    assert set(log_of(tv)[: len(NEWS)]) == NEWS
    assert (await tv.sync()).pulled == 0


@pytest.mark.parametrize(("module", "name"), [(pieces, "apply_points"), (pulls, "save_cursors")])
async def test_a_disk_that_fails_in_its_midst(
    tv: Device,
    server: MemoryServer,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
) -> None:
    """Part of it was written, or all of it: SQLite takes it back."""
    await known_here(tv, server)
    before = rows_of(tv.store)
    write = getattr(module, name)

    def fails(*args: object) -> None:
        write(*args)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(module, name, fails)
    with pytest.raises(StorageError):
        await tv.sync()
    assert rows_of(tv.store) == before
    monkeypatch.undo()
    assert (await tv.sync()).pulled == len(NEWS)


async def test_cancelled_while_it_is_merged(tv: Device, server: MemoryServer) -> None:
    """What the storage thread has begun it ends, and what it came to is said once."""
    await known_here(tv, server)
    run = Store.run
    syncing: asyncio.Task[object] | None = None

    async def cancelled(store: Store, function: object, *args: object, **more: object) -> object:
        if getattr(function, "__name__", "") == "_conclude":
            assert syncing is not None
            syncing.cancel()
        return await run(store, function, *args, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "run", cancelled)
        syncing = asyncio.create_task(tv.sync())
        with pytest.raises(asyncio.CancelledError):
            await syncing
    server.clock.advance(900)
    await tv.sync()
    lines = log_of(tv)
    assert [lines.count(line) for line in sorted(NEWS)] == [1] * len(NEWS)


async def test_one_transaction_holds_it_all(
    tv: Device, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process sees either nothing of a sync or all of it, its cursors among it."""
    await known_here(tv, server)
    before = rows_of(tv.store)
    seen: list[Rows] = []
    save_cursors = pulls.save_cursors
    other = Store.open(tv.store.path)

    def looked(*args: object) -> None:
        seen.append(rows_of(other))
        save_cursors(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(pulls, "save_cursors", looked)
    await tv.sync()
    other.close()
    assert seen == [before]


async def test_too_much_for_one_transaction_is_merged_in_portions(
    tv: Device, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a year away: what came before a failure stays, is said, and is repaired."""
    monkeypatch.setattr(gathering, "MOST_AT_ONCE", 3)
    await known_here(tv, server)
    for number in range(10, 20):
        server.watch(film(number), FILM, earlier(server.clock, seconds=number))
    cursors = tv.store.run_now(pulls.cursors, tv.account.id)
    server.fail_at = 2
    broken = await tv.sync()
    assert (broken.state, broken.pulled) == (SyncState.OFFLINE, 12)
    assert tv.store.run_now(pulls.cursors, tv.account.id) == cursors
    assert dated(tv.progress(film(19))).watched
    server.clock.advance(900)
    mended = await tv.sync()
    assert (mended.error, mended.pulled) == (None, 3)
    lines = log_of(tv)
    assert [lines.count(line) for line in sorted(NEWS)] == [1] * len(NEWS)


async def test_what_is_worthless_there_is_found_again(tv: Device, server: MemoryServer) -> None:
    """The merge is done when the provider is asked to forget a point; failing loses nothing."""
    server.pause(HEAT, FILM, 42.0, earlier(server.clock, seconds=60))
    await tv.sync()
    tv.play(HEAT, FILM, 95.0)
    server.clock.advance(3600)
    server.fail_at = 2
    assert (await tv.sync()).state is SyncState.OFFLINE
    assert server.requests[-1] == "forget point"
    assert server.points != {}
    server.clock.advance(900)
    assert (await tv.sync()).error is None
    assert server.points == {}


async def test_the_same_title_twice(
    tv: Device, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes nothing now is kept where it counts after something that does."""
    monkeypatch.setattr(gathering, "MOST_AT_ONCE", 4)
    films = [film(number) for number in range(9)]
    for media in (*films, HEAT):
        server.watch(media, FILM, earlier(server.clock, days=2))
    await tv.sync()
    pull = Pull(tv.account, server.clock.now(), since=server.clock.now())
    *known, heat = (remote_title(server.titles[str(each.id)]) for each in (*films, HEAT))
    dropped = replace(heat, status=ListStatus.DROPPED)
    gathered = Gathered()
    for title in (*known, dropped, heat):
        assert await gathered.add(tv.store, pull, TitlePage((title,))) == ()
    assert gathered.pieces == [TitlePage((dropped,)), TitlePage((heat,))]


@pytest.fixture
def simkl(time: ManualClock) -> Iterator[StandIn]:
    """A stand-in with a small library."""
    with well_behaved(StandIn(clock=time, seed=1)) as standin:
        person = standin.person()
        person.mark_watched(BREAKING_BAD.title, 1, 1)
        person.mark_watched(INCEPTION.title)
        yield standin


@pytest_asyncio.fixture
async def at_simkl(simkl: StandIn, time: ManualClock, tmp_path: Path) -> AsyncIterator[Device]:
    """A dodo that has synced with it."""
    device = await device_at(simkl, time, tmp_path / "tv")
    time.advance(60)
    await device.sync()
    yield device
    await device.provider.close()
    device.close()


@pytest.mark.parametrize("fault", [server_error(), *CUT_SHORT])
@pytest.mark.parametrize("number", range(5))
async def test_whichever_call_fails_on_a_real_socket_nothing_has_changed(
    simkl: StandIn, at_simkl: Device, time: ManualClock, fault: Fault, number: int
) -> None:
    """Five calls of a delta at Simkl: whichever fails, and however, nothing here has changed."""
    person = simkl.person()
    time.advance(3600)
    person.mark_watched(BREAKING_BAD.title, 1, 2)
    person.pause(MATRIX.title, 37.5)
    person.rate(BREAKING_BAD.title, 9)
    person.remove(INCEPTION.title)
    time.advance(3600)
    before = rows_of(at_simkl.store)
    simkl.log.clear()
    simkl.faults.add("/sync/", fault, skip=number)
    assert (await at_simkl.sync()).error is not None
    assert len(simkl.log.lines()) == number + 1
    assert rows_of(at_simkl.store) == before
    time.advance(3600)
    result = await at_simkl.sync()
    assert (result.state, result.error) == (SyncState.IDLE, None)
    assert dated(at_simkl.progress(BREAKING_BAD, (1, 2))).watched
    assert dated(at_simkl.progress(MATRIX)).ratio == 0.375
    assert at_simkl.progress(INCEPTION) is None


@pytest.fixture
def trakt(time: ManualClock) -> Iterator[TraktStandIn]:
    """A stand-in for Trakt with ten things watched."""
    with well_behaved(TraktStandIn(clock=time, seed=1)) as running:
        for episode in range(1, 8):
            running.person().watch("Breaking Bad", 1, episode)
        for ref in ("Inception", "The Matrix", "Charade"):
            running.person().watch(ref)
        yield running


@pytest_asyncio.fixture
async def at_trakt(
    trakt: TraktStandIn, time: ManualClock, tmp_path: Path
) -> AsyncIterator[TraktDevice]:
    """A dodo that has synced with it."""
    device = await trakt_device_at(trakt, time, tmp_path / "tv")
    time.advance(1200)
    await device.sync()
    yield device
    await device.provider.close()
    device.device.close()


@pytest.mark.parametrize("number", range(5))
async def test_a_list_that_is_told_whole_again(
    trakt: TraktStandIn,
    at_trakt: TraktDevice,
    time: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    """Trakt tells every show when one has moved; only the news counts as much."""
    monkeypatch.setattr(gathering, "MOST_AT_ONCE", 5)
    phone = trakt.person()
    time.advance(1200)
    phone.watch("Andor", 1, 1)
    phone.unwatch("The Matrix")
    phone.plan("John Wick")
    time.advance(1200)
    before = rows_of(at_trakt.device.store)
    trakt.faults.add("/", server_error(), skip=number)
    assert (await at_trakt.sync()).error is not None
    assert rows_of(at_trakt.device.store) == before
    time.advance(1200)
    result = await at_trakt.sync()
    assert (result.error, result.pulled) == (None, 3)
