"""Giving memory back after something large, such as a first pull.

What Python frees the allocator keeps for later. A program that is on for months must not hold the
most that it ever needed once.
"""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Return to the system what the allocator keeps; where it offers no such thing, nothing.

    Meant for a thread: it lets others run, and takes some milliseconds.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return  # not glibc
    trim(0)
