"""Pictures on disk: kept for good, each in a file of mode 0600, up to a total size.

Simkl: an image never changes under its path and must not be asked for twice. That there is none is
remembered as well, for a while.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024 * 1024
"""All files together: thousands of posters. Beyond it the oldest go."""

LARGEST_BYTES = 5 * 1024 * 1024
"""One file."""

REFUSED_FOR = timedelta(days=30)
"""How long it is remembered that there is no such picture."""

_KEPT_SHARE = 0.9
"""How full the cache is after it has been trimmed, so that this is rare."""

_REFUSED = ".none"


class PictureCache:
    """Files by name; a name is any text, and never becomes part of a path.

    A disk that is full or not ours is logged, and otherwise is as if there were no cache.
    """

    def __init__(
        self, folder: Path, most_bytes: int = MOST_BYTES, largest_bytes: int = LARGEST_BYTES
    ) -> None:
        """`folder` is made when the first picture comes."""
        self._folder = folder
        self._most_bytes = most_bytes
        self._largest_bytes = largest_bytes
        self._total_bytes: int | None = None
        """Of all files; None until somebody has counted."""

    def get(self, name: str) -> bytes | None:
        """A picture's file, None if it is not here."""
        try:
            with self._path(name).open("rb") as file:
                data = file.read(self._largest_bytes + 1)
        except OSError:
            return None
        return data if 0 < len(data) <= self._largest_bytes else None

    def has(self, name: str) -> bool:
        """Whether a picture is here."""
        return self._path(name).is_file()

    def put(self, name: str, data: bytes) -> bool:
        """Keep a picture; False if it is too large or the disk refuses."""
        if not 0 < len(data) <= self._largest_bytes:
            return False
        try:
            self._write(self._path(name), data)
            self._path(name, _REFUSED).unlink(missing_ok=True)
            self._trim(len(data))
        except OSError as error:
            log.warning("a picture cannot be kept: %s", error.strerror)
            return False
        return True

    def drop(self, name: str) -> None:
        """Take a picture away: it turned out to be none."""
        with contextlib.suppress(OSError):
            self._path(name).unlink()

    def refuse(self, name: str, now: datetime) -> None:
        """Remember that there is no such picture."""
        path = self._path(name, _REFUSED)
        try:
            self._write(path, b"")
            os.utime(path, (now.timestamp(), now.timestamp()))
        except OSError as error:
            log.warning("a missing picture cannot be remembered: %s", error.strerror)

    def is_refused(self, name: str, now: datetime) -> bool:
        """Whether it is known, and not for too long, that there is no such picture."""
        try:
            age = now.timestamp() - self._path(name, _REFUSED).stat().st_mtime
        except OSError:
            return False
        return abs(age) < REFUSED_FOR.total_seconds()

    def _path(self, name: str, suffix: str = "") -> Path:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{digest}{suffix}"

    def _write(self, path: Path, data: bytes) -> None:
        """Replace a file as a whole; `mkstemp` makes it for this user only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".new-", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _trim(self, added_bytes: int) -> None:
        """Drop the oldest files, and what a crash left half written, where there is too much."""
        if self._total_bytes is not None:
            self._total_bytes += added_bytes
            if self._total_bytes <= self._most_bytes:
                return
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime, entry.path, status.st_size))
        total = sum(size for _, _, size in found)
        if total > self._most_bytes:
            for _, path, size in sorted(found):
                if total <= self._most_bytes * _KEPT_SHARE:
                    break
                Path(path).unlink(missing_ok=True)
                total -= size
        self._total_bytes = total
