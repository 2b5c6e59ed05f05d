"""Local state kept before a sync, as plain rows, and putting it back.

Functions expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dodo_tui.domain.progress import Origin
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.values import dataclass

State = dict[str, Any]
"""Rows by table, as column names and values."""

_PROVIDERS = frozenset({Origin.SIMKL, Origin.TRAKT})

_BY_TITLE = ("progress", "hidden", "list_entry")


@dataclass(frozen=True, slots=True)
class Kept:
    """A state that can be put back, or a piece of it."""

    id: int
    reason: str
    made_at: str
    body: bytes


def read_state(
    connection: sqlite3.Connection, profile_id: int, media_ids: Sequence[str] | None
) -> State:
    """The progress, hidden titles and list entries of a profile: all of them, or of some titles.

    All of them come with the ids of the plays that providers told.
    """
    state: State = {}
    for table in _BY_TITLE:
        if media_ids is None:
            rows = connection.execute(f"SELECT * FROM {table} WHERE profile_id = ?", (profile_id,))
            state[table] = [dict(row) for row in rows]
            continue
        state[table] = []
        for media_id in media_ids:
            rows = connection.execute(
                f"SELECT * FROM {table} WHERE profile_id = ? AND media_id = ?",
                (profile_id, media_id),
            )
            state[table].extend(dict(row) for row in rows)
    if media_ids is None:
        plays = connection.execute(
            "SELECT id FROM play WHERE profile_id = ? AND origin IN ('simkl', 'trakt')",
            (profile_id,),
        )
        state["plays"] = [row[0] for row in plays]
    return state


def restore_titles(connection: sqlite3.Connection, state: State, made_at: datetime) -> int:
    """Put the rows of some titles back, except where something newer was done here since.

    What a provider told is the user's own from now on: no provider may take it again.
    """
    count = 0
    for row in state["progress"]:
        if row["origin"] in _PROVIDERS:
            row["origin"] = Origin.MANUAL
        count += _put_progress(connection, row, made_at)
    for table in ("hidden", "list_entry"):
        count += sum(_put(connection, table, row) for row in state[table])
    return count


def restore_profile(
    connection: sqlite3.Connection,
    profile_id: int,
    account_id: int,
    provider: str,
    state: State,
    made_at: datetime,
) -> int:
    """Put a whole profile back, except for what was played or marked here since.

    Facts that were queued then and not sent are taken back; the account starts over, unasked, from
    the answers of the first pull, which stay: they must not be asked for again.
    """
    count = _forget_given_back(connection, profile_id, state)
    count += _forget_pulled(connection, profile_id, provider, state)
    for row in state["progress"]:
        count += _put_progress(connection, row, made_at)
    for table in ("hidden", "list_entry"):
        count += sum(_put(connection, table, row) for row in state[table])
    _take_back_queue(connection, account_id, made_at)
    connection.execute("DELETE FROM remote WHERE account_id = ?", (account_id,))
    connection.execute("DELETE FROM removal WHERE account_id = ?", (account_id,))
    connection.execute("DELETE FROM kept_watched WHERE account_id = ?", (account_id,))
    connection.execute(
        "UPDATE account SET cursors = NULL, pulled_at = NULL, again_since = NULL, again_at = NULL, "
        "again_tries = 0, first_choice = 'later', hears_earlier = 0 WHERE id = ?",
        (account_id,),
    )
    return count


def provider_rows(state: State, provider: str) -> dict[str, str]:
    """When the rows of a state that a provider told were touched, by their keys."""
    return {row["key"]: row["touched_at"] for row in state["progress"] if row["origin"] == provider}


def _forget_given_back(connection: sqlite3.Connection, profile_id: int, state: State) -> int:
    """Delete what the provider told since, took away, and an undo gave back as the user's own.

    What was played or marked since has a play of its own, and stays.
    """
    given_back = state.get("given_back", {})
    gone = connection.executemany(
        "DELETE FROM progress WHERE profile_id = :profile AND key = :key AND touched_at = :at "
        "AND origin = 'manual' AND NOT EXISTS (SELECT 1 FROM play WHERE profile_id = :profile "
        "AND play.key = :key AND play.origin NOT IN ('simkl', 'trakt'))",
        [{"profile": profile_id, "key": key, "at": at} for key, at in given_back.items()],
    )
    return max(gone.rowcount, 0)


def _forget_pulled(
    connection: sqlite3.Connection, profile_id: int, provider: str, state: State
) -> int:
    """Delete what the provider told since, as far as it was not there before."""
    before = {row["key"] for row in state["progress"]}
    keys = connection.execute(
        "SELECT key FROM progress WHERE profile_id = ? AND origin = ?", (profile_id, provider)
    ).fetchall()
    gone = [(profile_id, key) for (key,) in keys if key not in before]
    connection.executemany("DELETE FROM progress WHERE profile_id = ? AND key = ?", gone)
    plays_before = set(state["plays"])
    plays = connection.execute(
        "SELECT id FROM play WHERE profile_id = ? AND origin = ?", (profile_id, provider)
    ).fetchall()
    connection.executemany(
        "DELETE FROM play WHERE id = ?", [(row[0],) for row in plays if row[0] not in plays_before]
    )
    connection.execute(
        "DELETE FROM list_entry WHERE profile_id = ? AND provider = ?", (profile_id, provider)
    )
    return len(gone)


def _take_back_queue(connection: sqlite3.Connection, account_id: int, made_at: datetime) -> None:
    """Drop what the first sync queued and nobody has been told yet.

    It bears the time of the state that was kept; what was queued since by a viewing or a mark
    bears its own.
    """
    for row in connection.execute(
        "SELECT id, play_id FROM queue WHERE account_id = ? AND created_at = ?",
        (account_id, to_iso(made_at)),
    ).fetchall():
        connection.execute("DELETE FROM queue WHERE id = ?", (row["id"],))
        connection.execute(
            "DELETE FROM delivery WHERE play_id = ? AND account_id = ?",
            (row["play_id"], account_id),
        )


def _put_progress(connection: sqlite3.Connection, row: State, made_at: datetime) -> int:
    """Put one row back unless it was touched here since."""
    newer = connection.execute(
        "SELECT 1 FROM progress WHERE profile_id = ? AND key = ? AND touched_at > ? "
        "AND origin IN ('player', 'manual')",
        (row["profile_id"], row["key"], to_iso(made_at)),
    ).fetchone()
    return 0 if newer else _put(connection, "progress", row)


def _put(connection: sqlite3.Connection, table: str, row: State) -> int:
    known = connection.execute("SELECT 1 FROM media WHERE id = ?", (row["media_id"],)).fetchone()
    if known is None:
        return 0  # joined with another title since
    columns = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", row)
    return 1


def add_undo(
    connection: sqlite3.Connection, account_id: int, reason: str, body: bytes, now: datetime
) -> None:
    """Keep a state."""
    connection.execute(
        "INSERT INTO undo (account_id, made_at, reason, body) VALUES (?, ?, ?, ?)",
        (account_id, to_iso(now), reason, body),
    )


def drop_older(connection: sqlite3.Connection, account_id: int, reason: str, most: int) -> None:
    """Let the oldest states of one kind go; those that were kept at one time are one."""
    connection.execute(
        "DELETE FROM undo WHERE account_id = :account AND reason = :reason AND made_at NOT IN "
        "(SELECT made_at FROM undo WHERE account_id = :account AND reason = :reason "
        "GROUP BY made_at ORDER BY max(id) DESC LIMIT :most)",
        {"account": account_id, "reason": reason, "most": most},
    )


def newest_undo(
    connection: sqlite3.Connection, account_id: int, reason: str | None = None
) -> tuple[Kept, ...]:
    """The state kept last, newest piece first: a sync keeps one of each title that it changes.

    `reason`: the one kept last for that.
    """
    rows = connection.execute(
        "SELECT undo.id, undo.reason, undo.made_at, undo.body FROM undo JOIN "
        "(SELECT reason, made_at FROM undo WHERE account_id = :account "
        "AND (:reason IS NULL OR reason = :reason) ORDER BY id DESC LIMIT 1) "
        "AS newest ON newest.reason = undo.reason AND newest.made_at = undo.made_at "
        "WHERE account_id = :account ORDER BY undo.id DESC",
        {"account": account_id, "reason": reason},
    )
    return tuple(Kept(row["id"], row["reason"], row["made_at"], row["body"]) for row in rows)


def states_of(
    connection: sqlite3.Connection, profile_id: int, reason: str
) -> tuple[tuple[Kept, str], ...]:
    """What is kept for a reason of all accounts of a profile, each with its provider."""
    rows = connection.execute(
        "SELECT undo.id, undo.reason, undo.made_at, undo.body, account.provider FROM undo "
        "JOIN account ON account.id = undo.account_id "
        "WHERE account.profile_id = ? AND undo.reason = ?",
        (profile_id, reason),
    )
    return tuple(
        (Kept(row["id"], row["reason"], row["made_at"], row["body"]), row["provider"])
        for row in rows
    )


def save_body(connection: sqlite3.Connection, undo_id: int, body: bytes) -> None:
    """Keep a state as it is now."""
    connection.execute("UPDATE undo SET body = ? WHERE id = ?", (body, undo_id))


def delete_undo(connection: sqlite3.Connection, undo_id: int) -> None:
    """Forget a state."""
    connection.execute("DELETE FROM undo WHERE id = ?", (undo_id,))


def delete_later(connection: sqlite3.Connection, account_id: int, undo_id: int) -> None:
    """Forget the states of an account that were kept after one."""
    connection.execute("DELETE FROM undo WHERE account_id = ? AND id > ?", (account_id, undo_id))


def kept_at(connection: sqlite3.Connection, account_id: int, reason: str) -> datetime | None:
    """When the newest state was kept for a reason; None: never."""
    row = connection.execute(
        "SELECT made_at FROM undo WHERE account_id = ? AND reason = ? ORDER BY id DESC LIMIT 1",
        (account_id, reason),
    ).fetchone()
    return None if row is None else from_iso(row[0])
