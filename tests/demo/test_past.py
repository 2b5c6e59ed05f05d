"""The visitor's past is something to look at, and changes nothing else."""

from __future__ import annotations

from pathlib import Path

from dodo_tui.demo.past import seed_years
from dodo_tui.storage.queued import all_facts
from dodo_tui.storage.shelves import read_home
from dodo_tui.storage.statistics import statistics
from tests.tui.screens.support import sample_world


def test_two_years_to_look_at(tmp_path: Path) -> None:
    """Days, months and shows; Home is as it was, and nothing of it is sent."""
    world = sample_world(tmp_path)
    now, me = world.clock.now(), world.profile.id
    world.connect()
    before = world.store.run_now(read_home, me, now)
    world.store.run_now(seed_years, me, now)
    assert world.store.run_now(read_home, me, now) == before
    assert world.store.run_now(all_facts, me) == ()
    for year in (now.year - 1, now.year):
        seen = world.store.run_now(statistics, me, year, now).year
        assert seen.viewing_days > 50
        assert len(seen.shows) >= 5
        assert seen.total.seconds > 50 * 3600
    world.store.close()
