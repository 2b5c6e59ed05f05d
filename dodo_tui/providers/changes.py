"""What a provider holds of its user, as a sync pulls it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.providers.items import Item


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A provider's own timestamps of everything it keeps, verbatim: the cursors of a sync."""

    text: str
    """As it came, for the database."""


@dataclass(frozen=True, slots=True)
class RemoteEpisode:
    """An episode that a provider holds as watched; None is watched at an unknown time."""

    season: int
    number: int
    watched_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemoteTitle:
    """What a provider knows of one title of the user: everything that it says, nothing made up."""

    media: Media
    status: ListStatus | None = None
    watched: bool = False
    """For a film: watched. For a series see `episodes`."""
    watched_at: datetime | None = None
    """For a film: when; None is unknown."""
    episodes: tuple[RemoteEpisode, ...] = ()
    episodes_complete: bool = False
    """Whether `episodes` are all that were watched. Where the provider counts more of them than it
    names, a missing one says nothing."""
    entry: str | None = None
    """The provider's entry, where several of them may make one title: then `episodes` are its own,
    and a missing one is one that it told of before."""
    rating: int | None = None
    """1–10; None is no rating (see `says_rating`)."""
    says_rating: bool = True
    says_watched: bool = True
    """False where only the rating is told: nothing about watching may be concluded."""
    added_at: datetime | None = None
    rated_at: datetime | None = None
    """When the rating was given; None is unknown."""


class Aspect(StrEnum):
    """What a listing is complete about.

    `LISTED`: everything that the provider holds of the user. `WATCHED`: the history. `PLANNED`,
    `DROPPED`: these lists alone. `RATED`: the ratings. `HIDDEN`: what the user does not want to see
    among what goes on.
    """

    LISTED = "listed"
    WATCHED = "watched"
    PLANNED = "planned"
    DROPPED = "dropped"
    RATED = "rated"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Listing:
    """The ids of everything that the user has in one respect: what is missing was removed.

    Only titles of `kinds` may be found missing: kinds of which something is listed, or of which
    the provider says elsewhere that something was taken off.
    """

    kinds: frozenset[Kind]
    ids: frozenset[Ids]
    of: Aspect = Aspect.LISTED


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """A resume point kept by the provider."""

    item: Item
    percent: float
    paused_at: datetime | None
    remote_id: int | None = None


@dataclass(frozen=True, slots=True)
class ResumePoints:
    """Every resume point that the provider keeps for the kinds of title named."""

    points: tuple[ResumePoint, ...]
    complete: bool
    """Whether these are all of them: then a missing one is gone there."""
    kept_since: datetime | None = None
    """A missing one that was saved before this may have run out there, without anybody's doing."""
    malformed: int = 0
    """How many rows of the answer made no sense and were left out."""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """Some titles of a pull, and how many rows of the answer made no sense and were left out."""

    titles: tuple[RemoteTitle, ...]
    malformed: int = 0


Change = TitlePage | Listing | ResumePoints
"""One piece of a pull, to be merged in the order in which it comes."""


class KeptAnswers(Protocol):
    """Where the whole answers of a first pull are kept, so that none is asked for a second time."""

    async def load(self, name: str) -> bytes | None:
        """An answer that came before, under the provider's own name for it."""
        ...

    async def save(self, name: str, body: bytes) -> None:
        """Keep an answer durably; returns only when it is on disk."""
        ...

    async def drop(self, name: str) -> None:
        """Let an answer go that turned out to be nonsense: it must be asked for again."""
        ...
