"""From a picture's file to what a terminal shows of it, in each of the ways. In a thread.

Sixel takes the longest to make, and the same is wanted at every start: it is kept on the disk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from rich.style import Style

from dodo_tui.tui.pictures.blocks import PIXEL_HEIGHT, PIXELS_ACROSS, PIXELS_DOWN, block_lines
from dodo_tui.tui.pictures.choice import Drawing
from dodo_tui.tui.pictures.decoding import Pixels, as_png, decode, indexed, scaled
from dodo_tui.tui.pictures.kitty import (
    MOST_COLUMNS,
    MOST_ROWS,
    forgetting,
    next_number,
    placed_lines,
    sending,
)
from dodo_tui.tui.pictures.sixel import MOST_ACROSS, MOST_DOWN, sixel_sequence
from dodo_tui.tui.pictures.sixel_terminal import Paper
from dodo_tui.tui.widgets.paint import Line

_CELL_PIXELS = (10, 20)
"""How many pixels a cell is taken to have where the terminal scales by itself."""

_KEPT_AS = "sixel 1"
"""What is kept, and how; another number when that changes."""

_SEQUENCE = re.compile(rb'\x1bP0;1;0q"1;1;\d{1,4};\d{1,4}[!#$\-0-9;?-~]*\x1b\\')

Picture = Sequence[Line]


class Drawn(NamedTuple):
    """A picture as cells, and what the terminal is sent before it is shown and after it was."""

    lines: Picture
    before: str = ""
    after: str = ""
    sixel: str = ""
    """The same as sixel, to be laid on top of the cells."""
    small: bytes = b""
    """With sixel: the pixels that the cells were made of."""


class Cache(Protocol):
    """Files by name, on the disk."""

    def get(self, name: str) -> bytes | None:
        """A file, None if it is not here."""
        ...

    def put(self, name: str, data: bytes) -> bool:
        """Keep a file, if the disk allows."""
        ...


class _Sixel(NamedTuple):
    """A picture of so many cells, on such paper."""

    columns: int
    rows: int
    paper: Paper

    @property
    def size(self) -> tuple[int, int]:
        """In the terminal's pixels."""
        return self.columns * self.paper.cell_width, self.rows * self.paper.cell_height

    @property
    def small_size(self) -> tuple[int, int]:
        """In pixels of blocks."""
        return self.columns * PIXELS_ACROSS, self.rows * PIXELS_DOWN

    @property
    def fits(self) -> bool:
        """Whether terminals draw so large a picture."""
        width, height = self.size
        return width <= MOST_ACROSS and height <= MOST_DOWN

    def make(self, data: bytes) -> Drawn:
        """Draw a picture's file."""
        whole = decode(data, *self.size)
        sequence = sixel_sequence(indexed(whole, self.paper.colours))
        return self._drawn(scaled(whole, *self.small_size).rgb, sequence)

    def kept_name(self, name: str) -> str:
        """As what the drawing of a picture is kept."""
        return f"{name} as {_KEPT_AS}, {self.columns} x {self.rows} on {tuple(self.paper)}"

    def to_keep(self, drawn: Drawn) -> bytes:
        """What is kept."""
        return drawn.small + drawn.sixel.encode("ascii")

    def read(self, kept: bytes) -> Drawn | None:
        """What was kept, None if it is anything else: it goes to the terminal as it is."""
        width, height = self.small_size
        small, sequence = kept[: width * height * 3], kept[width * height * 3 :]
        if _SEQUENCE.fullmatch(sequence) is None:
            return None
        return self._drawn(small, sequence.decode("ascii"))

    def _drawn(self, small: bytes, sequence: str) -> Drawn:
        return Drawn(block_lines(Pixels(*self.small_size, small)), sixel=sequence, small=small)


def draw_from(
    cache: Cache, name: str, drawing: Drawing, columns: int, rows: int, paper: Paper | None = None
) -> Drawn | None:
    """A picture in the cache as cells, None if it is not there. `paper` is what sixel needs.

    Raises:
        UnfitPictureError: what is there is no picture.
    """
    sixel = _sixel(drawing, columns, rows, paper)
    if sixel is None:
        data = cache.get(name)
        return None if data is None else draw(drawing, data, columns, rows)
    kept = cache.get(sixel.kept_name(name))
    drawn = None if kept is None else sixel.read(kept)
    if drawn is None and (data := cache.get(name)) is not None:
        drawn = draw(drawing, data, columns, rows, paper)
        cache.put(sixel.kept_name(name), sixel.to_keep(drawn))
    return drawn


def draw(
    drawing: Drawing, data: bytes, columns: int, rows: int, paper: Paper | None = None
) -> Drawn:
    """A picture's file as cells.

    Raises:
        UnfitPictureError: it is no picture.
    """
    if drawing is Drawing.KITTY and columns <= MOST_COLUMNS and rows <= MOST_ROWS:
        number = next_number()
        png = as_png(data, columns * _CELL_PIXELS[0], rows * _CELL_PIXELS[1])
        return Drawn(
            placed_lines(number, columns, rows),
            sending(number, png, columns, rows),
            forgetting(number),
        )
    if (sixel := _sixel(drawing, columns, rows, paper)) is not None:
        return sixel.make(data)
    across, down = columns * PIXELS_ACROSS, rows * PIXELS_DOWN
    return Drawn(block_lines(decode(data, across, down, PIXEL_HEIGHT)))


def blank(columns: int, rows: int) -> Picture:
    """What lies under sixel in a terminal of few colours, in which blocks would be a riddle."""
    return [[(" " * columns, Style())] for _ in range(rows)]


def _sixel(drawing: Drawing, columns: int, rows: int, paper: Paper | None) -> _Sixel | None:
    """How a picture is drawn as sixel, None where it is not."""
    if drawing is not Drawing.SIXEL or paper is None:
        return None
    sixel = _Sixel(columns, rows, paper)
    return sixel if sixel.fits else None
