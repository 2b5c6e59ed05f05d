"""A season and an episode, set with the arrows or typed."""

from __future__ import annotations

from typing import Unpack

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from dodo_tui.domain.review import HIGHEST_PLACE, Place
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, Look, look_of
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint

_NAMES = ("Season", "Episode")
_LEAST = (0, 0)
_COLUMN = 14
_PAGE = 10


class PlacePicker(Zone):
    """Two numbers side by side. Left and Right choose one, Up and Down change it."""

    ok_hint = "it is this one"

    class Picked(Message):
        """OK was pressed."""

        def __init__(self, picker: PlacePicker, place: Place) -> None:
            super().__init__()
            self.picker = picker
            self.place = place

        @property
        def control(self) -> PlacePicker:
            """The picker, for `@on` selectors."""
            return self.picker

    def __init__(self, place: Place, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self._numbers = list(place)
        self._field = 1
        self._fresh = True
        """Whether a digit begins a number anew instead of going on with it."""

    @property
    def place(self) -> Place:
        """What is set."""
        return Place(*self._numbers)

    def move(self, direction: Direction) -> bool:
        """Every arrow means something here: the picker is alone on its screen."""
        match direction:
            case Direction.LEFT:
                self._field = 0
            case Direction.RIGHT:
                self._field = 1
            case Direction.UP:
                self._change(1)
            case Direction.DOWN:
                self._change(-1)
        self._fresh = True
        self.refresh()
        return True

    def page(self, direction: Direction) -> bool:
        """In tens."""
        self._change(_PAGE if direction is Direction.UP else -_PAGE)
        self.refresh()
        return True

    def _change(self, by: int) -> None:
        number = self._numbers[self._field] + by
        self._numbers[self._field] = min(max(number, _LEAST[self._field]), HIGHEST_PLACE)

    def on_key(self, event: events.Key) -> None:
        """A keyboard types the number."""
        character = event.character or ""
        if not (character.isascii() and character.isdigit()):
            return
        event.stop()
        before = 0 if self._fresh else self._numbers[self._field]
        number = before * 10 + int(character)
        self._numbers[self._field] = number if number <= HIGHEST_PLACE else int(character)
        self._fresh = False
        self.refresh()

    def choose(self) -> None:
        """Post `Picked`."""
        self.post_message(self.Picked(self, self.place))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The names, and the numbers between signs for up and down."""
        return 4

    def render_line(self, y: int) -> Strip:
        """Names, up, numbers, down."""
        width = self.size.width
        look = look_of(self)
        line: Line = []
        for field, name in enumerate(_NAMES):
            text, role = self._cell(y, field, name, look)
            line += [(text.ljust(_COLUMN), role)]
        return paint(self, line, width)

    def _cell(self, y: int, field: int, name: str, look: Look) -> tuple[str, Role]:
        here = self.has_focus and field == self._field
        glyphs = GLYPHS[look]
        match y:
            case 0:
                return name, Role.QUIET
            case 1:
                return (f"  {glyphs.more_above}" if here else ""), Role.ACCENT
            case 2:
                number = str(self._numbers[field])
                return (f"[ {number} ]" if here else f"  {number}"), (
                    Role.FOCUS if here else Role.TEXT
                )
            case _:
                return (f"  {glyphs.more_below}" if here else ""), Role.ACCENT
