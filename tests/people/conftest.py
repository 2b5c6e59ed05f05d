"""A household, for each test a new one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.people.household import Household, ImpatientClock
from tests.support.standins import well_behaved


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Household]:
    """Two people; nobody is signed in. No test may break a rule of Simkl."""
    clock = ImpatientClock()
    with well_behaved(StandIn(clock=clock, seed=1)) as simkl:
        household = Household(tmp_path, simkl, clock)
        with contextlib.closing(household.store):
            yield household
