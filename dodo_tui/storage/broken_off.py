"""Plays that broke off without a word and may go on."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.broken_off import BrokenOff
from dodo_tui.domain.times import to_iso
from dodo_tui.storage.owner import is_at_work
from dodo_tui.storage.plays import open_play_of


def broken_off_plays(
    connection: sqlite3.Connection, key: str, since: datetime, now: datetime
) -> tuple[BrokenOff, ...]:
    """The plays of a key that broke off since then: closed without a word, or never closed.

    Those of a process that is frozen are among them.
    """
    rows = connection.execute(
        "SELECT play.*, media.title FROM play JOIN media ON media.id = play.media_id "
        "WHERE key = ? AND owner IS NOT NULL AND tick_at >= ? ORDER BY tick_at",
        (key, to_iso(since)),
    )
    found = []
    for row in rows:
        play = open_play_of(row)
        is_closed = row["ended_at"] is not None
        owner, last_at = play.owner, play.playback.at
        if is_closed or (owner is not None and not is_at_work(owner, last_at, now)):
            found.append(BrokenOff(play.playback, play.started_told and not is_closed))
    return tuple(found)
