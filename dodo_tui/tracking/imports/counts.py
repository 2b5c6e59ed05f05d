"""What an import has changed, or would."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_SAMPLES = 5
"""So many of the new things are named."""


@dataclass(slots=True)
class Counts:
    """What an import has changed, or would."""

    plays: int = 0
    """Viewings that were not here."""
    watched: int = 0
    """Films and episodes that become watched."""
    resume_points: int = 0
    ratings: int = 0
    planned: int = 0
    listed: int = 0
    """Titles that come on a list other than the watchlist."""
    left_out: int = 0
    """Rows that were of no use."""
    films: int = field(default=0, compare=False)
    """How many of those that become watched are films."""
    by_name: set[str] = field(default_factory=set, compare=False)
    """Titles of which something is new and that are known by their name alone, by id."""
    by_id: set[str] = field(default_factory=set, compare=False)
    """Titles of which something is new and whose name is not known, by id."""
    entries: int = field(default=0, compare=False)
    """Everything that was in the file, known or not."""
    reasons: Counter[str] = field(default_factory=Counter, compare=False)
    """Why rows were left out."""
    samples: list[str] = field(default_factory=list, compare=False)
    """Some of what is new, in words."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changes."""
        new = (self.plays, self.watched, self.resume_points)
        return not any((*new, self.ratings, self.planned, self.listed))

    def leave_out(self, rows: int, why: str) -> None:
        """Count rows that were of no use."""
        self.left_out += rows
        self.reasons[why] += rows

    def show(self, what: str) -> None:
        """Keep something new as a sample, as long as there are few."""
        if len(self.samples) < MOST_SAMPLES and what not in self.samples:
            self.samples.append(what)
