"""Fixtures of the provider tests."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio

from dodo_tui.providers.keeper import TokenStore
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from tests.providers.standin_support import Connect, StandInClock
from tests.providers.support import CLIENT_ID, MemoryStore, Script, assert_no_secrets
from tests.support.clock import FakeClock
from tests.support.standins import well_behaved

MakeProvider = Callable[..., SimklProvider]


@pytest.fixture
def clock() -> FakeClock:
    """Time that passes only when somebody waits."""
    return FakeClock()


@pytest.fixture
def store() -> MemoryStore:
    """The tokens of somebody who is signed in."""
    return MemoryStore()


@pytest.fixture(autouse=True)
def no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, its log at the finest level holds no secret."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.get_records("call"):
        assert_no_secrets(record.getMessage() + repr(record.args) + str(record.exc_info))


@pytest_asyncio.fixture
async def provider_of(clock: FakeClock, store: MemoryStore) -> AsyncIterator[MakeProvider]:
    """Make providers that talk to a script; they are closed at the end."""
    made = []

    def make(
        script: Script, tokens: TokenStore | None = store, client_id: str = CLIENT_ID
    ) -> SimklProvider:
        provider = SimklProvider(
            client_id, "https://api.simkl.com", tokens, clock, script.transport
        )
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()


@pytest.fixture
def time() -> ManualClock:
    """The time of server and client."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[StandIn]:
    """A running stand-in that keeps the limits; no test may break a usage rule."""
    with well_behaved(StandIn(clock=time, seed=1)) as running:
        yield running


@pytest_asyncio.fixture
async def connect(standin: StandIn, time: ManualClock) -> AsyncIterator[Connect]:
    """Make providers that talk to the stand-in."""
    made = []

    def make(store: MemoryStore | None = None, client_id: str = "demo-v2") -> SimklProvider:
        provider = SimklProvider(client_id, standin.url, store, StandInClock(time))
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()
