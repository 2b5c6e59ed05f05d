"""A file to import, opened within bounds: whatever is in it, it costs neither disk nor much memory.

Nothing is unpacked to disk, and no name inside an archive is ever used as a path.
"""

from __future__ import annotations

import codecs
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dodo_tui.domain.text import clean_text

LARGEST_BYTES = 512 * 1024 * 1024
"""The most that is read of a file, unpacked, in bytes."""

LARGEST_MEMBER_BYTES = 128 * 1024 * 1024
"""The most that one part of an archive may hold, unpacked, in bytes."""

MOST_MEMBERS = 2_000

_decode = json.JSONDecoder().raw_decode
_blanks = re.compile(r"[ \t\r\n]*")
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)
"""What Python says of an archive that is damaged, locked or packed in a way it does not know."""


class ImportFailedError(Exception):
    """The file cannot be imported; the text says what is wrong with it and where."""


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a file."""

    name: str
    """Its name, in lower case and safe to show: the file's own, or that inside the archive."""
    text: str = field(repr=False)
    folder: str = ""
    """The folder that it is in inside the archive, as `name`."""

    def rows(self) -> Iterator[tuple[str, Any]]:
        """Every element of the array, or of each array of the object, with the name it is under.

        Decoded one by one, so that an array is never in memory twice.

        Raises:
            ValueError: it is no JSON, or ends in its midst; rows may have come before.
        """
        at = _after_blanks(self.text, 0)
        if self.text.startswith("[", at):
            for row in _elements(self.text, at + 1):
                yield self.name, row
            return
        try:
            value, _ = _decode(self.text, at)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if isinstance(value, dict):
            for name, rows in value.items():
                if isinstance(rows, list):
                    yield from ((name.lower(), row) for row in rows)

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Every value of the object, with its key, or every element of the array.

        Raises:
            ValueError: it is no JSON, or ends in its midst; entries may have come before.
        """
        at = _after_blanks(self.text, 0)
        if not self.text.startswith("{", at):
            yield from self.rows()
            return
        try:
            value, _ = _decode(self.text, at)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        yield from value.items()


class Source:
    """A file, or a folder, that somebody wants to import."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self.path = path

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    @property
    def is_archive(self) -> bool:
        """Whether it is a zip archive."""
        try:
            return zipfile.is_zipfile(self.path)
        except OSError:
            return False

    def start(self, length: int = 400) -> bytes:
        """The first bytes.

        Raises:
            ImportFailedError: it cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                return file.read(length)
        except OSError as error:
            raise ImportFailedError(f"{self.path} cannot be read: {error.strerror}.") from error

    def parts(self, ending: str = ".json") -> Iterator[Part]:
        """The texts of a kind: the file itself, or those in the archive. A folder has none.

        Raises:
            ImportFailedError: it cannot be read, or is larger than any export.
        """
        try:
            if self.is_archive:
                yield from self._members(ending)
            elif not self.is_folder:
                with self.path.open("rb") as file:
                    yield self._part(self.path.name, file.read(LARGEST_BYTES + 1), LARGEST_BYTES)
        except OSError as error:
            reason = error.strerror or "it is damaged"
            raise ImportFailedError(f"{self.path} cannot be read: {reason}.") from error
        except _BROKEN as error:
            raise ImportFailedError(f"{self.path} is damaged, or locked.") from error

    def _members(self, ending: str) -> Iterator[Part]:
        left = LARGEST_BYTES
        with zipfile.ZipFile(self.path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise self._too_large()
            for member in members:
                if member.is_dir() or not member.filename.lower().endswith(ending):
                    continue
                most = min(left, LARGEST_MEMBER_BYTES)
                with archive.open(member) as file:
                    content = file.read(most + 1)  # what the archive says of its size may be a lie
                left -= len(content)
                yield self._part(member.filename, content, most)

    def _part(self, name: str, content: bytes, most: int) -> Part:
        if len(content) > most:
            raise self._too_large()
        above, _, last = name.replace("\\", "/").rpartition("/")
        folder = above.rpartition("/")[2]
        return Part(_shown(last), _decoded(content), _shown(folder))

    def _too_large(self) -> ImportFailedError:
        return ImportFailedError(f"{self.path} is larger than any export.")


def _shown(name: str) -> str:
    return clean_text(name, 120).lower()


def _decoded(content: bytes) -> str:
    """The text: UTF-8, or UTF-16 where a mark says so, as spreadsheets write it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _elements(text: str, at: int) -> Iterator[Any]:
    """The elements of an array that begins just before `at`."""
    at = _after_blanks(text, at)
    while not text.startswith("]", at):
        try:
            value, at = _decode(text, at)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        yield value
        at = _after_blanks(text, at)
        if text.startswith(",", at):
            at = _after_blanks(text, at + 1)
        elif not text.startswith("]", at):
            raise ValueError("the array does not end")


def _after_blanks(text: str, at: int) -> int:
    found = _blanks.match(text, at)
    return at if found is None else found.end()
