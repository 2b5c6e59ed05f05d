"""Where a title stands on a list, what may be chosen there, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.status import PROVIDER_NAMES

ONE_ENTRY_PROVIDERS = frozenset({"simkl"})
"""Providers that keep a title's history, list and rating as one entry: all go together."""

WORST_RATING = 1
BEST_RATING = 10
"""Ratings are whole numbers between the two."""


class ListStatus(StrEnum):
    """Where a title stands on a provider's list."""

    WATCHING = "watching"
    PLANNED = "planned"
    HOLD = "hold"
    COMPLETED = "completed"
    DROPPED = "dropped"


_WORDS = {
    ListStatus.WATCHING: "Watching",
    ListStatus.PLANNED: "Watchlist",
    ListStatus.HOLD: "On hold",
    ListStatus.COMPLETED: "Completed",
    ListStatus.DROPPED: "Dropped",
}


_MOVES = {
    ListStatus.PLANNED: "put on the Watchlist",
    ListStatus.HOLD: "put on hold",
    ListStatus.DROPPED: "dropped",
}


def status_word(status: ListStatus) -> str:
    """How a list is named on screens."""
    return _WORDS[status]


def move_words(status: str | None) -> str | None:
    """What was done with a title that has come to be on a list, as the sync log says it.

    None: it came there by being watched, here or elsewhere, which is said of the viewing.
    """
    return _MOVES.get(ListStatus(status)) if status else None


def may_choose(kind: Kind) -> tuple[ListStatus, ...]:
    """The lists that a title may be put on by hand.

    `COMPLETED` is none of them: a title is completed by being watched, and a provider that is told
    so marks all of it watched. A film is not watched by halves: Simkl takes "watching" for watched.
    """
    if kind is Kind.MOVIE:
        return (ListStatus.PLANNED, ListStatus.DROPPED)
    return (ListStatus.PLANNED, ListStatus.WATCHING, ListStatus.HOLD, ListStatus.DROPPED)


def is_rating(value: object) -> bool:
    """Whether a value is a rating: a whole number from 1 to 10."""
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and WORST_RATING <= value <= BEST_RATING
    )


def taken_for_watched(
    kind: Kind, status: ListStatus | None, providers: Iterable[str], *, is_watched: bool
) -> str:
    """Which of some providers will take a title for watched once it is rated, by name; "": none.

    Simkl: rating a film that is on no list files it with the completed ones.
    """
    if kind is not Kind.MOVIE or status is not None or is_watched:
        return ""
    return ", ".join(PROVIDER_NAMES[each] for each in providers if each in ONE_ENTRY_PROVIDERS)


def choices(kind: Kind, is_watched: bool) -> tuple[ListStatus, ...]:
    """The lists that a title may be put on, as it stands.

    `is_watched`: in one sitting, which is a film, also an anime's. It is watched by being on the
    list of completed ones, so it stays there.
    """
    return () if is_watched else may_choose(kind)


def why_not(kind: Kind, status: ListStatus, is_watched: bool) -> str | None:
    """Why a title is not put on a list, in one sentence; None: it is."""
    if status in choices(kind, is_watched):
        return None
    if status is ListStatus.COMPLETED:
        return "A title is completed by being watched: mark it watched instead."
    if status not in may_choose(kind):
        return "A film is planned or dropped; it is on no other list."
    return "It was watched, and a film that was watched stays with the watched ones."
