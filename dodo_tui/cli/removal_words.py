"""What the command line says of titles that left a list at a provider, and how it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from dodo_tui.domain.figures import counted
from dodo_tui.domain.status import SyncStatus

_SAID_FOR = timedelta(days=7)
"""So long `dodo status` says that something was taken away here."""


def missing_line(count: int) -> str:
    """Titles that wait for the user's word: what has to be decided, and how."""
    are = "is" if count == 1 else "are"
    return (
        f"{counted(count, 'title')} {are} missing there and kept here. Remove here, too: 'dodo "
        "sync --accept-removals'; keep for good: 'dodo sync --keep-removed'."
    )


def removed_line(count: int) -> str:
    """Titles that a sync took off here, because they had been taken off there."""
    titles, it = counted(count, "title"), "it" if count == 1 else "them"
    return f"{titles} taken off there, and so here; 'dodo sync --undo' brings {it} back."


def status_lines(name: str, sync: SyncStatus, now: datetime) -> list[str]:
    """What `dodo status` says of it below a provider."""
    lines = [missing_line(sync.asking)] if sync.asking else []
    taken_at = sync.taken_away_at
    if taken_at is not None and now - taken_at < _SAID_FOR:
        lines.append(
            f"Something was taken off here {taken_at.astimezone():%d %b %H:%M}, as it had been "
            f"at {name}; 'dodo sync --undo' brings it back."
        )
    return lines
