"""Ratings and lists as they count, and what the user has said about them here.

What is said here is a row of its own beside those of the providers; of them all the one that
changed last counts (the views `title_status` and `title_rating`). Functions that write expect a
transaction around them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from dodo_tui.domain.lists import ONE_ENTRY_PROVIDERS, ListStatus
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.times import END_OF_TIME, from_iso, to_iso
from dodo_tui.storage.queue import unsent_about_title
from dodo_tui.values import dataclass

HERE = "here"
"""The provider of a row that the user wrote in dodo."""


@dataclass(frozen=True, slots=True)
class TitleStanding:
    """What counts of a title for a profile."""

    status: ListStatus | None = None
    rating: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Something said here that a provider has not been told."""

    media_id: str
    kind: QueueKind
    happened_at: datetime
    rating: int | None = None
    status: ListStatus | None = None


def title_standing(connection: sqlite3.Connection, profile_id: int, media_id: str) -> TitleStanding:
    """Where a title stands for a profile."""
    row = connection.execute(
        "SELECT (SELECT status FROM title_status WHERE profile_id = :profile AND media_id = :media)"
        " AS status, (SELECT rating FROM title_rating WHERE profile_id = :profile "
        "AND media_id = :media) AS rating, EXISTS (SELECT 1 FROM hidden "
        "WHERE profile_id = :profile AND media_id = :media) AS is_hidden",
        {"profile": profile_id, "media": media_id},
    ).fetchone()
    return TitleStanding(_status(row["status"]), row["rating"], bool(row["is_hidden"]))


def rating_held(
    connection: sqlite3.Connection, profile_id: int, media_id: str, provider: str
) -> tuple[int, datetime] | None:
    """The rating that counts and when it was given, if a provider holds it or may be told it."""
    row = connection.execute(
        "SELECT rating, rated_at FROM title_rating WHERE profile_id = ? AND media_id = ? "
        "AND provider IN (?, ?) AND rating IS NOT NULL AND rated_at IS NOT NULL",
        (profile_id, media_id, HERE, provider),
    ).fetchone()
    return None if row is None else (row["rating"], from_iso(row["rated_at"]))


def say_status(
    connection: sqlite3.Connection,
    profile_id: int,
    media_id: str,
    status: ListStatus | None,
    now: datetime,
) -> None:
    """The user puts a title on a list, or (None) takes it off all of them.

    Never dated before what it replaces, which a clock that ran ahead may have dated later than now.
    """
    moment = _after(connection, profile_id, media_id, "changed_at", now)
    connection.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, status, changed_at, "
        "added_at) SELECT ?, id, ?, kind, ?, ?, ? FROM media WHERE id = ? ON CONFLICT DO UPDATE "
        "SET status = excluded.status, changed_at = excluded.changed_at, "
        "added_at = excluded.added_at",
        (profile_id, HERE, status, moment, moment if status else None, media_id),
    )


def say_rating(
    connection: sqlite3.Connection,
    profile_id: int,
    media_id: str,
    rating: int | None,
    now: datetime,
) -> None:
    """The user rates a title, or (None) takes the rating back."""
    moment = _after(connection, profile_id, media_id, "rated_at", now)
    connection.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, rating, rated_at) "
        "SELECT ?, id, ?, kind, ?, ? FROM media WHERE id = ? ON CONFLICT DO UPDATE "
        "SET rating = excluded.rating, rated_at = excluded.rated_at",
        (profile_id, HERE, rating, moment, media_id),
    )


def keep_what_was_said(
    connection: sqlite3.Connection,
    account_id: int,
    profile_id: int,
    media_id: str,
    now: datetime,
    *,
    connected_at: datetime | None,
) -> None:
    """A provider's word came while it had not been told ours: ours counts on.

    `connected_at`: in a first pull, since when the account has been told anything; no list that was
    chosen before. Of ratings both sides know when they were given, and the newer one counts.
    """
    unsent = unsent_about_title(connection, account_id, media_id)
    untold_before: dict[str, str] = {}
    if unsent & {QueueKind.LISTED, QueueKind.UNLISTED}:
        untold_before["changed_at"] = END_OF_TIME
    elif connected_at is not None:
        untold_before["changed_at"] = to_iso(connected_at)
    if QueueKind.RATED in unsent:
        untold_before["rated_at"] = END_OF_TIME
    for column, before in untold_before.items():
        moment = _after(connection, profile_id, media_id, column, now)
        connection.execute(
            f"UPDATE list_entry SET {column} = ? WHERE profile_id = ? AND media_id = ? "
            f"AND provider = ? AND {column} < ?",
            (moment, profile_id, media_id, HERE, before),
        )


