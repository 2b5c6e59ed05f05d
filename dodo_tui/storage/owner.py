"""Which process a running play belongs to, told apart from a later process with the same number."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


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
