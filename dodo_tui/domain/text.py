"""Text from outside made safe to keep and to show.

Titles, file names and server messages are data: terminal escapes, control characters and
direction overrides are taken out, the length is bounded, and nothing here is ever markup.
"""

from __future__ import annotations

import re
import unicodedata

MAX_TITLE_CHARACTERS = 300
"""Longer titles than any real one: what is cut is an attack or an accident."""

_KEPT_FORMATS = frozenset("\u200c\u200d")
"""Zero-width joiners, which several scripts need to spell words."""


_NUMBERS = re.compile("[0-9]+")


def clean_text(text: str, limit: int = MAX_TITLE_CHARACTERS) -> str:
    """One line of plain text: NFC, no control, format or surrogate characters, bounded.

    Runs of white space become one blank. `limit` is in characters; what is longer ends in `…`.
    """
    characters = []
    for character in text[: limit * 4]:
        category = unicodedata.category(character)
        if character.isspace() or category in ("Cc", "Zl", "Zp"):
            characters.append(" ")
        elif category[0] != "C" or character in _KEPT_FORMATS:
            characters.append(character)
    line = unicodedata.normalize("NFC", " ".join("".join(characters).split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def natural(name: str) -> str:
    """What a name is sorted by so that others come as people count: 2 before 10, anywhere in it."""
    return _NUMBERS.sub(_by_value, name)


def _by_value(number: re.Match[str]) -> str:
    """Digits, after how many there are: of two numbers the longer one is the larger one."""
    digits = number[0].lstrip("0")
    return f"{len(digits):04d}{digits}"
