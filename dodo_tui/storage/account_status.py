"""How the exchange with each provider stands, as `dodo status` and the screens say it.

Apart from `accounts` and `queued`, because `dodo status` and the first picture of Home need
nothing else of them.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.status import ProviderStatus, SyncState, SyncStatus
from dodo_tui.domain.times import maybe_from_iso


def provider_status(
    connection: sqlite3.Connection, profile_id: int, provider: str, name: str, configured: bool
) -> ProviderStatus:
    """One provider as a profile sees it."""
    row = connection.execute(
        "SELECT * FROM account WHERE profile_id = ? AND provider = ? AND connected = 1",
        (profile_id, provider),
    ).fetchone()
    if row is None:
        return ProviderStatus(provider, name, configured, connected=False)
    return ProviderStatus(
        provider,
        name,
        configured,
        connected=True,
        user=row["user_name"] or None,
        scrobbling_enabled=bool(row["scrobbling_enabled"]),
        first_sync_pending=row["cursors"] is None and row["first_choice"] in (None, "later"),
        needs_reconnect=bool(row["needs_reconnect"]),
    )


def sync_status(connection: sqlite3.Connection, profile_id: int, provider: str) -> SyncStatus:
    """How the exchange of a profile with a provider stands, its queue included."""
    row = connection.execute(
        "SELECT * FROM account WHERE profile_id = ? AND provider = ? AND connected = 1",
        (profile_id, provider),
    ).fetchone()
    if row is None:
        return SyncStatus(provider)
    waiting, held = connection.execute(
        "SELECT coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'held'), 0) FROM queue "
        "WHERE account_id = ? AND kind NOT IN ('start', 'pause')",
        (row["id"],),
    ).fetchone()
    return SyncStatus(
        provider,
        SyncState(row["sync_state"]),
        maybe_from_iso(row["last_sync_at"]),
        row["last_error"],
        row["items_pulled"],
        row["items_pushed"],
        waiting,
        held,
        asking=connection.execute(
            "SELECT count(DISTINCT media_id) FROM removal WHERE account_id = ?", (row["id"],)
        ).fetchone()[0],
        taken_away_at=_taken_away_at(connection, row["id"]),
        undoable=bool(
            connection.execute(
                "SELECT EXISTS (SELECT 1 FROM undo WHERE account_id = ?)", (row["id"],)
            ).fetchone()[0]
        ),
    )


def _taken_away_at(connection: sqlite3.Connection, account_id: int) -> datetime | None:
    row = connection.execute(
        "SELECT max(made_at) FROM undo WHERE account_id = ? AND reason = 'removal'", (account_id,)
    ).fetchone()
    return maybe_from_iso(row[0])


def waiting_keys(connection: sqlite3.Connection, profile_id: int) -> frozenset[str]:
    """The keys about which something still has to be told."""
    rows = connection.execute(
        "SELECT DISTINCT key FROM queue JOIN account ON account.id = account_id "
        "WHERE profile_id = ? AND connected = 1 AND kind NOT IN ('start', 'pause')",
        (profile_id,),
    )
    return frozenset(str(row[0]) for row in rows)
