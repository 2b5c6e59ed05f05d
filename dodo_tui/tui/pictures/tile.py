"""What stands where a poster will be, or where there is none: a quiet tile with the initials."""

from __future__ import annotations

import colorsys
import hashlib
from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style

from dodo_tui.tui.look import Look, shown
from dodo_tui.tui.widgets.big_text import big_text
from dodo_tui.tui.widgets.paint import Line

_SMALL_WORDS = frozenset({"a", "an", "and", "das", "der", "die", "la", "le", "of", "the", "und"})


@lru_cache(maxsize=512)
def tile_lines(title: str, columns: int, rows: int, dark: bool = True) -> tuple[Line, ...]:
    """A tile in a quiet colour of the title's own, its initials in the middle.

    `dark` is what the theme is: the tile is close to the ground in either.
    """
    seed = hashlib.sha256(title.encode("utf-8", "replace")).digest()
    hue = seed[0] / 256
    letters = initials(title)
    drawn = _lettering(letters, columns, rows)
    first = (rows - len(drawn)) // 2
    lines: list[Line] = []
    for row in range(rows):
        fade = row / max(rows - 1, 1)
        saturation, shade = (0.35, 0.17 - 0.06 * fade) if dark else (0.10, 0.92 - 0.06 * fade)
        ground = _style(hue, saturation, shade)
        if first <= row < first + len(drawn):
            text = drawn[row - first]
            left = (columns - cell_len(text)) // 2
            right = columns - cell_len(text) - left
            ink = _style(hue, saturation, shade, ink=_ink(dark, large=len(drawn) > 1))
            lines.append([(" " * left, ground), (text, ink), (" " * right, ground)])
        else:
            lines.append([(" " * columns, ground)])
    return tuple(lines)


def _lettering(letters: str, columns: int, rows: int) -> tuple[str, ...]:
    """The initials in big letters where there is room for them, else as they are, else nothing."""
    big = big_text(letters, Look.FULL)
    if big and rows >= 3 * len(big) and cell_len(big[0]) <= columns - 4:
        return big
    return (letters,) if letters and cell_len(letters) <= columns - 2 else ()


def initials(title: str) -> str:
    """One or two letters: those of the first words that mean something."""
    words = shown(title, Look.FULL).split()
    telling = [word for word in words if word.casefold() not in _SMALL_WORDS] or words
    letters = [word[0] for word in telling if word[0].isalnum()][:2]
    return "".join(letters).upper()


def _ink(dark: bool, large: bool) -> float:
    """How bright letters are on a tile; large ones come forward by themselves."""
    if dark:
        return 0.42 if large else 0.62
    return 0.68 if large else 0.45


def _style(hue: float, saturation: float, value: float, ink: float | None = None) -> Style:
    colour = None if ink is None else Color.from_rgb(*_rgb(hue, 0.30, ink))
    return Style(
        color=colour, bgcolor=Color.from_rgb(*_rgb(hue, saturation, value)), bold=ink is not None
    )


def _rgb(hue: float, saturation: float, value: float) -> tuple[float, float, float]:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return red * 255, green * 255, blue * 255
