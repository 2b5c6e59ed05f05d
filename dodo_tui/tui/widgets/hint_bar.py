"""One line that says what the keys do now."""

from __future__ import annotations

from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from dodo_tui.tui.look import is_still, look_of, shown
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, two_columns, width_of

Hint = tuple[str, str]
"""A key as the remote calls it, and what it does in a word or two."""

_GAP = "    "
_BUSY = "reading"
_TICK_SECONDS = 0.5


class HintBar(Widget):
    """`OK play    Menu more    Back to top`. Never wraps; what has no room is left out."""

    hints: reactive[tuple[Hint, ...]] = reactive((), init=False)
    """The hints, the most important first. A `NavScreen` keeps them up to date."""
    busy: reactive[bool] = reactive(False, init=False)
    """Whether something is being waited for: said at the end of the line."""

    def __init__(self, *hints: Hint, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.set_reactive(HintBar.hints, hints)

    def watch_busy(self, busy: bool) -> None:
        """Count the waiting in dots; with reduced motion, or when it is over, nothing moves."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._dots = 0
        if busy and not is_still(self):
            self._timer = self.set_interval(_TICK_SECONDS, self._tick)

    _timer: Timer | None = None
    _dots = 0

    def _tick(self) -> None:
        self._dots = (self._dots + 1) % 4
        self.refresh()

    def _busy_words(self) -> str:
        if not self.busy:
            return ""
        dots = "..." if self._timer is None else "." * self._dots
        return f"{_BUSY} {dots:<3}"

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
        line = two_columns(line, self._busy_words(), Role.QUIET, width, look_of(self))
        return paint(self, line, width)

    def _line(self, hints: list[Hint]) -> Line:
        look = look_of(self)
        line: Line = []
        for key, words in hints:
            line += [(_GAP, Role.QUIET)] if line else []
            line += [(shown(key, look), Role.TEXT), (f" {shown(words, look)}", Role.QUIET)]
        return line
