"""Export and import of everything, as one JSON file in dodo's own format.

Import merges: a play known by its id is left alone, a resume point yields to a newer one, and
nothing imported is ever told to a provider.
"""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from dodo_tui.domain.ids import Ids, InvalidKeyError, Key, Kind, MediaId
from dodo_tui.domain.lists import BEST_RATING, WORST_RATING, ListStatus
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.profile import DEFAULT_NAME
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import from_iso, maybe_from_iso, to_iso
from dodo_tui.storage import portable
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes, save_media
from dodo_tui.storage.profiles import add_profile
from dodo_tui.tracking.imports.source import ImportFailedError
from dodo_tui.tracking.marks import ensure_known

FORMAT = "dodo"
VERSION = 1
_LARGEST_BYTES = 512 * 1024 * 1024
_BATCH = 500


def export_everything(connection: sqlite3.Connection, now: datetime) -> dict[str, Any]:
    """The whole of what dodo knows, without accounts and tokens, as one JSON document."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": to_iso(now),
        "profiles": list(portable.export_profiles(connection)),
        "media": list(portable.export_media(connection)),
        "plays": list(portable.export_plays(connection)),
        "progress": [
            {**row, "watched": bool(row["watched"])} for row in portable.export_progress(connection)
        ],
        "hidden": list(portable.export_hidden(connection)),
        "lists": list(portable.export_lists(connection)),
    }


def write_export(path: Path, document: dict[str, Any]) -> None:
    """Write an export beside its target and put it in place, readable by this user only.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


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


class _Profile(_Model):
    name: Text


class _Episode(_Model):
    season: int = Field(ge=0, le=99_999)
    number: int = Field(ge=0, le=99_999)
    title: Text | None = None
    aired_at: Time | None = None


class _Media(_Model):
    id: MediaIdText = Field(validation_alias=AliasChoices("id", "media_id", "key"))
    kind: KindText = Field(Kind.MOVIE, validation_alias=AliasChoices("kind", "type"))
    title: Text
    year: int | None = Field(default=None, ge=1800, le=2200)
    runtime_minutes: int | None = Field(default=None, ge=0, le=100_000)
    poster: Text | None = None
    ids: dict[str, str | int | None] = {}
    episodes: list[_Episode] = []


class _Play(_Model):
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


class _Progress(_Model):
    profile: Text = DEFAULT_NAME
    key: KeyText
    position_seconds: Seconds = 0.0
    duration_seconds: Seconds | None = None
    ratio: Ratio | None = None
    watched: bool = False
    watched_at: Time | None = None
    touched_at: Time = Field(validation_alias=AliasChoices("touched_at", "updated_at"))
    origin: Origin = Origin.IMPORT


class _Hidden(_Model):
    profile: Text = DEFAULT_NAME
    media_id: MediaIdText
    hidden_at: Time


class _Listed(_Model):
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
    profiles: list[_Profile] = []
    media: list[_Media] = []
    plays: list[_Play] = []
    progress: list[_Progress] = []
    hidden: list[_Hidden] = []
    lists: list[_Listed] = []


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


def import_everything(
    connection: sqlite3.Connection, document: Document, now: datetime
) -> tuple[int, int]:
    """Merge an export, all of it or nothing; answers how many plays and resume points are new.

    Raises:
        ImportFailedError: something in it contradicts itself or what is known here.
    """
    try:
        return _import(connection, document, now)
    except InvalidKeyError as error:
        raise ImportFailedError(f"The file cannot be imported: {clean_text(str(error))}.") from None


def _import(connection: sqlite3.Connection, document: Document, now: datetime) -> tuple[int, int]:
    """The same, with what keys and ids have to say about it."""
    profile_ids = {name: add_profile(connection, name, now).id for name in _profile_names(document)}
    new_plays = new_progress = 0
    with transaction(connection, durable=True):
        for row in document.media:
            _import_media(connection, row, now)
        for play in document.plays:
            key = ensure_known(connection, Key.parse(play.key), now)
            new_plays += portable.import_play(
                connection, profile_ids[play.profile], _play_row(play, key)
            )
        for progress in document.progress or _progress_of(document.plays):
            key = ensure_known(connection, Key.parse(progress.key), now)
            fields = {
                **progress.model_dump(),
                "origin": Origin.IMPORT,
                "ratio": _ratio(progress) if progress.position_seconds else progress.ratio,
                "key": str(key),
                "media_id": str(key.media_id),
                "season": key.season_number,
                "number": key.number,
            }
            new_progress += portable.import_progress(
                connection, profile_ids[progress.profile], fields
            )
        for hidden in document.hidden:
            media_id = ensure_known(connection, Key.parse(hidden.media_id), now).media_id
            portable.import_hidden(
                connection, profile_ids[hidden.profile], media_id, hidden.hidden_at
            )
        for listed in document.lists:
            media_id = ensure_known(connection, Key.parse(listed.media_id), now).media_id
            portable.import_list(
                connection, profile_ids[listed.profile], media_id, listed.model_dump()
            )
    return new_plays, new_progress


def _profile_names(document: Document) -> dict[str, None]:
    """Every profile named anywhere in the file, in order."""
    return dict.fromkeys(
        [
            *(profile.name for profile in document.profiles),
            *(play.profile for play in document.plays),
            *(progress.profile for progress in document.progress),
            *(hidden.profile for hidden in document.hidden),
            *(listed.profile for listed in document.lists),
        ]
    )


def _import_media(connection: sqlite3.Connection, row: _Media, now: datetime) -> None:
    given_id = MediaId.parse(row.id)
    ids = Ids.from_mapping(row.ids).merged(Ids.of(given_id))
    media = Media(given_id, row.kind, row.title, row.year, ids, row.runtime_minutes, row.poster)
    media_id = save_media(connection, media, now)
    save_episodes(
        connection,
        [
            Episode(
                Key.episode(media_id, episode.season, episode.number),
                episode.title,
                maybe_from_iso(episode.aired_at),
            )
            for episode in row.episodes
        ],
    )


def _play_row(play: _Play, key: Key) -> dict[str, Any]:
    return {
        **play.model_dump(),
        "origin": Origin.IMPORT,
        "key": str(key),
        "media_id": str(key.media_id),
        "ended_at": play.ended_at or play.watched_at or play.started_at,
        "position_seconds": play.position_seconds or 0.0,
        "furthest_seconds": play.furthest_seconds or play.position_seconds or 0.0,
        "played_seconds": play.played_seconds or 0.0,
        "ratio": _ratio(play),
    }


def _ratio(row: _Play | _Progress) -> float | None:
    """How far a film is: as the file says, else by its position."""
    if row.ratio is None and row.duration_seconds and row.position_seconds is not None:
        return min(row.position_seconds / row.duration_seconds, 1.0)
    return row.ratio


def _progress_of(plays: list[_Play]) -> list[_Progress]:
    """Where everybody stands after their plays, for a file that does not say so itself."""
    newest: dict[tuple[str, str], _Progress] = {}
    for play in sorted(plays, key=lambda play: play.started_at):
        watched = play.watched_at is not None
        earlier = newest.get((play.profile, play.key))
        newest[play.profile, play.key] = _Progress(
            profile=play.profile,
            key=play.key,
            position_seconds=0.0 if watched else play.position_seconds or 0.0,
            duration_seconds=play.duration_seconds,
            ratio=None if watched else _ratio(play),
            watched=watched or (earlier is not None and earlier.watched),
            watched_at=play.watched_at or (earlier.watched_at if earlier else None),
            touched_at=play.ended_at or play.watched_at or play.started_at,
            origin=Origin.IMPORT,
        )
    return list(newest.values())
