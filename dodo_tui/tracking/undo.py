"""Undo: how things stood before a sync changed them, and putting that back.

The first sync keeps the whole state of the profile, a removal only the titles it takes. What was
played or marked here since is newer than both and stays.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.account import Account
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.domain.times import from_iso
from dodo_tui.storage import accounts, aspects, lists, snapshots
from dodo_tui.storage.database import transaction
from dodo_tui.storage.progress import find_progress
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


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the next undo would put back."""

    account: Account
    reason: Before
    made_at: datetime
    is_left_over: bool = False
    """It is a first sync, and what came after it has been undone already."""


class FirstSyncLeftError(Exception):
    """Nothing is left to undo but a whole first sync, which has to be meant."""

    def __init__(self, found: Undoable) -> None:
        """`found`: that first sync."""
        super().__init__(found)
        self.found = found


def keep_before(
    connection: sqlite3.Connection,
    account: Account,
    reason: Before,
    media_ids: Sequence[str] | None,
    now: datetime,
) -> None:
    """Keep the state of some titles, or of the whole profile. Expects a transaction around it."""
    state = snapshots.read_state(connection, account.profile_id, media_ids)
    snapshots.add_undo(connection, account.id, reason, _packed(state), now)
    snapshots.drop_older(connection, account.id, Before.REMOVAL, MOST_KEPT)


def next_undo(
    connection: sqlite3.Connection, profile_id: int, *, whole: bool = False
) -> Undoable | None:
    """What an undo would put back: the newest state that any account of a profile has kept.

    `whole`: a first sync, whatever was taken away after it. None: there is nothing to undo.
    """
    reason = Before.FIRST_SYNC if whole else None
    found = [
        (account, kept)
        for account in accounts.accounts_of(connection, profile_id)
        for kept in snapshots.newest_undo(connection, account.id, reason)[:1]
    ]
    if not found:
        return None
    account, kept = max(found, key=lambda each: (each[1].made_at, each[1].id))
    is_first = kept.reason == Before.FIRST_SYNC
    is_left_over = is_first and bool(_unpacked(kept).get("undone_since"))
    return Undoable(account, Before(kept.reason), from_iso(kept.made_at), is_left_over)


def undo_next(
    connection: sqlite3.Connection, profile_id: int, now: datetime, *, whole: bool = False
) -> tuple[Account, Undone] | None:
    """Undo what `next_undo` names; answers None where there is nothing.

    Raises:
        FirstSyncLeftError: that would be a first sync after something else was undone, and it is
            not said that it is meant (`whole`): an undo that is called twice is no such word.
    """
    with transaction(connection, durable=True):
        found = next_undo(connection, profile_id, whole=whole)
        if found is None:
            return None
        if found.is_left_over and not whole:
            raise FirstSyncLeftError(found)
        undone = _undo(connection, found.account, now, found.reason)
    return None if undone is None else (found.account, undone)


def undo_sync(connection: sqlite3.Connection, account: Account, now: datetime) -> Undone | None:
    """Put back how it was before the last sync that took something away, or before the first one.

    What was played or marked here since then stays. A first sync that is taken back is not done
    again by itself: the user is asked anew. Answers None where there is nothing to undo.
    """
    with transaction(connection, durable=True):
        return _undo(connection, account, now)


def _undo(
    connection: sqlite3.Connection, account: Account, now: datetime, reason: Before | None = None
) -> Undone | None:
    kept = snapshots.newest_undo(connection, account.id, reason)
    if not kept:
        return None
    undone = Undone(Before(kept[0].reason), from_iso(kept[0].made_at), 0)
    if undone.reason is Before.FIRST_SYNC:  # what it brought was taken away later, or not: it goes
        snapshots.delete_later(connection, account.id, kept[0].id)
    for piece in kept:  # of a title that was kept twice the older state is the one to end with
        rows = undone.rows + _put_back(connection, account, undone, piece, now)
        undone = replace(undone, rows=rows)
    name = PROVIDER_NAMES.get(account.provider, account.provider)
    add_line(connection, account.profile_id, undone.words(name), now)
    return undone


def _put_back(
    connection: sqlite3.Connection,
    account: Account,
    undone: Undone,
    piece: snapshots.Kept,
    now: datetime,
) -> int:
    """Put one piece of a state back, and forget it; answers how many rows there were.

    What had been taken away is kept from now on, in the respect in which it had been.
    """
    state = _unpacked(piece)
    snapshots.delete_undo(connection, piece.id)
    if undone.reason is Before.FIRST_SYNC:
        return snapshots.restore_profile(
            connection, account.profile_id, account.id, account.provider, state, undone.made_at
        )
    _note_given_back(connection, account, state)
    taken = [
        (entry, lists.find_entry(connection, account.profile_id, entry["media_id"], provider))
        for entry in state["list_entry"]
        if (provider := entry["provider"]) == account.provider
    ]
    unwatched = {
        row["media_id"]
        for row in state["progress"]
        if row["watched"] and not _is_watched(connection, account, row["key"])
    }
    rows = snapshots.restore_titles(connection, state, undone.made_at)
    for entry, left in taken:
        lists.keep_entries(
            connection, account.profile_id, account.provider, [entry["media_id"]],
            place=left is None or left.status != entry["status"],
            rating=left is None or left.rating != entry["rating"],
        )  # fmt: skip
    aspects.keep_watched(connection, account, unwatched, now)
    return rows


def _is_watched(connection: sqlite3.Connection, account: Account, key: str) -> bool:
    row = find_progress(connection, account.profile_id, key)
    return row is not None and row.watched


def _note_given_back(
    connection: sqlite3.Connection, account: Account, state: snapshots.State
) -> None:
    """Let the undo of the first sync know what a provider told: it becomes the user's own now.

    And that something that came later has been undone, see `undo_next`.
    """
    for kept, provider in snapshots.states_of(connection, account.profile_id, Before.FIRST_SYNC):
        told = snapshots.provider_rows(state, provider)
        whole = _unpacked(kept)
        if told or not whole.get("undone_since"):
            whole["given_back"] = {**whole.get("given_back", {}), **told}
            whole["undone_since"] = True
            snapshots.save_body(connection, kept.id, _packed(whole))


def _packed(state: snapshots.State) -> bytes:
    return zlib.compress(json.dumps(state, separators=(",", ":")).encode())


def _unpacked(kept: snapshots.Kept) -> snapshots.State:
    state: snapshots.State = json.loads(zlib.decompress(kept.body))
    return state
