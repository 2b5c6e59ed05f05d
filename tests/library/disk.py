"""Folders with files in them, and folders that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from dodo_tui.library.walk import FoundFile, Scandir, WalkProblem, walk


def put(folder: Path, *names: str, size: int = 1000) -> None:
    """Make files of a size; large ones are sparse and take no room."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(size)


def found(*folders: Path | str, **options: object) -> list[str]:
    """What a walk finds, as paths below the first folder."""
    top = str(folders[0])
    events = walk([str(folder) for folder in folders], **options)  # type: ignore[arg-type]
    return [os.path.relpath(event.path, top) for event in events if isinstance(event, FoundFile)]


def problems(*folders: Path | str, **options: object) -> list[WalkProblem]:
    """What a walk complains of."""
    events = walk([str(folder) for folder in folders], **options)  # type: ignore[arg-type]
    return [event for event in events if isinstance(event, WalkProblem)]


def failing(path: Path | str, error: OSError) -> Scandir:
    """A listing of folders that fails for one of them.

    Tests may run as root, whom permissions do not stop, so the refusal is played.
    """

    def scandir(asked: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if asked == str(path):
            raise error
        return os.scandir(asked)

    return scandir
