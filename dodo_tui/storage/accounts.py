"""Accounts: who is signed in where, and how the exchange with them stands."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.account import Account, User
from dodo_tui.domain.status import PROVIDER_NAMES, SyncState
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import from_iso, maybe_from_iso, maybe_to_iso, to_iso
from dodo_tui.storage.database import transaction
from dodo_tui.storage.queued import LONGEST_WAIT, end_back_off
from dodo_tui.values import dataclass

_UNKNOWN_USER = ""


@dataclass(frozen=True, slots=True)
class Throttled:
    """A provider has asked to wait."""

    until: datetime
    why: str
    """As it was said when that began."""


def connect_account(
    connection: sqlite3.Connection, profile_id: int, provider: str, user: User | None, now: datetime
) -> Account:
    """Note that a profile is signed in. Another user gets a row, cursors and queue of its own.

    `user` is None while the provider has not said who it is; what an earlier sign-in of nobody
    knows whom left behind is not this one's. What waits for the user is due at once.
    """
    with transaction(connection, durable=True):
        if user is None:
            connection.execute(
                "UPDATE account SET user_id = 'unknown-' || id "
                "WHERE profile_id = ? AND provider = ? AND user_id = ?",
                (profile_id, provider, _UNKNOWN_USER),
            )
        return _connect(connection, profile_id, provider, user, now)


def _connect(
    connection: sqlite3.Connection, profile_id: int, provider: str, user: User | None, now: datetime
) -> Account:
    """The same, expecting a transaction around it."""
    _start_over(connection, profile_id, provider, user)
    connection.execute(
        "UPDATE account SET connected = 0 WHERE profile_id = ? AND provider = ?",
        (profile_id, provider),
    )
    connection.execute(
        "INSERT INTO account (profile_id, provider, user_id, user_name, connected, connected_at) "
        "VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (profile_id, provider, user_id) DO UPDATE SET "
        "user_name = excluded.user_name, connected = 1, connected_at = excluded.connected_at, "
        "needs_reconnect = 0, sync_state = 'idle', last_error = NULL",
        (
            profile_id,
            provider,
            user.id if user else _UNKNOWN_USER,
            clean_text(user.name, 80) if user else "",
            to_iso(now),
        ),
    )
    account = find_account(connection, profile_id, provider)
    assert account is not None
    end_back_off(connection, account.id, now)
    return account


def _start_over(
    connection: sqlite3.Connection, profile_id: int, provider: str, user: User | None
) -> None:
    """Forget how far an account was pulled that comes back after another one of its profile.

    What is here now is the other's lists: the whole of this one's is needed, and the user is asked.
    """
    connection.execute(
        "UPDATE account SET cursors = NULL, pulled_at = NULL, first_choice = NULL, "
        "staged_cursors = NULL, hears_earlier = 0 "
        "WHERE profile_id = :profile AND provider = :provider AND user_id = :user "
        "AND EXISTS (SELECT 1 FROM account AS other "
        "WHERE other.profile_id = :profile AND other.provider = :provider "
        "AND other.user_id <> :user AND other.cursors IS NOT NULL "
        "AND other.connected_at > account.connected_at)",
        {"profile": profile_id, "provider": provider, "user": user.id if user else _UNKNOWN_USER},
    )


def name_account(
    connection: sqlite3.Connection, account: Account, user: User, now: datetime
) -> Account:
    """Fill in who an account belongs to, once the provider has said it.

    What was queued and chosen for somebody nobody knew is theirs.
    """
    if account.user.id == user.id:
        return account
    with transaction(connection, durable=True):
        named = _connect(connection, account.profile_id, account.provider, user, now)
        if account.user.id == _UNKNOWN_USER:
            for table in ("queue", "delivery"):
                connection.execute(
                    f"UPDATE OR REPLACE {table} SET account_id = ? WHERE account_id = ?",
                    (named.id, account.id),
                )
            connection.execute(
                "UPDATE account SET first_choice = coalesce((SELECT first_choice FROM account "
                "WHERE id = ?), first_choice) WHERE id = ? AND cursors IS NULL",
                (account.id, named.id),
            )
            connection.execute("DELETE FROM account WHERE id = ?", (account.id,))
    return named


def disconnect_account(connection: sqlite3.Connection, account: Account) -> None:
    """Note that a profile has signed out. Its history and what waits stay, for a return."""
    with transaction(connection, durable=True):
        connection.execute("UPDATE account SET connected = 0 WHERE id = ?", (account.id,))


def stay_connected(connection: sqlite3.Connection, account: Account) -> None:
    """Take a `disconnect_account` back: the sign-in that was to follow did not come about."""
    with transaction(connection, durable=True):
        connection.execute("UPDATE account SET connected = 1 WHERE id = ?", (account.id,))


def is_still_connected(connection: sqlite3.Connection, account: Account) -> bool:
    """Whether an account is signed in, by the same sign-in as when it was read."""
    row = connection.execute(
        "SELECT 1 FROM account WHERE id = ? AND connected = 1 AND connected_at = ?",
        (account.id, to_iso(account.connected_at)),
    ).fetchone()
    return row is not None


def find_account(connection: sqlite3.Connection, profile_id: int, provider: str) -> Account | None:
    """The account a profile is signed in with, if it is."""
    row = connection.execute(
        "SELECT * FROM account WHERE profile_id = ? AND provider = ? AND connected = 1",
        (profile_id, provider),
    ).fetchone()
    return None if row is None else _account(row)


def read_again(connection: sqlite3.Connection, account: Account) -> Account:
    """An account as it is kept now; as it was, where it is not kept any more."""
    row = connection.execute("SELECT * FROM account WHERE id = ?", (account.id,)).fetchone()
    return account if row is None else _account(row)


def connected_accounts(connection: sqlite3.Connection) -> tuple[Account, ...]:
    """Every signed-in account of every profile."""
    rows = connection.execute("SELECT * FROM account WHERE connected = 1 ORDER BY id")
    return tuple(_account(row) for row in rows)


def accounts_of(connection: sqlite3.Connection, profile_id: int) -> tuple[Account, ...]:
    """The accounts that a profile is signed in with."""
    known = connected_accounts(connection)
    return tuple(account for account in known if account.profile_id == profile_id)


def listening_accounts(connection: sqlite3.Connection, profile_id: int) -> tuple[Account, ...]:
    """The accounts that are told what a profile's players do."""
    known = accounts_of(connection, profile_id)
    return tuple(account for account in known if account.scrobbling_enabled)


