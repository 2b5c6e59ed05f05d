"""The words to search a list for, in one line above it."""

from __future__ import annotations

from typing import Unpack

from rich.cells import cell_len
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.tui.look import GLYPHS, look_of, shown
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint

MOST_CHARACTERS = 40


class SearchLine(Zone):
    """`> rate sev_`. A keyboard writes wherever the focus is; OK asks for the words with six keys.

    The screen gives it what is typed: `add`, `delete`.
    """

    LANDING = False

    text: reactive[str] = reactive("", init=False)

    class OfLine(Message):
        """Something about this line."""

        def __init__(self, line: SearchLine) -> None:
            super().__init__()
            self.line = line

    class Changed(OfLine):
        """There are other words."""

    class Chosen(OfLine):
        """OK was pressed on it."""

    def __init__(self, empty_text: str, **node: Unpack[NodeOptions]) -> None:
        """`empty_text` stands there while there are no words."""
        super().__init__(**node)
        self.ok_hint = "write"
        self._empty_text = empty_text

    def add(self, characters: str) -> None:
        """Write characters at the end; what cannot be shown is left out."""
        kept = "".join(character for character in characters if character.isprintable())
        self.text = (self.text + kept)[:MOST_CHARACTERS]

    def delete(self) -> bool:
        """Take the last character back; False if there is none."""
        had_text = bool(self.text)
        self.text = self.text[:-1]
        return had_text

    def watch_text(self) -> None:
        """Say so."""
        self.refresh()
        self.post_message(self.Changed(self))

    def choose(self) -> None:
        """Post `Chosen`."""
        self.post_message(self.Chosen(self))

    def render_line(self, y: int) -> Strip:
        """A sign, the end of the words, and where the next letter goes."""
        width, look = self.size.width, look_of(self)
        if y:
            return paint(self, [], width)
        marker = GLYPHS[look].marker if self.has_focus else " "
        line: Line = [(f"{marker} ", Role.ACCENT)]
        if not self.text:
            role = Role.FOCUS if self.has_focus else Role.QUIET
            return paint(self, [*line, (shown(self._empty_text, look), role)], width)
        text = shown(self.text, look, MOST_CHARACTERS) if self.text.strip() else ""
        text += " " if self.text.endswith(" ") and text else ""
        while cell_len(text) > width - len(marker) - 2:
            text = text[1:]
        return paint(self, [*line, (text, Role.STRONG), ("_", Role.ACCENT)], width)
