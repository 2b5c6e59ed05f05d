"""What every provider is told, in the same way."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.providers.facts import told_percent


@pytest.mark.parametrize(
    ("percent", "sent"),
    [
        (0, 0),
        (100, 100),
        (-3, 0),
        (101.5, 100),
        (50.123456, 50.12),
        (79.999, 79.99),
        (0.8 * 100, 80),
        (79.99999999999999, 80),
        (0.07 * 100, 7),
        (33.333, 33.33),
    ],
)
def test_a_percent_has_two_decimals_and_never_grows(percent: float, sent: float) -> None:
    """79.999 % must not become the 80 % that Simkl and Trakt mark as watched."""
    assert told_percent(percent) == sent


@pytest.mark.parametrize("percent", [math.nan, math.inf, -math.inf])
def test_a_percent_that_is_no_number_is_refused(percent: float) -> None:
    """Better here than as invalid JSON there."""
    with pytest.raises(ValueError, match="number"):
        told_percent(percent)


@given(st.floats(min_value=0, max_value=100))
def test_every_percent_is_cut_to_two_decimals(percent: float) -> None:
    """At most two decimals, within 0–100, and at most noise above what it was."""
    sent = told_percent(percent)
    assert sent == round(sent, 2)
    assert 0 <= sent <= 100
    assert percent - 0.0101 < sent <= percent + 1e-7