def set_scrobbling(connection: sqlite3.Connection, account: Account, enabled: bool) -> None:
    """Switch telling a provider what is played on or off."""
    with transaction(connection, durable=True):
        connection.execute(
            "UPDATE account SET scrobbling_enabled = ? WHERE id = ?", (enabled, account.id)
        )


def set_needs_reconnect(connection: sqlite3.Connection, account_id: int, needed: bool) -> None:
    """Note that a sign-in is not accepted any more, or is again."""
    with transaction(connection, durable=True):
        connection.execute(
            "UPDATE account SET needs_reconnect = ? WHERE id = ?", (needed, account_id)
        )


def is_offline(connection: sqlite3.Connection, account_id: int) -> bool:
    """Whether the last try to reach an account's provider failed for want of a network."""
    row = connection.execute(
        "SELECT sync_state FROM account WHERE id = ?", (account_id,)
    ).fetchone()
    return row is not None and row[0] == SyncState.OFFLINE


def set_throttled_until(connection: sqlite3.Connection, account_id: int, until: datetime) -> None:
    """Note that the provider asked to wait; not even a sync asked for by hand comes sooner."""
    with transaction(connection, durable=False):
        connection.execute(
            "UPDATE account SET throttled_until = ? WHERE id = ?", (to_iso(until), account_id)
        )


def throttled(connection: sqlite3.Connection, account: Account, now: datetime) -> Throttled | None:
    """That the provider has asked to wait and the time has not come; else None.

    What is further away than any provider asks for was written by a clock that ran ahead.
    """
    until_text, why = connection.execute(
        "SELECT throttled_until, last_error FROM account WHERE id = ?", (account.id,)
    ).fetchone() or (None, None)
    until = maybe_from_iso(until_text)
    if until is None or not now < until <= now + LONGEST_WAIT:
        return None
    name = PROVIDER_NAMES.get(account.provider, account.provider)
    return Throttled(until, why or f"{name} asks to wait.")


def save_sync_state(
    connection: sqlite3.Connection,
    account_id: int,
    state: SyncState,
    error: str | None = None,
    succeeded_at: datetime | None = None,
    pushed: int = 0,
) -> None:
    """Note how the exchange went.

    `succeeded_at`: when a whole sync has succeeded; having sent something is none.
    """
    with transaction(connection, durable=False):
        connection.execute(
            "UPDATE account SET sync_state = ?, last_error = ?, "
            "last_sync_at = coalesce(?, last_sync_at), items_pushed = items_pushed + ? "
            "WHERE id = ?",
            (state, error, maybe_to_iso(succeeded_at), pushed, account_id),
        )


def is_syncing(connection: sqlite3.Connection) -> bool:
    """Whether any account says that it is being synced; its process may be gone."""
    row = connection.execute(
        "SELECT 1 FROM account WHERE sync_state = ? AND connected = 1", (SyncState.SYNCING,)
    ).fetchone()
    return row is not None


def end_stale_syncs(connection: sqlite3.Connection) -> None:
    """Nothing is being sent: whoever said so was killed. For the holder of the lease only."""
    with transaction(connection, durable=False):
        connection.execute(
            "UPDATE account SET sync_state = ? WHERE sync_state = ?",
            (SyncState.IDLE, SyncState.SYNCING),
        )


def _account(row: sqlite3.Row) -> Account:
    return Account(
        id=row["id"],
        profile_id=row["profile_id"],
        provider=row["provider"],
        user=User(row["user_id"], row["user_name"]),
        connected_at=from_iso(row["connected_at"]),
        scrobbling_enabled=bool(row["scrobbling_enabled"]),
        needs_reconnect=bool(row["needs_reconnect"]),
        hears_earlier=bool(row["hears_earlier"]),
    )
