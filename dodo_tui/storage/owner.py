"""Which process a running play belongs to, told apart from a later process with the same number."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

FROZEN_SECONDS = 10.0
"""Who is frozen for a moment only, by a debugger for one, keeps what is its own."""

_PROC = Path("/proc")

_WRITE_LOCK_BYTE = "120"
"""SQLite's file format, "WAL-index": who writes has locked this byte of the `-shm` file."""


@cache
def this_process() -> str:
    """A name for this process that no other process on this machine ever has."""
    return _name(os.getpid()) or f"pid:{os.getpid()}"


def is_alive(owner: str) -> bool:
    """Whether the process of that name still runs."""
    *_, pid_text = owner.split(":")
    if not pid_text.isdecimal():
        return False
    pid = int(pid_text)
    if _PROC.joinpath("self").exists():
        return _name(pid) == owner
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_frozen(pid: int) -> bool:
    """Whether a process has been stopped (SIGSTOP, Ctrl+Z in a shell) and not continued."""
    try:
        fields = _PROC.joinpath(str(pid), "stat").read_text("utf-8", "replace").rpartition(")")[2]
    except OSError:
        return False
    return fields.split()[:1] in (["T"], ["t"])


def writer(database: Path) -> int | None:
    """The process that writes to a database just now; None where none does or nobody can say."""
    try:
        inode = database.with_name(f"{database.name}-shm").stat().st_ino
        lines = _PROC.joinpath("locks").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    for line in lines:
        fields = line.split()
        if fields[1:2] == ["POSIX"] and len(fields) == 8 and fields[3] == "WRITE":
            pid, where, first_byte = fields[4:7]
            if where.endswith(f":{inode}") and first_byte == _WRITE_LOCK_BYTE and pid.isdecimal():
                return int(pid) or None
    return None


def is_at_work(owner: str, last_at: datetime, now: datetime) -> bool:
    """Whether a process still writes what it last wrote about at `last_at`.

    Not if it is gone, nor if it is frozen and has been so for more than a moment: that may last
    for hours.
    """
    if not is_alive(owner):
        return False
    is_late = now - last_at > timedelta(seconds=FROZEN_SECONDS)
    return not (is_late and is_frozen(int(owner.rpartition(":")[2])))


def _name(pid: int) -> str | None:
    """`boot id:start time:pid`, None if there is no such process (a zombie counts as none)."""
    try:
        boot = _PROC.joinpath("sys/kernel/random/boot_id").read_text("ascii").strip()
        fields = _PROC.joinpath(str(pid), "stat").read_text("utf-8", "replace").rpartition(")")[2]
    except OSError:
        return None
    state, *rest = fields.split()
    start_time = rest[18]
    return None if state in "ZX" else f"{boot}:{start_time}:{pid}"
