"""A dodo with folders of its own, and a stand-in for Simkl."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.support.cli import Dodo


@pytest.fixture
def dodo(tmp_path: Path) -> Dodo:
    """A dodo that was never used and knows no provider."""
    return Dodo(tmp_path / "dodo")


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A stand-in that is asked for a code once a second and never refuses a pace."""
    with StandIn(faithful_limits=False) as running:
        running.settings.poll_interval_seconds = 1
        yield running
    assert running.errors == []
