"""Where titles stand on providers' lists: watchlist, hold, dropped, ratings, and what was removed.

Functions expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from dodo_tui.domain.ids import Kind, MediaId
from dodo_tui.domain.times import END_OF_TIME, maybe_from_iso, maybe_to_iso, to_iso
from dodo_tui.values import dataclass

WHOLE_LIST = "listed"
"""The respect in which a title is missing that is on no list there at all."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A title on a provider's list, in the provider's words for where it stands."""

    media_id: str
    provider: str
    kind: Kind
    status: str | None
    rating: int | None
    rated_at: datetime | None
    added_at: datetime | None


def save_entry(
    connection: sqlite3.Connection, profile_id: int, entry: ListEntry, now: datetime
) -> None:
    """Keep where a title stands. When its status changed is when we learnt of it."""
    connection.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, status, changed_at, "
        "rating, rated_at, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET kind = excluded.kind, "
        "changed_at = iif(excluded.status IS status, changed_at, ?), "
        "status = excluded.status, rating = excluded.rating, rated_at = excluded.rated_at, "
        "added_at = coalesce(excluded.added_at, added_at), "
        "kept = iif(excluded.status IS status, kept, 0), "
        "rating_kept = iif(excluded.rating IS rating, rating_kept, 0)",
        (
            profile_id,
            entry.media_id,
            entry.provider,
            entry.kind,
            entry.status,
            to_iso(now) if entry.status else None,
            entry.rating,
            maybe_to_iso(entry.rated_at),
            maybe_to_iso(entry.added_at),
            to_iso(now),
        ),
    )


def find_entry(
    connection: sqlite3.Connection, profile_id: int, media_id: str, provider: str
) -> ListEntry | None:
    """Where a title stands on a provider's list."""
    row = connection.execute(
        "SELECT * FROM list_entry WHERE profile_id = ? AND media_id = ? AND provider = ?",
        (profile_id, media_id, provider),
    ).fetchone()
    return None if row is None else _entry(row)


def delete_entry(
    connection: sqlite3.Connection, profile_id: int, media_id: str, provider: str
) -> None:
    """A title is not on a provider's list any more; its rating goes with it."""
    connection.execute(
        "DELETE FROM list_entry WHERE profile_id = ? AND media_id = ? AND provider = ?",
        (profile_id, media_id, provider),
    )