def gone_there(
    connection: sqlite3.Connection, account_id: int, profile_id: int, media_id: str, now: datetime
) -> None:
    """A provider has the title on no list any more: what was said here goes with it, if told."""
    unsent = unsent_about_title(connection, account_id, media_id)
    own = "profile_id = ? AND media_id = ? AND provider = ?"
    if not unsent & {QueueKind.LISTED, QueueKind.UNLISTED}:
        connection.execute(
            f"UPDATE list_entry SET status = NULL, changed_at = ? WHERE {own} "
            "AND status IS NOT NULL",
            (to_iso(now), profile_id, media_id, HERE),
        )
    if QueueKind.RATED not in unsent:
        connection.execute(
            f"UPDATE list_entry SET rating = NULL, rated_at = ? WHERE {own} AND rating IS NOT NULL",
            (to_iso(now), profile_id, media_id, HERE),
        )


def told_status(
    connection: sqlite3.Connection,
    profile_id: int,
    provider: str,
    media_id: str,
    status: ListStatus | None,
    now: datetime,
) -> None:
    """A provider has the title on this list now, because it was told so; None: on none.

    Where a provider keeps both as one entry, its rating goes with the list.
    """
    if status is None and provider not in ONE_ENTRY_PROVIDERS:
        connection.execute(
            "UPDATE list_entry SET status = NULL, changed_at = ? "
            "WHERE profile_id = ? AND media_id = ? AND provider = ?",
            (to_iso(now), profile_id, media_id, provider),
        )
        return
    if status is None:
        connection.execute(
            "DELETE FROM list_entry WHERE profile_id = ? AND media_id = ? AND provider = ?",
            (profile_id, media_id, provider),
        )
        return
    connection.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, status, changed_at, "
        "added_at) SELECT ?, id, ?, kind, ?, ?, ? FROM media WHERE id = ? ON CONFLICT DO UPDATE "
        "SET status = excluded.status, changed_at = excluded.changed_at, "
        "added_at = coalesce(added_at, excluded.added_at)",
        (profile_id, provider, status, to_iso(now), to_iso(now), media_id),
    )


def told_unwatched(
    connection: sqlite3.Connection, account_id: int, profile_id: int, provider: str, media_id: str
) -> None:
    """A provider was told that a film was not watched after all.

    Where that takes the whole entry away, nothing is on its list any more but what waits to be told
    again.
    """
    if provider in ONE_ENTRY_PROVIDERS and not unsent_about_title(connection, account_id, media_id):
        connection.execute(
            "DELETE FROM list_entry WHERE profile_id = ? AND media_id = ? AND provider = ?",
            (profile_id, media_id, provider),
        )


def rating_went_with_list(
    connection: sqlite3.Connection, account_id: int, profile_id: int, media_id: str
) -> bool:
    """A provider took a title off its list and the rating with it, so it is none here either.

    What another provider holds counts from now on. A rating that is still to be told stays. Answers
    whether one went.
    """
    if QueueKind.RATED in unsent_about_title(connection, account_id, media_id):
        return False
    changed = connection.execute(
        "UPDATE list_entry SET rating = NULL, rated_at = NULL WHERE profile_id = ? "
        "AND media_id = ? AND provider = ? AND rating IS NOT NULL",
        (profile_id, media_id, HERE),
    )
    return changed.rowcount > 0


def told_rating(
    connection: sqlite3.Connection,
    profile_id: int,
    provider: str,
    media_id: str,
    rating: int | None,
    rated_at: datetime,
) -> None:
    """A provider has this rating now, because it was told so.

    A rating that is taken back puts no title on its lists.
    """
    if rating is None:
        connection.execute(
            "UPDATE list_entry SET rating = NULL, rated_at = ? "
            "WHERE profile_id = ? AND media_id = ? AND provider = ?",
            (to_iso(rated_at), profile_id, media_id, provider),
        )
        return
    connection.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, rating, rated_at) "
        "SELECT ?, id, ?, kind, ?, ? FROM media WHERE id = ? ON CONFLICT DO UPDATE "
        "SET rating = excluded.rating, rated_at = excluded.rated_at",
        (profile_id, provider, rating, to_iso(rated_at), media_id),
    )


