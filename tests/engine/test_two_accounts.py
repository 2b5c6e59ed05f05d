"""The exchange worker with two providers: neither holds up the other, whatever it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from dodo_tui.domain.account import User
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.services import Services
from dodo_tui.providers.facts import Answer, Fact
from dodo_tui.storage import accounts
from dodo_tui.storage.leases import Lease
from dodo_tui.tracking.first_sync import Choice, choose
from tests.engine.support import LONGEST_SECONDS
from tests.engine.test_exchange import HandClock, SlowProvider
from tests.sync.device import Device
from tests.sync.server import FILM, HEAT, MemoryServer


class Household:
    """A device with an account at two providers, and the worker that serves both."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.servers = {name: MemoryServer(self.clock) for name in ("simkl", "trakt")}
        self.providers = {name: SlowProvider(server) for name, server in self.servers.items()}
        self.device = Device(folder / "tv", self.providers["simkl"], self.clock)
        store = self.device.store
        other = store.run_now(
            accounts.connect_account,
            self.device.profile.id,
            "trakt",
            User("dodo", "Dodo"),
            self.clock.now(),
        )
        for account in (self.device.account, other):
            store.run_now(choose, account.id, Choice.MERGE)

        def provider(provider_id: str, _profile_id: int) -> Any:
            return self.providers[provider_id]

        services = cast("Services", type("TheServices", (), {"provider": staticmethod(provider)})())
        self.delivery = Delivery(
            store, services, Lease(folder / "queue.lock"), self.clock, lambda: None, jitter=_half
        )

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not is_so():  # noqa: ASYNC110 - what is waited for is in the database
                await asyncio.sleep(0.005)

    def delivered(self) -> dict[str, DeliveryState]:
        """What became of the last play."""
        return dict(self.device.history()[0].delivered)


def _half() -> float:
    return 0.5


@pytest.fixture
async def household(tmp_path: Path) -> AsyncIterator[Household]:
    """The worker runs."""
    made = Household(tmp_path)
    running = asyncio.create_task(made.delivery.run())
    yield made
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    made.device.close()


@pytest.mark.parametrize(("slow", "quick"), [("simkl", "trakt"), ("trakt", "simkl")])
async def test_one_that_is_slow_holds_up_nothing_of_the_other(
    household: Household, slow: str, quick: str
) -> None:
    """While the first pull of one goes on and on, the other is told what is watched meanwhile."""
    provider = household.providers[slow]
    provider.may_answer.clear()
    household.delivery.ask_sync(by_hand=True)
    async with asyncio.timeout(LONGEST_SECONDS):
        await provider.is_asked.wait()
    household.device.mark(HEAT, FILM, household.clock.now())
    household.delivery.wake()
    await household.until(lambda: household.delivered().get(quick) == DeliveryState.SENT)
    assert household.delivered()[slow] == DeliveryState.WAITING
    provider.may_answer.set()
    async with asyncio.timeout(LONGEST_SECONDS):
        await household.delivery.idle()
    household.delivery.wake()
    await household.until(lambda: household.delivered()[slow] == DeliveryState.SENT)


async def test_one_that_breaks_altogether_is_not_the_others_trouble(household: Household) -> None:
    """A bug in one adapter is logged, and the other goes on."""

    async def broken(facts: Sequence[Fact]) -> Sequence[Answer]:
        raise ZeroDivisionError

    household.providers["simkl"].deliver = broken  # type: ignore[method-assign]
    household.device.mark(HEAT, FILM, household.clock.now())
    household.delivery.wake()
    await household.until(lambda: household.delivered().get("trakt") == DeliveryState.SENT)
    assert household.delivered()["simkl"] == DeliveryState.WAITING
