"""The soak (`benchmarks.soak`), short: whoever delivers is killed at random moments."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from benchmarks.soak import soak


@pytest.mark.needs("mpv")
def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    """Two daemons and a player; five holders of the lease die, and the provider has it all."""
    with tempfile.TemporaryDirectory(prefix="dodo-run-") as runtime:
        outcome = soak(5, 11, tmp_path, Path(runtime), with_trakt=False)
    assert outcome.is_well, outcome.lines()
    assert outcome.holders == 5
