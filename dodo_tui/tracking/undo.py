"""Undo: how things stood before a sync changed them, and putting that back.

The first sync keeps the whole state of the profile, a removal only the titles it takes. What was
played or marked here since is newer than both and stays.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.account import Account
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.domain.times import from_iso
from dodo_tui.storage import lists, snapshots
from dodo_tui.storage.database import transaction
from dodo_tui.storage.synclog import add_line

MOST_KEPT = 5
"""How many states are kept for one account; the whole one of the first sync always is."""


class Before(StrEnum):
    """What a state was kept for."""

    FIRST_SYNC = "first_sync"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo has put back."""

    reason: Before
    made_at: datetime
    rows: int

    def words(self, name: str) -> str:
        """What has been put back, for people; `name` is the provider's."""
        if self.reason is Before.FIRST_SYNC:
            return f"The first sync with {name} was taken back"
        return f"What {name} took away {self.made_at.astimezone():%d %b %H:%M} is back"


def keep_before(
    connection: sqlite3.Connection,
    account: Account,
    reason: Before,
    media_ids: Sequence[str] | None,
    now: datetime,
) -> None:
    """Keep the state of some titles, or of the whole profile. Expects a transaction around it."""
    state = snapshots.read_state(connection, account.profile_id, media_ids)
    body = zlib.compress(json.dumps(state, separators=(",", ":")).encode())
    snapshots.add_undo(connection, account.id, reason, body, now)
    snapshots.drop_older(connection, account.id, Before.REMOVAL, MOST_KEPT)


def can_undo(connection: sqlite3.Connection, account: Account) -> Before | None:
    """What would be taken back by `undo_sync`; None: nothing."""
    kept = snapshots.newest_undo(connection, account.id)
    return None if kept is None else Before(kept.reason)


def undo_sync(connection: sqlite3.Connection, account: Account, now: datetime) -> Undone | None:
    """Put back how it was before the last sync that took something away, or before the first one.

    What was played or marked here since then stays. A first sync that is taken back is not done
    again by itself: the user is asked anew. Answers None where there is nothing to undo.
    """
    with transaction(connection, durable=True):
        kept = snapshots.newest_undo(connection, account.id)
        if kept is None:
            return None
        state = json.loads(zlib.decompress(kept.body))
        reason = Before(kept.reason)
        made_at = from_iso(kept.made_at)
        if reason is Before.FIRST_SYNC:
            rows = snapshots.restore_profile(
                connection, account.profile_id, account.id, account.provider, state, made_at
            )
        else:
            rows = snapshots.restore_titles(connection, state, made_at)
            media_ids = {row["media_id"] for row in state["list_entry"]}
            lists.keep_entries(connection, account.profile_id, account.provider, media_ids)
        snapshots.delete_undo(connection, kept.id)
        undone = Undone(reason, made_at, rows)
        name = PROVIDER_NAMES.get(account.provider, account.provider)
        add_line(connection, account.profile_id, undone.words(name), now)
    return undone
