"""Three looks, chosen once: what a terminal can draw, and text made to fit it.

`full` is for terminals with a real font, `console` for the Linux console with one of Debian's
bitmap fonts, `ascii` for whatever has no UTF-8. Meaning never hangs on a glyph alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, split_graphemes

from dodo_tui.domain.text import MAX_TITLE_CHARACTERS, clean_text

if TYPE_CHECKING:
    from textual.dom import DOMNode


class Look(StrEnum):
    """What may be drawn."""

    FULL = "full"
    CONSOLE = "console"
    ASCII = "ascii"


class Frame(NamedTuple):
    """The six pieces of a box."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    across: str
    down: str


class Glyphs(NamedTuple):
    """The signs of one look. Each is one cell wide, except `ellipsis` in ASCII."""

    marker: str
    """Stands before what is in focus."""
    frame: Frame
    focus_frame: Frame
    bar_full: str
    bar_empty: str
    ellipsis: str
    separator: str
    """Between two facts in a line."""
    watched: str
    unwatched: str
    playing: str
    paused: str
    more_above: str
    more_below: str
    block: str
    """What big letters are made of."""
    person: str
    """The mark of a person, in their colour."""


GLYPHS: Mapping[Look, Glyphs] = MappingProxyType(
    {
        Look.FULL: Glyphs(
            marker="▌",
            frame=Frame(*"╭╮╰╯─│"),
            focus_frame=Frame(*"┏┓┗┛━┃"),
            bar_full="━",
            bar_empty="─",
            ellipsis="…",
            separator="·",
            watched="✓",
            unwatched="○",
            playing="▶",
            paused="II",
            more_above="↑",
            more_below="↓",
            block="█",
            person="●",
        ),
        Look.CONSOLE: Glyphs(
            marker="▶",
            frame=Frame(*"┌┐└┘─│"),
            focus_frame=Frame(*"╔╗╚╝═║"),
            bar_full="█",
            bar_empty="░",
            ellipsis="…",
            separator="·",
            watched="■",
            unwatched="·",
            playing="▶",
            paused="II",
            more_above="↑",
            more_below="↓",
            block="█",
            person="■",
        ),
        Look.ASCII: Glyphs(
            marker=">",
            frame=Frame(*"++++-|"),
            focus_frame=Frame(*"####=#"),
            bar_full="#",
            bar_empty="-",
            ellipsis="...",
            separator="-",
            watched="x",
            unwatched=".",
            playing=">",
            paused="II",
            more_above="^",
            more_below="v",
            block="#",
            person="*",
        ),
    }
)

_ASCII = frozenset(map(chr, range(0x20, 0x7F)))

