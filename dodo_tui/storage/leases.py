"""The right to do something that only one process may do at a time: a lock on a file.

The kernel frees the lock when the holder is gone, however it went.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

WATCHING_LEASE = "watching.lock"
"""In the data folder: who watches the players that others start."""

_MAX_PID_BYTES = 16


def _signature() -> bytes:
    return f"{os.getpid()}\n".ljust(_MAX_PID_BYTES).encode()


class Lease:
    """A named right; at most one process of this user holds it."""

    def __init__(self, path: Path) -> None:
        """`path` is the lock file; it is created when first asked for and never deleted."""
        self._path = path
        self._descriptor: int | None = None
        self.left_by_another_at: float | None = None
        """When another process that was the last to use the right gave it up, as POSIX time."""

    @property
    def is_held(self) -> bool:
        """Whether this object holds the right."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Take the right if nobody else has it; answers whether it is ours now."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        is_anothers = os.pread(descriptor, _MAX_PID_BYTES, 0) not in (b"", _signature())
        self.left_by_another_at = os.fstat(descriptor).st_mtime if is_anothers else None
        return True

    def release(self, *, signed: bool = False) -> None:
        """Give the right up; `signed`: leave behind who used it, and when."""
        if self._descriptor is not None:
            if signed:
                with contextlib.suppress(OSError):  # a full disk
                    os.pwrite(self._descriptor, _signature(), 0)
            os.close(self._descriptor)
            self._descriptor = None
