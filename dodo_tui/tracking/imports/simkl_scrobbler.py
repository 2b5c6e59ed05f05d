"""What Media Player Scrobbler for Simkl could not tell Simkl, and what it has watched.

Its backlog is an object of JSON, keyed by Simkl's id, by the path of a file or by a name made up
for the time being; old versions wrote a list. Its times are those of the clock on the wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.library.paths import has_video_extension
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.wire import Coordinate, Text, Wire, Year, parse, whole_number
from dodo_tui.tracking.imports.names import titled
from dodo_tui.tracking.imports.reading import begins_with, every_row
from dodo_tui.tracking.imports.records import (
    NO_EPISODE,
    NO_NAME,
    NOT_SAID_WATCHED,
    LeftOut,
    Record,
)
from dodo_tui.tracking.imports.source import Part, Source

_BEGUN_ONLY = "failed_file_search"
"""An entry from when a file was opened that could not be looked up, watched or not."""

_TIMES = ("timestamp", "watched_at")
_KINDS = {"movie": Kind.MOVIE, "show": Kind.SHOW, "episode": Kind.SHOW, "tv": Kind.SHOW,
          "anime": Kind.ANIME}  # fmt: skip


def _local_time(value: object) -> datetime | None:
    """A time; one without an offset was read off this machine's clock."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= 2000 else None


LocalTime = Annotated[datetime | None, BeforeValidator(_local_time)]


class _Entry(Wire):
    """Something that was watched."""

    simkl_id: object = None
    title: Text = None
    year: Year = None
    type: Text = None
    season: Coordinate = None
    episode: Coordinate = None
    timestamp: LocalTime = None
    watched_at: LocalTime = None
    original_filepath: str | None = None
    source: Text = None


class SimklScrobblerBacklog:
    """Reads the files `backlog.json` and `watch_history.json`."""

    name: str = "what Media Player Scrobbler for Simkl has kept"

    def recognises(self, source: Source) -> bool:
        """Whether its entries have a `simkl_id`, a title and a time.

        Raises:
            ImportFailedError: it cannot be read.
        """
        return begins_with(source, _is_its, Part.entries)

    def records(self, source: Source) -> Iterator[Record]:
        """Everything that was watched.

        Raises:
            ImportFailedError: it cannot be read.
        """
        for _, entry in every_row(source, Part.entries):
            yield _record(entry)


def _is_its(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and {"simkl_id", "title"} <= entry.keys()
        and any(name in entry for name in _TIMES)
    )


def _record(data: Any) -> Record:
    entry = parse(_Entry, data)
    if entry is None:
        return LeftOut()
    if entry.source == _BEGUN_ONLY:
        return LeftOut(why=NOT_SAID_WATCHED)
    at = entry.timestamp or entry.watched_at
    number = whole_number(entry.simkl_id)
    ids = Ids(simkl=str(number)) if number else Ids()
    path = entry.original_filepath or (entry.simkl_id if isinstance(entry.simkl_id, str) else "")
    if ids == Ids() and (has_video_extension(path) or has_video_extension(entry.title or "")):
        return _by_path(path if has_video_extension(path) else entry.title or "", at)
    return _told(entry, ids, at)


def _told(entry: _Entry, ids: Ids, at: datetime | None) -> Record:
    """By Simkl's id, or by the title, where that is more than a name made up for the time being."""
    told = _KINDS.get((entry.type or "").lower())
    made_up = entry.simkl_id if ids == Ids() else None
    name = entry.title if entry.title != made_up else None
    kind = told or (Kind.MOVIE if entry.episode is None else Kind.SHOW)
    is_episode = kind is not Kind.MOVIE and (kind is Kind.SHOW or entry.episode is not None)
    media = titled(kind, name or "", entry.year, ids, is_episode=is_episode)
    if media is None:
        return LeftOut(why=NO_NAME)
    if not is_episode:
        return RemoteTitle(media, watched=True, watched_at=at, says_rating=False)
    if entry.episode is None or (entry.season is None and kind is Kind.SHOW):
        return LeftOut(why=NO_EPISODE)
    season = 1 if entry.season is None or kind is Kind.ANIME else entry.season
    episodes = (RemoteEpisode(season, entry.episode, at),)
    return RemoteTitle(media, episodes=episodes, says_rating=False)


def _by_path(path: str, at: datetime | None) -> Record:
    """By what the name of the file says, as of any other file."""
    parsed: ParsedName = parse_name(path)
    is_episode = bool(parsed.numbers)
    media = titled(parsed.kind, parsed.title, parsed.year, parsed.ids, is_episode=is_episode)
    if media is None:
        return LeftOut(why=NO_NAME)
    if not is_episode:
        if parsed.kind is not Kind.MOVIE:
            return LeftOut(why=NO_EPISODE)
        return RemoteTitle(media, watched=True, watched_at=at, says_rating=False)
    season = 1 if parsed.season is None else parsed.season
    episodes = tuple(RemoteEpisode(season, number, at) for number in parsed.numbers)
    return RemoteTitle(media, episodes=episodes, says_rating=False)
