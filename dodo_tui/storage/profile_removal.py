"""Deleting a profile: whether it may go, and what goes with it."""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.profile import Belongings
from dodo_tui.storage.company import forget_person
from dodo_tui.storage.database import transaction
from dodo_tui.storage.profiles import ProfileError, UnknownProfileError, is_playing, profiles


def belongings(connection: sqlite3.Connection, profile_id: int) -> Belongings:
    """What would go with a profile."""

    def count(sql: str) -> int:
        return int(connection.execute(sql, (profile_id,)).fetchone()[0])

    return Belongings(
        plays=count("SELECT count(*) FROM play WHERE profile_id = ?"),
        resume_points=count(
            "SELECT count(*) FROM progress WHERE profile_id = ? AND watched = 0 "
            "AND (position_seconds > 0 OR ratio > 0)"
        ),
        accounts=count("SELECT count(*) FROM account WHERE profile_id = ? AND connected = 1"),
        unsent_facts=count(
            "SELECT count(*) FROM queue JOIN account ON account.id = account_id "
            "WHERE profile_id = ? AND kind NOT IN ('start', 'pause')"
        ),
    )


def remove_profile(connection: sqlite3.Connection, profile_id: int) -> None:
    """Delete a profile with its history, its resume points and its accounts.

    Its accounts are signed out before: their tokens are not in the database.

    Raises:
        ProfileError: it is the only one, or something of it is playing.
    """
    with transaction(connection, durable=True):
        ensure_removable(connection, profile_id)
        forget_person(connection, profile_id)
        connection.execute("PRAGMA defer_foreign_keys = ON")  # until all of it is gone
        of_accounts = "account_id IN (SELECT id FROM account WHERE profile_id = ?)"
        for table in _tables_with(connection, "account_id"):
            connection.execute(f"DELETE FROM {table} WHERE {of_accounts}", (profile_id,))
        for table in _tables_with(connection, "profile_id"):
            connection.execute(f"DELETE FROM {table} WHERE profile_id = ?", (profile_id,))
        connection.execute("DELETE FROM profile WHERE id = ?", (profile_id,))


def _tables_with(connection: sqlite3.Connection, column: str) -> list[str]:
    """Every table that has a column of this name."""
    rows = connection.execute(
        "SELECT sqlite_master.name FROM sqlite_master "
        "JOIN pragma_table_info(sqlite_master.name) AS info "
        "WHERE sqlite_master.type = 'table' AND info.name = ?",
        (column,),
    )
    return [str(row[0]) for row in rows]


def ensure_removable(
    connection: sqlite3.Connection, profile_id: int, is_watching: bool = False
) -> None:
    """Make sure that a profile may be deleted. `is_watching`: something of it plays here.

    Raises:
        ProfileError: it is gone, or the only one, or something of it is playing.
    """
    everybody = profiles(connection)
    name = next((profile.name for profile in everybody if profile.id == profile_id), None)
    if name is None:
        raise UnknownProfileError("This profile is gone already.")
    if len(everybody) == 1:
        raise ProfileError(f"{name} is the only profile, so it stays.")
    if is_watching or is_playing(connection, profile_id):
        raise ProfileError(f"{name} is watching something. Stop it first.")
