"""Plots are exact: every day and every month is where it belongs, in every width."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_tui.domain.statistics import Tally, day_of
from dodo_tui.tui.look import GLYPHS, Look
from dodo_tui.tui.plots import SHADES, heat_map, legend, month_bars
from dodo_tui.tui.widgets.paint import line_text, width_of

_HOURS = st.sampled_from([0.0, 0.2, 1.5, 2.5, 5.0])


def days_of(year: int, hours: list[float]) -> list[Tally]:
    """A year of days."""
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return [Tally(hours[index % len(hours)] * 3600) for index in range(length)]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2000, 2040),
    st.lists(_HOURS, min_size=1, max_size=20),
    st.integers(58, 230),
    st.integers(1, 2),
    st.sampled_from(Look),
)
def test_every_day_has_its_cell(
    year: int, hours: list[float], width: int, rows: int, look: Look
) -> None:
    """Read back by week and weekday, the picture says what the days were."""
    days = days_of(year, hours)
    drawn = [line_text(line) for line in heat_map(year, days, date(2041, 1, 1), width, rows, look)]
    assert len(drawn) == 7 * rows + 1
    assert all(len(line) <= width for line in drawn)
    before = date(year, 1, 1).weekday()
    weeks = (before + len(days) - 1) // 7 + 1
    cells = (len(drawn[0]) - 4) // weeks
    for index, day in enumerate(days):
        week, weekday = divmod(before + index, 7)
        assert day_of(year, index).weekday() == weekday
        level = next(s for s in SHADES[look].levels if day.seconds / 3600 < s.below_hours)
        glyph = level.glyph if day.seconds else SHADES[look].nothing
        assert drawn[weekday * rows][4 + week * cells] == glyph


def test_days_to_come_stay_empty() -> None:
    """The year ends where today is."""
    drawn = [
        line_text(line)
        for line in heat_map(2026, days_of(2026, [0.0]), date(2026, 1, 1), 60, 1, Look.FULL)
    ]
    assert "".join(drawn[:7]).count("·") == 1


def test_a_narrow_window_shows_the_last_weeks() -> None:
    """Up to today, or to the end of a year that is over."""
    days = days_of(2026, [0.0] * 364 + [5.0])
    days[293] = Tally(9 * 3600.0)  # 21 October
    now = [line_text(line) for line in heat_map(2026, days, date(2026, 10, 21), 30, 1, Look.FULL)]
    assert "".join(now[:7]).count("█") == 1
    assert "Oct" in now[7] and "Jan" not in now[7] and "Dec" not in now[7]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 400), min_size=12, max_size=12),
    st.integers(30, 240),
    st.integers(2, 14),
    st.sampled_from(Look),
)
def test_bars_stand_over_their_months(
    hours: list[float], width: int, rows: int, look: Look
) -> None:
    """Each bar is within its own cells, none is missing, and a longer month is not shorter."""
    bars = month_bars([Tally(hour * 3600) for hour in hours], width, rows, look)
    drawn = [line_text(line) for line in bars.lines]
    assert len(drawn) == rows
    assert all(width_of(line) <= width for line in bars.lines)
    heights = []
    for month in range(12):
        start = bars.first_cell + month * bars.step
        column = [line[start] for line in drawn]
        assert all(line[start + bars.step - 1] == " " for line in drawn)
        heights.append(sum(2 if cell == "█" else 1 for cell in column if cell != " "))
    for one, height in zip(hours, heights, strict=True):
        for other, its_height in zip(hours, heights, strict=True):
            assert one > other or height <= its_height


@pytest.mark.parametrize("look", Look)
def test_the_legend_names_every_shade(look: Look) -> None:
    """What is drawn is explained, with signs that the look has."""
    assert all(level.glyph in legend(look) for level in SHADES[look].levels)
    assert GLYPHS[look].block in legend(look)
