"""A file beside what its name says, whatever it was taken for."""

from __future__ import annotations

from dataclasses import dataclass

from dodo_tui.domain.ids import Key, MediaId
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.storage import files


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file, and what its name says."""

    file: files.LibraryFile
    parsed: ParsedName
    local_id: MediaId


def name_file(file: files.LibraryFile) -> NamedFile:
    """Read a file's name. Takes a while for many: meant for a worker thread."""
    parsed = parse_name(file.path, file.folder or "")
    return NamedFile(file, parsed, local_media_id(parsed))


def titles_of(file: files.LibraryFile) -> set[str]:
    """The titles that a file holds something of, as it is matched now."""
    return {str(Key.parse(key).media_id) for key in file.keys}
