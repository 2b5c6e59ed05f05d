"""Simkl's answers as checked objects (see `providers.wire`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.wire import (
    Coordinate,
    Mapped,
    Number,
    Text,
    Time,
    Wire,
    Year,
    mapping,
    maybe_mapping,
    or_empty,
    whole_number,
)


class Title(Wire):
    """A film, show or anime as Simkl names it."""

    title: Text = None
    year: Year = None
    ids: Mapped = Field(default_factory=dict)
    type: Text = None
    anime_type: Text = None
    poster: Text = None
    runtime: Number = None

    @property
    def known_ids(self) -> Ids:
        """The ids of a form that their schemes could have given."""
        return sane_ids(self.ids)

    @property
    def looks_like_anime(self) -> bool:
        """Whether something under the key `show` is an anime: only those have such ids."""
        ids = self.known_ids
        return (
            self.type == "anime"
            or self.anime_type is not None
            or any((ids.mal, ids.anidb, ids.kitsu, ids.anilist))
        )


class EpisodeRef(Wire):
    """An episode's coordinates.

    Simkl: the number is `number` in sync and scrobble, `episode` in lookup and some examples;
    anime is numbered as one season, and `tvdb_…` is the same episode counted by TVDB.
    """

    season: Coordinate = None
    number: Coordinate = None
    episode: Coordinate = None
    title: Text = None
    tvdb_season: Coordinate = None
    tvdb_number: Coordinate = None

    @property
    def counted(self) -> int | None:
        """Its number, under whichever key it came."""
        return self.number if self.number is not None else self.episode


MaybeTitle = Annotated[Title | None, BeforeValidator(maybe_mapping)]
MaybeEpisode = Annotated[EpisodeRef | None, BeforeValidator(maybe_mapping)]


class Titled(Wire):
    """Something about a title, under the key `movie`, `anime` or `show`."""

    movie: MaybeTitle = None
    anime: MaybeTitle = None
    show: MaybeTitle = None

    @property
    def titled(self) -> tuple[Kind, Title] | None:
        """The title and what it is. Anime also comes under `show`."""
        if self.movie is not None:
            return Kind.MOVIE, self.movie
        if self.anime is not None:
            return Kind.ANIME, self.anime
        if self.show is not None:
            return (Kind.ANIME if self.show.looks_like_anime else Kind.SHOW), self.show
        return None


class ScrobbleAnswer(Titled):
    """The answer to a scrobble; `action` is what the server really did."""

    action: Text = None
    episode: MaybeEpisode = None


class PlaybackRow(Titled):
    """A resume point."""

    id: Number = None
    progress: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
    paused_at: Time = None
    watched_at: Time = None
    episode: MaybeEpisode = None


class FileAnswer(Titled):
    """What a file name was taken for."""

    type: Text = None
    episode: MaybeEpisode = None


class AccountPart(Wire):
    """The account of a user."""

    id: Annotated[int, BeforeValidator(whole_number), Field(ge=1)]


class UserPart(Wire):
    """The profile of a user."""

    name: Text = None


class SettingsAnswer(Wire):
    """Who the token belongs to."""

    account: AccountPart
    user: Annotated[UserPart, BeforeValidator(mapping)] = UserPart()


class DeviceAnswer(Wire):
    """A device code, of either generation. Simkl: older answers say `verification_url`."""

    device_code: Annotated[str, BeforeValidator(or_empty), Field(max_length=2048)] = ""
    user_code: Annotated[str, Field(min_length=1, max_length=64)]
    verification_uri: object = None
    verification_url: object = None
    verification_uri_complete: object = None
    expires_in: object = None
    interval: object = None


class TokenAnswer(Wire):
    """Tokens. They are put into a header, so nothing but visible ASCII will do."""

    access_token: Annotated[str, Field(pattern=r"^[!-~]{1,1024}$")]
    refresh_token: Annotated[str, Field(pattern=r"^[!-~]{1,1024}$")] | None = None
    expires_in: object = None
    scope: str | None = None


def sane_ids(ids: Mapping[str, Any]) -> Ids:
    """The ids that are of their scheme's form; what is not would be refused, or be an attack."""
    found = Ids.from_mapping({**ids, "trakt": None})
    return Ids(**{m.scheme.value: m.value for m in found.media_ids(Kind.SHOW)})
