"""Titles that somebody does not want to see in Continue Watching and Up next.

Functions expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.times import to_iso


def hide_title(
    connection: sqlite3.Connection, profile_id: int, media_id: str, now: datetime
) -> None:
    """Hide a title from Continue Watching and Up next until it is played again.

    Never dated before what it hides, which a clock that ran ahead may have dated later than now.
    """
    connection.execute(
        "INSERT INTO hidden (profile_id, media_id, hidden_at) VALUES (:profile, :media, "
        "max(:now, coalesce((SELECT max(touched_at) FROM progress "
        "WHERE profile_id = :profile AND media_id = :media), :now))) "
        "ON CONFLICT DO UPDATE SET hidden_at = excluded.hidden_at",
        {"profile": profile_id, "media": media_id, "now": to_iso(now)},
    )


def unhide_title(connection: sqlite3.Connection, profile_id: int, media_id: str) -> None:
    """Show a hidden title again."""
    connection.execute(
        "DELETE FROM hidden WHERE profile_id = ? AND media_id = ?", (profile_id, media_id)
    )
