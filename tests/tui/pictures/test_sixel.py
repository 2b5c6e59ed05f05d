"""Sixel: read again as a terminal reads it, it is the picture."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_tui.tui.pictures.choice import Drawing
from dodo_tui.tui.pictures.decoding import Indexed, decode, indexed
from dodo_tui.tui.pictures.drawing import draw
from dodo_tui.tui.pictures.sixel import MOST_ACROSS, sixel_sequence
from dodo_tui.tui.pictures.sixel_terminal import Paper
from tests.support.pictures import plain_png, png

_PIECE = re.compile(r'"1;1;(\d+);(\d+)|#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)(.)|([$-])|([?-~])')

Pixels = dict[tuple[int, int], tuple[int, int, int]]


def read_sixel(sequence: str) -> tuple[tuple[int, int], Pixels]:
    """The size and the pixels that a terminal would draw, colours in hundredths."""
    head, body = sequence[:8], sequence[8:-2]
    assert head == "\x1bP0;1;0q" and sequence.endswith("\x1b\\")
    size, pixels, colours = (0, 0), {}, {}
    x = y = at = 0
    ink = (0, 0, 0)
    while at < len(body):
        found = _PIECE.match(body, at)
        assert found is not None, body[at : at + 20]
        at = found.end()
        if found[1]:
            size = int(found[1]), int(found[2])
        elif found[3]:
            colours[found[3]] = (int(found[4]), int(found[5]), int(found[6]))
        elif found[7]:
            ink = colours[found[7]]
        elif found[10] == "$":
            x = 0
        elif found[10] == "-":
            x, y = 0, y + 6
        else:
            run = int(found[8] or 1)
            bits = ord(found[9] or found[11]) - 63
            for column in range(x, x + run):
                for row in range(6):
                    if bits >> row & 1:
                        assert (column, y + row) not in pixels, "a pixel is drawn twice"
                        pixels[column, y + row] = ink
            x += run
    return size, pixels


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 20), st.integers(1, 128), st.randoms())
def test_every_pixel_is_drawn_once_in_its_colour(
    width: int, height: int, colours: int, random_: object
) -> None:
    """Whatever the size: none is left out, and none comes below the last row."""
    randint = random_.randint  # type: ignore[attr-defined]  # hypothesis gives a `Random`
    palette = tuple((randint(0, 255), randint(0, 255), randint(0, 255)) for _ in range(colours))
    indexes = bytes(randint(0, colours - 1) for _ in range(width * height))
    size, pixels = read_sixel(sixel_sequence(Indexed(width, height, indexes, palette)))
    assert size == (width, height)
    assert set(pixels) == {(x, y) for x in range(width) for y in range(height)}
    for (x, y), ink in pixels.items():
        colour = palette[indexes[y * width + x]]
        assert all(abs(part * 2.55 - its) < 2 for part, its in zip(ink, colour, strict=True))


def test_a_picture_keeps_its_colours() -> None:
    """Few are exact; of many the nearest, and never more than were asked for."""
    red, blue = (220, 20, 40), (20, 40, 220)
    halves = indexed(decode(png(60, 90, lambda x, _y: red if x < 30 else blue), 40, 60), 16)
    assert {halves.palette[index] for index in set(halves.indexes)} == {red, blue}
    ramp = indexed(decode(png(60, 90, lambda x, y: (4 * x, 2 * y, 90)), 40, 60), 16)
    assert len(ramp.palette) <= 16 and max(ramp.indexes) < len(ramp.palette)
    for y in range(60):
        for x in range(40):
            drawn = ramp.palette[ramp.indexes[y * 40 + x]]
            true = (6 * x, 3 * y, 90)
            assert max(abs(part - its) for part, its in zip(drawn, true, strict=True)) < 72


def test_a_picture_fills_its_cells() -> None:
    """To the pixel, so that no text shines through, and none of the next row is covered."""
    drawn = draw(Drawing.SIXEL, plain_png(), 9, 7, Paper(10, 19, 128))
    size, pixels = read_sixel(drawn.sixel)
    assert size == (90, 133)
    assert len(pixels) == 90 * 133


def test_what_is_too_large_for_a_terminal_is_blocks() -> None:
    """A thousand pixels are what xterm draws as it comes."""
    paper = Paper(MOST_ACROSS // 10, 20, 128)
    assert draw(Drawing.SIXEL, plain_png(), 10, 7, paper).sixel
    assert not draw(Drawing.SIXEL, plain_png(), 11, 7, paper).sixel
    assert not draw(Drawing.BLOCKS, plain_png(), 9, 7).sixel
