"""One table of keys. A remote sends the first of each; the others are for keyboards.

Letters never destroy anything: a broken escape sequence may arrive as `[` and a letter.
"""

from __future__ import annotations

from enum import StrEnum

from textual.binding import Binding

OK = "enter,ctrl+j,space"
BACK = "escape,backspace"
MENU = "f2,m,menu"
PLAY_PAUSE = "f5,p,media_play_pause,media_play,media_pause"
STOP = "f7,media_stop"
HELP = "f1,question_mark"
QUIT = "q,ctrl+c"


class Direction(StrEnum):
    """Where an arrow points."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"

    @property
    def opposite(self) -> Direction:
        """The way back."""
        return _OPPOSITE[self]

    @property
    def is_vertical(self) -> bool:
        """Whether it points up or down."""
        return self in (Direction.UP, Direction.DOWN)


_OPPOSITE = {
    Direction.UP: Direction.DOWN,
    Direction.DOWN: Direction.UP,
    Direction.LEFT: Direction.RIGHT,
    Direction.RIGHT: Direction.LEFT,
}


def hidden(keys: str, action: str, description: str = "") -> Binding:
    """A binding that no stock footer shows."""
    return Binding(keys, action, description, show=False)


ARROWS = [hidden(direction.value, f"go('{direction.value}')") for direction in Direction]
"""The four arrows as the action `go(direction)`."""

ZONE_KEYS = [
    *ARROWS,
    hidden(OK, "choose", "OK"),
    hidden(MENU, "menu", "Menu"),
    hidden("home", "jump(-1)"),
    hidden("end", "jump(1)"),
    hidden("pageup", "page(-1)"),
    hidden("pagedown", "page(1)"),
]
"""What every zone understands."""

SCREEN_KEYS = [
    *ARROWS,
    hidden(BACK, "back", "Back"),
    hidden("tab", "app.focus_next"),
    hidden("shift+tab", "app.focus_previous"),
]
"""What every screen understands when its zone does not."""
