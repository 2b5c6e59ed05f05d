"""What became of one row of a provider's library."""

from __future__ import annotations

from dataclasses import dataclass

from dodo_tui.providers.changes import RemoteTitle


@dataclass(frozen=True, slots=True)
class Read:
    """A row that was read, as far as it made sense."""

    title: RemoteTitle | None
    """None where the row as a whole makes no sense."""
    malformed: int = 0
    """How many parts of it, or the row itself, made no sense and were left out."""


NONSENSE_ROW = Read(None, 1)
"""A row that makes no sense as a whole."""
