"""Pictures on top of text: there wherever text says so, and nowhere else, whatever was written."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_tui.tui.pictures.sixel_layer import Room, SixelLayer
from dodo_tui.tui.widgets.paint import Line, line_text

COLUMNS, ROWS = 24, 12
_WRITTEN = re.compile(
    r"\x1b\[(\d+);(\d+)H|\x1b\[(\d+)C|\x1bP(\d+),(\d+),(\d+)\x1b\\|(\x1b[78]|\x1b\[[\d;?]*[a-zA-Z])"
    r"|(\n)|(.)",
    re.DOTALL,
)

Cell = tuple[int, int]


class Terminal:
    """Cells that hold a character, or a part of a picture until something is written over it."""

    def __init__(self) -> None:
        self.signs: dict[Cell, str] = {}
        self.pixels: dict[Cell, tuple[int, int, int]] = {}
        """The picture's number, and which part of it."""

    def write(self, text: str) -> None:
        """Show what a program writes."""
        x = y = 0
        saved = (0, 0)
        for found in _WRITTEN.finditer(text):
            row, column, steps, number, columns, rows, other, newline, sign = found.groups()
            if row:
                x, y = int(column) - 1, int(row) - 1
            elif steps:
                x += int(steps)
            elif number:
                for down in range(int(rows)):
                    for across in range(int(columns)):
                        cell = (x + across, y + down)
                        assert cell[0] < COLUMNS and cell[1] < ROWS - 1, "it would scroll"
                        self.pixels[cell] = (int(number), across, down)
                x, y = 5, ROWS - 1  # anywhere: terminals differ in where this leaves the cursor
            elif newline:
                x, y = 0, y + 1
            elif other == "\x1b7":
                saved = (x, y)
            elif other == "\x1b8":
                x, y = saved
            elif sign:
                self.signs[x, y] = sign
                self.pixels.pop((x, y), None)
                x += 1


class Laid(NamedTuple):
    """A picture, and the lines that place it."""

    number: int
    columns: int
    rows: int
    lines: list[Line]

    def text_at(self, across: int, down: int) -> str:
        """The text of one of its cells."""
        return line_text(self.lines[down])[across]


def lay(layer: SixelLayer, number: int, columns: int, rows: int) -> Laid:
    """A picture whose glyphs are digits, and whose sixel tells the terminal above its number."""
    lines: list[Line] = [[(str(number % 10) * columns, "")] for _ in range(rows)]  # type: ignore[list-item]
    placed = layer.lay(lines, f"\x1bP{number},{columns},{rows}\x1b\\")
    return Laid(number, columns, rows, placed)


class Scene(NamedTuple):
    """Pictures at places, some text over them."""

    pictures: tuple[tuple[int, int, int], ...]
    """Which of the pictures, its left edge and its top; later ones lie on top."""
    words: tuple[tuple[int, int, int], ...]
    """Left edge, row, length."""

    def cells(self, laid: list[Laid]) -> dict[Cell, tuple[str, tuple[int, int, int] | None]]:
        """What each cell of the screen has: its text, and of which picture it is what part."""
        screen: dict[Cell, tuple[str, tuple[int, int, int] | None]] = {
            (x, y): (".", None) for x in range(COLUMNS) for y in range(ROWS)
        }
        for which, left, top in self.pictures:
            picture = laid[which % len(laid)]
            for down in range(picture.rows):
                for across in range(picture.columns):
                    cell = (left + across, top + down)
                    if cell in screen:
                        part = (picture.number, across, down)
                        screen[cell] = (picture.text_at(across, down), part)
        for left, row, length in self.words:
            for x in range(left, min(left + length, COLUMNS)):
                screen[x, row] = ("w", None)
        return screen


