"""What an importer reads out of a file, whatever it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dodo_tui.providers.changes import RemoteTitle, ResumePoint
from dodo_tui.tracking.imports.source import Source

NO_SENSE = "it made no sense"
NO_NAME = "it names no title"
NO_EPISODE = "it does not say which episode"
NOT_SAID_WATCHED = "it does not say whether it was watched"
SHORT_LOOK = "it stopped in the first minute, which is a short look"

NEVER_TRACKED = "you chose that it is never tracked"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that cannot be read, or that dodo keeps nothing of."""

    rows: int = 1
    why: str = NO_SENSE
    """The reason, as it goes after "because"."""


@dataclass(frozen=True, slots=True)
class DayOnly:
    """What is told of a title, where only the day of each viewing is known.

    The time of day is noon, UTC, which is on that day nearly everywhere.
    """

    title: RemoteTitle


@dataclass(frozen=True, slots=True)
class FileStop:
    """Where a player stopped in a file, of which it may have kept nothing but a hash."""

    digest: str
    """MD5 of the path, hexadecimal, upper case."""
    path: str | None
    """The path as the player was given it, where that was kept as well; it may be relative."""
    position_seconds: float
    stopped_at: datetime


Record = RemoteTitle | DayOnly | ResumePoint | FileStop | LeftOut
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
