"""What a provider is told, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.ids import Ids
from dodo_tui.domain.lists import ListStatus, is_rating, may_choose
from dodo_tui.providers.items import Item, TitleRef


class Verb(StrEnum):
    """The live calls of a viewing."""

    START = "start"
    PAUSE = "pause"
    STOP = "stop"


class FactKind(StrEnum):
    """What a late or manual fact changes in a provider's history."""

    WATCHED = "watched"
    UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True)
class Fact:
    """One change of history. `watched_at` is when it really was watched; None is unknown."""

    kind: FactKind
    item: Item
    watched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A fact that was sent and never answered: it may have arrived or not."""

    fact: Fact
    sent_at: datetime
    """When it was sent last, by our clock."""
    may_be_stop: bool = False
    """Whether it may have been sent as a `stop`, which the provider stamps itself."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What a user thinks of a title; `value` is 1–10, None takes the rating back."""

    title: TitleRef
    value: int | None
    rated_at: datetime | None = None
    """When it was given; None is unknown, and the provider takes it for now."""

    def __post_init__(self) -> None:
        """Refuse what no provider knows.

        Raises:
            ValueError: the rating is not 1–10.
        """
        if self.value is not None and not is_rating(self.value):
            raise ValueError("a rating is 1 to 10")


@dataclass(frozen=True, slots=True)
class ListChange:
    """Where a title shall stand on the user's lists; None takes it off all of them."""

    title: TitleRef
    status: ListStatus | None

    def __post_init__(self) -> None:
        """Refuse a list that would be taken for a viewing.

        Raises:
            ValueError: a title of this kind is not put on this list by hand.
        """
        if self.status is not None and self.status not in may_choose(self.title.kind):
            raise ValueError(f"a {self.title.kind} is not put on the list: {self.status}")


class Outcome(StrEnum):
    """What became of one thing that was told.

    `WATCHED`: marked watched. `SAVED`: a resume point is kept. `NOTED`: "watching now" is shown.
    `REPEATED`: it had been told before (Simkl's 409), which is a success.
    `DONE`: a change of history, of a list or of a rating was accepted. `KEPT`: a change of a list
    was not made, for the provider would have lost history (or a rating) by it. `NO_LIST`: it was
    not made, for the provider has no such list for such a title.
    `UNKNOWN_TITLE`: the provider does not know it.
    """

    WATCHED = "watched"
    SAVED = "saved"
    NOTED = "noted"
    REPEATED = "repeated"
    DONE = "done"
    KEPT = "kept"
    NO_LIST = "no_list"
    UNKNOWN_TITLE = "unknown_title"


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer about one thing."""

    outcome: Outcome
    ids: Ids = field(default_factory=Ids)
    """Ids the provider gave for the title, worth keeping."""
    status: ListStatus | None = None
    """The list that the title is on now, which need not be the one asked for; None: not told."""
    why: str | None = None
    """Of `UNKNOWN_TITLE`: a sentence on why, where there is more to say than that."""


def told_percent(percent: float) -> float:
    """How far a viewing is, as it is told: within 0–100, cut to two decimals.

    Cut, not rounded: Simkl and Trakt mark 80 % as watched, and 79.999 % is not 80 %.

    Raises:
        ValueError: it is no number.
    """
    if not math.isfinite(percent):
        raise ValueError("a percent must be a number")
    noise = 1e-6  # 80 % computed from a ratio may come out as 79.99999999999999
    return math.floor(min(max(percent, 0.0), 100.0) * 100 + noise) / 100
