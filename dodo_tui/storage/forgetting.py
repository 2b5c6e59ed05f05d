"""Forgetting what was watched of a title: the rows that go, and the mark that keeps them away.

Functions expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.queue import DeliveryState
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage.queue import ABOUT_TITLES
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A title that was forgotten."""

    at: datetime
    there: bool
    """At the providers, too."""

    def covers(self, moment: datetime | None) -> bool:
        """Whether something a provider tells is from before; what has no time counts as such."""
        return moment is None or moment <= self.at


def forgotten(connection: sqlite3.Connection, profile_id: int, media_id: str) -> Forgotten | None:
    """Whether and when a profile forgot a title."""
    row = connection.execute(
        "SELECT forgotten_at, there FROM forgotten WHERE profile_id = ? AND media_id = ?",
        (profile_id, media_id),
    ).fetchone()
    return None if row is None else Forgotten(from_iso(row[0]), bool(row[1]))


def is_playing(connection: sqlite3.Connection, profile_id: int, media_id: str) -> bool:
    """Whether something of a title is being played by a profile, in any process."""
    row = connection.execute(
        "SELECT 1 FROM play WHERE profile_id = ? AND media_id = ? AND ended_at IS NULL LIMIT 1",
        (profile_id, media_id),
    ).fetchone()
    return row is not None


def count_history(
    connection: sqlite3.Connection, profile_id: int, media_id: str
) -> tuple[int, int]:
    """How many viewings and how many watched or begun films and episodes there are of a title."""
    (viewings,) = connection.execute(
        "SELECT count(*) FROM play WHERE profile_id = ? AND media_id = ?", (profile_id, media_id)
    ).fetchone()
    (places,) = connection.execute(
        "SELECT count(*) FROM progress WHERE profile_id = ? AND media_id = ?",
        (profile_id, media_id),
    ).fetchone()
    return viewings, places


def told_keys(connection: sqlite3.Connection, account_id: int, media_id: str) -> tuple[str, ...]:
    """The film or episodes of a title that an account holds as watched, as far as we know.

    It has said so itself, or has accepted a viewing that counted.
    """
    rows = connection.execute(
        "SELECT key FROM remote WHERE account_id = :account AND media_id = :media AND watched = 1 "
        "UNION SELECT key FROM play JOIN delivery ON play_id = play.id "
        "WHERE media_id = :media AND account_id = :account AND watched_at IS NOT NULL "
        "AND state = :sent ORDER BY key",
        {"account": account_id, "media": media_id, "sent": DeliveryState.SENT},
    )
    return tuple(row[0] for row in rows)


def forget_rows(
    connection: sqlite3.Connection,
    profile_id: int,
    media_id: str,
    now: datetime,
    *,
    there: bool,
) -> None:
    """Let the plays and the progress of a title go, with what was not sent about them.

    Ratings and lists stay. The mark is never dated before what it covers.
    """
    connection.execute(
        f"DELETE FROM queue WHERE kind NOT IN {ABOUT_TITLES} AND account_id IN "
        "(SELECT id FROM account WHERE profile_id = :profile) AND key IN "
        "(SELECT key FROM play WHERE profile_id = :profile AND media_id = :media "
        "UNION SELECT key FROM progress WHERE profile_id = :profile AND media_id = :media "
        "UNION SELECT key FROM episode WHERE media_id = :media UNION SELECT :media)",
        {"profile": profile_id, "media": media_id},
    )
    (newest,) = connection.execute(
        "SELECT max(at) FROM (SELECT max(touched_at) AS at FROM progress "
        "WHERE profile_id = :profile AND media_id = :media UNION ALL "
        "SELECT max(tick_at) FROM play WHERE profile_id = :profile AND media_id = :media)",
        {"profile": profile_id, "media": media_id},
    ).fetchone()
    for table in ("progress", "hidden", "play"):
        connection.execute(
            f"DELETE FROM {table} WHERE profile_id = ? AND media_id = ?", (profile_id, media_id)
        )
    connection.execute(
        "INSERT INTO forgotten (profile_id, media_id, forgotten_at, there) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET forgotten_at = excluded.forgotten_at, there = excluded.there",
        (profile_id, media_id, max(to_iso(now), newest or ""), there),
    )
