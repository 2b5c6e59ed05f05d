"""What can go wrong with the database, in one sentence each for the user."""

from __future__ import annotations

import sqlite3
from enum import StrEnum
from pathlib import Path

from dodo_tui.storage.owner import is_frozen, writer


class Trouble(StrEnum):
    """The kinds of storage failure."""

    NEWER = "newer"
    DAMAGED = "damaged"
    FULL = "full"
    READ_ONLY = "read_only"
    BUSY = "busy"
    OTHER = "other"


class StorageError(Exception):
    """The database cannot be used or written. The text says what happened and the way out."""

    def __init__(self, trouble: Trouble, sentence: str) -> None:
        """`sentence` is for people and names the file."""
        super().__init__(sentence)
        self.trouble = trouble


def _why_busy(path: Path) -> str:
    pid = writer(path)
    if pid is None or not is_frozen(pid):
        return f"{path} is in use by another program; try again."
    return (
        f"{path} is held by process {pid}, which was stopped in the middle of writing. Let it go "
        f"on with 'kill -CONT {pid}', or end it with 'kill -KILL {pid}': only what it was just "
        "writing is undone."
    )


def explain(error: sqlite3.Error, path: Path) -> StorageError:
    """The storage error that an SQLite error amounts to."""
    text = str(error)
    if "disk is full" in text:
        return StorageError(
            Trouble.FULL, f"The disk with {path} is full. Free some space; nothing was lost."
        )
    if "readonly" in text or "unable to open" in text:
        return StorageError(
            Trouble.READ_ONLY,
            f"{path} cannot be written. Check the folder's owner and permissions.",
        )
    if "not a database" in text or "malformed" in text:
        return StorageError(
            Trouble.DAMAGED,
            f"{path} is damaged. It was left as it is: move it away to start anew, then "
            "bring back an export with 'dodo import FILE'.",
        )
    if "locked" in text or "busy" in text:
        return StorageError(Trouble.BUSY, _why_busy(path))
    return StorageError(Trouble.OTHER, f"{path} cannot be used: {text}.")
