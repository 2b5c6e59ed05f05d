"""Drawing lines of cells: what to write, and in which role; the style sheet says how that looks.

The roles are component classes of the screen, so a screen computes them once for all its widgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol, runtime_checkable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.domain.status import Tone
from dodo_tui.tui.look import Look, fit


class Role(StrEnum):
    """What a piece of text is for. The value is the component class that styles it."""

    TEXT = "dodo--text"
    STRONG = "dodo--strong"
    QUIET = "dodo--quiet"
    FAINT = "dodo--faint"
    """Frames and rails of what is not in focus."""
    BAR = "dodo--bar"
    """The full part of a bar that is not in focus."""
    ACCENT = "dodo--accent"
    """Frame, marker and bar of what is in focus."""
    FOCUS = "dodo--focus"
    """The words of what is in focus."""
    GOOD = "dodo--good"
    BUSY = "dodo--busy"
    WARN = "dodo--warn"
    BAD = "dodo--bad"


TONE_ROLES = {
    Tone.GOOD: Role.GOOD,
    Tone.BUSY: Role.BUSY,
    Tone.WARN: Role.WARN,
    Tone.BAD: Role.BAD,
    Tone.QUIET: Role.QUIET,
}

Span = tuple[str, Role | Style]
"""A piece of a line: text that may be drawn as it is, and its role; a style for pictures only."""

Line = list[Span]
"""The pieces of a line, from left to right."""


@runtime_checkable
class HasPalette(Protocol):
    """A screen that knows the styles of the roles; on another, all text is plain."""

    def palette(self, ground: Style) -> Mapping[Role, Style]:
        """The styles of the roles on a ground."""
        ...


def width_of(line: Iterable[Span]) -> int:
    """How many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


def line_text(line: Iterable[Span]) -> str:
    """A line without its roles."""
    return "".join(text for text, _ in line)


def two_columns(left: Line, text: str, role: Role, width: int, look: Look) -> Line:
    """A line with a status, which may be drawn as it is, at its right edge.

    The left side is what a row is about, so the status gives way: it is cut to what is left, and
    left out where that is less than it would take to be understood.
    """
    room = width - width_of(left) - 2
    words = fit(text, room, look) if room >= 3 else ""
    gap = room + 2 - cell_len(words)
    return [*left, (" " * max(gap, 0), role), (words, role)]


def paint(widget: Widget, line: Iterable[Span], width: int) -> Strip:
    """A line as Textual draws it: in the roles' styles on the widget's own ground."""
    ground = ground_of(widget)
    return Strip(segments_of(line, widget, ground)).adjust_cell_length(width, ground)


def ground_of(widget: Widget) -> Style:
    """The style on which a widget draws."""
    return widget.visual_style.rich_style  # `widget.rich_style` is the same, worked out each time


def segments_of(line: Iterable[Span], widget: Widget, ground: Style) -> list[Segment]:
    """The pieces of a line in their styles."""
    screen = widget.screen
    styles = screen.palette(ground) if isinstance(screen, HasPalette) else {}
    return [
        Segment(text, styles.get(role, ground) if isinstance(role, Role) else ground + role)
        for text, role in line
        if text
    ]
