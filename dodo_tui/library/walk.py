"""Finding the video files below the library's folders."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum

from dodo_tui.library.paths import has_video_extension, readable_path
from dodo_tui.library.skips import (
    is_disc_folder,
    is_extras_folder,
    is_hidden,
    is_named_after,
    is_skipped,
    is_title_folder,
)

MAX_DEPTH = 16
"""Folders below a library folder deeper than this are reported and not entered."""

Scandir = Callable[[str], AbstractContextManager[Iterator["os.DirEntry[str]"]]]
"""How a folder is listed; `os.scandir`, or a stand-in in tests."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A video file."""

    path: str
    """Absolute or as the folder was given; undecodable bytes are surrogates."""
    size_bytes: int
    modified_ns: int
    folder: str
    """The library folder it was found in."""


class ProblemKind(StrEnum):
    """What a problem means for the files that were known before."""

    ABSENT = "absent"
    """The library folder is not there (or an unmounted disk's empty place): its files are unknown,
    not gone."""
    UNREAD = "unread"
    """Something below it could not be read: files there are unknown, not gone."""
    NOTE = "note"
    """Only worth saying."""


@dataclass(frozen=True, slots=True)
class WalkProblem:
    """Something the user should know about a folder or file, in one sentence."""

    kind: ProblemKind
    folder: str
    path: str
    """The path in question: what lies below it is unknown, unless this is a note."""
    sentence: str

    @property
    def path_text(self) -> str:
        """The path, safe to show."""
        return readable_path(self.path)

    @property
    def folder_present(self) -> bool:
        """Whether the library folder is there, so that what is missing in it is really gone."""
        return self.kind is not ProblemKind.ABSENT


@dataclass(frozen=True, slots=True)
class _Visit:
    """A folder still to be entered."""

    path: str
    depth: int
    in_title: bool
    """Whether the folder around it is a title's, where extras lie."""


@dataclass(slots=True)
class _Listing:
    """What one folder holds, each sorted by name."""

    files: list[os.DirEntry[str]] = field(default_factory=list)
    folders: list[os.DirEntry[str]] = field(default_factory=list)
    links: list[os.DirEntry[str]] = field(default_factory=list)
    """Links to folders: entered last, so that a folder is found under its own name."""

    @property
    def is_empty(self) -> bool:
        return not (self.files or self.folders or self.links)

    @property
    def file_names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.files)

    @property
    def folder_names(self) -> list[str]:
        return [entry.name for entry in (*self.folders, *self.links)]


def walk(
    folders: Sequence[str],
    should_stop: Callable[[], bool] = lambda: False,
    *,
    scandir: Scandir = os.scandir,
    max_depth: int = MAX_DEPTH,
) -> Iterator[FoundFile | WalkProblem]:
    """Find the videos below the folders, in a stable order, and say what went wrong.

    A folder inside another is walked as its own; no folder is entered twice, however many links
    lead to it. Hidden files, samples, trailers, extras, unfinished downloads and empty files are
    left out. Never raises for what the disk holds. `should_stop` is asked before each folder, so
    that a slow disk without videos can be left; what was found by then is not all there is.
    """
    roots: dict[tuple[int, int], str] = {}
    problems: dict[str, WalkProblem] = {}
    for folder in dict.fromkeys(folders):
        try:
            identity = _identity(folder)
        except (OSError, ValueError) as error:
            problems[folder] = _absent(folder, _reason(error))
            continue
        first = roots.setdefault(identity, folder)
        if first != folder:
            sentence = f"{readable_path(folder)} is the same folder as {readable_path(first)}."
            problems[folder] = WalkProblem(ProblemKind.NOTE, folder, folder, sentence)
    visited = set(roots)
    for folder in dict.fromkeys(folders):
        if folder in problems:
            yield problems[folder]
        else:
            yield from _Walker(folder, scandir, max_depth, visited, should_stop).walk()


def _identity(folder: str) -> tuple[int, int]:
    """What tells a folder from all others, under whatever name."""
    status = os.stat(folder)  # noqa: PTH116  # a path stays the str it is kept as
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError
    return status.st_dev, status.st_ino


def _absent(folder: str, reason: str) -> WalkProblem:
    sentence = f"{readable_path(folder)}: {reason}. Its files are kept as they were."
    return WalkProblem(ProblemKind.ABSENT, folder, folder, sentence)


def _reason(error: OSError | ValueError) -> str:
    """Why a file or folder cannot be read, in words."""
    match error:
        case PermissionError():
            return "no permission to read it"
        case FileNotFoundError():
            return "it is not there (is its disk connected?)"
        case NotADirectoryError():
            return "it is not a folder"
        case OSError(strerror=str() as text) if text:
            return text[0].lower() + text[1:]
        case _:
            return "it cannot be read"


