"""From a file to cells: exact for what is a picture, and harmless for what is not."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rich.style import Style

from dodo_tui.tui.pictures.blocks import PIXEL_HEIGHT, block_lines
from dodo_tui.tui.pictures.choice import Drawing
from dodo_tui.tui.pictures.decoding import Pixels, UnfitPictureError, as_png, decode
from dodo_tui.tui.pictures.drawing import draw
from dodo_tui.tui.pictures.kitty import next_number, placed_lines, sending
from dodo_tui.tui.pictures.sixel_terminal import Paper
from dodo_tui.tui.pictures.tile import initials, tile_lines
from dodo_tui.tui.widgets.paint import Line, line_text, width_of
from tests.support.pictures import plain_png, png, png_of, png_with_remark

RED, BLUE = (220, 20, 40), (20, 40, 220)


def words(line: Line) -> str:
    """A line of cells as a person can check it: glyph, ink, paper."""
    found = []
    for text, style in line:
        assert isinstance(style, Style)
        ink = style.color.name if style.color else "-"
        paper = style.bgcolor.name if style.bgcolor else "-"
        found.append(f"{text}{ink}/{paper}")
    return " ".join(found)


def test_a_known_picture_is_drawn_as_it_is() -> None:
    """Flat cells are blanks; halves, quarters and diagonals have their glyphs."""
    plan = ["RRRBRRBR", "RRRBBBRB", "RRRRBRRR", "RRBBRRRB"]
    pixels = Pixels(
        8, 4, bytes(part for row in plan for sign in row for part in (RED if sign == "R" else BLUE))
    )
    red, blue = "#dc1428", "#1428dc"
    assert [words(line) for line in block_lines(pixels)] == [
        f" -/{red} ▌{red}/{blue} ▀{red}/{blue} ▞{red}/{blue}",
        f" -/{red} ▀{red}/{blue} ▘{blue}/{red} ▗{blue}/{red}",
    ]


@settings(max_examples=30)
@given(st.binary(min_size=48, max_size=48))
def test_blocks_are_never_far_off(noise: bytes) -> None:
    """The two colours of a cell lie between those of its pixels, and each cell is one wide."""
    (one, two) = block_lines(Pixels(4, 4, noise))
    for line in (one, two):
        assert width_of(line) == 2
        for _, style in line:
            assert isinstance(style, Style) and style.bgcolor is not None


def test_a_poster_is_cut_to_shape_and_not_squeezed() -> None:
    """A wide picture loses its sides, a high one its top and bottom; the middle stays."""
    wide = png(90, 30, lambda x, _y: RED if 30 <= x < 60 else BLUE)
    assert set(_colours(decode(wide, 8, 4, PIXEL_HEIGHT))) == {RED}
    high = png(30, 90, lambda _x, y: RED if 30 <= y < 60 else BLUE)
    assert set(_colours(decode(high, 8, 8))) == {RED}


def _colours(pixels: Pixels) -> list[tuple[int, ...]]:
    return [tuple(pixels.rgb[at : at + 3]) for at in range(0, len(pixels.rgb), 3)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_every_kind_of_picture_can_be_drawn(kind: str, mode: str) -> None:
    """Colours, greys, palettes, transparency."""
    file = io.BytesIO()
    picture = Image.new("RGB", (34, 50), RED).convert(mode)
    (picture.convert("RGB") if kind == "JPEG" and mode in ("RGBA", "P") else picture).save(
        file, kind
    )
    assert len(decode(file.getvalue(), 12, 9).rgb) == 12 * 9 * 3


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def plain(width: int = 34, height: int = 50) -> Image.Image:
    """All red."""
    return Image.new("RGB", (width, height), RED)


ODD = {
    "print colours": saved(plain().convert("CMYK"), "JPEG"),
    "one transparent colour": saved(plain().quantize(8), "PNG", transparency=0),
    "transparent colours": saved(plain().quantize(8), "PNG", transparency=bytes([0, 9, 255])),
    "all transparent": saved(Image.new("RGBA", (34, 50), (*RED, 0)), "PNG"),
    "one pixel": saved(plain(1, 1), "PNG"),
    "a line": saved(plain(10_000, 1), "PNG"),
    "a thread": saved(plain(1, 10_000), "PNG"),
    "as large as is drawn": saved(plain(4000, 3000), "PNG"),
    "animated png": saved(plain(), "PNG", save_all=True, append_images=[plain()] * 9),
    "animated webp": saved(plain(), "WEBP", save_all=True, append_images=[plain(), plain()]),
    "progressive": saved(plain(), "JPEG", progressive=True),
    "more behind it": saved(plain(), "PNG") + b"x" * 100,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_are_drawn(name: str) -> None:
    """As what they show, in their first frame."""
    pixels = decode(ODD[name], 6, 4)
    assert len(pixels.rgb) == 6 * 4 * 3
    for colour in _colours(pixels):
        assert all(abs(part - its) < 6 for part, its in zip(colour, RED, strict=True))
    for drawing in (Drawing.BLOCKS, Drawing.SIXEL, Drawing.KITTY):
        assert len(draw(drawing, ODD[name], 9, 7, PAPER).lines) == 7


PAPER = Paper(10, 20, 128)

HOSTILE = {
    "nothing": b"",
    "text": b"<html></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "cut": plain_png()[:60],
    "cut in the header": plain_png()[:20],
    "wrong sum": plain_png()[:40] + b"\xff" + plain_png()[41:],
    "no size": png_of(0, 0, zlib.compress(b"")),
    "bomb": png_of(60_000, 60_000, zlib.compress(bytes(1_000_000))),
    "large": png_of(4000, 4000, zlib.compress(b"")),
    "promises too much": png_of(3000, 3000, zlib.compress(b"")),
    "jpeg in name only": b"\xff\xd8\xff" + b"x" * 300,
    "webp in name only": b"RIFF\x00\x00\x00\x00WEBP" + b"x" * 300,
    "animated gif": saved(plain(), "GIF", save_all=True, append_images=[plain()] * 3),
    "cut jpeg": saved(plain(340, 500), "JPEG")[:900],
    "bomb in a profile": saved(plain(), "PNG", icc_profile=bytes(80_000_000)),
    "bomb in a remark": png_with_remark(70_000_000),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("drawing", [Drawing.BLOCKS, Drawing.SIXEL, Drawing.KITTY])
def test_what_is_no_picture_ends_in_one_way(name: str, drawing: Drawing) -> None:
    """And a picture of huge claims is never unpacked."""
    with pytest.raises(UnfitPictureError):
        draw(drawing, HOSTILE[name], 9, 7, PAPER)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_files_only_ever_fail_or_draw(data: st.DataObject) -> None:
    """Bytes changed anywhere in a good file."""
    good = bytearray(plain_png())
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnfitPictureError):
        assert len(decode(bytes(good), 4, 4).rgb) == 48


def test_kitty_is_sent_the_picture_in_pieces_and_told_its_place() -> None:
    """Quiet, virtual, of so many cells; put together again it is the picture."""
    png_file = as_png(png(200, 300, lambda x, y: (x, y % 256, (x * y) % 256)), 90, 140)
    sequence = sending(0x123456, png_file, 9, 7)
    pieces = re.findall("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\", sequence)
    assert len(pieces) > 2
    assert pieces[0][0] == f"a=T,U=1,q=2,f=100,i={0x123456},c=9,r=7,m=1"
    assert [head for head, _ in pieces[1:]] == ["q=2,m=1"] * (len(pieces) - 2) + ["q=2,m=0"]
    assert all(len(data) <= 4096 for _, data in pieces)
    assert base64.b64decode("".join(data for _, data in pieces)) == png_file


def test_kitty_is_told_to_forget() -> None:
    """What is no longer kept here is not kept there."""
    drawn = draw(Drawing.KITTY, plain_png(), 9, 7)
    number = re.search(r"i=(\d+)", drawn.before)
    assert number is not None
    assert drawn.after == f"\x1b_Ga=d,d=I,q=2,i={number[1]}\x1b\\"
    assert draw(Drawing.BLOCKS, plain_png(), 9, 7).before == ""


def test_kittys_cells_are_text_of_the_right_width() -> None:
    """The colour is the picture's number; every row and column has its own accent."""
    lines = placed_lines(0x123456, 9, 7)
    assert len(lines) == 7
    assert all(width_of(line) == 9 for line in lines)
    cells = {text for line in lines for text in line_text(line).split("\U0010eeee")[1:]}
    assert len(cells) == 63
    style = lines[0][0][1]
    assert isinstance(style, Style) and style.color is not None
    assert style.color.name == "#123456"
    assert 0 < next_number() < next_number() < 1 << 24


