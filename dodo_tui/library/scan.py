"""Looking through the library: walk, compare, and read the names of what is new.

Plain and blocking, for a worker thread. The caller keeps what `on_batch` hands over; a scan that
is stopped in between loses nothing and finds the rest next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dodo_tui.library.changes import Changes, Fingerprint, diff
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.library.paths import readable_path
from dodo_tui.library.walk import FoundFile, ProblemKind, WalkProblem, walk

BATCH_SIZE = 100
"""Files per batch, and found files between two reports of progress."""

PROGRESS_EVERY = 10
"""Names read between two reports; one takes 10 ms on a desktop and some 50 on a small board."""


class Parse(Protocol):
    """How a name is read; `parse_name`, or a stand-in in tests."""

    def __call__(self, path: str, folder: str = "") -> ParsedName:
        """Tell what the file is."""
        ...


class Walk(Protocol):
    """How files are found; `walk`, or a stand-in in tests."""

    def __call__(
        self, folders: Sequence[str], should_stop: Callable[[], bool]
    ) -> Iterator[FoundFile | WalkProblem]:
        """Find the files below the folders."""
        ...


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file that is new, changed or moved, and what its name says."""

    file: FoundFile
    parsed: ParsedName
    previous_path: str | None = None
    """The path it was known under: the old one of a moved file, its own of a changed one."""


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is."""

    found: int
    read: int = 0
    to_read: int | None = None
    """How many names there are to read; None while files are still being found."""
    path_text: str = ""
    """Where the scan is, safe to show."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found, apart from the files it handed over."""

    found: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    handed_over: int = 0
    """How many files `on_batch` was given: all that were added, changed or moved, if not stopped.
    """
    missing: tuple[str, ...] = ()
    problems: tuple[WalkProblem, ...] = ()
    present_folders: tuple[str, ...] = ()
    stopped: bool = False
    """Stopped early: `missing` is empty, and a stop during the walk leaves most counts at 0."""


def _say_nothing(progress: ScanProgress) -> None:
    """For callers that show nothing."""
    del progress


def scan(
    folders: Sequence[str],
    known: Mapping[str, Fingerprint],
    on_batch: Callable[[Sequence[ScannedFile]], None],
    on_progress: Callable[[ScanProgress], None] = _say_nothing,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    parse: Parse = parse_name,
    find: Walk = walk,
    batch_size: int = BATCH_SIZE,
) -> ScanResult:
    """Scan the folders and hand over, in batches, what is not known as it is.

    Args:
        folders: the library's folders.
        known: size and time of every file known so far, also of those that went missing.
        on_batch: takes the files to keep, moved ones first; what it raises ends the scan.
        on_progress: told now and then, and after each batch.
        should_stop: asked before each folder and name; once True it stays so, and ends the scan
            early.
        parse: reads a name; called only for files that are new, changed or moved.
        find: finds the files.
        batch_size: the most files in one batch.
    """
    files: list[FoundFile] = []
    problems: list[WalkProblem] = []
    for event in find(folders, should_stop):
        if isinstance(event, WalkProblem):
            problems.append(event)
            continue
        if len(files) % batch_size == 0:
            on_progress(ScanProgress(len(files), path_text=readable_path(event.path)))
        files.append(event)
    if should_stop():
        return ScanResult(found=len(files), problems=tuple(problems), stopped=True)
    absent = {problem.folder for problem in problems if not problem.folder_present}
    present = tuple(folder for folder in dict.fromkeys(folders) if folder not in absent)
    unknown = [problem.path for problem in problems if problem.kind is not ProblemKind.NOTE]
    changes = diff(known, files, present, unknown)
    handed, stopped = _hand_over(
        changes, len(files), on_batch, on_progress, should_stop, parse, batch_size
    )
    return ScanResult(
        found=len(files),
        added=len(changes.added),
        changed=len(changes.changed),
        moved=len(changes.moved),
        unchanged=changes.unchanged_count,
        handed_over=handed,
        missing=() if stopped else changes.missing,
        problems=tuple(problems),
        present_folders=present,
        stopped=stopped,
    )


def _hand_over(
    changes: Changes,
    found: int,
    on_batch: Callable[[Sequence[ScannedFile]], None],
    on_progress: Callable[[ScanProgress], None],
    should_stop: Callable[[], bool],
    parse: Parse,
    batch_size: int,
) -> tuple[int, bool]:
    """Read the names and hand them over; how many were, and whether that was stopped."""
    waiting: list[tuple[FoundFile, str | None]] = [
        *((moved.file, moved.previous_path) for moved in changes.moved),
        *((file, file.path) for file in changes.changed),
        *((file, None) for file in changes.added),
    ]
    batch: list[ScannedFile] = []
    read = 0
    for file, previous_path in waiting:
        if should_stop():
            break
        if read % PROGRESS_EVERY == 0:
            shown = readable_path(file.path)
            on_progress(ScanProgress(found, read, len(waiting), shown))
        batch.append(ScannedFile(file, parse(file.path, file.folder), previous_path))
        read += 1
        if len(batch) == batch_size:
            on_batch(tuple(batch))
            batch.clear()
    if batch:
        on_batch(tuple(batch))
    on_progress(ScanProgress(found, read, len(waiting)))
    return read, read < len(waiting)