spots = st.tuples(st.integers(0, 3), st.integers(-3, COLUMNS), st.integers(-3, ROWS))
words = st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1), st.integers(1, 9))
scenes = st.builds(
    Scene, st.lists(spots, max_size=5).map(tuple), st.lists(words, max_size=3).map(tuple)
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(scenes, min_size=2, max_size=2),
    st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.booleans()), max_size=8),
    st.data(),
)
def test_after_every_frame_whole_pictures_are_drawn_and_nothing_else(
    places: list[Scene], frames: list[tuple[int, bool, bool]], data: st.DataObject
) -> None:
    """One goes to and fro; Textual writes what has changed, or all; some lies under a question."""
    dimmed = False
    layer = SixelLayer(lambda: Room(COLUMNS, ROWS, dimmed))
    laid = [lay(layer, *each) for each in ((11, 4, 3), (12, 4, 3), (13, 7, 5), (14, 1, 1))]
    terminal = Terminal()
    before: dict[Cell, tuple[str, tuple[int, int, int] | None]] = {}
    for place, everything, now_dimmed in frames:
        everything = everything or now_dimmed != dimmed or not before
        dimmed = now_dimmed
        cells = places[place].cells(laid)
        frame = ""
        for y in range(ROWS):
            start = data.draw(st.integers(0, COLUMNS))
            for x in range(COLUMNS):
                if everything or cells[x, y] != before[x, y] or x == start:
                    style = "\x1b[1;38;2;1;2;3m" if (x + y) % 3 else ""
                    end = "\x1b[0m" if style else ""
                    frame += f"\x1b[{y + 1};{x + 1}H{style}{cells[x, y][0]}{end}"
            frame += "\n"
        terminal.write(layer.translate(frame))
        before = cells
        whole = _whole_parts(cells, laid)
        for cell, (text, part) in cells.items():
            if part is None:
                assert terminal.signs[cell] == text and cell not in terminal.pixels
            elif dimmed:
                assert terminal.signs[cell] == str(part[0] % 10) and cell not in terminal.pixels
            elif cell in whole:
                assert terminal.pixels[cell] == part
            else:  # what is cut may still have its pixels from before, never another's
                assert terminal.pixels.get(cell, part) == part


def _whole_parts(
    cells: dict[Cell, tuple[str, tuple[int, int, int] | None]], laid: list[Laid]
) -> set[Cell]:
    """The cells of pictures of which no cell is covered or outside, above the last row."""
    found: set[Cell] = set()
    for x in range(COLUMNS):
        for y in range(ROWS):
            for picture in laid:
                area = {
                    (x + across, y + down): (picture.number, across, down)
                    for down in range(picture.rows)
                    for across in range(picture.columns)
                }
                if y + picture.rows < ROWS and all(
                    cell in cells and cells[cell][1] == part for cell, part in area.items()
                ):
                    found |= set(area)
    return found


@pytest.fixture
def layer() -> SixelLayer:
    """On a terminal in which nothing lies on top."""
    return SixelLayer(lambda: Room(COLUMNS, ROWS, is_dimmed=False))


def frame_of(picture: Laid, left: int = 2, top: int = 1, style: str = "") -> str:
    """A picture as Textual writes it."""
    end = "\x1b[0m" if style else ""
    return "".join(
        f"\x1b[{top + row + 1};{left + 1}H{style}{line_text(line)}{end}\n"
        for row, line in enumerate(picture.lines)
    )


def test_what_is_there_is_stepped_over(layer: SixelLayer) -> None:
    """A shelf that is drawn anew for another card in focus writes none of its pictures."""
    picture = lay(layer, 1, 4, 2)
    assert layer.translate(frame_of(picture, style="\x1b[31m")) == (
        "\x1b[2;3H\x1b[31m1\x1b[0m\x1b[31m1\x1b[0m\x1b[31m1\x1b[0m\x1b[31m1\x1b[0m\n"
        "\x1b[3;3H\x1b[31m1\x1b[0m\x1b[31m1\x1b[0m\x1b[31m1\x1b[0m\x1b[31m1\x1b[0m\n"
        "\x1b7\x1b[2;3H\x1bP1,4,2\x1b\\\x1b8"
    )
    again = layer.translate("\x1b[2;1Hab" + frame_of(picture, style="\x1b[31m"))
    assert again == "\x1b[2;1Hab\x1b[2;3H\x1b[4C\n\x1b[3;3H\x1b[4C\n"


def test_another_picture_in_its_place_is_painted_over_it(layer: SixelLayer) -> None:
    """Without text in between, which would be seen for a moment."""
    first, second = lay(layer, 1, 4, 2), lay(layer, 2, 4, 2)
    layer.translate(frame_of(first))
    assert layer.translate(frame_of(second)) == (
        "\x1b[2;3H\x1b[4C\n\x1b[3;3H\x1b[4C\n\x1b7\x1b[2;3H\x1bP2,4,2\x1b\\\x1b8"
    )


