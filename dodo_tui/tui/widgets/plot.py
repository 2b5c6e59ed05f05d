"""Plots as zones: a header with a legend, and the plot below it, drawn off the event loop."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Iterator
from datetime import date
from typing import Unpack

from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.worker import Worker

from dodo_tui.domain.statistics import MONTHS, YearStatistics
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, Look, fit, look_of
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.plots import Bars, heat_map, legend, month_bars, month_words
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, two_columns

_RAIL = 2
"""Columns for the marker at the left, as in lists."""
_HEADER = 1
_ROOMY_ROWS = 55
_ROOMY_COLUMNS = 160
_TALL_ROWS = 36


class Plot(Zone):
    """A year as a picture. Left and Right turn the year: `Plot.Turned`."""

    seen: reactive[YearStatistics | None] = reactive(None, init=False)
    """What is drawn."""

    class Turned(Message):
        """Another year is wanted: the one before (-1) or after (+1)."""

        def __init__(self, plot: Plot, step: int) -> None:
            super().__init__()
            self.plot = plot
            self.step = step

        @property
        def control(self) -> Plot:
            """The zone, for `@on` selectors."""
            return self.plot

    def __init__(self, title: str, today: date, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.title = title
        self.today = today
        self.ok_hint = ""

    def move(self, direction: Direction) -> bool:
        """Left and Right are time; they never lead out of the plot."""
        if direction.is_vertical:
            return False
        self.post_message(self.Turned(self, -1 if direction is Direction.LEFT else 1))
        return True

    def watch_seen(self) -> None:
        """Draw another year."""
        self._draw_anew()

    def on_resize(self) -> None:
        """Draw for another size."""
        self._draw_anew()

    def _draw_anew(self) -> None:
        if self.seen is not None and self.size.width > _RAIL:
            _worker: Worker[None] = self.run_worker(
                self._draw, group="plot", exclusive=True, exit_on_error=False
            )

    async def _draw(self) -> None:
        seen, size = self.seen, self.size
        if seen is not None:
            await asyncio.to_thread(
                self.draw, seen, max(size.width - _RAIL, 1), size.height - _HEADER, look_of(self)
            )
            self.refresh()

    @abstractmethod
    def draw(self, seen: YearStatistics, width: int, height: int, look: Look) -> None:
        """Make the lines below the header; in a thread."""

    @abstractmethod
    def note(self, look: Look) -> str:
        """What the header says at its right."""

    @abstractmethod
    def line(self, y: int) -> Line:
        """A line of the plot, as far as it is drawn."""

    def render_line(self, y: int) -> Strip:
        """The header, then the plot."""
        width, look = self.size.width, look_of(self)
        if y >= _HEADER:
            return paint(self, [(" " * _RAIL, Role.TEXT), *self.line(y - _HEADER)], width)
        marker = GLYPHS[look].marker if self.has_focus else " "
        title = fit(self.title, width - _RAIL, look)
        left: Line = [
            (f"{marker} ", Role.ACCENT),
            (title, Role.FOCUS if self.has_focus else Role.STRONG),
        ]
        return paint(self, two_columns(left, self.note(look), Role.QUIET, width, look), width)


class HeatMap(Plot):
    """A year of viewing: weeks side by side, weekdays below each other."""

    _lines: tuple[Line, ...] = ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A header, seven days, the months."""
        del container
        return _HEADER + 7 * self._day_rows(width, viewport.height) + 1

    @staticmethod
    def _day_rows(width: int, rows: int) -> int:
        return 2 if width >= _ROOMY_COLUMNS and rows >= _ROOMY_ROWS else 1

    def draw(self, seen: YearStatistics, width: int, height: int, look: Look) -> None:
        """The days."""
        rows = max((height - 1) // 7, 1)
        self._lines = tuple(heat_map(seen.year, seen.days, self.today, width, rows, look))

    def note(self, look: Look) -> str:
        """What the shades stand for."""
        return legend(look)

    def line(self, y: int) -> Line:
        """A row of days."""
        return self._lines[y] if y < len(self._lines) else []


class MonthBars(Plot):
    """Hours by month. Left and Right go from month to month and on into the next year."""

    class Chosen(Message):
        """OK was pressed on a month, 1–12."""

        def __init__(self, plot: MonthBars, month: int) -> None:
            super().__init__()
            self.plot = plot
            self.month = month

        @property
        def control(self) -> MonthBars:
            """The zone, for `@on` selectors."""
            return self.plot

    def __init__(self, title: str, today: date, **node: Unpack[NodeOptions]) -> None:
        super().__init__(title, today, **node)
        self.ok_hint = "open"
        self.month = today.month
        """The month under the cursor, 1–12."""
        self._bars: Bars | None = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A header, the bars, the months."""
        del container, width
        rows = viewport.height
        return _HEADER + (12 if rows >= _ROOMY_ROWS else 7 if rows >= _TALL_ROWS else 5) + 1

    def move(self, direction: Direction) -> bool:
        """Left and Right go from month to month; beyond the last one lies another year."""
        step = -1 if direction is Direction.LEFT else 1
        if not direction.is_vertical and 1 <= self.month + step <= 12:
            self.go_to(self.month + step)
            return True
        return super().move(direction)

    def go_to(self, month: int) -> None:
        """Put the cursor on a month."""
        self.month = month
        self.refresh()
        self.moved()

    def choose(self) -> None:
        """Post `Chosen`."""
        self.post_message(self.Chosen(self, self.month))

    def deeds(self) -> Iterator[Deed]:
        """The month under the cursor."""
        if self.is_in_focus:
            yield Deed("month", "Open", self.choose, MONTHS[self.month - 1])

    def draw(self, seen: YearStatistics, width: int, height: int, look: Look) -> None:
        """The bars."""
        self._bars = month_bars(seen.months, width, max(height - 1, 2), look)

    def note(self, look: Look) -> str:
        """What the month under the cursor came to."""
        del look
        if self.seen is None:
            return ""
        return month_words(self.seen.months[self.month - 1], MONTHS[self.month - 1])

    def line(self, y: int) -> Line:
        """A row of the bars, the one under the cursor brighter; or the names of the months."""
        bars = self._bars
        if bars is None or y > len(bars.lines):
            return []
        if y == len(bars.lines):
            return self._names(bars)
        if not self.has_focus:
            return bars.lines[y]
        start = bars.first_cell + (self.month - 1) * bars.step
        return _recoloured(bars.lines[y], start, start + bars.step, Role.ACCENT)

    def _names(self, bars: Bars) -> Line:
        line: Line = [(" " * bars.first_cell, Role.QUIET)]
        for number, month in enumerate(MONTHS, start=1):
            name = month[: min(bars.step - 1, 3)]
            indent = (bars.step - len(name)) // 2
            focused = self.has_focus and number == self.month
            words = f"{'':{indent}}{name}"
            if focused and indent:
                words = f"{'':{indent - 1}}[{name}]"
            line.append((f"{words:<{bars.step}}", Role.FOCUS if focused else Role.QUIET))
        return line


def _recoloured(line: Line, start: int, end: int, role: Role) -> Line:
    """A line with some of its cells in another role; every piece is of one cell a character."""
    found: Line = []
    at = 0
    for text, old in line:
        low, high = max(start - at, 0), max(end - at, 0)
        found += [
            (piece, piece_role)
            for piece, piece_role in (
                (text[:low], old),
                (text[low:high], role),
                (text[high:], old),
            )
            if piece
        ]
        at += len(text)
    return found
