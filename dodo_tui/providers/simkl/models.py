"""Simkl's answers as checked objects: tolerant of what is new, strict about what we rely on.

Unknown keys are ignored, optional values that make no sense are None, and a malformed row of a
list is left out, logged and counted, so that it never takes the list with it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import known_time

_log = logging.getLogger(__name__)

_MAX_NUMBER = 2**63 - 1
_MAX_COORDINATE = 99_999
_YEARS = range(1870, 2200)


def whole_number(value: object) -> int | None:
    """A whole number that a database can hold, written as one or as a text."""
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20
    if is_digits or (isinstance(value, float) and value.is_integer()):
        value = int(value)  # type: ignore[call-overload]
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MAX_NUMBER else None


def _coordinate(value: object) -> int | None:
    """The number of a season or an episode."""
    number = whole_number(value)
    return number if number is not None and number <= _MAX_COORDINATE else None


def _year(value: object) -> int | None:
    """A year in which there were films."""
    number = whole_number(value)
    return number if number in _YEARS else None


def _time(value: object) -> datetime | None:
    """A time, or None where Simkl says nothing or nonsense."""
    try:
        return known_time(value)
    except OverflowError:
        return None


def _text(value: object) -> str | None:
    """A text made safe to keep and show; an empty one says nothing."""
    return (clean_text(value) or None) if isinstance(value, str) else None


def _mapping(value: object) -> dict[str, object]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def _or_empty(value: object) -> object:
    """What is null as an empty text."""
    return "" if value is None else value


def _maybe_mapping(value: object) -> object:
    """An object, or nothing; Simkl writes `[]`, `{}` and `null` for "none"."""
    return value if isinstance(value, dict) and value else None


Number = Annotated[int | None, BeforeValidator(whole_number)]
Coordinate = Annotated[int | None, BeforeValidator(_coordinate)]
Year = Annotated[int | None, BeforeValidator(_year)]
Text = Annotated[str | None, BeforeValidator(_text)]
Time = Annotated[datetime | None, BeforeValidator(_time)]
Mapped = Annotated[dict[str, object], BeforeValidator(_mapping)]


class Wire(BaseModel):
    """Something Simkl sent. Its errors never quote what was sent: that may be a token."""

    # `defer_build`: each is built when first needed, not all of them at every start.
    model_config = ConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True
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


MaybeTitle = Annotated[Title | None, BeforeValidator(_maybe_mapping)]
MaybeEpisode = Annotated[EpisodeRef | None, BeforeValidator(_maybe_mapping)]


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
    user: Annotated[UserPart, BeforeValidator(_mapping)] = UserPart()


class DeviceAnswer(Wire):
    """A device code, of either generation. Simkl: older answers say `verification_url`."""

    device_code: Annotated[str, BeforeValidator(_or_empty), Field(max_length=2048)] = ""
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


WireT = TypeVar("WireT", bound=Wire)


@dataclass(frozen=True, slots=True)
class Rows(Generic[WireT]):
    """The rows of a list that could be read, and how many could not."""

    items: tuple[WireT, ...]
    skipped: int = 0


def parse(model: type[WireT], data: object) -> WireT | None:
    """One object, or None where it is not what it should be (which is logged)."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        _log.warning("Simkl: %s is malformed at: %s", model.__name__, clean_text(places, 200))
        return None


def build(*models: type[Wire]) -> None:
    """Build models here and now, before a worker thread needs them: two must not do it at once."""
    for model in models:
        model.model_rebuild()


def rows(model: type[WireT], data: Sequence[object]) -> Rows[WireT]:
    """The rows that can be read; the others are logged and counted."""
    found = tuple(row for item in data if (row := parse(model, item)) is not None)
    return Rows(found, len(data) - len(found))


def sane_ids(ids: Mapping[str, Any]) -> Ids:
    """The ids that are of their scheme's form; what is not would be refused, or be an attack."""
    found = Ids.from_mapping(ids)
    return Ids(**{m.scheme.value: m.value for m in found.media_ids(Kind.SHOW)})
