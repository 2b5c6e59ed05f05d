"""The history: plays, newest first, with what each provider answered."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.domain.times import from_iso


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One viewing or mark."""

    play_id: str
    key: str
    title: str
    year: int | None
    season: int | None
    number: int | None
    source: str
    started_at: datetime
    ended_at: datetime | None
    watched_at: datetime | None
    ratio: float | None
    delivered: dict[str, DeliveryState] = field(default_factory=dict)


def history(
    connection: sqlite3.Connection,
    profile_id: int,
    limit: int | None = None,
    media_id: str | None = None,
) -> tuple[HistoryEntry, ...]:
    """A profile's plays, newest first, of one title if asked."""
    rows = connection.execute(
        """
        SELECT play.*, media.title, media.year FROM play JOIN media ON media.id = play.media_id
        WHERE profile_id = ? AND (? IS NULL OR play.media_id = ?)
        ORDER BY started_at DESC LIMIT ?
        """,
        (profile_id, media_id, media_id, -1 if limit is None else limit),
    ).fetchall()
    entries = []
    for row in rows:
        key = Key.parse(row["key"])
        deliveries = connection.execute(
            "SELECT provider, state FROM delivery JOIN account ON account.id = account_id "
            "WHERE play_id = ?",
            (row["id"],),
        )
        entries.append(
            HistoryEntry(
                play_id=row["id"],
                key=row["key"],
                title=row["title"],
                year=row["year"],
                season=key.season_number,
                number=key.number,
                source=row["source"],
                started_at=from_iso(row["started_at"]),
                ended_at=from_iso(row["ended_at"]) if row["ended_at"] else None,
                watched_at=from_iso(row["watched_at"]) if row["watched_at"] else None,
                ratio=row["ratio"],
                delivered={provider: DeliveryState(state) for provider, state in deliveries},
            )
        )
    return tuple(entries)


def untold_watches(
    connection: sqlite3.Connection, account: Account, media_id: str
) -> tuple[HistoryEntry, ...]:
    """Viewings of a title that an account was never told about, since it was connected."""
    told = {
        row[0]
        for row in connection.execute(
            "SELECT play_id FROM delivery WHERE account_id = ?", (account.id,)
        )
    }
    return tuple(
        entry
        for entry in reversed(history(connection, account.profile_id, media_id=media_id))
        if entry.watched_at is not None
        and entry.play_id not in told
        and entry.started_at >= account.connected_at
    )


def count_plays(connection: sqlite3.Connection) -> int:
    """How many viewings and marks are known, of everybody."""
    return int(connection.execute("SELECT count(*) FROM play").fetchone()[0])