@pytest.mark.parametrize("loss", ["\x1b[?1049h", "\x1b[?1049l", "\x1b[2J", "\x1bc", "\x1b[3S"])
def test_a_terminal_that_was_somebody_elses_is_drawn_anew(layer: SixelLayer, loss: str) -> None:
    """By mpv, or by the user's shell."""
    picture = lay(layer, 1, 4, 2)
    layer.translate(frame_of(picture))
    assert layer.translate(loss) == loss
    assert "\x1bP1," in layer.translate(frame_of(picture))


def test_another_size_is_drawn_anew() -> None:
    """Terminals keep pictures or lose them when a window changes."""
    size = [COLUMNS, ROWS]
    layer = SixelLayer(lambda: Room(size[0], size[1], is_dimmed=False))
    picture = lay(layer, 1, 4, 2)
    layer.translate(frame_of(picture))
    size[0] += 1
    assert "\x1bP1," in layer.translate(frame_of(picture))


def test_a_terminal_that_is_behind_gets_no_pictures_until_it_has_caught_up() -> None:
    """Somebody holds a key: what is there stays, what is new is text, and comes later."""
    later: list[bool] = []
    behind = True
    layer = SixelLayer(
        lambda: Room(COLUMNS, ROWS, is_dimmed=False, is_behind=behind), lambda: later.append(True)
    )
    first, second = lay(layer, 1, 4, 2), lay(layer, 2, 4, 2)
    assert layer.translate(frame_of(first)) == "\x1b[2;3H1111\n\x1b[3;3H1111\n"
    assert later == [True]
    behind = False
    assert "\x1bP1," in layer.translate(frame_of(first))
    behind = True
    assert layer.translate(frame_of(first)) == "\x1b[2;3H\x1b[4C\n\x1b[3;3H\x1b[4C\n"
    assert later == [True]
    assert layer.translate(frame_of(second)) == "\x1b[2;3H2222\n\x1b[3;3H2222\n"
    behind = False
    assert "\x1bP2," in layer.translate(frame_of(second))


def test_what_was_taken_away_is_a_blank(layer: SixelLayer) -> None:
    """A widget may still have its marks; no terminal has a glyph for them."""
    picture = lay(layer, 1, 4, 2)
    layer.take(picture.lines)
    assert layer.translate(frame_of(picture)) == "\x1b[2;3H    \n\x1b[3;3H    \n"


def test_marks_are_used_again_only_when_all_were() -> None:
    """Whatever a widget may have kept is not suddenly another picture; none has another's marks."""
    layer = SixelLayer(lambda: Room(COLUMNS, ROWS, is_dimmed=False))
    kept = lay(layer, 1, 40, 30)
    mine = {sign for line in kept.lines for sign in line_text(line)}
    before: list[Laid] = []
    seen: set[str] = set()
    for number in range(2, 200):
        picture = lay(layer, number, 40, 30)
        marks = {sign for line in picture.lines for sign in line_text(line)}
        assert len(marks) == 1200 and not marks & mine
        if len(seen) < 50_000:
            assert not marks & seen
        seen |= marks
        before.append(picture)
        if len(before) > 5:
            layer.take(before.pop(0).lines)


def test_what_has_no_picture_is_left_as_it_is(layer: SixelLayer) -> None:
    """Also with pictures beside it: colours, links, titles, questions."""
    text = (
        "\x1b[?2026h\x1b[3;1H\x1b[1;38;2;1;2;3mAé漢\x1b[0m\x1b]0;dodo\x07\x1b[?25l\r\n\x1b[?2026l"
    )
    assert layer.translate(text) == text
    layer.translate(frame_of(lay(layer, 1, 4, 2)))
    assert layer.translate(text) == text


def test_a_wide_character_takes_the_pixels_of_two_cells(layer: SixelLayer) -> None:
    """A title in Japanese over a poster."""
    picture = lay(layer, 1, 4, 2)
    layer.translate(frame_of(picture))
    layer.translate("\x1b[2;3H漢")
    again = layer.translate(frame_of(picture))
    assert again.startswith("\x1b[2;3H11\x1b[2C\n\x1b[3;3H\x1b[4C\n\x1b7")