@pytest.mark.parametrize("size", [(9, 7), (4, 3), (2, 1), (1, 1), (27, 20), (60, 45)])
@pytest.mark.parametrize("title", ["The Matrix", "", "…", "日本沈没", "[red]x[/]", "é" * 900])
def test_a_tile_has_exactly_its_size(title: str, size: tuple[int, int]) -> None:
    """Whatever the title is."""
    lines = tile_lines(title, *size)
    assert len(lines) == size[1]
    assert {width_of(line) for line in lines} == {size[0]}


def test_a_tile_is_close_to_the_ground() -> None:
    """Dark in a dark room, light on paper, and its letters can be read on it."""
    for dark in (True, False):
        for title in ("The Matrix", "Andor", "Dark", "Silo", "Frieren"):
            for size in ((9, 7), (34, 25)):
                for text, style in (
                    span for line in tile_lines(title, *size, dark) for span in line
                ):
                    assert isinstance(style, Style) and style.bgcolor is not None
                    paper = sum(style.bgcolor.get_truecolor()) / 3
                    assert (paper < 64) is dark and (paper > 192) is not dark
                    if text.strip():
                        assert style.color is not None
                        assert abs(sum(style.color.get_truecolor()) / 3 - paper) > 48


@pytest.mark.parametrize(
    ("title", "letters"),
    [
        ("The Matrix", "M"),
        ("Breaking Bad", "BB"),
        ("The", "T"),
        ("2001: A Space Odyssey", "2S"),
        ("…", ""),
        ("\x1b[2J", ""),
        ("日本沈没", "日"),
    ],
)
def test_initials_are_of_words_that_mean_something(title: str, letters: str) -> None:
    """Of the words that mean something."""
    assert initials(title) == letters
