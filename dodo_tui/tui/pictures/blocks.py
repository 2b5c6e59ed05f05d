"""A picture as coloured quarter blocks: two by two pixels a cell, in the best two colours."""

from __future__ import annotations

from rich.color import Color
from rich.style import Style

from dodo_tui.tui.pictures.decoding import Pixels
from dodo_tui.tui.widgets.paint import Line

PIXELS_ACROSS = 2
PIXELS_DOWN = 2
"""Of one cell."""
PIXEL_HEIGHT = 2.0
"""In its widths: a cell is about twice as high as it is wide."""

_GLYPHS = {
    # Which of the four pixels (top left, top right, bottom left, bottom right) have the ink; the
    # other half of all ways is the same with ink and paper changed.
    (0, 1): "▀",
    (0, 2): "▌",
    (0,): "▘",
    (1,): "▝",
    (2,): "▖",
    (3,): "▗",
    (1, 2): "▞",
}
_ALL = (0, 1, 2, 3)
_WAYS = tuple(
    (ink, tuple(index for index in _ALL if index not in ink), glyph)
    for ink, glyph in _GLYPHS.items()
)
_FLAT = 300
"""Pixels that differ by less than this (a sum of squares) are one colour: a quiet picture."""

_Pixel = tuple[int, int, int]


def block_lines(pixels: Pixels) -> list[Line]:
    """The picture's cells, line by line."""
    return [
        [_cell(pixels, x, y) for x in range(0, pixels.width, PIXELS_ACROSS)]
        for y in range(0, pixels.height, PIXELS_DOWN)
    ]


def _cell(pixels: Pixels, x: int, y: int) -> tuple[str, Style]:
    """The glyph and the two colours that come closest to four pixels."""
    four = [
        _pixel(pixels, x + across, y + down)
        for down in range(PIXELS_DOWN)
        for across in range(PIXELS_ACROSS)
    ]
    flat = _mean(four)
    if _distance(four, flat) < _FLAT:
        return " ", Style(bgcolor=Color.from_rgb(*flat))
    best, glyph, ink, paper = float("inf"), " ", flat, flat
    for inked, papered, its_glyph in _WAYS:
        some, others = [four[index] for index in inked], [four[index] for index in papered]
        its_ink, its_paper = _mean(some), _mean(others)
        error = _distance(some, its_ink) + _distance(others, its_paper)
        if error < best:
            best, glyph, ink, paper = error, its_glyph, its_ink, its_paper
    return glyph, Style(color=Color.from_rgb(*ink), bgcolor=Color.from_rgb(*paper))


def _pixel(pixels: Pixels, x: int, y: int) -> _Pixel:
    start = (y * pixels.width + x) * 3
    red, green, blue = pixels.rgb[start : start + 3]
    return red, green, blue


def _mean(some: list[_Pixel]) -> _Pixel:
    count = len(some)
    red, green, blue = (sum(parts) // count for parts in zip(*some, strict=True))
    return red, green, blue


def _distance(some: list[_Pixel], colour: _Pixel) -> int:
    return sum((part - its) ** 2 for pixel in some for part, its in zip(pixel, colour, strict=True))
