"""A vertical list: text at the left, status at the right, as long as it likes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Unpack

from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.domain.status import Tone
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, Look, fit, fit_exactly, look_of, shown
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.cursor import CursorZone
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import TONE_ROLES, Line, Role, paint, width_of
from dodo_tui.tui.widgets.person import marks

_RAIL = 2
"""Columns for the marker at the left, so that texts stand on the grid of the cards'."""
_INDENT = 2
"""Columns by which a second line stands further in where no shade tells it from the first."""
_LOOKED_AT = 24
"""Columns of a row that decide what lies above and below it."""
_BAR = 12
_STATUS = 8
"""Columns of a status that has something after it, so that bars stand in one column."""
_SHORTEST_STATUS = 4
"""Columns below which the beginning of a status tells nothing."""
_ROOM_FOR_BAR = 56
"""Columns below which a row has no bar: the words say the same."""


class MenuRow(NamedTuple):
    """One row. `id` is what the cursor holds on to."""

    id: str
    text: str
    lead: str = ""
    """What stands before the text in a column of its own, like an episode's number."""
    status: str = ""
    tone: Tone = Tone.QUIET
    detail: str = ""
    """A quiet second line, where the list has two lines a row."""
    heading: bool = False
    """A title of the rows below it; the cursor passes over it."""
    enabled: bool = True
    """Whether OK does something; a row that is off can still be read."""
    ratio: float | None = None
    """How full a bar before the status is; without one there is no bar."""
    end: str = ""
    """What is said quietly after the status, in a column of its own."""
    colour: str = ""
    """The colour of the person whom it names, for the mark before the text."""


