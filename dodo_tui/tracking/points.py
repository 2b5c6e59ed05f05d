"""Resume points at a provider that were overtaken here: a play finished here removes them there."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key
from dodo_tui.domain.merge import is_overtaken
from dodo_tui.domain.progress import Progress
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.storage import forgetting, ledger, remote
from dodo_tui.storage.database import transaction
from dodo_tui.tracking.items import item_for


def overtaken_points(connection: sqlite3.Connection, account: Account) -> tuple[ResumePoint, ...]:
    """The resume points we know of there that were finished, or forgotten there too, since.

    What the provider has not been told yet leaves its point alone.
    """
    unsent = remote.unsent(connection, account.id)
    found = []
    for name, known in remote.known_points(connection, account.id).items():
        if name in unsent or known.point_id is None:
            continue
        media_id = str(Key.parse(name).media_id)
        row = remote.title_progress(connection, account.profile_id, media_id).get(name)
        item = item_for(connection, name)
        past = forgetting.forgotten(connection, account.profile_id, media_id)
        is_forgotten = past is not None and past.there and past.covers(known.paused_at)
        is_over = is_forgotten or is_finished_here(connection, row, known.paused_at)
        if item is not None and is_over:
            percent = 100 * (known.ratio or 0.0)
            found.append(ResumePoint(item, percent, known.paused_at, known.point_id))
    return tuple(found)


def is_finished_here(
    connection: sqlite3.Connection, row: Progress | None, paused_at: datetime | None
) -> bool:
    """Whether a resume point there is worthless, because we finished it since.

    What the provider itself told to be watched is its own to clear away.
    """
    if row is None or not is_overtaken(row, paused_at):
        return False
    return ledger.was_watched_here(connection, row.profile_id, row.key, row.watched_at)


def point_gone(connection: sqlite3.Connection, account: Account, point_id: int) -> None:
    """A resume point was deleted there."""
    with transaction(connection, durable=False):
        for name, known in remote.known_points(connection, account.id).items():
            if known.point_id == point_id:
                gone = replace(known, ratio=None, paused_at=None, point_id=None)
                media_id = str(Key.parse(name).media_id)
                remote.save_known(connection, account.id, media_id, {name: gone})
