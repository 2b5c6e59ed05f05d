"""A strip at the edge of a long list: letters that lead to their first title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, fit_exactly, look_of, shown
from dodo_tui.tui.widgets.cursor import CursorZone
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint


class Landmarks(CursorZone):
    """Letters from top to bottom. The cursor takes the list along: `Landmarks.Reached`.

    Without the focus the letter of the row in focus is bold.
    """

    LANDING = False

    marks: reactive[tuple[str, ...]] = reactive((), init=False)

    class Reached(Message):
        """The cursor came to a letter."""

        def __init__(self, mark: str) -> None:
            super().__init__()
            self.mark = mark

    class Left(Message):
        """OK: the letter is the right one, back to the list."""

    def __init__(self, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.ok_hint = "to the list"

    @property
    def item_count(self) -> int:
        """How many letters there are."""
        return len(self.marks)

    def item_id(self, index: int) -> str:
        """A letter is its own id."""
        return self.marks[index]

    @property
    def items_in_view(self) -> int:
        """As many as there are lines."""
        return max(self.size.height, 1)

    def watch_marks(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        """Keep the cursor with its letter."""
        del new
        self.items_replaced(old[self._index] if old else None)
        self.refresh()

    def show(self, mark: str) -> None:
        """Stand on the letter of the row in focus, without taking the list along."""
        if not self.has_focus:
            self.go_to(mark)

    def highlight(self) -> None:
        """Post `Reached`, if it was the user who moved."""
        if self.has_focus and self.marks:
            self.post_message(self.Reached(self.marks[self._index]))

    @property
    def cursor_region(self) -> Region:
        """The letter under the cursor, on the screen."""
        y = self.region.y + self._index - self._first
        return Region(self.region.x, y, self.region.width, 1)

    def move(self, direction: Direction) -> bool:
        """Up and Down go from letter to letter."""
        return direction.is_vertical and self.step(-1 if direction is Direction.UP else 1)

    def choose(self) -> None:
        """Post `Left`."""
        self.post_message(self.Left())

    def deeds(self) -> Iterator[Deed]:
        """To stand on the letters, from where the list goes along."""
        if not self.is_in_focus:
            yield Deed("letters", "Go to a letter", self._take_focus)

    def _take_focus(self) -> None:
        self.focus(scroll_visible=False)

    def on_click(self, event: events.Click) -> None:
        """A click goes to a letter."""
        if self._first + event.y < len(self.marks):
            self.focus(scroll_visible=False)
            self.set_index(self._first + event.y)

    def on_resize(self) -> None:
        """Another height has room for another number of letters."""
        self.keep_in_view()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A letter."""
        width = self.size.width
        index = self._first + y
        if index >= len(self.marks):
            return paint(self, [], width)
        look = look_of(self)
        is_current = index == self._index
        lit = is_current and self.has_focus
        marker = GLYPHS[look].marker if lit else " "
        role = Role.FOCUS if lit else Role.STRONG if is_current else Role.QUIET
        text = fit_exactly(shown(self.marks[index], look), max(width - 2, 1), look)
        line: Line = [(f"{marker} ", Role.ACCENT), (text, role)]
        return paint(self, line, width)
