"""A few lines of a longer text, ending in an ellipsis where there is more."""

from __future__ import annotations

from typing import Unpack

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.look import look_of, shown, wrapped
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Role, paint

_LONGEST = 4000


class Paragraph(Widget):
    """Text in at most `most` lines."""

    text: reactive[str] = reactive("", init=False, layout=True)

    def __init__(self, most: int, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.most = most

    def _lines(self, width: int) -> list[str]:
        look = look_of(self)
        text = shown(self.text, look, _LONGEST)
        return wrapped(text, max(width, 1), self.most, look) if text else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the text takes."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """A line of it."""
        width = self.size.width
        lines = self._lines(width)
        return paint(self, [(lines[y], Role.TEXT)] if y < len(lines) else [], width)
