"""A few lines about what is in focus, where a screen has room to spare."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.look import Look, fit, look_of, shown, wrapped
from dodo_tui.tui.widgets.paint import Line, Role, paint

LOWEST = 5
"""Rows it needs: one of air, the name, where one stands, and two of what it is about."""
_ROOMY = 12
"""Rows from which on more is said of what it is about."""
_LONGEST_OVERVIEW = 1000
_WIDEST = 110
"""Columns: longer lines are not read from a couch."""


class Glimpse(NamedTuple):
    """What is said about one thing."""

    title: str = ""
    facts: str = ""
    """Beside the title: what exactly it is."""
    standing: str = ""
    """Where one stands in it."""
    overview: str = ""


def glimpse_lines(glimpse: Glimpse, width: int, rows: int, look: Look) -> list[Line]:
    """Exactly so many lines: the same thing is always in the same one."""
    width = min(width, _WIDEST)
    title = fit(shown(glimpse.title, look), width, look)
    facts = fit(shown(glimpse.facts, look), max(width - cell_len(title) - 3, 0), look)
    about = shown(glimpse.overview, look, _LONGEST_OVERVIEW)
    lines: list[Line] = [
        [(title, Role.STRONG), (f"   {facts}" if facts else "", Role.QUIET)],
        [(fit(shown(glimpse.standing, look), width, look), Role.QUIET)],
    ]
    lines += [[(line, Role.TEXT)] for line in wrapped(about, width, rows - 2, look)]
    return lines + [[] for _ in range(rows - len(lines))]


class Glance(Widget):
    """Says it in its last lines, or nothing where it has no room for them.

    It is given what height is left over, and takes none from anybody.
    """

    glimpse: reactive[Glimpse] = reactive(Glimpse(), init=False)

    @property
    def has_room(self) -> bool:
        """Whether there is any use in knowing something to say."""
        return self.size.height >= LOWEST

    def render_line(self, y: int) -> Strip:
        """A line of it, at the bottom."""
        width, height = self.size
        rows = LOWEST + 1 if height >= _ROOMY else LOWEST - 1
        row = y - (height - rows)
        if row < 0 or not self.has_room:
            return paint(self, [], width)
        return paint(self, glimpse_lines(self.glimpse, width, rows, look_of(self))[row], width)
