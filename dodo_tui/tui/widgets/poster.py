"""A large poster beside what is said about a title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, paint

Picture = Callable[[str, str, int, int], Sequence[Line]]
"""Media id, title, columns, rows: the lines of the picture."""


class Poster(Widget, can_focus=False):
    """A title's picture, as large as the widget, in a poster's shape."""

    subject: reactive[tuple[str, str]] = reactive(("", ""), init=False)
    """The title's media id and name; without an id nothing is drawn."""

    def __init__(self, picture: Picture, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self._picture = picture

    def render_line(self, y: int) -> Strip:
        """A line of the picture."""
        width, height = self.size
        media_id, title = self.subject
        rows = min(height, width * 3 // 4)
        lines = self._picture(media_id, title, rows * 4 // 3, rows) if media_id and rows else ()
        return paint(self, lines[y] if y < len(lines) else [], width)
