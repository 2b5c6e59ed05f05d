"""A stand-in on a clock that stands still, and callers for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, Callers


@pytest.fixture
def clock() -> ManualClock:
    """Noon of 2 November 2026, until advanced."""
    return ManualClock()


@pytest.fixture
def standin(clock: ManualClock) -> Iterator[StandIn]:
    """A stand-in without limits, which must make no mistakes of its own."""
    with StandIn(clock=clock, faithful_limits=False, seed=1) as running:
        yield running
    assert running.errors == []


@pytest.fixture
def strict(clock: ManualClock) -> Iterator[StandIn]:
    """A stand-in with every limit on."""
    with StandIn(clock=clock, seed=2) as running:
        yield running
    assert running.errors == []


@pytest.fixture
def callers(standin: StandIn) -> Iterator[Callers]:
    """Makes callers of `standin`."""
    made = Callers(standin)
    yield made
    made.close()


@pytest.fixture
def strict_callers(strict: StandIn) -> Iterator[Callers]:
    """Makes callers of `strict`."""
    made = Callers(strict)
    yield made
    made.close()


@pytest.fixture
def dodo(callers: Callers) -> Caller:
    """The user Dodo, signed in for reading and writing."""
    return callers.signed_in()
