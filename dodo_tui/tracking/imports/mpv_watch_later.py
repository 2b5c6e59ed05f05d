"""mpv's watch-later folder: where it stopped in each file.

mpv: a file of it is named by the MD5 of the path, and says `start=` in seconds, besides options.
With `--write-filename-in-watch-later-config` its first line is `# ` and the path as mpv was given
it, which may be relative. When it was stopped is the time of the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import Field

from dodo_tui.providers.wire import Wire, parse
from dodo_tui.tracking.imports.records import FileStop, LeftOut, Record
from dodo_tui.tracking.imports.source import ImportFailedError, Source

_LARGEST_BYTES = 64 * 1024
"""Some options are long; nobody has more of them than this."""

_MOST_FILES = 100_000
_FILES_LOOKED_AT = 50
_LONGEST_SECONDS = 7 * 24 * 3600.0
_NAME = re.compile(r"[0-9A-F]{32}", re.ASCII)
_LINE = re.compile(rb"# .+|[a-z0-9][a-z0-9/_-]{0,60}=.*")
_NO_PLACE = "it keeps no place, only settings"


class _Stop(Wire):
    """The one option that tells a place."""

    start: Annotated[float, Field(gt=0, le=_LONGEST_SECONDS, allow_inf_nan=False)]


class MpvWatchLater:
    """Reads the folder in which mpv keeps where it stopped, or one file of it."""

    name: str = "mpv's watch-later folder"

    def recognises(self, source: Source) -> bool:
        """Whether a file named by a hash has lines as mpv writes them.

        Raises:
            ImportFailedError: it cannot be read.
        """
        looked_at = islice(_files(source), _FILES_LOOKED_AT)
        return any(_is_mpvs(_lines(path)) for path in looked_at)

    def records(self, source: Source) -> Iterator[Record]:
        """Every place that is kept.

        Raises:
            ImportFailedError: it cannot be read.
        """
        for path in _files(source):
            lines = _lines(path)
            if lines[:1] == [b"# redirect entry"]:
                continue  # mpv: of the folder that a file is in, so that it is found again
            yield _record(path, lines)


def _files(source: Source) -> Iterator[Path]:
    """The files that are named by a hash."""
    try:
        if not source.is_folder:
            if _NAME.fullmatch(source.path.name.upper()) and source.path.is_file():
                yield source.path
            return
        with os.scandir(source.path) as entries:
            named = [
                Path(entry.path)
                for entry in islice(entries, _MOST_FILES)
                if _NAME.fullmatch(entry.name.upper()) and entry.is_file()
            ]
    except OSError as error:
        raise ImportFailedError(f"{source.path} cannot be read: {error.strerror}.") from error
    yield from sorted(named)


def _lines(path: Path) -> list[bytes]:
    """The lines of a file; none where it cannot be read or is larger than any."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except OSError:
        return []
    return content.splitlines() if len(content) <= _LARGEST_BYTES else []


def _is_mpvs(lines: list[bytes]) -> bool:
    return bool(lines) and all(_LINE.fullmatch(line) for line in lines if line)


def _record(path: Path, lines: list[bytes]) -> Record:
    if not _is_mpvs(lines):
        return LeftOut()
    options = dict(line.partition(b"=")[::2] for line in lines if not line.startswith(b"#"))
    if b"start" not in options:
        return LeftOut(why=_NO_PLACE)
    stop = parse(_Stop, {"start": options[b"start"].decode("ascii", "replace")})
    if stop is None:
        return LeftOut()
    named = os.fsdecode(lines[0][2:]) if lines[0].startswith(b"# ") else None
    try:
        stopped_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return LeftOut()
    return FileStop(path.name.upper(), named, stop.start, stopped_at)