def forget_list(connection: sqlite3.Connection, profile_id: int, provider: str) -> None:
    """Let a whole list go: it was another user's, and the whole of the new one is to come."""
    connection.execute(
        "DELETE FROM list_entry WHERE profile_id = ? AND provider = ?", (profile_id, provider)
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A title on a provider's list, by everything it is known by."""

    kind: Kind
    aliases: tuple[MediaId, ...]


def listed(
    connection: sqlite3.Connection, profile_id: int, provider: str, kinds: Iterable[Kind]
) -> dict[str, Listed]:
    """The titles of some kinds that are on a provider's list, as far as it may take them off."""
    wanted = sorted(kinds)
    marks = ",".join("?" * len(wanted))
    aliases: dict[str, list[MediaId]] = {}
    kind_of: dict[str, Kind] = {}
    for media_id, kind, alias in connection.execute(
        f"SELECT list_entry.media_id, kind, alias FROM list_entry JOIN media_alias "
        f"ON media_alias.media_id = list_entry.media_id "
        f"WHERE profile_id = ? AND provider = ? AND kept = 0 AND kind IN ({marks})",
        (profile_id, provider, *wanted),
    ):
        kind_of[media_id] = Kind(kind)
        aliases.setdefault(media_id, []).append(MediaId.parse(alias))
    return {
        media_id: Listed(kind_of[media_id], tuple(found)) for media_id, found in aliases.items()
    }


def titles_of(connection: sqlite3.Connection, aliases: Iterable[str]) -> frozenset[str]:
    """The titles that are known by any of these ids."""
    found: set[str] = set()
    for alias in aliases:
        row = connection.execute(
            "SELECT media_id FROM media_alias WHERE alias = ?", (alias,)
        ).fetchone()
        if row is not None:
            found.add(row[0])
    return frozenset(found)


def ask_about(
    connection: sqlite3.Connection,
    account_id: int,
    media_ids: Iterable[str],
    now: datetime,
    aspect: str = WHOLE_LIST,
) -> None:
    """These are so many removals in one respect that the user must say whether they are meant.

    Of one that is asked about already it stays known since when.
    """
    wanted = sorted(media_ids)
    for media_id in set(asked_about(connection, account_id, aspect=aspect)) - set(wanted):
        is_back(connection, account_id, media_id, aspect)
    connection.executemany(
        "INSERT OR IGNORE INTO removal (account_id, media_id, noticed_at, aspect) "
        "VALUES (?, ?, ?, ?)",
        [(account_id, media_id, to_iso(now), aspect) for media_id in wanted],
    )


def asked_about(
    connection: sqlite3.Connection,
    account_id: int,
    until: datetime | None = None,
    *,
    aspect: str | None = None,
) -> tuple[str, ...]:
    """The titles that the user is being asked about; `until`: those noticed by then.

    `aspect`: those that are missing in one respect; None: in any.
    """
    rows = connection.execute(
        "SELECT DISTINCT media_id FROM removal WHERE account_id = ? AND noticed_at <= ? "
        "AND (? IS NULL OR aspect = ?) ORDER BY media_id",
        (account_id, to_iso(until) if until else END_OF_TIME, aspect, aspect),
    )
    return tuple(row[0] for row in rows)


def asked_titles(
    connection: sqlite3.Connection, account_id: int, limit: int
) -> tuple[int, tuple[str, ...], datetime | None]:
    """How many titles are asked about, the names of the first, and when the last was noticed."""
    count, noticed_at = connection.execute(
        "SELECT count(DISTINCT media_id), max(noticed_at) FROM removal WHERE account_id = ?",
        (account_id,),
    ).fetchone()
    rows = connection.execute(
        "SELECT title FROM media WHERE id IN (SELECT media_id FROM removal WHERE account_id = ?) "
        "ORDER BY title LIMIT ?",
        (account_id, limit),
    )
    return count, tuple(row[0] for row in rows), maybe_from_iso(noticed_at)


def is_back(
    connection: sqlite3.Connection, account_id: int, media_id: str, aspect: str | None = None
) -> None:
    """A title is there after all, in one respect or in all: no question about that is left."""
    connection.execute(
        "DELETE FROM removal WHERE account_id = ? AND media_id = ? AND (? IS NULL OR aspect = ?)",
        (account_id, media_id, aspect, aspect),
    )


def keep_entries(
    connection: sqlite3.Connection,
    profile_id: int,
    provider: str,
    media_ids: Iterable[str],
    *,
    place: bool = True,
    rating: bool = True,
) -> None:
    """The user keeps the place of these on a list, or their rating, whatever the provider has."""
    connection.executemany(
        "UPDATE list_entry SET kept = kept OR ?, rating_kept = rating_kept OR ? "
        "WHERE profile_id = ? AND provider = ? AND media_id = ?",
        [(place, rating, profile_id, provider, media_id) for media_id in media_ids],
    )


def follow_again(
    connection: sqlite3.Connection,
    profile_id: int,
    provider: str,
    media_id: str,
    *,
    place: bool,
    rating: bool,
) -> None:
    """The provider has a title on a list again, or its rating: what is kept it may take again."""
    connection.execute(
        "UPDATE list_entry SET kept = kept AND NOT ?, rating_kept = rating_kept AND NOT ? "
        "WHERE profile_id = ? AND provider = ? AND media_id = ? AND (kept OR rating_kept)",
        (place, rating, profile_id, provider, media_id),
    )


def _entry(row: sqlite3.Row) -> ListEntry:
    return ListEntry(
        row["media_id"],
        row["provider"],
        Kind(row["kind"]),
        row["status"],
        row["rating"],
        maybe_from_iso(row["rated_at"]),
        maybe_from_iso(row["added_at"]),
    )
