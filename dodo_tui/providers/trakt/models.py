"""Trakt's answers as checked objects (see `providers.wire`).

Trakt: any id may be null or an empty text; ids of the history have 64 bits; enumerations grow.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.wire import (
    Coordinate,
    Listed,
    Mapped,
    Number,
    Text,
    Time,
    Wire,
    Year,
    mapping,
    maybe_mapping,
    whole_number,
)

_BEST = 10


class Title(Wire):
    """A film or a show."""

    title: Text = None
    year: Year = None
    ids: Mapped = Field(default_factory=dict)
    runtime: Number = None

    def known_ids(self, kind: Kind) -> Ids:
        """The ids of a form that their schemes could have given, as far as dodo knows them.

        Trakt: no film has a TVDB id.
        """
        told = {name: self.ids.get(name) for name in ("imdb", "tmdb", "tvdb", "trakt")}
        found = Ids.from_mapping(told if kind is not Kind.MOVIE else told | {"tvdb": None})
        return Ids(**{each.scheme.value: each.value for each in found.media_ids(kind)})


class EpisodeRef(Wire):
    """An episode's coordinates."""

    season: Coordinate = None
    number: Coordinate = None
    number_abs: Coordinate = None
    title: Text = None
    ids: Mapped = Field(default_factory=dict)
    first_aired: Time = None
    runtime: Number = None


MaybeTitle = Annotated[Title | None, BeforeValidator(maybe_mapping)]
MaybeEpisode = Annotated[EpisodeRef | None, BeforeValidator(maybe_mapping)]


class Titled(Wire):
    """Something about a film, a show, or an episode of one."""

    movie: MaybeTitle = None
    show: MaybeTitle = None
    episode: MaybeEpisode = None

    @property
    def titled(self) -> tuple[Kind, Title] | None:
        """The title and what it is. Trakt: an anime is a show."""
        if self.movie is not None:
            return Kind.MOVIE, self.movie
        return None if self.show is None else (Kind.SHOW, self.show)


class ScrobbleAnswer(Titled):
    """What a scrobble did."""

    id: Number = None
    action: Text = None


class HistoryRow(Titled):
    """One play."""

    id: Annotated[int, BeforeValidator(whole_number), Field(ge=1)]
    watched_at: Time = None
    """None: at an unknown time, however that is written."""


def _percent(value: object) -> float | None:
    """A percentage, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= 100 else None


class PlaybackRow(Titled):
    """A resume point."""

    id: Annotated[int, BeforeValidator(whole_number), Field(ge=1)]
    progress: Annotated[float, BeforeValidator(_percent)]
    paused_at: Time = None


class WatchedEpisode(Wire):
    """A watched episode of a season."""

    number: Annotated[int, BeforeValidator(whole_number), Field(ge=0, le=99_999)]
    last_watched_at: Time = None


class WatchedSeason(Wire):
    """The watched episodes of a season, each still to be checked."""

    number: Annotated[int, BeforeValidator(whole_number), Field(ge=0, le=99_999)]
    episodes: Listed = Field(default_factory=list)


class WatchedRow(Titled):
    """A watched film or show, with the seasons of a show where they were asked for."""

    last_watched_at: Time = None
    reset_at: Time = None
    seasons: list[Any] | None = None


def _rating(value: object) -> int | None:
    number = whole_number(value)
    return number if number is not None and 1 <= number <= _BEST else None


class RatingRow(Titled):
    """A rating."""

    rating: Annotated[int, BeforeValidator(_rating)]
    rated_at: Time = None


class ListRow(Titled):
    """A title on the watchlist, or a hidden one."""

    listed_at: Time = None
    hidden_at: Time = None


class UserPart(Wire):
    """Who a user is."""

    username: Text = None
    name: Text = None
    ids: Mapped = Field(default_factory=dict)

    @property
    def slug(self) -> str | None:
        """What a user is known by in addresses."""
        value = self.ids.get("slug")
        return value if isinstance(value, str) and value else self.username


class SettingsAnswer(Wire):
    """Who the token belongs to."""

    user: Annotated[UserPart, BeforeValidator(mapping)]


class DeviceAnswer(Wire):
    """A device code."""

    device_code: Annotated[str, Field(min_length=1, max_length=2048)]
    user_code: Annotated[str, Field(min_length=1, max_length=64)]
    verification_url: object = None
    expires_in: object = None
    interval: object = None


class TokenAnswer(Wire):
    """Tokens, of any length. They are put into a header: nothing but visible ASCII will do."""

    access_token: Annotated[str, Field(pattern=r"^[!-~]{1,8192}$")]
    refresh_token: Annotated[str, Field(pattern=r"^[!-~]{1,8192}$")] | None = None
    expires_in: object = None
    scope: str | None = None


class SearchRow(Titled):
    """A title found by a search."""

    score: object = None


class SeasonRow(Wire):
    """A season with its episodes, each still to be checked."""

    number: Annotated[int, BeforeValidator(whole_number), Field(ge=0, le=99_999)]
    episodes: Listed = Field(default_factory=list)