def unsaid(
    connection: sqlite3.Connection,
    profile_id: int,
    account_id: int,
    provider: str,
    *,
    media_id: str | None = None,
    before: datetime | None = None,
    since: datetime | None = None,
) -> Iterable[Said]:
    """What was said here, still counts, and a provider neither holds nor is about to be told.

    Of one title, or of all that are identified; `before`: only ratings that were given by then;
    `since`: only ratings and lists that were given from then on.
    """
    latest = to_iso(before) if before else END_OF_TIME
    earliest = to_iso(since) if since else ""
    for row in connection.execute(
        "SELECT ours.*, theirs.status AS their_status, theirs.rating AS their_rating, "
        "title_status.provider AS status_by, title_rating.provider AS rating_by "
        "FROM list_entry AS ours LEFT JOIN list_entry AS theirs "
        "ON theirs.profile_id = ours.profile_id AND theirs.media_id = ours.media_id "
        "AND theirs.provider = :provider "
        "JOIN title_status ON title_status.profile_id = ours.profile_id "
        "AND title_status.media_id = ours.media_id "
        "JOIN title_rating ON title_rating.profile_id = ours.profile_id "
        "AND title_rating.media_id = ours.media_id "
        "WHERE ours.profile_id = :profile AND ours.provider = :here "
        "AND ours.media_id NOT LIKE 'local:%' AND (:media IS NULL OR ours.media_id = :media) "
        "ORDER BY ours.media_id",
        {"profile": profile_id, "provider": provider, "here": HERE, "media": media_id},
    ).fetchall():
        title = row["media_id"]
        unsent = unsent_about_title(connection, account_id, title)
        counts = row["status_by"] == HERE and row["changed_at"] is not None
        counts = counts and row["changed_at"] >= earliest
        if counts and row["status"] != row["their_status"]:
            kind = QueueKind.LISTED if row["status"] else QueueKind.UNLISTED
            if not unsent & {QueueKind.LISTED, QueueKind.UNLISTED}:
                at = from_iso(row["changed_at"])
                yield Said(title, kind, at, status=_status(row["status"]))
        counts = row["rating_by"] == HERE and (
            earliest <= (row["rated_at"] or END_OF_TIME) < latest
        )
        if counts and row["rating"] != row["their_rating"] and QueueKind.RATED not in unsent:
            yield Said(title, QueueKind.RATED, from_iso(row["rated_at"]), rating=row["rating"])


def said_titles(connection: sqlite3.Connection, profile_id: int) -> frozenset[str]:
    """The titles that were rated or put on a list here, whether or not that counts still."""
    rows = connection.execute(
        "SELECT media_id FROM list_entry WHERE profile_id = ? AND provider = ?", (profile_id, HERE)
    )
    return frozenset(row[0] for row in rows)


def told_since(
    connection: sqlite3.Connection, profile_id: int, provider: str, since: datetime
) -> int:
    """How many ratings and lists a provider that has told none yet has taken since a time."""
    row = connection.execute(
        "SELECT coalesce(sum(rated_at >= :since), 0) + "
        "coalesce(sum(status IS NOT NULL AND changed_at >= :since), 0) FROM list_entry "
        "WHERE profile_id = :profile AND provider = :provider",
        {"since": to_iso(since), "profile": profile_id, "provider": provider},
    ).fetchone()
    return int(row[0])


def _after(
    connection: sqlite3.Connection, profile_id: int, media_id: str, column: str, now: datetime
) -> str:
    """Now, or the newest time in a column of a title's rows where that is later."""
    newest = connection.execute(
        f"SELECT max({column}) FROM list_entry WHERE profile_id = ? AND media_id = ?",
        (profile_id, media_id),
    ).fetchone()[0]
    return max(to_iso(now), newest or "")


def _status(text: str | None) -> ListStatus | None:
    return ListStatus(text) if text else None
