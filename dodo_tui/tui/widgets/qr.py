"""A QR code for a phone to read off the screen."""

from __future__ import annotations

from functools import lru_cache
from typing import Unpack

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.look import Look, look_of
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.values import dataclass

QUIET_ZONE = 2
"""Light modules around the code: fewer than the standard's four, enough on a screen."""

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules, quiet zone included; True is dark."""

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@dataclass(frozen=True, slots=True)
class QrDrawing:
    """A code as cells: per row, runs of text and whether they stand on a dark ground.

    Where glyphs draw the modules the ground is light and the glyphs are dark; where blanks do,
    the ground itself is the module.
    """

    rows: tuple[tuple[tuple[str, bool], ...], ...]
    width: int

    @property
    def height(self) -> int:
        """Rows of cells."""
        return len(self.rows)


@lru_cache(maxsize=4)
def qr_matrix(content: str) -> Matrix:
    """The modules of a code, in the smallest version that holds the content."""
    import segno  # 20 ms, and only the sign-in shows a code

    code = segno.make(content, error="l", micro=False, boost_error=False)
    return tuple(
        tuple(bool(module) for module in row) for row in code.matrix_iter(border=QUIET_ZONE)
    )


@lru_cache(maxsize=8)
def draw_qr(content: str, look: Look, width: int, height: int) -> QrDrawing | None:
    """The code in so many cells, or None if it does not fit: then the text beside it must do."""
    matrix = qr_matrix(content)
    drawing = _in_halves(matrix) if look is Look.FULL else _in_blanks(matrix)
    return drawing if drawing.width <= width and drawing.height <= height else None


def _in_halves(matrix: Matrix) -> QrDrawing:
    """Two modules, one above the other, in each cell."""
    size = len(matrix)
    light = (False,) * size
    rows = []
    for y in range(0, size, 2):
        lower = matrix[y + 1] if y + 1 < size else light
        text = "".join(_HALVES[pair] for pair in zip(matrix[y], lower, strict=True))
        rows.append(((text, False),))
    return QrDrawing(tuple(rows), size)


def _in_blanks(matrix: Matrix) -> QrDrawing:
    """One module in two blanks: the colour of the ground is all it takes."""
    rows = []
    for modules in matrix:
        runs: list[tuple[str, bool]] = []
        for dark in modules:
            if runs and runs[-1][1] is dark:
                runs[-1] = (runs[-1][0] + "  ", dark)
            else:
                runs.append(("  ", dark))
        rows.append(tuple(runs))
    return QrDrawing(tuple(rows), len(matrix) * 2)


class QrCode(Widget):
    """A code, or nothing at all where it cannot be drawn so that a phone could read it."""

    content: reactive[str] = reactive("", init=False, layout=True)
    """What a phone reads: a short address. Nothing is drawn for an empty one."""

    def __init__(self, content: str = "", **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self.set_reactive(QrCode.content, content)

    def drawing(self, width: int, height: int) -> QrDrawing | None:
        """What is drawn in so many cells."""
        look = look_of(self)
        if not self.content or (self.app.no_color and look is not Look.FULL):
            return None  # blanks without colours say nothing
        return draw_qr(self.content, look, width, height)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as the code, or nothing."""
        drawing = self.drawing(container.width, container.height)
        return drawing.width if drawing else 0

    def get_content_height(
        self,
        container: Size,
        viewport: Size,  # noqa: ARG002
        width: int,
    ) -> int:
        """As high as the code, or nothing."""
        drawing = self.drawing(width, container.height)
        return drawing.height if drawing else 0

    def render_line(self, y: int) -> Strip:
        """A row of the code, in black and white whatever the theme."""
        drawing = self.drawing(self.size.width, self.size.height)
        if drawing is None or y >= drawing.height:
            return Strip.blank(self.size.width, self.rich_style)
        on_light, on_dark = _styles(self.app.native_ansi_color)
        segments = [Segment(text, on_dark if dark else on_light) for text, dark in drawing.rows[y]]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)


@lru_cache(maxsize=2)
def _styles(ansi: bool) -> tuple[Style, Style]:
    """Black on white, and white on black."""
    black = Color.parse("black" if ansi else "#000000")
    white = Color.parse("white" if ansi else "#ffffff")
    return Style(color=black, bgcolor=white), Style(color=white, bgcolor=black)