class MenuList(CursorZone):
    """Rows with a cursor kept by id; no wrap, plain text, only what is in view is drawn."""

    rows: reactive[tuple[MenuRow, ...]] = reactive((), init=False)
    empty_text: reactive[str] = reactive("", init=False)
    """The sentence shown in place of rows."""

    class OfRow(Message):
        """Something about a row of this list."""

        def __init__(self, menu: MenuList, row: MenuRow) -> None:
            super().__init__()
            self.menu = menu
            self.row = row

        @property
        def control(self) -> MenuList:
            """The list, for `@on` selectors."""
            return self.menu

    class Chosen(OfRow):
        """OK was pressed on a row."""

    class MenuWanted(OfRow):
        """Menu was pressed on a row."""

    class Highlighted(OfRow):
        """The cursor came to a row, or the focus to the list."""

    def __init__(
        self,
        rows: tuple[MenuRow, ...] = (),
        empty_text: str = "",
        two_lines: bool = False,
        ok_hint: str = "open",
        menu_hint: str = "",
        of_things: bool = False,
        text_first: bool = False,
        **node: Unpack[NodeOptions],
    ) -> None:
        """`of_things`: the rows are titles, files and the like, and OK does the same to each.

        Without it each row is something to do or to set, and is found in the palette by its name.
        `text_first`: where there is no room for both, the status is cut and not the text.
        """
        super().__init__(**node)
        self.of_things = of_things
        self._text_first = text_first
        self.set_reactive(MenuList.rows, rows)
        self.set_reactive(MenuList.empty_text, empty_text)
        self.ok_hint = ok_hint
        self.menu_hint = menu_hint
        self._lines_each = 2 if two_lines else 1
        self._lead_width = _lead_width(rows)
        self._has_people = any(row.colour for row in rows)
        self._index = self.nearest_item(0)

    # What is in it

    @property
    def item_count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def item_id(self, index: int) -> str:
        """A row is known by its id."""
        return self.rows[index].id

    def holds(self, index: int) -> bool:
        """The cursor passes over headings."""
        return not self.rows[index].heading

    @property
    def row(self) -> MenuRow | None:
        """The row under the cursor."""
        return None if self.is_empty else self.rows[self._index]

    def watch_rows(self, old: tuple[MenuRow, ...], new: tuple[MenuRow, ...]) -> None:
        """Keep the cursor with its row and the row where it was drawn."""
        self._lead_width = _lead_width(new)
        self._has_people = any(row.colour for row in new)
        was_empty = all(row.heading for row in old)
        self.items_replaced(None if was_empty else old[self._index].id)
        self.refresh(layout=len(old) != len(new))

    # Cursor

    @property
    def cursor_region(self) -> Region:
        """Where the row under the cursor begins, on the screen: that is where one looks."""
        y = self.region.y + (self._index - self._first) * self._lines_each
        return Region(self.region.x, y, min(self.region.width, _LOOKED_AT), self._lines_each)

    def move(self, direction: Direction) -> bool:
        """Up and Down go from row to row."""
        return direction.is_vertical and self.step(-1 if direction is Direction.UP else 1)

    def page(self, direction: Direction) -> bool:
        """As many rows on as are in view."""
        step = max(self.items_in_view - 1, 1)
        goal = self._index - step if direction is Direction.UP else self._index + step
        index = self.nearest_item(min(max(goal, 0), len(self.rows) - 1))
        if self.is_empty or index == self._index:
            return False
        self.set_index(index)
        return True

    def choose(self) -> None:
        """Post `Chosen`, unless the row is off."""
        if (row := self.row) is not None and row.enabled:
            self.post_message(self.Chosen(self, row))

    def want_menu(self) -> None:
        """Post `MenuWanted`."""
        if (row := self.row) is not None:
            self.post_message(self.MenuWanted(self, row))

    def deeds(self) -> Iterator[Deed]:
        """Every row by its name; of things, what OK does to the one in focus."""
        if not self.ok_hint:
            return
        rows = self.rows
        if self.of_things:
            rows = (self.row,) if self.is_in_focus and self.row is not None else ()
        for row in rows:
            if row.enabled and not row.heading:
                do = partial(self._choose_named, row.id)
                if self.of_things:
                    name = self.ok_hint[:1].upper() + self.ok_hint[1:]
                    yield Deed("choose", name, do, row.text)
                else:
                    yield Deed(row.id, row.text, do, row.status)

    def _choose_named(self, row_id: str) -> None:
        """Choose it as it is by now, if there still is such a one."""
        for row in self.rows:
            if row.id == row_id and row.enabled:
                self.post_message(self.Chosen(self, row))

    def focus_changed(self) -> None:
        """Redraw, and say which row is in focus."""
        super().focus_changed()
        if self.has_focus:
            self.highlight()

    def on_click(self, event: events.Click) -> None:
        """A click goes to a row; a second one is OK."""
        index = self._first + event.y // self._lines_each
        if index >= len(self.rows) or self.rows[index].heading:
            return
        if index == self._index and event.chain > 1:
            self.choose()
        else:
            self.set_index(index)

    def on_resize(self) -> None:
        """Another height has room for another number of rows."""
        self.keep_in_view()
        self.refresh()

    def highlight(self) -> None:
        """Post `Highlighted`."""
        if (row := self.row) is not None:
            self.post_message(self.Highlighted(self, row))

    @property
    def items_in_view(self) -> int:
        """How many rows there is room for."""
        return max(self.size.height // self._lines_each, 1)

    def keep_in_view(self) -> None:
        """Scroll no further than needed; with the first row come the headings above it."""
        in_view = self.items_in_view
        top = 0 if self.at_start else self._index
        while 0 < top == self._index and self.rows[top - 1].heading:
            top -= 1
        if self._index - top >= in_view:
            top = self._index
        first = min(max(self._first, self._index - in_view + 1), top)
        self._first = max(min(first, len(self.rows) - in_view), 0)

    # Drawing

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002
        viewport: Size,  # noqa: ARG002
        width: int,  # noqa: ARG002
    ) -> int:
        """All rows, for a list with `height: auto`."""
        return max(len(self.rows) * self._lines_each, 1)

    def render_line(self, y: int) -> Strip:
        """A line of the row that is shown there."""
        width = self.size.width
        look = look_of(self)
        if not self.rows:
            text = fit(shown(self.empty_text, look), width - _RAIL, look) if y == 0 else ""
            return paint(self, [(" " * _RAIL + text, Role.QUIET)], width)
        index = self._first + y // self._lines_each
        if index >= len(self.rows):
            return paint(self, [], width)
        row = self.rows[index]
        focused = self.has_focus and index == self._index
        is_second = bool(y % self._lines_each)
        if row.heading and self._lines_each > 1:
            is_second = not is_second  # a heading stands by what it is the heading of
        if is_second:
            return paint(self, self._detail(row, focused, width, look), width)
        return paint(self, [*self._row(row, focused, width - 2, look), self._more(y, look)], width)

    def _row(self, row: MenuRow, focused: bool, width: int, look: Look) -> Line:
        if row.heading:
            return [(fit_exactly(shown(row.text, look), width, look), Role.STRONG)]
        role = Role.FOCUS if focused else Role.TEXT if row.enabled else Role.QUIET
        marker = GLYPHS[look].marker if focused else " "
        room = width - _RAIL
        most = max(room // 2, min(20, room - 12))
        if self._text_first:
            most = room - cell_len(shown(row.text, look)) - 2
        status = fit(shown(row.status, look), most, look) if most >= _SHORTEST_STATUS else ""
        if row.end:
            status = " " * (_STATUS - cell_len(status)) + status
        bar_width = _BAR if row.ratio is not None and room >= _ROOM_FOR_BAR else 0
        left = room - (cell_len(status) + 2 if status else 0)
        left -= bar_width + 2 if bar_width else 0
        end = shown(row.end, look)
        left -= cell_len(end) + 2 if end else 0
        person: Line = []
        if self._has_people:
            mark: Line = marks(self, row.colour) if row.colour else [(" ", Role.TEXT)]
            person = [*mark, (" ", Role.TEXT)]
            left -= width_of(person)
        lead = self._lead_width
        text = fit_exactly(shown(row.lead, look), lead - 2, look) + "  " if lead else ""
        text = fit_exactly(text + shown(row.text, look), left, look)
        line: Line = [(marker + " " * (_RAIL - 1), Role.ACCENT), *person, (text, role)]
        if bar_width:
            full, empty = bar(row.ratio or 0.0, bar_width, look)
            line += [
                ("  ", role),
                (full, Role.ACCENT if focused else Role.BAR),
                (empty, Role.FAINT),
            ]
        if status:
            tone = TONE_ROLES[row.tone]
            if focused:
                tone = Role.FOCUS if tone is Role.QUIET else tone
            line += [("  ", Role.TEXT), (status, tone)]
        return [*line, (f"  {end}", Role.TEXT if focused else Role.QUIET)] if end else line

    def _detail(self, row: MenuRow, focused: bool, width: int, look: Look) -> Line:
        left = _RAIL + self._lead_width
        left += 0 if look is Look.FULL else _INDENT
        text = "" if row.heading else fit(shown(row.detail, look), width - left - 2, look)
        return [(" " * left + text, Role.TEXT if focused else Role.QUIET)]

    def _more(self, y: int, look: Look) -> tuple[str, Role]:
        """At the right edge, that there is more above or below."""
        glyphs = GLYPHS[look]
        last_line = (self.items_in_view - 1) * self._lines_each
        if y == 0 and self._first > 0:
            return f" {glyphs.more_above}", Role.QUIET
        if y == last_line and self._first + self.items_in_view < len(self.rows):
            return f" {glyphs.more_below}", Role.QUIET
        return "  ", Role.QUIET


def _lead_width(rows: tuple[MenuRow, ...]) -> int:
    """The column before the texts with the space after it; 0 where no row needs one."""
    longest = max((len(row.lead) for row in rows), default=0)
    return longest + 2 if longest else 0
