"""Folders, as somebody sees them who looks for one."""

from __future__ import annotations

from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a folder, for somebody who looks for another one in it."""

    folders: tuple[str, ...] = ()
    """Names, sorted as people sort them; those that are hidden are left out."""
    files: int = 0
    is_cut: bool = False
    """Whether there is more than was looked at."""
    problem: str = ""
    """One sentence: why it cannot be read."""
