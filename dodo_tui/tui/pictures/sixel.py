"""Sixel: a picture as text that a terminal draws, six rows of pixels at a time.

Source: DEC STD 070, "Sixel graphics"; colours in hundredths, as every terminal reads them.
"""

from __future__ import annotations

import re
from functools import cache

from dodo_tui.tui.pictures.decoding import Indexed

MOST_ACROSS = MOST_DOWN = 1000
"""Pixels: xterm draws no more as it comes, and no poster needs more."""
MOST_COLOURS = 128
"""More can hardly be seen in a poster, and are half as much again to send."""

_BAND = 6
_EMPTY = 0x3F
"""The character of six pixels of which none is drawn."""
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)


def sixel_sequence(picture: Indexed) -> str:
    """The picture as one sequence; it is drawn where the cursor stands, and covers all its pixels.

    Pixels below its last row stay as they are, so a height that is no multiple of six is exact.
    """
    head = f'\x1bP0;1;0q"1;1;{picture.width};{picture.height}'
    colours = "".join(
        f"#{number};2;" + ";".join(str(round(part / 2.55)) for part in colour)
        for number, colour in enumerate(picture.palette)
    )
    bands = b"-".join(_band(picture, top) for top in range(0, picture.height, _BAND))
    return f"{head}{colours}{bands.decode('ascii')}\x1b\\"


def _band(picture: Indexed, top: int) -> bytes:
    """Six rows or what is left of them: a line of characters for each of their colours."""
    width = picture.width
    rows = [
        picture.indexes[y * width : (y + 1) * width]
        for y in range(top, min(top + _BAND, picture.height))
    ]
    empty = int.from_bytes(bytes([_EMPTY]) * width, "big")
    lines = []
    for colour in sorted(set(b"".join(rows))):
        # All pixels of a row at once: each byte of these numbers is one column.
        bits = 0
        for row, table in zip(rows, _tables(colour), strict=False):
            bits |= int.from_bytes(row.translate(table), "big")
        line = (bits + empty).to_bytes(width, "big").rstrip(bytes([_EMPTY]))
        lines.append(b"#%d%b" % (colour, _RUN.sub(_shorter, line)))
    return b"$".join(lines)


@cache
def _tables(colour: int) -> tuple[bytes, ...]:
    """For each row of a band: what makes that row's bit of a colour's pixels, and 0 of others."""
    return tuple(
        bytes((1 << row) if index == colour else 0 for index in range(256)) for row in range(_BAND)
    )


def _shorter(run: re.Match[bytes]) -> bytes:
    return b"!%d%b" % (len(run[0]), run[1])
