"""What an importer reads out of a file, whatever it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from dodo_tui.providers.protocol import RemoteTitle, ResumePoint
from dodo_tui.tracking.imports.source import Source


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that made no sense, or that dodo keeps nothing of."""

    rows: int = 1


Record = RemoteTitle | ResumePoint | LeftOut
"""One thing that a file tells: of a title, where somebody stopped, or nothing."""


class Importer(Protocol):
    """Reads one kind of file."""

    name: str
    """What the file is, in words: `Trakt's data export`."""

    def recognises(self, source: Source) -> bool:
        """Whether a file is of this kind, by what is in it.

        Raises:
            ImportFailedError: it cannot be read.
        """
        ...

    def records(self, source: Source) -> Iterator[Record]:
        """Everything that the file tells.

        Raises:
            ImportFailedError: it cannot be read.
        """
        ...
