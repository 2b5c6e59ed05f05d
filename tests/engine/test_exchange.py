"""When the exchange worker syncs: triggers, gaps, back-off, joining, and what it says meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.domain.status import SyncProgress, SyncState
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.schedule import IDLE_GAP_SECONDS
from dodo_tui.engine.services import Services
from dodo_tui.providers.changes import Change, KeptAnswers, Snapshot
from dodo_tui.providers.errors import OfflineError
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.queued import all_facts
from dodo_tui.tracking.first_sync import Choice, choose
from tests.engine.support import LONGEST_SECONDS
from tests.support.clock import FakeClock
from tests.sync.device import Device, earlier
from tests.sync.server import FILM, HEAT, MemoryProvider, MemoryServer, film

MINUTE = 60.0


class HandClock(FakeClock):
    """Time that passes only when a test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[tuple[float, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        """Wait until a test has let so much time pass."""
        event = asyncio.Event()
        self._waiting.append((self.elapsed + seconds, event))
        await event.wait()

    def is_waited_for(self, seconds: float) -> bool:
        """Whether somebody waits for just so long."""
        return any(end - self.elapsed == pytest.approx(seconds) for end, _ in self._waiting)

    def advance(self, seconds: float) -> None:
        """Let time pass; whoever has waited long enough goes on."""
        self.elapsed += seconds
        for end, event in self._waiting:
            if end <= self.elapsed:
                event.set()


class SlowProvider(MemoryProvider):
    """One whose answers a test holds back."""

    def __init__(self, server: MemoryServer) -> None:
        super().__init__(server)
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def changes(
        self, since: Snapshot | None, until: Snapshot, kept: KeptAnswers | None = None
    ) -> AsyncIterator[Change]:
        """As ever, once it may."""
        self.is_asked.set()
        await self.may_answer.wait()
        async for change in super().changes(since, until, kept):
            yield change


@dataclass
class Bench:
    """An exchange worker that runs, and all it is made of."""

    device: Device
    server: MemoryServer
    provider: SlowProvider
    clock: HandClock
    delivery: Delivery
    switches: dict[str, bool]
    said: list[SyncProgress] = field(default_factory=list)

    async def settled(self) -> None:
        """Whatever is due has been tried."""
        self.delivery.wake()
        async with asyncio.timeout(LONGEST_SECONDS):
            await self.delivery.idle()

    async def later(self, seconds: float) -> None:
        """Let time pass, and whatever becomes due be tried."""
        self.clock.advance(seconds)
        await self.settled()

    async def ask(self, *, by_hand: bool = False) -> None:
        """Ask for a sync, and let it come or not."""
        self.delivery.ask_sync(by_hand=by_hand)
        await self.settled()

    @property
    def syncs(self) -> int:
        """How often the provider was asked for its timestamps: once for every sync."""
        return self.server.requests.count("snapshot")


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A television whose first sync may merge."""
    clock = HandClock()
    server = MemoryServer(clock)
    provider = SlowProvider(server)
    device = Device(tmp_path / "tv", provider, clock)
    device.store.run_now(choose, device.account.id, Choice.MERGE)
    switches = {"automatic": True}

    class TheServices:
        def provider(self, _provider_id: str, _profile_id: int) -> Any:
            return provider

    found = Bench(device, server, provider, clock, cast("Any", None), switches)
    found.delivery = Delivery(
        device.store,
        cast("Services", TheServices()),
        Lease(tmp_path / "queue.lock"),
        clock,
        lambda: None,
        lambda: switches["automatic"],
        lambda: 0.5,
        lambda: found.said.extend(found.delivery.progress.values()),
    )
    running = asyncio.create_task(found.delivery.run())
    yield found
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    device.close()


async def test_automatic_syncs_are_a_quarter_of_an_hour_apart(bench: Bench) -> None:
    """Start, foreground and the end of a viewing all ask; what comes too soon is not done."""
    await bench.ask()
    assert bench.syncs == 1
    await bench.later(14 * MINUTE)
    await bench.ask()
    assert bench.syncs == 1
    await bench.later(2 * MINUTE)
    await bench.ask()
    assert bench.syncs == 2


async def test_what_is_asked_for_too_early_comes_when_it_may(bench: Bench) -> None:
    """What was watched on the phone shows a quarter of an hour after the last sync, once."""
    await bench.ask()
    await bench.later(5 * MINUTE)
    await bench.ask()
    await bench.ask()
    await bench.later(9 * MINUTE)
    assert bench.syncs == 1
    await bench.later(1 * MINUTE + 1)
    assert bench.syncs == 2
    await bench.later(60 * MINUTE)
    assert bench.syncs == 2


async def test_what_another_process_has_synced_meanwhile_is_not_synced_again(bench: Bench) -> None:
    """A daemon runs beside the screen; each of them wants the same."""
    await bench.ask()
    await bench.later(5 * MINUTE)
    await bench.ask()
    await bench.later(9 * MINUTE)
    await bench.device.sync()
    await bench.later(1 * MINUTE + 1)
    await bench.later(60 * MINUTE)
    assert bench.syncs == 2


async def test_a_sync_by_hand_that_failed_is_tried_again_when_one_may_come_by_itself(
    bench: Bench,
) -> None:
    """The network went away just after the last one."""
    await bench.ask()
    await bench.later(5 * MINUTE)
    bench.server.always_fails = OfflineError("Nothing can be reached.")
    await bench.ask(by_hand=True)
    bench.server.always_fails = None
    await bench.later(1 * MINUTE)
    assert bench.syncs == 2
    await bench.later(9 * MINUTE + 1)
    status = bench.device.store.run_now(sync_status, bench.device.profile.id, "simkl")
    assert (bench.syncs, status.state) == (3, SyncState.IDLE)


async def test_what_was_sent_is_no_sync(bench: Bench) -> None:
    """The indicator says how old what it shows is, not when something was told last."""
    await bench.ask()
    synced_at = bench.clock.now()
    await bench.later(5 * MINUTE)
    bench.device.mark(film(1), FILM, earlier(bench.clock, days=1))
    await bench.settled()
    status = bench.device.store.run_now(sync_status, bench.device.profile.id, "simkl")
    assert (status.items_pushed, status.last_sync_at) == (1, synced_at)


@pytest.mark.parametrize(("ago_seconds", "waits"), [(0.5, True), (2.0, False), (-60.0, False)])
async def test_another_process_has_just_had_its_turn(
    bench: Bench, tmp_path: Path, ago_seconds: float, waits: bool
) -> None:
    """No two writes of one user come within a second, whichever process sends them."""
    lock = tmp_path / "queue.lock"
    lock.write_text("1\n")
    left_at = bench.clock.now().timestamp() - ago_seconds
    os.utime(lock, (left_at, left_at))
    asking = asyncio.create_task(bench.ask())
    if waits:
        async with asyncio.timeout(LONGEST_SECONDS):
            while not bench.clock.is_waited_for(0.6):
                await SystemClock().sleep(0.01)
        assert bench.syncs == 0
        bench.clock.advance(1.2)
    await asking
    assert bench.syncs == 1


async def test_auto_sync_off_leaves_only_the_hand(bench: Bench) -> None:
    """Neither a trigger nor the hours start one; Sync now does, however soon after the last."""
    bench.switches["automatic"] = False
    await bench.ask()
    await bench.later(2 * IDLE_GAP_SECONDS)
    assert bench.syncs == 0
    await bench.ask(by_hand=True)
    await bench.ask(by_hand=True)
    assert bench.syncs == 2


async def test_a_television_that_stays_on_syncs_every_few_hours(bench: Bench) -> None:
    """Nobody touches it all day, and what was watched on the phone shows all the same."""
    await bench.ask()
    bench.server.watch(HEAT, FILM, earlier(bench.clock, seconds=1))
    for _ in range(6):
        await bench.later(IDLE_GAP_SECONDS + 1)
    assert bench.syncs == 7
    progress = bench.device.progress(HEAT)
    assert progress is not None
    assert progress.watched


async def test_the_first_sync_waits_for_the_answer(bench: Bench) -> None:
    """After "not now" neither a trigger nor a wish starts it: that leads to the question again."""
    bench.device.store.run_now(choose, bench.device.account.id, Choice.NOT_NOW)
    await bench.ask()
    await bench.later(24 * 3600)
    await bench.ask(by_hand=True)
    assert bench.syncs == 0
    bench.device.store.run_now(choose, bench.device.account.id, Choice.MERGE)
    await bench.ask(by_hand=True)
    assert bench.syncs == 1


@pytest.mark.parametrize("asks", [1, 5])
async def test_sync_now_joins_the_one_that_runs(bench: Bench, asks: int) -> None:
    """However often it is pressed while one runs, there is one; pressed after that, another."""
    bench.provider.may_answer.clear()
    bench.delivery.ask_sync(by_hand=True)
    async with asyncio.timeout(LONGEST_SECONDS):
        await bench.provider.is_asked.wait()
    for _ in range(asks):
        bench.delivery.ask_sync(by_hand=True)
    bench.provider.may_answer.set()
    await bench.settled()
    assert bench.syncs == 1
    await bench.ask(by_hand=True)
    assert bench.syncs == 2


async def test_offline_is_found_out_by_trying_ever_more_rarely(bench: Bench) -> None:
    """After 15 s, 30 s, 60 s … and never more than a quarter of an hour apart."""
    await bench.ask()
    await bench.later(20 * MINUTE)
    bench.server.requests.clear()
    bench.server.always_fails = OfflineError("Nothing can be reached.")
    await bench.ask()
    waits: list[float] = []
    for _ in range(9):
        tried, waited = bench.syncs, 0.0
        while bench.syncs == tried:
            waited += 5
            await bench.later(5)
        waits.append(waited)
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    status = bench.device.store.run_now(sync_status, bench.device.profile.id, "simkl")
    assert (status.state, status.last_error) == (SyncState.OFFLINE, "Nothing can be reached.")


async def test_coming_back_drains_and_then_syncs(bench: Bench) -> None:
    """A film was marked without a network; another was watched on the phone meanwhile."""
    await bench.ask()
    bench.server.always_fails = OfflineError("Nothing can be reached.")
    await bench.later(20 * MINUTE)
    bench.device.mark(film(1), FILM, earlier(bench.clock, days=1))
    await bench.settled()
    assert len(bench.device.store.run_now(all_facts, bench.device.profile.id)) == 1
    bench.server.watch(HEAT, FILM, earlier(bench.clock, seconds=1))
    bench.server.always_fails = None
    bench.server.requests.clear()
    for _ in range(40):
        await bench.later(MINUTE / 2)
        if "titles" in bench.server.requests:
            break
    sent, pulled = (bench.server.requests.index(each) for each in ("deliver 1", "titles"))
    assert sent < pulled
    progress = bench.device.progress(HEAT)
    assert progress is not None
    assert progress.watched
    status = bench.device.store.run_now(sync_status, bench.device.profile.id, "simkl")
    assert (status.state, status.waiting) == (SyncState.IDLE, 0)


async def test_how_far_it_is_can_be_seen_while_it_runs(bench: Bench) -> None:
    """The count grows with every piece, and is gone when the sync is done."""
    for number in range(900):
        bench.server.watch(film(number), FILM, earlier(bench.clock, days=1))
    await bench.ask()
    counts = [progress.pulled for progress in bench.said]
    assert counts == sorted(counts)
    assert counts[-1] == 900
    assert len(set(counts)) > 4
    assert bench.delivery.progress == {}


async def test_nobody_else_talks_while_somebody_has_the_turn(bench: Bench) -> None:
    """The counting before a first sync holds off the worker, which goes on afterwards."""
    async with bench.delivery.turn():
        bench.delivery.ask_sync(by_hand=True)
        for _ in range(50):
            await asyncio.sleep(0)
        assert bench.syncs == 0
    await bench.settled()
    assert bench.syncs == 1