@dataclass(slots=True)
class _Walker:
    """The walk of one library folder."""

    folder: str
    scandir: Scandir
    max_depth: int
    visited: set[tuple[int, int]]
    should_stop: Callable[[], bool]

    def walk(self) -> Iterator[FoundFile | WalkProblem]:
        """Everything below the folder, and a note if that is nothing."""
        nothing = True
        for event in self._visit_all():
            nothing = False
            yield event
        if nothing and not self.should_stop():
            sentence = f"{readable_path(self.folder)}: no videos in it."
            yield WalkProblem(ProblemKind.NOTE, self.folder, self.folder, sentence)

    def _visit_all(self) -> Iterator[FoundFile | WalkProblem]:
        pending = [_Visit(self.folder, 0, in_title=False)]
        links: deque[_Visit] = deque()
        while (pending or links) and not self.should_stop():
            visit = pending.pop() if pending else links.popleft()
            if visit.depth > self.max_depth:
                yield self._unread(visit.path, "too many folders inside each other")
                continue
            try:
                if visit.depth and not self._is_new(visit.path):
                    continue
                listing = self._list(visit.path)
            except (OSError, ValueError) as error:
                reason = _reason(error)
                yield (
                    self._unread(visit.path, reason)
                    if visit.depth
                    else _absent(self.folder, reason)
                )
                continue
            if listing.is_empty and not visit.depth:
                # An unmounted disk leaves its empty folder behind.
                yield _absent(self.folder, "the folder is empty (is its disk connected?)")
                return
            if visit.depth and _is_extras(visit, listing):
                continue
            yield from self._files(listing)
            yield from self._discs(listing)
            name = _name(visit.path)
            in_title = is_title_folder(name, listing.file_names, listing.folder_names)
            pending.extend(
                _Visit(entry.path, visit.depth + 1, in_title)
                for entry in reversed(listing.folders)
                if not is_disc_folder(entry.name)
            )
            links.extend(_Visit(entry.path, visit.depth + 1, in_title) for entry in listing.links)

    def _is_new(self, path: str) -> bool:
        """Whether a folder has not been entered yet; from now on it has."""
        identity = _identity(path)
        if identity in self.visited:
            return False
        self.visited.add(identity)
        return True

    def _list(self, path: str) -> _Listing:
        """List a folder without what is hidden, in the order of the names' bytes."""
        with self.scandir(path) as entries:
            shown = [entry for entry in entries if not is_hidden(entry.name)]
        listing = _Listing()
        for entry in sorted(shown, key=lambda entry: entry.name):
            try:
                is_folder, is_link = entry.is_dir(), entry.is_symlink()
            except OSError:
                is_folder, is_link = False, False  # a link in a circle: its `stat` will say so
            if not is_folder:
                listing.files.append(entry)
            elif is_link:
                listing.links.append(entry)
            else:
                listing.folders.append(entry)
        return listing

    def _files(self, listing: _Listing) -> Iterator[FoundFile | WalkProblem]:
        siblings = listing.file_names
        for entry in listing.files:
            if not has_video_extension(entry.name):
                continue
            try:
                status = entry.stat()
            except FileNotFoundError:
                if entry.is_symlink():
                    yield self._unread(entry.path, "what it links to is not there")
                continue
            except OSError as error:
                yield self._unread(entry.path, _reason(error))
                continue
            if not stat.S_ISREG(status.st_mode):
                continue
            if not status.st_size:
                yield self._note(entry.path, "the file is empty")
            elif not is_skipped(entry.name, status.st_size, siblings):
                yield FoundFile(entry.path, status.st_size, status.st_mtime_ns, self.folder)

    def _discs(self, listing: _Listing) -> Iterator[WalkProblem]:
        for entry in listing.folders:
            if is_disc_folder(entry.name):
                yield self._note(entry.path, "the inside of a disc is not listed")

    def _unread(self, path: str, reason: str) -> WalkProblem:
        return self._problem(ProblemKind.UNREAD, path, reason)

    def _note(self, path: str, reason: str) -> WalkProblem:
        return self._problem(ProblemKind.NOTE, path, reason)

    def _problem(self, kind: ProblemKind, path: str, reason: str) -> WalkProblem:
        return WalkProblem(kind, self.folder, path, f"{readable_path(path)}: {reason}.")


def _is_extras(visit: _Visit, listing: _Listing) -> bool:
    """Whether a folder holds a title's extras (and is not itself a title of that name)."""
    name = _name(visit.path)
    return is_extras_folder(
        name, in_title=visit.in_title, at_top=visit.depth == 1
    ) and not is_named_after(name, listing.file_names, listing.folder_names)


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
