"""What trakt-scrobbler could not tell Trakt: its backlog, a list in JSON.

It keeps only what it took for watched, with what it read out of the file's name and the time, in
seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.simkl.models import sane_ids
from dodo_tui.providers.wire import Coordinate, Mapped, Text, Wire, Year, maybe_mapping, parse
from dodo_tui.tracking.imports.names import titled
from dodo_tui.tracking.imports.reading import begins_with, every_row
from dodo_tui.tracking.imports.records import NO_EPISODE, NO_NAME, LeftOut, Record
from dodo_tui.tracking.imports.source import Source

_LATEST_SECONDS = 4_102_444_800.0
"""The year 2100."""

_WATCHED_PERCENT = 80.0
"""Trakt: a stop from here on marks watched; less is never in the backlog."""

_NOT_FAR_ENOUGH = "it was not watched to its end"


class _MediaInfo(Wire):
    """What was read out of the name of a file."""

    type: Text = None
    title: Text = None
    year: Year = None
    season: Coordinate = None
    episode: object = None
    ids: Mapped = Field(default_factory=dict)


class _Row(Wire):
    """One viewing that was not told."""

    media_info: Annotated[_MediaInfo | None, BeforeValidator(maybe_mapping)] = None
    progress: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 100.0
    updated_at: Annotated[float, Field(gt=0, le=_LATEST_SECONDS, allow_inf_nan=False)]


class _Numbered(Wire):
    """The number of an episode."""

    number: Coordinate = None


class TraktScrobblerBacklog:
    """Reads the file `watched_backlog.json`."""

    name: str = "trakt-scrobbler's backlog"

    def recognises(self, source: Source) -> bool:
        """Whether its rows say `media_info` and `updated_at`.

        Raises:
            ImportFailedError: it cannot be read.
        """
        return begins_with(source, _is_its)

    def records(self, source: Source) -> Iterator[Record]:
        """Every viewing.

        Raises:
            ImportFailedError: it cannot be read.
        """
        for _, row in every_row(source):
            yield _record(row)


def _is_its(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("media_info"), dict) and "updated_at" in row


def _record(data: Any) -> Record:
    row = parse(_Row, data)
    if row is None or row.media_info is None:
        return LeftOut()
    if row.progress < _WATCHED_PERCENT:
        return LeftOut(why=_NOT_FAR_ENOUGH)
    info = row.media_info
    is_episode = info.type == "episode" or (info.type is None and info.episode is not None)
    kind = Kind.SHOW if is_episode else Kind.MOVIE
    media = titled(kind, info.title or "", info.year, sane_ids(info.ids), is_episode=is_episode)
    if media is None:
        return LeftOut(why=NO_NAME)
    at = datetime.fromtimestamp(row.updated_at, UTC)
    if not is_episode:
        return RemoteTitle(media, watched=True, watched_at=at, says_rating=False)
    told = info.episode if isinstance(info.episode, list) else [info.episode]
    numbers = [n for each in told if (n := _number(each)) is not None]
    if not numbers:
        return LeftOut(why=NO_EPISODE)
    season = 1 if info.season is None else info.season
    episodes = tuple(RemoteEpisode(season, number, at) for number in numbers)
    return RemoteTitle(media, episodes=episodes, says_rating=False)


def _number(value: object) -> int | None:
    read = parse(_Numbered, {"number": value})
    return None if read is None else read.number
