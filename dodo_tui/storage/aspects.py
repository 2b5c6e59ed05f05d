"""What an account holds in one respect, for listings that are complete about that alone.

Functions expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.times import to_iso
from dodo_tui.storage.lists import Listed

_WATCHED = "SELECT media_id FROM remote WHERE account_id = :account AND watched = 1"
_LISTED = (
    "SELECT media_id FROM list_entry WHERE profile_id = :profile AND provider = :provider "
    "AND status = :status AND kept = 0"
)
_RATED = (
    "SELECT media_id FROM list_entry WHERE profile_id = :profile AND provider = :provider "
    "AND rating IS NOT NULL AND rating_kept = 0"
)
_HIDDEN = "SELECT media_id FROM remote_hidden WHERE account_id = :account"


def watched(
    connection: sqlite3.Connection, account: Account, kinds: Iterable[Kind]
) -> dict[str, Listed]:
    """The titles of which the account holds anything as watched."""
    return _held(connection, account, kinds, _WATCHED)


def hold_no_more(
    connection: sqlite3.Connection, account: Account, media_ids: Iterable[str]
) -> None:
    """What the account held of some titles as watched says nothing any more; all stays here."""
    connection.executemany(
        "UPDATE remote SET watched = 0, watched_at = NULL WHERE account_id = ? AND media_id = ?",
        [(account.id, media_id) for media_id in media_ids],
    )


def keep_watched(
    connection: sqlite3.Connection, account: Account, media_ids: Iterable[str], now: datetime
) -> None:
    """The user keeps what is watched of some titles by now, though the account lacks it.

    That it was told of a viewing says nothing of these any more: it has been taken away there.
    """
    connection.executemany(
        "INSERT OR REPLACE INTO kept_watched (account_id, media_id, kept_at) VALUES (?, ?, ?)",
        [(account.id, media_id, to_iso(now)) for media_id in media_ids],
    )


def is_kept(
    connection: sqlite3.Connection, account_id: int, media_id: str, watched_at: datetime
) -> bool:
    """Whether the user keeps a viewing, though an account was told of it and lacks it."""
    row = connection.execute(
        "SELECT 1 FROM kept_watched WHERE account_id = ? AND media_id = ? AND kept_at >= ?",
        (account_id, media_id, to_iso(watched_at)),
    ).fetchone()
    return row is not None


def listed(
    connection: sqlite3.Connection, account: Account, kinds: Iterable[Kind], status: ListStatus
) -> dict[str, Listed]:
    """The titles that the account has on a list, as far as it may take them off."""
    return _held(connection, account, kinds, _LISTED, status)


def rated(
    connection: sqlite3.Connection, account: Account, kinds: Iterable[Kind]
) -> dict[str, Listed]:
    """The titles that the account has rated, as far as it may take that back."""
    return _held(connection, account, kinds, _RATED)


def hidden(
    connection: sqlite3.Connection, account: Account, kinds: Iterable[Kind]
) -> dict[str, Listed]:
    """The titles that the account hides."""
    return _held(connection, account, kinds, _HIDDEN)


def hidden_there(
    connection: sqlite3.Connection, account: Account, media_id: str, now: datetime
) -> None:
    """The account hides a title: it is hidden here, too, until it is played again."""
    connection.execute(
        "INSERT OR IGNORE INTO remote_hidden (account_id, media_id) VALUES (?, ?)",
        (account.id, media_id),
    )
    connection.execute(
        "INSERT INTO hidden (profile_id, media_id, hidden_at) VALUES (?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (account.profile_id, media_id, to_iso(now)),
    )


def shown_there(connection: sqlite3.Connection, account: Account, media_id: str) -> None:
    """The account hides a title no longer, so what was hidden because of that is shown again."""
    connection.execute(
        "DELETE FROM remote_hidden WHERE account_id = ? AND media_id = ?", (account.id, media_id)
    )
    connection.execute(
        "DELETE FROM hidden WHERE profile_id = ? AND media_id = ?", (account.profile_id, media_id)
    )


def _held(
    connection: sqlite3.Connection,
    account: Account,
    kinds: Iterable[Kind],
    titles: str,
    status: ListStatus | None = None,
) -> dict[str, Listed]:
    wanted = sorted(kinds)
    marks = ",".join(f":kind{index}" for index in range(len(wanted)))
    values: dict[str, object] = {f"kind{index}": kind for index, kind in enumerate(wanted)}
    values |= {
        "account": account.id,
        "profile": account.profile_id,
        "provider": account.provider,
        "status": status,
    }
    aliases: dict[str, list[MediaId]] = {}
    kind_of: dict[str, Kind] = {}
    for media_id, kind, alias in connection.execute(
        f"SELECT id, kind, alias FROM media JOIN media_alias ON media_id = id "
        f"WHERE kind IN ({marks}) AND id IN ({titles})",
        values,
    ):
        kind_of[media_id] = Kind(kind)
        aliases.setdefault(media_id, []).append(MediaId.parse(alias))
    return {
        media_id: Listed(kind_of[media_id], tuple(found)) for media_id, found in aliases.items()
    }
