"""Folders for tests that write much and do not test that it reaches a disk."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

_MEMORY = Path("/dev/shm")


def memory_folder() -> TemporaryDirectory[str]:
    """A folder that is gone afterwards; in memory, where there is one: fsync costs nothing."""
    return TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
