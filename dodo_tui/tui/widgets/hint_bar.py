"""One line that says what the keys do now."""

from __future__ import annotations

from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.look import look_of, shown
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, width_of

Hint = tuple[str, str]
"""A key as the remote calls it, and what it does in a word or two."""

_GAP = "    "


class HintBar(Widget):
    """`OK play    Menu more    Back to top`. Never wraps; what has no room is left out."""

    hints: reactive[tuple[Hint, ...]] = reactive((), init=False)
    """The hints, the most important first. A `NavScreen` keeps them up to date."""

    def __init__(self, *hints: Hint, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.set_reactive(HintBar.hints, hints)

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        if y:
            return paint(self, [], width)
        hints = list(self.hints)
        line = self._line(hints)
        while width_of(line) > width and len(hints) > 1:
            del hints[-2]  # the last one is the way out
            line = self._line(hints)
        return paint(self, line, width)

    def _line(self, hints: list[Hint]) -> Line:
        look = look_of(self)
        line: Line = []
        for key, words in hints:
            line += [(_GAP, Role.QUIET)] if line else []
            line += [(shown(key, look), Role.TEXT), (f" {shown(words, look)}", Role.QUIET)]
        return line
