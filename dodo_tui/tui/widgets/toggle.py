"""A switch that says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.look import GLYPHS, fit, look_of, shown
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint


def toggle_text(value: bool) -> str:
    """`[x]` or `[ ]`: a switch in any look, also for the status of a `MenuRow`."""
    return "[x]" if value else "[ ]"


class Toggle(Zone):
    """`[x] Sync by itself`. OK turns it over and posts `Toggle.Changed`."""

    value: reactive[bool] = reactive(False, init=False)
    text: reactive[str] = reactive("", init=False)

    class Changed(Message):
        """The user turned the switch."""

        def __init__(self, toggle: Toggle, value: bool) -> None:
            super().__init__()
            self.toggle = toggle
            self.value = value

        @property
        def control(self) -> Toggle:
            """The switch, for `@on` selectors."""
            return self.toggle

    def __init__(self, text: str, value: bool = False, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.set_reactive(Toggle.text, text)
        self.set_reactive(Toggle.value, value)

    @property
    def ok_hint(self) -> str:  # type: ignore[override]  # what OK does depends on the value
        """What OK would do."""
        return "turn off" if self.value else "turn on"

    def choose(self) -> None:
        """Turn it over."""
        self.value = not self.value
        self.post_message(self.Changed(self, self.value))
        self.moved()

    def deeds(self) -> Iterator[Deed]:
        """To turn it over."""
        yield Deed(self.id or self.text, self.text, self.choose, toggle_text(self.value))

    def on_click(self, event: events.Click) -> None:
        """A click turns it over."""
        del event
        self.choose()

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        look = look_of(self)
        if y:
            return paint(self, [], width)
        marker = GLYPHS[look].marker if self.has_focus else " "
        role = Role.FOCUS if self.has_focus else Role.TEXT
        words = fit(f"{toggle_text(self.value)} {shown(self.text, look)}", width - 2, look)
        line: Line = [(f"{marker} ", Role.ACCENT), (words, role)]
        return paint(self, line, width)