CONSOLE_CHARACTERS = (
    _ASCII
    | frozenset(map(chr, range(0xA1, 0x100))) - {"\xad"}
    | frozenset("ĐĞğİıŒœŞşŠšŸŽž€…")
    | frozenset("─│┌┐└┘├┤┬┴┼═║╔╗╚╝█░▒←↑→↓▲▼◀▶■•")
)
"""What the console look draws: in all ten of Debian's Lat15, Uni2 and Uni3 fonts we read."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ´`", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "‹": "<",
        "›": ">",
        "⁄": "/",
    }
)
_ASCII_WORDS = str.maketrans(
    {
        "…": "...",
        "•": "*",
        "·": "-",
        "×": "x",
        "«": '"',
        "»": '"',
        "ß": "ss",
        "Æ": "AE",
        "æ": "ae",
        "Œ": "OE",
        "œ": "oe",
        "Ø": "O",
        "ø": "o",
        "Đ": "D",
        "đ": "d",
        "Ð": "D",
        "ð": "d",
        "Þ": "Th",
        "þ": "th",
        "ı": "i",
    }
)
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "ħ": "h", "ŋ": "n", "ĳ": "ij", "ﬁ": "fi"})

_CONSOLE_TERMINALS = frozenset({"", "dumb", "linux", "vt100", "vt102", "vt220"})


def choose_look(environment: Mapping[str, str]) -> Look:
    """The look for a terminal, told by `DODO_LOOK`, else by the locale and `TERM`."""
    wish = environment.get("DODO_LOOK", "").strip().lower()
    if wish in {look.value for look in Look}:
        return Look(wish)
    locale = next(
        (text for name in ("LC_ALL", "LC_CTYPE", "LANG") if (text := environment.get(name))), ""
    )
    if "utf8" not in locale.lower().replace("-", ""):
        return Look.ASCII
    return Look.CONSOLE if environment.get("TERM", "") in _CONSOLE_TERMINALS else Look.FULL


def look_of(node: DOMNode) -> Look:
    """The look of the app a node is in; an app says it in an attribute `look`."""
    look = getattr(node.app, "look", Look.FULL)
    return look if isinstance(look, Look) else Look.FULL


def is_desk(node: DOMNode) -> bool:
    """Whether much is to be shown at a time, for somebody who sits close by."""
    return bool(getattr(node.app, "desk", False))


def is_still(node: DOMNode) -> bool:
    """Whether nothing is to move by itself."""
    return bool(getattr(node.app, "reduced_motion", False))


def shown(text: str, look: Look, limit: int = MAX_TITLE_CHARACTERS) -> str:
    """A line of text from outside as this look can draw it: no controls, no markup, no surprises.

    What a look has no glyph for loses its accent, or becomes `?`. What is longer than `limit`
    characters is cut. Blanks between words stay as they are.
    """
    return _shown(text, look, limit)


@lru_cache(maxsize=1024)
def _shown(text: str, look: Look, limit: int) -> str:
    """`shown`, remembered; apart, because a type checker cannot see through the cache."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text.strip()
    pieces = (clean_text(piece, limit) for piece in text[: limit * 4].split("  "))
    line = _without_width_games("  ".join(pieces).strip())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    if look is Look.FULL:
        return line
    line = line.translate(_PLAIN)
    allowed = CONSOLE_CHARACTERS
    if look is Look.ASCII:
        line = line.translate(_ASCII_WORDS)
        allowed = _ASCII
    return "".join(
        character if character in allowed else _nearest(character, allowed) for character in line
    )


def fit(text: str, width: int, look: Look) -> str:
    """Text cut to a number of cells, ending in an ellipsis where something was cut."""
    if cell_len(text) <= width:
        return text
    ellipsis = GLYPHS[look].ellipsis
    room = width - len(ellipsis)
    if room <= 0:
        return ellipsis[: max(width, 0)]
    used = 0
    for start, _end, cells in split_graphemes(text)[0]:
        if used + cells > room:
            return text[:start].rstrip() + ellipsis
        used += cells
    return text


def fit_exactly(text: str, width: int, look: Look) -> str:
    """Text cut or filled up with blanks to exactly this number of cells."""
    text = fit(text, width, look)
    return text + " " * (width - cell_len(text))


def wrapped(text: str, width: int, most: int, look: Look) -> list[str]:
    """Text in at most so many lines, broken between words; the last ends in an ellipsis if cut."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1 and cell_len(rest) > width:
        cut = _last_break(rest, width)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, fit(rest, width, look)] if rest or not lines else lines


def _last_break(text: str, width: int) -> int:
    """Where to break a line: after the last word that fits, else after the last letter."""
    used = end = blank = 0
    for start, stop, cells in split_graphemes(text)[0]:
        if used + cells > width:
            break
        used += cells
        end = stop
        if text[start] == " ":
            blank = stop
    if text[end : end + 1] == " ":
        return end
    return blank or end or 1


def _nearest(character: str, allowed: frozenset[str]) -> str:
    """The closest thing that can be drawn: the letter without its accent, or `?`."""
    if unicodedata.combining(character) or unicodedata.category(character) == "Mn":
        return ""
    letters = unicodedata.normalize("NFKD", character.translate(_LETTERS))
    kept = "".join(letter for letter in letters if letter in allowed)
    if kept:
        return kept
    return "" if unicodedata.category(character)[0] == "C" else "?"


def _without_width_games(line: str) -> str:
    """Take out what terminals disagree about the width of: joiners and variations of emoji.

    A whole row of cards shares its lines, so one wrong width would shift all that follow. The
    non-joiner stays between letters, where several scripts spell with it.
    """
    if line.isascii():
        return line
    kept = []
    for index, character in enumerate(line):
        if character in "\u200d\u20e3\ufe0e\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff":
            continue
        if character == "\u200c" and not line[max(index - 1, 0) : index + 2 : 2].isalpha():
            continue
        kept.append(character)
    return "".join(kept)
