"""One pull as it goes on, and whose word counts in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Scheme
from dodo_tui.domain.progress import Origin

_MOST_LINES = 20
"""How many lines of one sync are kept; the log holds the last hundred of all."""


class Side(StrEnum):
    """Whose word counts in a pull: `MERGE` is every later sync; the others a first one's choice."""

    MERGE = "merge"
    THEIRS = "theirs"
    MINE = "mine"


@dataclass(slots=True)
class Pull:
    """One pull as it goes on: what it is made with, and what it has come to."""

    account: Account
    now: datetime
    """Nothing that happened is later than this."""
    is_sure: bool = False
    """Whether `now` is known to be right, a server having said it."""
    since: datetime | None = None
    """When the last complete pull began; None: this is the first."""
    side: Side = Side.MERGE
    quiet: bool = False
    """Whether single things are left out of the log: a first pull has thousands, and a sum."""
    changed: int = 0
    sent: int = 0
    """What was sent in the same sync."""
    malformed: int = 0
    lines: list[str] = field(default_factory=list)
    unsaid: int = 0
    removed: int = 0
    """How many titles left the list here, as they had left it there."""
    is_noted: bool = False
    """Whether what it has come to is in the log and counted."""

    @property
    def origin(self) -> Origin:
        """What is told by this account's provider."""
        return Origin(self.account.provider)

    def say_one(self, line: str) -> None:
        """A line about one film, episode or title; see `quiet`."""
        if not self.quiet:
            self.say(line)

    @property
    def own_scheme(self) -> Scheme:
        """The ids that this account's provider gives out itself."""
        return Scheme(self.account.provider)

    def say(self, line: str) -> None:
        """A line for the log; the first ones of a sync are kept and the rest are counted."""
        if len(self.lines) < _MOST_LINES:
            self.lines.append(line)
        else:
            self.unsaid += 1
