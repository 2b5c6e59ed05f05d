"""The name of what a screen is about."""

from __future__ import annotations

from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.look import fit, look_of, shown
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, width_of
from dodo_tui.tui.widgets.person import marks


class Headline(Widget):
    """The name of what a screen is about, in one line, however long it is."""

    text: reactive[str] = reactive("", init=False)
    colour: reactive[str] = reactive("", init=False)
    """The colour of the person whom it names; empty: it names nobody."""

    def __init__(self, text: str = "", colour: str = "", **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.set_reactive(Headline.text, text)
        self.set_reactive(Headline.colour, colour)

    def render_line(self, y: int) -> Strip:
        """The line, ending in an ellipsis where it has no room."""
        width = self.size.width
        if y:
            return paint(self, [], width)
        look = look_of(self)
        line: Line = [*marks(self, self.colour), (" ", Role.STRONG)] if self.colour else []
        text = fit(shown(self.text, look), width - width_of(line), look)
        return paint(self, [*line, (text, Role.STRONG)], width)
