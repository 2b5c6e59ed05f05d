"""One line of the history screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dodo_tui.domain.history import HistoryEntry
from dodo_tui.tui.screens.history import history_row
from tests.support.clock import START

ENTRY = HistoryEntry(
    "p", "simkl:37089:1:4", "simkl:37089", "Cowboy Bebop", 1998, 1, 4, "simkl", START, START,
    START, None,
)  # fmt: skip


@pytest.mark.parametrize("years", [0, 1, 7])
def test_another_year_is_said(years: int) -> None:
    """In place of the hour, so that the column keeps its width."""
    began_at = START - timedelta(days=366 * years)
    row = history_row(replace(ENTRY, started_at=began_at), START)
    assert (str(began_at.year) in row.lead) is bool(years)
    assert len(row.lead) == 12


def test_an_anime_is_numbered_through() -> None:
    """As everywhere else."""
    assert history_row(replace(ENTRY, one_season=True), START).text == "Cowboy Bebop  E4"
    assert history_row(ENTRY, START).text == "Cowboy Bebop  S1 E4"
