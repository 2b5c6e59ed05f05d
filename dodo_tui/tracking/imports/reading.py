"""Reading the rows of a file so that what is damaged in it takes nothing else with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dodo_tui.tracking.imports.source import Part

ROWS_LOOKED_AT = 3
"""By so many rows a file is recognised."""


def first_rows(part: Part) -> list[Any]:
    """The first rows, as far as they can be read."""
    found: list[Any] = []
    try:
        for _, row in part.rows():
            found.append(row)
            if len(found) >= ROWS_LOOKED_AT:
                break
    except ValueError:
        return found
    return found


def first_entries(part: Part) -> list[Any]:
    """The first values of an object, or rows of an array, as far as they can be read."""
    found: list[Any] = []
    try:
        for _, entry in part.entries():
            found.append(entry)
            if len(found) >= ROWS_LOOKED_AT:
                break
    except ValueError:
        return found
    return found


def rows_of(part: Part, *, entries: bool = False) -> Iterator[tuple[str, Any]]:
    """Every row with the name it is under; None stands for the end of a text that is cut off."""
    try:
        yield from part.entries() if entries else part.rows()
    except ValueError:
        yield part.name, None
