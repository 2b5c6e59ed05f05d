"""How far each account has been pulled, and how much came of it."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.asking_again import Again
from dodo_tui.domain.times import from_iso, maybe_from_iso, maybe_to_iso
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Cursors:
    """How far an account has been pulled."""

    text: str | None
    """The provider's own timestamps, verbatim; None: never pulled."""
    pulled_at: datetime | None
    """When the last complete pull began, by our clock."""
    again: Again | None = None
    """What made no sense and is to be asked for again."""


def cursors(connection: sqlite3.Connection, account_id: int) -> Cursors:
    """How far an account has been pulled."""
    row = connection.execute(
        "SELECT cursors, pulled_at, again_since, again_at, again_tries FROM account WHERE id = ?",
        (account_id,),
    ).fetchone()
    if row is None:
        return Cursors(None, None)
    again = None
    if row["again_since"] is not None and row["again_at"] is not None:
        again = Again(row["again_since"], from_iso(row["again_at"]), row["again_tries"])
    return Cursors(row["cursors"], maybe_from_iso(row["pulled_at"]), again)


def save_cursors(
    connection: sqlite3.Connection, account_id: int, done: Cursors, pulled: int
) -> None:
    """A pull has been merged, which changed so much. Expects a transaction around it: the merge."""
    connection.execute(
        "UPDATE account SET cursors = ?, pulled_at = ?, again_since = ?, again_at = ?, "
        "again_tries = ?, items_pulled = items_pulled + ? WHERE id = ?",
        (
            done.text,
            maybe_to_iso(done.pulled_at),
            done.again.since if done.again else None,
            maybe_to_iso(done.again.at) if done.again else None,
            done.again.tries if done.again else 0,
            pulled,
            account_id,
        ),
    )


def add_pulled(connection: sqlite3.Connection, account_id: int, pulled: int) -> None:
    """A pull has not come to its end, but has changed so much. Expects a transaction around it."""
    connection.execute(
        "UPDATE account SET items_pulled = items_pulled + ? WHERE id = ?", (pulled, account_id)
    )
