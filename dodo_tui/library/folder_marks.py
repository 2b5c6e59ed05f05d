"""Whether anything may have come into or gone out of the library's folders, without reading them.

A folder's time of change moves when something in it comes, goes or is renamed. So one `stat` for a
folder is enough, and only those that have changed are listed again. What this cannot see (a file
that grows, a file system that keeps no such times) is left to a scan now and then.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager

from dodo_tui.library.skips import is_hidden
from dodo_tui.values import dataclass

_SETTLED_NS = 3_000_000_000
"""A folder that changed this recently may change again within the same tick of its file system's
clock (FAT: two seconds): it is listed again next time."""


@dataclass(frozen=True, slots=True)
class FolderMark:
    """A folder as it was when it was looked at."""

    modified_ns: int | None
    """None: it is not there, or its time says nothing yet."""
    children: tuple[str, ...] = ()
    """The folders in it."""


FolderMarks = Mapping[str, FolderMark]
"""Every folder of a library, by path. Unequal ones: something may have changed."""


def folder_marks(
    folders: Iterable[str],
    before: FolderMarks,
    *,
    scandir: Callable[[str], AbstractContextManager[Iterable[os.DirEntry[str]]]] = os.scandir,
    now_ns: Callable[[], int] = time.time_ns,
) -> dict[str, FolderMark]:
    """How the folders stand now, and all below them; blocks. Never raises for what a disk holds.

    `before`: how they stood, so that what has not changed need not be listed. No folder is entered
    twice, however many links lead to it.
    """
    marks: dict[str, FolderMark] = {}
    visited: set[tuple[int, int]] = set()
    pending = list(folders)
    while pending:
        path = pending.pop()
        if path in marks:
            continue
        try:
            status = os.stat(path)  # noqa: PTH116 - a path stays the str it is kept as
            identity = status.st_dev, status.st_ino
            if identity in visited or not stat.S_ISDIR(status.st_mode):
                continue
            visited.add(identity)
            mark = _mark(path, status.st_mtime_ns, before.get(path), scandir, now_ns)
        except (OSError, ValueError):
            mark = FolderMark(None)
        marks[path] = mark
        pending += mark.children
    return marks


def _mark(
    path: str,
    modified_ns: int,
    before: FolderMark | None,
    scandir: Callable[[str], AbstractContextManager[Iterable[os.DirEntry[str]]]],
    now_ns: Callable[[], int],
) -> FolderMark:
    if before is not None and before.modified_ns == modified_ns:
        return before
    is_settled = abs(now_ns() - modified_ns) > _SETTLED_NS
    with scandir(path) as entries:
        children = sorted(
            entry.path for entry in entries if not is_hidden(entry.name) and _is_folder(entry)
        )
    return FolderMark(modified_ns if is_settled else None, tuple(children))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether something is a folder; a link that leads round in a circle is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False
