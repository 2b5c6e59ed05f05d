"""The rows of a user's library as checked objects; see `models` for how tolerant they are."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from dodo_tui.domain.lists import ListStatus
from dodo_tui.providers.simkl.models import Titled
from dodo_tui.providers.wire import (
    Coordinate,
    Number,
    Text,
    Time,
    Wire,
    maybe_mapping,
    whole_number,
)

_STATUSES = {
    "watching": ListStatus.WATCHING,
    "plantowatch": ListStatus.PLANNED,
    "hold": ListStatus.HOLD,
    "completed": ListStatus.COMPLETED,
    "dropped": ListStatus.DROPPED,
    "notinteresting": ListStatus.DROPPED,
}
_RATINGS = range(1, 11)


STATUS_NAMES = {
    ListStatus.WATCHING: "watching",
    ListStatus.PLANNED: "plantowatch",
    ListStatus.HOLD: "hold",
    ListStatus.COMPLETED: "completed",
    ListStatus.DROPPED: "dropped",
}
"""Simkl: both words for dropped are read, and `dropped` is written."""


def status_named(value: object) -> ListStatus | None:
    """A list, or None for one that is new. Simkl: old apps see `notinteresting` for `dropped`."""
    return _STATUSES.get(value) if isinstance(value, str) else None


def _listed(value: object) -> object:
    """A list; Simkl writes `null`, `{}` and `[]` for "none"."""
    return [] if value is None or value == {} else value


Listed = Annotated[tuple[object, ...], BeforeValidator(_listed)]


class TvdbPart(Wire):
    """An anime's episode as TVDB counts it."""

    season: Coordinate = None
    episode: Coordinate = None
    number: Coordinate = None

    @property
    def place(self) -> tuple[int, int] | None:
        """Season and number, or None where either is unknown."""
        number = self.episode if self.episode is not None else self.number
        return None if self.season is None or number is None else (self.season, number)


class EpisodeRow(Wire):
    """A watched episode."""

    number: Coordinate = None
    episode: Coordinate = None
    watched_at: Time = None
    tvdb: Annotated[TvdbPart | None, BeforeValidator(maybe_mapping)] = None

    @property
    def counted(self) -> int | None:
        """Its number, under whichever key it came."""
        return self.number if self.number is not None else self.episode


class SeasonRow(Wire):
    """A season with its watched episodes."""

    number: Coordinate = None
    episodes: Listed = ()


class LibraryRow(Titled):
    """A title on one of the user's lists, or one that is rated."""

    status: Annotated[ListStatus | None, BeforeValidator(status_named)] = None
    added_to_watchlist_at: Time = None
    last_watched_at: Time = None
    user_rating: object = None
    user_rated_at: Time = None
    anime_type: Text = None
    watched_episodes_count: Number = None
    mapped_tvdb_seasons: object = None
    seasons: Listed = ()

    @property
    def says_rating(self) -> bool:
        """Whether the rating is told. Null is "none"; nonsense says nothing."""
        is_none = "user_rating" in self.model_fields_set and self.user_rating is None
        return is_none or self.rating is not None

    @property
    def rating(self) -> int | None:
        """The rating, 1–10."""
        number = whole_number(self.user_rating)
        return number if number in _RATINGS else None

    @property
    def tvdb_seasons(self) -> frozenset[int]:
        """The TVDB seasons that an anime's episodes are in, as far as they are told."""
        told = self.mapped_tvdb_seasons if isinstance(self.mapped_tvdb_seasons, list) else ()
        return frozenset(n for value in told if (n := whole_number(value)) is not None)


class WatchedRow(Wire):
    """Where one title stands, as `/sync/watched` tells it."""

    result: object = None
    simkl: Number = None
    list: Annotated[ListStatus | None, BeforeValidator(status_named)] = None
    last_watched_at: Time = None
    episodes_watched: Number = None
    episodes_total: Number = None

    @property
    def is_unknown(self) -> bool:
        """Whether Simkl does not know the title."""
        return self.result == "not_found"

    @property
    def has_history(self) -> bool:
        """Whether something of the title was watched. What is not denied clearly counts as such."""
        return (
            self.result is not False
            or self.last_watched_at is not None
            or bool(self.episodes_watched)
            or self.list is ListStatus.COMPLETED
        )
