"""Letters five rows tall, for a code that is read across a room."""

from __future__ import annotations

from typing import Unpack

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.look import GLYPHS, Look, fit, look_of, shown
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Role, paint

ROWS = 5
_APART = 2
_NARROW_APART = 1

_LETTERS = {
    "A": " ### |#   #|#####|#   #|#   #",
    "B": "#### |#   #|#### |#   #|#### ",
    "C": " ####|#    |#    |#    | ####",
    "D": "#### |#   #|#   #|#   #|#### ",
    "E": "#####|#    |###  |#    |#####",
    "F": "#####|#    |###  |#    |#    ",
    "G": " ####|#    |#  ##|#   #| ####",
    "H": "#   #|#   #|#####|#   #|#   #",
    "I": "###| # | # | # |###",
    "J": "  ###|    #|    #|#   #| ### ",
    "K": "#   #|#  # |###  |#  # |#   #",
    "L": "#    |#    |#    |#    |#####",
    "M": "#   #|## ##|# # #|#   #|#   #",
    "N": "#   #|##  #|# # #|#  ##|#   #",
    "O": " ### |#   #|#   #|#   #| ### ",
    "P": "#### |#   #|#### |#    |#    ",
    "Q": " ### |#   #|# # #|#  # | ## #",
    "R": "#### |#   #|#### |#  # |#   #",
    "S": " ####|#    | ### |    #|#### ",
    "T": "#####|  #  |  #  |  #  |  #  ",
    "U": "#   #|#   #|#   #|#   #| ### ",
    "V": "#   #|#   #|#   #| # # |  #  ",
    "W": "#   #|#   #|# # #|## ##|#   #",
    "X": "#   #| # # |  #  | # # |#   #",
    "Y": "#   #| # # |  #  |  #  |  #  ",
    "Z": "#####|   # |  #  | #   |#####",
    "0": " ### |#  ##|# # #|##  #| ### ",
    "1": " # |## | # | # |###",
    "2": "#### |    #| ### |#    |#####",
    "3": "#### |    #| ### |    #|#### ",
    "4": "#  # |#  # |#####|   # |   # ",
    "5": "#####|#    |#### |    #|#### ",
    "6": " ### |#    |#### |#   #| ### ",
    "7": "#####|    #|   # |  #  |  #  ",
    "8": " ### |#   #| ### |#   #| ### ",
    "9": " ### |#   #| ####|    #| ### ",
    "-": "    |    |####|    |    ",
    " ": "  |  |  |  |  ",
}


_NARROW_LETTERS = {
    "A": " ## |#  #|####|#  #|#  #",
    "B": "### |#  #|### |#  #|### ",
    "C": " ###|#   |#   |#   | ###",
    "D": "### |#  #|#  #|#  #|### ",
    "E": "####|#   |### |#   |####",
    "F": "####|#   |### |#   |#   ",
    "G": " ###|#   |# ##|#  #| ###",
    "H": "#  #|#  #|####|#  #|#  #",
    "I": "###| # | # | # |###",
    "J": "  ##|   #|   #|#  #| ## ",
    "K": "#  #|# # |##  |# # |#  #",
    "L": "#   |#   |#   |#   |####",
    "M": "#  #|####|####|#  #|#  #",
    "N": "#  #|## #|# ##|#  #|#  #",
    "O": " ## |#  #|#  #|#  #| ## ",
    "P": "### |#  #|### |#   |#   ",
    "Q": " ## |#  #|#  #|# # | # #",
    "R": "### |#  #|### |# # |#  #",
    "S": " ###|#   | ## |   #|### ",
    "T": "###| # | # | # | # ",
    "U": "#  #|#  #|#  #|#  #| ## ",
    "V": "# #|# #|# #|# #| # ",
    "W": "#  #|#  #|####|####|#  #",
    "X": "# #|# #| # |# #|# #",
    "Y": "# #|# #| # | # | # ",
    "Z": "####|   #| ## |#   |####",
    "0": " ## |# ##|## #|#  #| ## ",
    "1": " # |## | # | # |###",
    "2": "### |   #| ## |#   |####",
    "3": "### |   #| ## |   #|### ",
    "4": "#  #|#  #|####|   #|   #",
    "5": "####|#   |### |   #|### ",
    "6": " ## |#   |### |#  #| ## ",
    "7": "####|   #|  # | #  | #  ",
    "8": " ## |#  #| ## |#  #| ## ",
    "9": " ## |#  #| ###|   #| ## ",
    "-": "   |   |###|   |   ",
    " ": "  |  |  |  |  ",
}
"""Four cells wide, for a long code with something beside it."""


def big_text(text: str, look: Look, *, narrow: bool = False) -> tuple[str, ...] | None:
    """Five rows of blocks for letters, digits, hyphens and blanks; None for any other sign."""
    table = _NARROW_LETTERS if narrow else _LETTERS
    letters = [table.get(character) for character in text.upper()]
    shapes = [letter.split("|") for letter in letters if letter is not None]
    if len(shapes) < len(letters):
        return None
    block = GLYPHS[look].block
    between = " " * (_NARROW_APART if narrow else _APART)
    return tuple(
        between.join(shape[row] for shape in shapes).replace("#", block) for row in range(ROWS)
    )


class BigText(Widget):
    """A code in big letters; in narrower or plain ones where those have no room."""

    text: reactive[str] = reactive("", init=False, layout=True)

    def __init__(self, text: str = "", **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.set_reactive(BigText.text, text)

    def rows(self, width: int) -> tuple[str, ...]:
        """What is drawn in so many columns."""
        look = look_of(self)
        for narrow in (False, True):
            big = big_text(self.text, look, narrow=narrow)
            if big is not None and (not big or len(big[0]) <= width):
                return big
        return (fit(shown(self.text, look), width, look),)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as the letters, or as there is room."""
        return max((len(row) for row in self.rows(container.width)), default=0)

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002
        viewport: Size,  # noqa: ARG002
        width: int,
    ) -> int:
        """Five rows, or one."""
        return len(self.rows(width))

    def render_line(self, y: int) -> Strip:
        """A row of the letters."""
        width = self.size.width
        rows = self.rows(width)
        return paint(self, [(rows[y], Role.STRONG)] if y < len(rows) else [], width)
