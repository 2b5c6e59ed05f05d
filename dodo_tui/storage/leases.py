"""The right to do something that only one process may do at a time: a lock on a file.

The kernel frees the lock when the holder is gone, however it went. It does not when the holder is
frozen (SIGSTOP, Ctrl+Z in a shell), which may be for hours: such a holder is replaced, and notices
when it goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from dodo_tui.storage.owner import FROZEN_SECONDS, is_frozen

QUEUE_LEASE = "queue.lock"
"""In the data folder: who sends what waits, and syncs."""

CATALOGUE_LEASE = "catalogue.lock"
"""In the data folder: who asks the providers' catalogues."""

WATCHING_LEASE = "watching.lock"
"""In the data folder: who watches the players that others start."""

LIBRARY_LEASE = "library.lock"
"""In the data folder: who looks again and again for new files."""

_MAX_PID_BYTES = 16
_LOCKS = Path("/proc/locks")


def _signature() -> bytes:
    return f"{os.getpid()}\n".ljust(_MAX_PID_BYTES).encode()


class Lease:
    """A named right; at most one process of this user that runs holds it."""

    def __init__(self, path: Path) -> None:
        """`path` is the lock file; it is created when first asked for."""
        self._path = path
        self._descriptor: int | None = None
        self._frozen: tuple[int, float] | None = None
        """A holder that is frozen, and since when it was seen so."""
        self.left_by_another_at: float | None = None
        """When another process that was the last to use the right gave it up, as POSIX time."""

    @property
    def is_held(self) -> bool:
        """Whether this object holds the right."""
        return self._descriptor is not None

    @property
    def is_lost(self) -> bool:
        """Whether another process has taken the right since, because this one was frozen."""
        return self._descriptor is not None and not self._is_the_file(self._descriptor)

    def take(self) -> bool:
        """Take the right if nobody else has it; answers whether it is ours now."""
        if self.is_lost:
            self.release()
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        if not self._is_the_file(descriptor):  # it was taken over from under us
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        is_anothers = os.pread(descriptor, _MAX_PID_BYTES, 0) not in (b"", _signature())
        self.left_by_another_at = os.fstat(descriptor).st_mtime if is_anothers else None
        return True

    def take_over(self, clock_seconds: float) -> bool:
        """`take`, and also from a holder that has been seen to be frozen for long enough.

        `clock_seconds`: by a monotonic clock.
        """
        if self.take():
            self._frozen = None
            return True
        holder = self._holder()
        if holder is None or not is_frozen(holder):
            self._frozen = None
            return False
        if self._frozen is None or self._frozen[0] != holder:
            self._frozen = (holder, clock_seconds)
        if clock_seconds - self._frozen[1] < FROZEN_SECONDS:
            return False
        self._replace(holder)
        return self.take()

    def release(self, *, signed: bool = False) -> None:
        """Give the right up; `signed`: leave behind who used it, and when."""
        if self._descriptor is not None:
            if signed:
                with contextlib.suppress(OSError):  # a full disk
                    os.pwrite(self._descriptor, _signature(), 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _is_the_file(self, descriptor: int) -> bool:
        """Whether the lock file that everybody finds is still the one that was opened."""
        try:
            return os.fstat(descriptor).st_ino == self._path.stat().st_ino
        except OSError:
            return False

    def _holder(self) -> int | None:
        """The process that has the lock; None where the kernel does not say."""
        try:
            inode = self._path.stat().st_ino
            lines = _LOCKS.read_text("ascii", "replace").splitlines()
        except OSError:
            return None
        for line in lines:
            fields = line.split()
            if len(fields) > 5 and fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
                return int(fields[4]) if fields[4].isdecimal() and int(fields[4]) > 0 else None
        return None

    def _replace(self, holder: int) -> None:
        """Put a new lock file in the place of the one that a frozen process has.

        One at a time: who comes second finds the new one, whose holder is not frozen.
        """
        turn = Lease(self._path.with_name(f"{self._path.name}.turn"))
        if not turn.take():
            return
        try:
            if self._holder() == holder and is_frozen(holder):
                self._path.unlink(missing_ok=True)
        finally:
            turn.release()
