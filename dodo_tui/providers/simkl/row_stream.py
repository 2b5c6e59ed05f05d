"""A library's answer, read row by row.

Decoded as a whole, a large library is many times its size in memory, and Python's decoder lets no
other thread run meanwhile. Here each row is decoded by itself, so that a page of them is all there
ever is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.simkl.failures import NONSENSE

SLOTS = {"shows": Kind.SHOW, "movies": Kind.MOVIE, "anime": Kind.ANIME}
"""The lists of an answer, and what is in them."""

Row = tuple[Kind, object]

_decode = json.JSONDecoder().raw_decode
_blanks = re.compile(r"[ \t\r\n]*")


def library_rows(body: bytes) -> Iterator[Row]:
    """Every row of every list with what it is, as it stands in the answer.

    Simkl: "nothing" is `{}`, `null`, `[]`, an empty body, or a list that is missing or one of
    these itself. What is not known is passed over.

    Raises:
        BrokenError: the answer is anything else, or ends in its midst; rows may have come before.
    """
    text = body.decode("utf-8", errors="replace")
    at = _after_blanks(text, 0)
    if text.startswith("{", at):
        at = yield from _members(text, at + 1)
    elif at < len(text):
        value, at = _value(text, at)
        _expect_nothing(value)
    if _after_blanks(text, at) != len(text):
        raise BrokenError(NONSENSE)


def _members(text: str, at: int) -> Generator[Row, None, int]:
    """The rows of an object that begins just before `at`; returns where it ends."""
    at = _after_blanks(text, at)
    while not text.startswith("}", at):
        name, at = _value(text, at)
        at = _after_blanks(text, at)
        if not isinstance(name, str) or not text.startswith(":", at):
            raise BrokenError(NONSENSE)
        at = _after_blanks(text, at + 1)
        kind = SLOTS.get(name)
        if kind is not None and text.startswith("[", at):
            at = yield from _elements(kind, text, at + 1)
        else:
            value, at = _value(text, at)
            if kind is not None or (name == "error" and value != "empty"):
                _expect_nothing(value)
        at = _after_comma(text, at, "}")
    return at + 1


def _elements(kind: Kind, text: str, at: int) -> Generator[Row, None, int]:
    """The elements of an array that begins just before `at`; returns where it ends."""
    at = _after_blanks(text, at)
    while not text.startswith("]", at):
        value, at = _value(text, at)
        yield kind, value
        at = _after_comma(text, at, "]")
    return at + 1


def _after_comma(text: str, at: int, end: str) -> int:
    """Where the next part begins, or where the end stands; nothing else may be there."""
    at = _after_blanks(text, at)
    if text.startswith(",", at):
        at = _after_blanks(text, at + 1)
        if not text.startswith(end, at):
            return at
    elif text.startswith(end, at):
        return at
    raise BrokenError(NONSENSE)


def _after_blanks(text: str, at: int) -> int:
    found = _blanks.match(text, at)
    return at if found is None else found.end()


def _value(text: str, at: int) -> tuple[Any, int]:
    """One value, and where it ends."""
    with suppress(ValueError, RecursionError):
        return _decode(text, at)
    # Raised out here: the decoder's error holds the whole answer, and would be its context.
    raise BrokenError(NONSENSE)


def _expect_nothing(value: object) -> None:
    if value is not None and value != [] and value != {}:
        raise BrokenError(NONSENSE)
