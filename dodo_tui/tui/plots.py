"""Plots as lines of cells, drawn by plotext: what is where is its work, roles and shades are ours.

plotext takes 80 ms to import and keeps one figure for the whole process: it is imported when the
first plot is drawn, in a thread, and drawn with one plot at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dodo_tui.domain.figures import counted
from dodo_tui.domain.statistics import MONTHS, Tally, counts_as_day, day_of, hours_text
from dodo_tui.tui.look import Look, fit_exactly
from dodo_tui.tui.widgets.paint import Line, Role

_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
_WEEKDAY_CELLS = 4
_AXIS_CELLS = 6
_WIDEST_DAY = 4
_HOUR = 3600.0

_drawing = threading.Lock()


class Shade(NamedTuple):
    """How a day of so much viewing is drawn."""

    below_hours: float
    glyph: str
    role: Role


class Shades(NamedTuple):
    """The shades of one look, from nothing to much: they tell by their shape, colour only helps."""

    nothing: str
    levels: tuple[Shade, ...]


_MORE = float("inf")
SHADES = {
    Look.FULL: Shades(
        "·",
        (
            Shade(1, "░", Role.BAR),
            Shade(2, "▒", Role.BAR),
            Shade(4, "▓", Role.ACCENT),
            Shade(_MORE, "█", Role.ACCENT),
        ),
    ),
    Look.CONSOLE: Shades(
        "·",
        (Shade(1, "░", Role.BAR), Shade(3, "▒", Role.BAR), Shade(_MORE, "█", Role.ACCENT)),
    ),
    Look.ASCII: Shades(
        ".",
        (Shade(1, "-", Role.BAR), Shade(3, "+", Role.BAR), Shade(_MORE, "#", Role.ACCENT)),
    ),
}


def legend(look: Look) -> str:
    """What the shades of a look stand for."""
    limits = (
        f"{level.glyph} {'more' if level.below_hours == _MORE else f'under {level.below_hours} h'}"
        for level in SHADES[look].levels
    )
    return "   ".join(limits)


def shade_of(day: Tally, look: Look) -> Shade:
    """The shade of a day on which something was watched."""
    hours = day.seconds / _HOUR
    return next(level for level in SHADES[look].levels if hours < level.below_hours)


class _Weeks(NamedTuple):
    """Which weeks of a year are drawn, and how."""

    before: int
    """How many days of the first week are of the year before."""
    first: int
    shown: int
    cells: int
    """How wide a day is."""

    @property
    def width(self) -> int:
        """How wide all weeks are together."""
        return self.shown * self.cells

    def column_of(self, week: int) -> int | None:
        """Where a week of the year begins; None where it is not drawn."""
        return (week - self.first) * self.cells if 0 <= week - self.first < self.shown else None


def _weeks_with_room(year: int, day_count: int, last_day: int, width: int) -> _Weeks:
    """All weeks; where there is no room for them the last ones, up to that of `last_day`."""
    before = date(year, 1, 1).weekday()
    all_weeks = (before + day_count - 1) // 7 + 1
    room = max(width - _WEEKDAY_CELLS, 7)
    cells = min(max(room // all_weeks, 1), _WIDEST_DAY)
    shown = min(room // cells, all_weeks)
    last = all_weeks if shown == all_weeks else (before + last_day) // 7 + 1
    return _Weeks(before, max(last - shown, 0), shown, cells)


def heat_map(
    year: int, days: Sequence[Tally], today: date, width: int, day_rows: int, look: Look
) -> list[Line]:
    """A year as weeks and weekdays: seven times `day_rows` lines, and one with the months.

    Days to come stay empty. Where there is no room for all weeks, the last ones are drawn, up to
    that of today.
    """
    known = [index for index in range(len(days)) if day_of(year, index) <= today] or [0]
    weeks = _weeks_with_room(year, len(days), known[-1], width)
    shades = SHADES[look]
    roles = {level.glyph: level.role for level in shades.levels} | {shades.nothing: Role.FAINT}
    gap = 1 if weeks.cells > 2 else 0
    dots_of: dict[str, list[tuple[int, int]]] = {}
    for index in known:
        week, weekday = divmod(weeks.before + index, 7)
        column = weeks.column_of(week)
        if column is None:
            continue
        day = days[index]
        glyph = shade_of(day, look).glyph if counts_as_day(day) else shades.nothing
        dots_of.setdefault(glyph, []).extend(
            (column + x, (6 - weekday) * day_rows + y)
            for x in range(weeks.cells - gap)
            for y in range(day_rows)
        )
    with _drawing:
        import plotext

        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.theme("clear")
        plotext.plotsize(_WEEKDAY_CELLS + weeks.width, 7 * day_rows)
        plotext.frame(False)
        for glyph, dots in dots_of.items():
            plotext.scatter([x for x, _ in dots], [y for _, y in dots], marker=glyph)
        plotext.xlim(0, weeks.width - 1)
        plotext.ylim(0, 7 * day_rows - 1)
        heights = [(6 - weekday) * day_rows + day_rows - 1 for weekday in range(7)]
        plotext.yticks(heights, [f"{name:<{_WEEKDAY_CELLS}}" for name in _WEEKDAYS])
        plotext.xticks([], [])
        drawn = plotext.uncolorize(plotext.build()).split("\n")
    lines = [_coloured(text, _WEEKDAY_CELLS, weeks.width, roles) for text in drawn[: 7 * day_rows]]
    return [*lines, _month_line(year, weeks, width)]


def _month_line(year: int, weeks: _Weeks, width: int) -> Line:
    """The names of the months, each over the first week that begins in it, as far as they fit."""
    names = {}
    for month in range(1, 13):
        week = (weeks.before + (date(year, month, 1) - date(year, 1, 1)).days + 6) // 7
        column = weeks.column_of(week)
        if column is not None:
            names[column] = MONTHS[month - 1]
    labels = " " * _WEEKDAY_CELLS
    for column, name in sorted(names.items()):
        start = _WEEKDAY_CELLS + column
        if start >= len(labels) and start + len(name) <= max(width, start):
            labels = labels.ljust(start) + name + " "
    return [(labels.rstrip(), Role.QUIET)]


class Bars(NamedTuple):
    """Bars of the months: the lines, and where each bar begins and how many cells it has."""

    lines: list[Line]
    first_cell: int
    step: int


def month_bars(months: Sequence[Tally], width: int, rows: int, look: Look) -> Bars:
    """Hours by month as twelve bars over their own axis of hours."""
    step = max((width - _AXIS_CELLS) // 12, 2)
    most = max((month.seconds for month in months), default=0.0)
    # A little over the highest one, in whole hours, and at least one.
    top = max(-int(-most // _HOUR), 1)
    top += top % 2 if top > 1 else 0
    hours = [month.seconds / _HOUR for month in months]
    fine = look is Look.FULL
    edge = 0.5 if fine else 1.0
    with _drawing:
        import plotext

        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.theme("clear")
        plotext.plotsize(_AXIS_CELLS + 12 * step, rows)
        plotext.frame(False)
        plotext.bar(
            [month * step + (step - 1 - edge) / 2 for month in range(12)],
            hours,
            marker="hd" if fine else "#" if look is Look.ASCII else "█",
            width=(step - 1 - edge) / step,
        )
        plotext.xlim(0, 12 * step - edge)
        plotext.ylim(0, top)
        marks = [0, top] if rows < 4 or top < 2 else [0, top // 2, top]
        plotext.yticks(marks, [f"{f'{mark} h':>{_AXIS_CELLS - 1}} " for mark in marks])
        plotext.xticks([], [])
        drawn = plotext.uncolorize(plotext.build()).split("\n")
    lines = [_coloured(text, _AXIS_CELLS, 12 * step, {}) for text in drawn[:rows]]
    return Bars(lines, _AXIS_CELLS, step)


def month_words(month: Tally, name: str) -> str:
    """What a month came to: `March: 12 h 05, 2 films, 9 episodes`."""
    facts = [hours_text(month.seconds)]
    if month.films:
        facts.append(counted(month.films, "film"))
    if month.episodes:
        facts.append(counted(month.episodes, "episode"))
    return f"{name}: {', '.join(facts)}"


def _coloured(text: str, axis: int, room: int, roles: dict[str, Role]) -> Line:
    """A line of a plot in roles: its axis quiet, then runs of one glyph each."""
    text = fit_exactly(text, axis + room, Look.FULL)
    line: Line = [(text[:axis], Role.QUIET)]
    run = ""
    for character in text[axis:]:
        if run and roles.get(character, Role.BAR) != roles.get(run[-1], Role.BAR):
            line.append((run, roles.get(run[-1], Role.BAR)))
            run = ""
        run += character
    return [*line, (run, roles.get(run[-1], Role.BAR))] if run else line
