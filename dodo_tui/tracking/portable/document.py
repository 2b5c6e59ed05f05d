"""An export as it is read: every value checked before anything is made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from dodo_tui.domain.ids import Key, Kind, MediaId
from dodo_tui.domain.lists import BEST_RATING, WORST_RATING, ListStatus
from dodo_tui.domain.profile import DEFAULT_NAME
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.tracking.imports.source import ImportFailedError

_LARGEST_BYTES = 512 * 1024 * 1024


def _checked_key(text: str) -> str:
    return str(Key.parse(text))


def _checked_media_id(text: str) -> str:
    return str(MediaId.parse(text))


def _checked_time(text: str) -> str:
    return to_iso(from_iso(text))


def _checked_text(text: str) -> str:
    return clean_text(text)


def _checked_kind(value: object) -> object:
    return {"series": "show", "tv": "show", "film": "movie"}.get(str(value), value)


KindText = Annotated[Kind, BeforeValidator(_checked_kind)]
KeyText = Annotated[str, AfterValidator(_checked_key)]
MediaIdText = Annotated[str, AfterValidator(_checked_media_id)]
Time = Annotated[str, AfterValidator(_checked_time)]
Text = Annotated[str, AfterValidator(_checked_text)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Ratio = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


PlayId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class ExportedProfile(_Model):
    """A person, by name."""

    name: Text


class ExportedEpisode(_Model):
    """An episode of a title."""

    season: int = Field(ge=0, le=99_999)
    number: int = Field(ge=0, le=99_999)
    title: Text | None = None
    aired_at: Time | None = None


class ExportedMedia(_Model):
    """A title with the episodes that are known of it."""

    id: MediaIdText = Field(validation_alias=AliasChoices("id", "media_id", "key"))
    kind: KindText = Field(Kind.MOVIE, validation_alias=AliasChoices("kind", "type"))
    title: Text
    year: int | None = Field(default=None, ge=1800, le=2200)
    runtime_minutes: int | None = Field(default=None, ge=0, le=100_000)
    poster: Text | None = None
    ids: dict[str, str | int | None] = {}
    episodes: list[ExportedEpisode] = []


class ExportedPlay(_Model):
    """One viewing."""

    play_id: PlayId
    profile: Text = DEFAULT_NAME
    key: KeyText
    source: Text = Origin.IMPORT
    origin: Origin = Origin.IMPORT
    started_at: Time
    ended_at: Time | None = None
    watched_at: Time | None = None
    position_seconds: Seconds | None = None
    duration_seconds: Seconds | None = None
    furthest_seconds: Seconds | None = None
    played_seconds: Seconds | None = None
    ratio: Ratio | None = None


class ExportedProgress(_Model):
    """Where somebody stands in a film or an episode."""

    profile: Text = DEFAULT_NAME
    key: KeyText
    position_seconds: Seconds = 0.0
    duration_seconds: Seconds | None = None
    ratio: Ratio | None = None
    watched: bool = False
    watched_at: Time | None = None
    touched_at: Time = Field(validation_alias=AliasChoices("touched_at", "updated_at"))
    origin: Origin = Origin.IMPORT


class ExportedHidden(_Model):
    """A title that somebody has hidden."""

    profile: Text = DEFAULT_NAME
    media_id: MediaIdText
    hidden_at: Time


class ExportedListing(_Model):
    """What somebody has said of a title: a list, a rating."""

    profile: Text = DEFAULT_NAME
    media_id: MediaIdText
    status: ListStatus | None = None
    changed_at: Time | None = None
    rating: int | None = Field(default=None, ge=WORST_RATING, le=BEST_RATING)
    rated_at: Time | None = None


class Document(_Model):
    """An export, checked."""

    format: Literal["dodo"]
    version: Literal[1]
    profiles: list[ExportedProfile] = []
    media: list[ExportedMedia] = []
    plays: list[ExportedPlay] = []
    progress: list[ExportedProgress] = []
    hidden: list[ExportedHidden] = []
    lists: list[ExportedListing] = []


def read_export(path: Path) -> Document:
    """Read and check an export.

    Raises:
        ImportFailedError: it cannot be read, or is no export of a version we know.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
        if len(content) > _LARGEST_BYTES:
            raise ImportFailedError(f"{path} is larger than any export.")
        return Document.model_validate_json(content)
    except OSError as error:
        raise ImportFailedError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ImportFailedError(
            f"{path} is not an export of dodo that this version can read: "
            f"{clean_text(place)}: {clean_text(first['msg'])}."
        ) from None
