"""Whether a terminal draws sixel, and how large its cells are: it is asked, once, and not for long.

Sources: DEC's primary device attributes (4 is sixel); xterm's "Xterm Control Sequences" for the
size of a cell (CSI 16 t) and the number of colours (XTSMGRAPHICS).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from dodo_tui.tui.pictures.sixel import MOST_COLOURS

Ask = Callable[[str], Awaitable[tuple[str, ...]]]
"""Send a question and then one for device attributes; all that was answered, nothing if silent."""

Cell = tuple[int, int]
"""Width and height, in pixels."""

_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]*)c")
_CELL = re.compile(r"\x1b\[6;(\d{1,4});(\d{1,4})t")
_COLOURS = re.compile(r"\x1b\[\?1;0;(\d{1,9})S")
_ASK_CELL = "\x1b[16t"
_ASK_COLOURS = "\x1b[?1;1;0S"
_SIXEL = "4"
_CELL_SIDES = range(2, 129)
_FEWEST_COLOURS = 16


class Paper(NamedTuple):
    """What pictures are drawn on."""

    cell_width: int
    cell_height: int
    colours: int


async def find_paper(
    ask: Ask, window_cell: Callable[[], Cell | None], *, sure: bool
) -> Paper | None:
    """What there is to draw on in this terminal; None where it draws no sixel, or does not say.

    `window_cell` is the size of a cell by the window's, where the system knows that. `sure` is the
    user's word that there is sixel.
    """
    answers = await ask("")
    if not any(_SIXEL in attributes for attributes in map(_attributes, answers)) and not sure:
        return None
    answers = await ask(_ASK_CELL + _ASK_COLOURS)
    cell = next(filter(None, map(_cell, answers)), None) or window_cell()
    if cell is None or not all(side in _CELL_SIDES for side in cell):
        return None
    counts = [int(found[1]) for found in map(_COLOURS.fullmatch, answers) if found]
    colours = min(max(counts[0], _FEWEST_COLOURS), MOST_COLOURS) if counts else MOST_COLOURS
    return Paper(*cell, colours)


def _attributes(answer: str) -> list[str]:
    found = _ATTRIBUTES.fullmatch(answer)
    # The first number is the class of the terminal.
    return found[1].split(";")[1:] if found else []


def _cell(answer: str) -> Cell | None:
    found = _CELL.fullmatch(answer)
    return (int(found[2]), int(found[1])) if found else None
