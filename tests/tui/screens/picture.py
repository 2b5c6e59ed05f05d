"""A screen as text that a person can review: what is written, and how it is coloured.

Below the text stands the colour of the ground, and what the letters mean; then each row in runs:
`3. 12a 4b` is three plain cells, twelve in the style `a`, four in `b`. Rows alike are one line.
"""

from __future__ import annotations

import itertools
import string
from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

_PLAIN = "."
_LETTERS = string.ascii_letters + string.digits


def picture(strips: Sequence[Strip]) -> str:
    """Text, ground, legend and runs."""
    text = "\n".join(strip.text.rstrip() for strip in strips).rstrip()
    grounds: Counter[str] = Counter()
    for segment in itertools.chain(*strips):
        grounds[_ground(segment.style or Style())] += cell_len(segment.text)
    ground = grounds.most_common(1)[0][0]
    letters: dict[str, str] = {}
    rows = [_runs(strip, letters, ground) for strip in strips]
    legend = [f"{letter} {style}" for style, letter in letters.items()]
    return "\n".join([text, f"-- on {ground}", *legend, *_alike(rows), ""])


def _runs(strip: Strip, letters: dict[str, str], ground: str) -> str:
    """The runs of a row, its plain end left out."""
    cells: list[tuple[str, int]] = []
    for segment in strip:
        style = segment.style or Style()
        for is_blank, group in itertools.groupby(segment.text, str.isspace):
            name = _words(style, is_blank, ground)
            letter = letters.setdefault(name, _LETTERS[len(letters)]) if name else _PLAIN
            cells.append((letter, cell_len("".join(group))))
    runs: list[tuple[str, int]] = []
    for letter, count in cells:
        runs.append((letter, count))
        while len(runs) > 1 and runs[-2][0] == letter:
            count += runs[-2][1]
            runs[-2:] = [(letter, count)]
        if len(runs) > 2 and runs[-3][0] == letter and runs[-2] == (_PLAIN, 1):
            runs[-3:] = [(letter, runs[-3][1] + 1 + count)]  # the blank between two words
    if runs and runs[-1][0] == _PLAIN:
        runs.pop()
    return " ".join(f"{count}{letter}" for letter, count in runs)


def _alike(rows: Sequence[str]) -> list[str]:
    """Rows with their numbers, those alike as one; plain rows are left out."""
    found = []
    for runs, group in itertools.groupby(enumerate(rows), lambda row: row[1]):
        numbers = [number for number, _ in group]
        first, last = numbers[0], numbers[-1]
        if runs:
            found.append(f"{first}: {runs}" if first == last else f"{first}-{last}: {runs}")
    return found


def _words(style: Style, is_blank: bool, ground: str) -> str:
    """What is to be seen of a style, in words; empty for blanks on the screen's own ground."""
    names = ("underline", "reverse") if is_blank else ("bold", "dim", "italic", "underline",
                                                       "reverse", "strike")  # fmt: skip
    words = [name for name in names if getattr(style, name)]
    if not is_blank or "reverse" in words:
        words.append(_name(style.color))
    if (own := _ground(style)) != ground:
        words += ["on", own]
    return " ".join(words)


def _name(colour: Color | None) -> str:
    return "default" if colour is None or colour.is_default else colour.name


def _ground(style: Style) -> str:
    return _name(style.bgcolor)
