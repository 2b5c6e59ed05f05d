"""Kitty's graphics protocol: a picture is sent once, and placed by characters of its own.

The characters are text to everybody else, so a picture scrolls, is covered and is cleared as text
is, also inside Textual. Their colour says which picture, their accents which row and column.
Source: kitty's description of its graphics protocol, "Unicode placeholders".
"""

from __future__ import annotations

import base64
import itertools

from rich.color import Color
from rich.style import Style

from dodo_tui.tui.nav.dimming import PICTURE_CHARACTER
from dodo_tui.tui.widgets.paint import Line

_CHUNK = 4096
"""Kitty: no more than so many bytes of base64 in one escape sequence."""

# Kitty numbers rows and columns by the combining characters of class 230 that have no
# decomposition, in the order of Unicode 6.0.
_ROWS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352"
    "\u0357\u035b\u0363\u0364\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f"
    "\u0483\u0484\u0485\u0486\u0487\u0592\u0593\u0594\u0595\u0597\u0598\u0599\u059c\u059d\u059e"
    "\u059f\u05a0\u05a1\u05a8\u05a9\u05ab\u05ac\u05af\u05c4\u0610\u0611\u0612\u0613\u0614\u0615"
)
MOST_ROWS = len(_ROWS)
MOST_COLUMNS = len(_ROWS)

_numbers = itertools.count(0xD0D001)
"""Ids of pictures: far from those of other programs in the same terminal, each of 24 bits."""


def next_number() -> int:
    """An id for a picture; after some millions they are used again."""
    return 1 + next(_numbers) % 0xFFFFFE


def sending(number: int, png: bytes, columns: int, rows: int) -> str:
    """What sends a picture to the terminal, without being answered, and without showing it yet."""
    data = base64.b64encode(png).decode("ascii")
    pieces = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    head = f"a=T,U=1,q=2,f=100,i={number},c={columns},r={rows},"
    sequences = []
    for index, piece in enumerate(pieces):
        more = 1 if index < len(pieces) - 1 else 0
        sequences.append(f"\x1b_G{head if index == 0 else 'q=2,'}m={more};{piece}\x1b\\")
    return "".join(sequences)


def forgetting(number: int) -> str:
    """What makes the terminal forget a picture."""
    return f"\x1b_Ga=d,d=I,q=2,i={number}\x1b\\"


def placed_lines(number: int, columns: int, rows: int) -> list[Line]:
    """The characters that show a picture."""
    style = Style(color=Color.from_rgb(number >> 16 & 255, number >> 8 & 255, number & 255))
    return [
        [
            (
                "".join(
                    f"{PICTURE_CHARACTER}{_ROWS[row]}{_ROWS[column]}" for column in range(columns)
                ),
                style,
            )
        ]
        for row in range(rows)
    ]
