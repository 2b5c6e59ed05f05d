"""Reading the rows of a file so that what is damaged in it takes nothing else with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from dodo_tui.providers.rows import Read
from dodo_tui.tracking.imports.records import LeftOut, Record
from dodo_tui.tracking.imports.source import Part, Source

_ROWS_LOOKED_AT = 3
"""By so many rows a file is recognised."""

Rows = Callable[[Part], Iterator[tuple[str, Any]]]
"""What counts as the rows of a part of a file: `Part.rows` or `Part.entries`."""


def begins_with(source: Source, is_its: Callable[[Any], bool], rows: Rows = Part.rows) -> bool:
    """Whether any of the first rows of any part of a file is one of a program's own.

    Raises:
        ImportFailedError: it cannot be read.
    """
    return any(is_its(row) for part in source.parts() for row in _first(rows(part)))


def every_row(source: Source, rows: Rows = Part.rows) -> Iterator[tuple[str, Any]]:
    """Every row with the name it is under; None stands for the end of a text that is cut off.

    Raises:
        ImportFailedError: it cannot be read.
    """
    for part in source.parts():
        try:
            yield from rows(part)
        except ValueError:
            yield part.name, None


def told(read: Read) -> Iterator[Record]:
    """What a row of a provider's own tells, read by the adapter's rules."""
    if read.title is not None:
        yield read.title
    if read.malformed:
        yield LeftOut(read.malformed)


def _first(rows: Iterator[tuple[str, Any]]) -> list[Any]:
    """The first rows, as far as they can be read."""
    found: list[Any] = []
    try:
        found.extend(row for _, row in islice(rows, _ROWS_LOOKED_AT))
    except ValueError:
        return found
    return found
