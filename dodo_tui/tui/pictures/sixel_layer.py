"""Pictures that lie on the text of a terminal, and what has to be written so that they stay there.

Textual knows cells of text only. So a picture is text to it: each of its cells has a character of
its own, from an area of Unicode that means nothing, and moves, is covered and is cut as text is.
What is to be written passes through here. Where such a character would come, and its part of the
picture is there already, the cursor steps over it; else a glyph in its place, and the picture on
top of it as soon as all its cells are in view. What is written over a cell takes the pixels away
(xterm, mlterm, foot, and all others that treat pictures as a content of cells).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from dodo_tui.tui.widgets.paint import Line

_FIRST, _LAST = 0x100000, 0x10FFFD
"""A private area: titles never have its characters (`domain.text.clean_text`)."""
_MARKS = f"[{chr(_FIRST)}-{chr(_LAST)}]"
_MARK = re.compile(_MARKS)

_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_LOSS = re.compile(r"\x1b\[(?:\?(?:47|1047|1049)[hl]|[\d;]*[JKLMPSTX@])|\x1bc")
_CELLS = re.compile(rf"(\x1b\[[\d;]*m)?({_MARKS}+)(\x1b\[0?m)?")
_TOKEN = re.compile(
    rf"(?P<cells>(?:{_CELLS.pattern})+)"
    rf"|(?P<words>[^\x00-\x1f\x7f{_MARKS[1:]}+)"
    r"|(?P<newline>\r?\n)"
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_X^][^\x07\x1b]*(?:\x07|\x1b\\)|.)|.",
    re.DOTALL,
)
"""What Textual writes; what is not named neither moves the cursor nor changes a cell."""


class Room(NamedTuple):
    """The terminal as it is now."""

    columns: int
    rows: int
    is_dimmed: bool
    """Whether a question lies on top: what is under it is dark, and pictures cannot be."""
    is_behind: bool = False
    """Whether the terminal still draws what it was sent: who holds a key wants no pictures."""


class _Sheet(NamedTuple):
    """A picture that may be shown: its first mark, its size in cells, and both ways to draw it."""

    first: int
    columns: int
    rows: int
    glyphs: str
    sequence: str


class _Cell(NamedTuple):
    """A mark in what is to be written."""

    place: int
    """Where in the pieces of text."""
    y: int
    x: int
    mark: int
    style: str


class _Spot(NamedTuple):
    """Where a sheet lies; its first cell may be outside."""

    sheet: _Sheet
    top: int
    left: int


_Cells = dict[int, dict[int, int]]
"""Row, column, mark."""


class SixelLayer:
    """The pictures on one terminal."""

    def __init__(self, room: Callable[[], Room], later: Callable[[], None] = lambda: None) -> None:
        """`later` is called when pictures were left out; write their text once more in a while."""
        self._room = room
        self._later = later
        self._sheets: dict[int, _Sheet] = {}
        self._firsts: list[int] = []
        self._next = _FIRST
        self._size = (0, 0)
        self._wanted: _Cells = {}
        """What text says is in a cell."""
        self._shown: _Cells = {}
        """Of which picture a cell has the pixels."""

    def lay(self, lines: Sequence[Line], sequence: str) -> list[Line]:
        """Take a picture, as lines of glyphs and as sixel; the lines by which it is placed."""
        glyphs = ["".join(text for text, _ in line) for line in lines]
        columns = len(glyphs[0])
        first = self._area(columns * len(lines))
        sheet = _Sheet(first, columns, len(lines), "".join(glyphs), sequence)
        self._sheets[first] = sheet
        self._firsts = sorted(self._sheets)
        placed: list[Line] = []
        mark = first
        for line in lines:
            placed.append([])
            for text, style in line:
                placed[-1].append(("".join(map(chr, range(mark, mark + len(text)))), style))
                mark += len(text)
        return placed

    def take(self, lines: Sequence[Line]) -> None:
        """Take away a picture, by the lines that `lay` gave; what is shown of it stays."""
        del self._sheets[ord(lines[0][0][0][0])]
        self._firsts = sorted(self._sheets)

    def clear(self) -> None:
        """The terminal has lost all pictures."""
        self._wanted.clear()
        self._shown.clear()

    def translate(self, text: str) -> str:
        """What is written to the terminal in place of a text."""
        marked = _MARK.search(text) is not None
        if not marked and not self._wanted and not self._shown:
            return text
        room = self._room() if marked else Room(*self._size, is_dimmed=False)
        if self._size != room[:2]:
            self._size = room[:2]
            self.clear()
        pieces, cells = self._read(text, is_dimmed=room.is_dimmed)
        spots = [self._spot(cell) for cell in cells]
        drawn = set() if room.is_dimmed else self._drawn(cells, spots, room)
        if drawn and room.is_behind:
            drawn = set()
            self._later()
        self._fill(pieces, cells, spots, drawn, is_dimmed=room.is_dimmed)
        return "".join([*pieces, *self._drawings(drawn)])

    def _read(self, text: str, *, is_dimmed: bool) -> tuple[list[str], list[_Cell]]:
        """The text in pieces, those of marks empty still; notes what each cell is to have."""
        if _LOSS.search(text):
            self.clear()
        pieces: list[str] = []
        cells: list[_Cell] = []
        rest, *moved = _MOVE.split(text)
        self._read_line(rest, 0, 0, pieces, cells, is_dimmed=is_dimmed)
        for row, column, line in zip(moved[::3], moved[1::3], moved[2::3], strict=True):
            pieces.append(f"\x1b[{row};{column}H")
            y, x = int(row) - 1, int(column) - 1
            self._read_line(line, y, x, pieces, cells, is_dimmed=is_dimmed)
        return pieces, cells

    def _read_line(
        self, line: str, y: int, x: int, pieces: list[str], cells: list[_Cell], *, is_dimmed: bool
    ) -> None:
        """What follows the cursor's move to a cell."""
        has_pictures = y in self._wanted or y in self._shown or _MARK.search(line)
        if not has_pictures and "\n" not in line[:-1]:
            pieces.append(line)
            return
        for token in _TOKEN.finditer(line):
            kind = token.lastgroup
            if kind == "words":
                words = token[0]
                width = len(words) if words.isascii() else cell_len(words)
                self._overwrite(y, x, x + width)
                x += width
            elif kind == "cells":
                x = self._read_cells(token[0], y, x, pieces, cells, is_dimmed=is_dimmed)
                continue
            elif kind == "newline":
                y, x = y + 1, 0
            pieces.append(token[0])

    def _read_cells(
        self, text: str, y: int, x: int, pieces: list[str], cells: list[_Cell], *, is_dimmed: bool
    ) -> int:
        """Marks side by side; answers where the cursor is after them."""
        wanted = self._wanted.setdefault(y, {})
        shown = self._shown.get(y)
        marks = [ord(mark) for mark in _MARK.findall(text)]
        end = x + len(marks)
        wanted.update(zip(range(x, end), marks, strict=True))
        if shown and not is_dimmed and [shown.get(at) for at in range(x, end)] == marks:
            pieces.append(f"\x1b[{len(marks)}C")
            return end
        for style, some, _ in _CELLS.findall(text):
            for mark in some:
                cells.append(_Cell(len(pieces), y, x, ord(mark), style))
                pieces.append("")
                x += 1
        return x

    def _overwrite(self, y: int, start: int, end: int) -> None:
        for cells in (self._wanted, self._shown):
            row = cells.get(y)
            if row:
                for x in range(start, end):
                    row.pop(x, None)
                if not row:
                    del cells[y]

    def _drawn(
        self, cells: Iterable[_Cell], spots: Iterable[_Spot | None], room: Room
    ) -> set[_Spot]:
        """Where pictures are to be drawn: those in view as a whole that are not there yet."""
        lacking = {
            spot
            for cell, spot in zip(cells, spots, strict=True)
            if spot is not None and not self._is_shown(cell)
        }
        return {spot for spot in lacking if self._is_whole(spot, room)}

    def _is_whole(self, spot: _Spot, room: Room) -> bool:
        sheet, top, left = spot
        # On the last row a terminal would scroll to make room for what comes after the picture.
        if not (0 <= top < room.rows - sheet.rows and 0 <= left <= room.columns - sheet.columns):
            return False
        return all(
            self._wanted.get(y, {}).get(x) == mark for y, x, mark in _marks(sheet, top, left)
        )

    def _fill(
        self,
        pieces: list[str],
        cells: Iterable[_Cell],
        spots: Iterable[_Spot | None],
        drawn: set[_Spot],
        *,
        is_dimmed: bool,
    ) -> None:
        """The pieces of marks: steps over what is there or will be, glyphs elsewhere."""
        steps, place = 0, -1
        for cell, spot in zip(cells, spots, strict=True):
            shown = self._shown.get(cell.y, {})
            # Another picture is painted over, without a gap in between.
            is_step = not is_dimmed and (
                shown.get(cell.x) == cell.mark or (spot in drawn and cell.x in shown)
            )
            if is_step:
                steps = steps + 1 if cell.place == place + 1 and steps else 1
                if steps > 1:
                    pieces[place] = ""
                place = cell.place
                pieces[place] = f"\x1b[{steps}C"
                continue
            steps = 0
            shown.pop(cell.x, None)
            glyph = " " if spot is None else spot.sheet.glyphs[cell.mark - spot.sheet.first]
            pieces[cell.place] = f"{cell.style}{glyph}\x1b[0m" if cell.style else glyph

    def _drawings(self, spots: set[_Spot]) -> Iterable[str]:
        """What draws pictures, with the cursor back where it was; notes that they are there."""
        if not spots:
            return
        yield "\x1b7"
        for sheet, top, left in sorted(spots, key=lambda spot: spot[1:]):
            yield f"\x1b[{top + 1};{left + 1}H{sheet.sequence}"
            for y, x, mark in _marks(sheet, top, left):
                self._shown.setdefault(y, {})[x] = mark
        yield "\x1b8"

    def _spot(self, cell: _Cell) -> _Spot | None:
        """Where the picture lies that a cell is of; None if it was taken away."""
        index = bisect_right(self._firsts, cell.mark) - 1
        if index < 0:
            return None
        sheet = self._sheets[self._firsts[index]]
        offset = cell.mark - sheet.first
        if offset >= len(sheet.glyphs):
            return None
        down, across = divmod(offset, sheet.columns)
        return _Spot(sheet, cell.y - down, cell.x - across)

    def _is_shown(self, cell: _Cell) -> bool:
        return self._shown.get(cell.y, {}).get(cell.x) == cell.mark

    def _area(self, count: int) -> int:
        """The first of so many marks in a row that no picture has; used ones come back late."""
        first = self._next
        for _ in range(2):
            for taken in self._firsts:
                sheet = self._sheets[taken]
                if first < taken + len(sheet.glyphs) and taken < first + count:
                    first = taken + len(sheet.glyphs)
            if first + count <= _LAST + 1:
                break
            first = _FIRST
        self._next = first + count
        return first


def _marks(sheet: _Sheet, top: int, left: int) -> Iterable[tuple[int, int, int]]:
    """Row, column and mark of each cell of a picture that lies there."""
    for index in range(len(sheet.glyphs)):
        down, across = divmod(index, sheet.columns)
        yield top + down, left + across, sheet.first + index
