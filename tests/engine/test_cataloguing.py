"""The catalogue worker: who is asked, when not, and that a screen may ask out of turn."""

from __future__ import annotations

from typing import cast

import pytest

from dodo_tui.domain.status import SyncState
from dodo_tui.engine.cataloguing import Cataloguing
from dodo_tui.engine.services import Services
from dodo_tui.providers.catalogue import CatalogueEpisode
from dodo_tui.providers.errors import MisconfiguredError, OfflineError
from dodo_tui.storage import accounts
from dodo_tui.storage.leases import CATALOGUE_LEASE, Lease
from dodo_tui.storage.store import Store
from tests.engine.conftest import World
from tests.storage.support import put_progress, put_show
from tests.support.clock import START
from tests.tracking.fakes import FakeProvider

SHOW = "tt0903747"


class _Services:
    """Hands out one provider, or trouble."""

    def __init__(self, provider: FakeProvider) -> None:
        self.remote = provider
        self.no_provider: Exception | None = None

    def provider(self, provider_id: str, profile_id: int) -> FakeProvider:
        """The provider."""
        if self.no_provider is not None:
            raise self.no_provider
        return self.remote


@pytest.fixture
def provider(world: World) -> FakeProvider:
    """A catalogue that knows the one show that was watched."""
    world.store.run_now(put_show, SHOW, "Breaking Bad")
    world.store.run_now(put_progress, f"{SHOW}:1:1", watched=True, profile_id=world.profile.id)
    episodes = [CatalogueEpisode(1, number, None, START) for number in (1, 2)]
    return FakeProvider(catalogue={"Breaking Bad": (None, episodes)})


def _worker(world: World, services: _Services, changes: list[str] | None = None) -> Cataloguing:
    noted = changes if changes is not None else []
    return Cataloguing(
        world.store,
        cast("Services", services),
        Lease(world.paths.data / CATALOGUE_LEASE),
        world.clock,
        lambda: noted.append("change"),
    )


async def test_it_asks_and_says_that_something_changed(
    world: World, provider: FakeProvider
) -> None:
    """One question after another, and the screens are told once."""
    world.connect()
    changes: list[str] = []
    worker = _worker(world, _Services(provider), changes)
    assert await worker.ask_what_is_due() == 2
    assert provider.verbs == ["episodes", "details"]
    assert changes == ["change"]
    assert await worker.ask_what_is_due() == 0
    assert changes == ["change"]


async def test_without_an_account_nobody_is_asked(world: World, provider: FakeProvider) -> None:
    """Local first: everything else works all the same."""
    assert await _worker(world, _Services(provider)).ask_what_is_due() == 0
    assert provider.calls == []


async def test_what_was_not_reached_is_left_alone(world: World, provider: FakeProvider) -> None:
    """Offline, or to be signed in anew, or asked to wait."""
    world.connect()
    account = world.store.run_now(accounts.connected_accounts)[0]
    worker = _worker(world, _Services(provider))
    store: Store = world.store
    store.run_now(accounts.save_sync_state, account.id, SyncState.OFFLINE, "no")
    assert await worker.ask_what_is_due() == 0
    store.run_now(accounts.save_sync_state, account.id, SyncState.IDLE)
    store.run_now(accounts.set_needs_reconnect, account.id, True)
    assert await worker.ask_what_is_due() == 0
    store.run_now(accounts.set_needs_reconnect, account.id, False)
    assert await worker.ask_what_is_due() == 2


async def test_trouble_ends_the_round_quietly(world: World, provider: FakeProvider) -> None:
    """Nothing is said to anybody: nobody is waiting for it."""
    world.connect()
    provider.script = lambda _verb, _title: OfflineError("Simkl cannot be reached.")
    services = _Services(provider)
    worker = _worker(world, services)
    assert await worker.ask_what_is_due() == 0
    assert len(provider.calls) == 1
    services.no_provider = MisconfiguredError("No client id is set.")
    assert await worker.ask_what_is_due() == 0


async def test_one_process_asks_at_a_time(world: World, provider: FakeProvider) -> None:
    """The other one has nothing to do."""
    world.connect()
    lease = Lease(world.paths.data / CATALOGUE_LEASE)
    assert lease.take()
    worker = _worker(world, _Services(provider))
    assert await worker.ask_what_is_due() == 0
    lease.release()
    assert await worker.ask_what_is_due() == 2


async def test_a_screen_asks_about_what_it_shows(world: World, provider: FakeProvider) -> None:
    """At once, whatever else is due; a second time there is nothing to ask."""
    world.connect()
    worker = _worker(world, _Services(provider))
    assert await worker.ask_about(SHOW) == 2
    assert await worker.ask_about(SHOW) == 0
    assert await worker.ask_about("tt9999999") == 0
