"""Times that have not come yet: a clock that ran ahead has written them.

What has happened has happened by now. So each viewing from the future is laid to the last moment at
which it can have been, in the order in which they were, none longer or shorter than it was; all
other such times become now. The true times may be earlier; a provider that has stamped a viewing
itself knows them (`tracking/applying`).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from dodo_tui.clock import SLACK, Misdated
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage.database import transaction

_PLAY_TIMES = ("started_at", "ended_at", "watched_at", "tick_at")
"""The last sign of life last: by it is known whether the others are of a wrong clock."""

_OTHER_TIMES = (
    ("progress", "touched_at"),
    ("progress", "watched_at"),
    ("queue", "happened_at"),
    ("hidden", "hidden_at"),
    ("forgotten", "forgotten_at"),
    ("list_entry", "changed_at"),
    ("list_entry", "rated_at"),
    ("removal", "noticed_at"),
    ("kept_watched", "kept_at"),
    ("account", "connected_at"),
    ("account", "pulled_at"),
    ("account", "last_sync_at"),
    ("account", "again_at"),
    ("sync_log", "at"),
)
"""Times by our clock. What a provider has said (`remote`) stays as it said it, and so does when it
acknowledged a viewing: by that its own stamp is known for the same one, however wrong."""

_OURS = {
    "progress": "origin IN ('player', 'manual') AND NOT EXISTS (SELECT 1 FROM play "
    "WHERE play.profile_id = progress.profile_id AND play.key = progress.key "
    "AND ended_at IS NULL AND watched_at IS NOT NULL)",
    "list_entry": "provider = 'here'",
    "account": "0",
}
"""Which of these rows were written here; what a sign-in has written was answered."""

_MOMENT_DAYS = 1 / 86_400
"""A mark that is made now bears the time at which it is written, within a second."""

_APART = timedelta(milliseconds=1)
"""Times are kept to the millisecond; two viewings never end and begin in the same."""


def mend_future(connection: sqlite3.Connection, now: datetime) -> bool:
    """Set right what is dated later than now; makes its own transaction.

    Only where `now` is known to be right: a clock that is behind would make all that is true later
    than now. Answers whether there was anything.
    """
    latest = to_iso(now + SLACK)
    if not _is_anything_later(connection, latest):
        return False
    with transaction(connection, durable=True):
        _mend_plays(connection, now, latest)
        _mend_undo(connection, now, latest)
        for table, column in _OTHER_TIMES:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} > ?", (to_iso(now), latest)
            )
    return True


def mend_misdated(connection: sqlite3.Connection, span: Misdated) -> None:
    """Add to what this process wrote by a wrong clock what it was late; makes its own transaction.

    A mark that bears a time the user has named keeps that. A viewing that goes on still has in
    memory when it counted, and keeps that, too.
    """
    since, until = to_iso(span.since), to_iso(span.until)
    connection.create_function(
        "set_right", 1, lambda text: to_iso(from_iso(text) + span.late), deterministic=True
    )
    with transaction(connection, durable=True):
        for column in _PLAY_TIMES:
            connection.execute(
                f"UPDATE play SET {column} = set_right({column}) WHERE {column} BETWEEN :since "
                "AND :until AND tick_at BETWEEN :since AND :until AND (origin = 'player' "
                "AND (:column <> 'watched_at' OR ended_at IS NOT NULL) "
                "OR origin = 'manual' "
                f"AND abs(julianday(tick_at) - julianday({column})) < :moment)",
                {"since": since, "until": until, "column": column, "moment": _MOMENT_DAYS},
            )
        for table, column in _OTHER_TIMES:
            connection.execute(
                f"UPDATE {table} SET {column} = set_right({column}) "
                f"WHERE {column} BETWEEN ? AND ? AND {_OURS.get(table, '1')}",
                (since, until),
            )


def _is_anything_later(connection: sqlite3.Connection, latest: str) -> bool:
    """Whether a clock that ran ahead has left traces, found by indexes and in small tables."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM profile JOIN play ON profile_id = profile.id "
        "AND started_at > :latest) "
        "OR EXISTS (SELECT 1 FROM profile JOIN recent_title ON profile_id = profile.id "
        "AND begun IN (0, 1) AND touched_at > :latest) "
        "OR EXISTS (SELECT 1 FROM account WHERE connected_at > :latest OR pulled_at > :latest) "
        "OR EXISTS (SELECT 1 FROM hidden WHERE hidden_at > :latest) "
        "OR EXISTS (SELECT 1 FROM forgotten WHERE forgotten_at > :latest) "
        "OR EXISTS (SELECT 1 FROM list_entry WHERE changed_at > :latest OR rated_at > :latest)",
        {"latest": latest},
    ).fetchone()
    return bool(found[0])


def _mend_plays(connection: sqlite3.Connection, now: datetime, latest: str) -> None:
    """Lay the viewings from the future end to end before now, the last one first."""
    rows = connection.execute(
        "SELECT rowid, id, profile_id, key, started_at, tick_at, ended_at, watched_at FROM play "
        "WHERE max(started_at, tick_at, coalesce(ended_at, ''), coalesce(watched_at, '')) > ? "
        "ORDER BY max(started_at, tick_at, coalesce(ended_at, ''), coalesce(watched_at, '')) DESC, "
        "rowid DESC",
        (latest,),
    ).fetchall()
    limit = now
    for row in rows:
        times = {name: from_iso(row[name]) for name in _PLAY_TIMES if row[name]}
        late = max(times.values()) - limit
        moved = {name: at - late if at > now else at for name, at in times.items()}
        moved["started_at"] = min(moved.values())
        limit = min(moved[name] for name, at in times.items() if at > now) - _APART
        _move(connection, row, moved, latest)


def _move(
    connection: sqlite3.Connection, row: sqlite3.Row, moved: dict[str, datetime], latest: str
) -> None:
    """Give a play its times, and whatever stands for it elsewhere."""
    columns = ", ".join(f"{name} = ?" for name in moved)
    connection.execute(
        f"UPDATE play SET {columns} WHERE id = ?", (*map(to_iso, moved.values()), row["id"])
    )
    place = (row["profile_id"], row["key"])
    if "watched_at" in moved:
        connection.execute(
            "UPDATE progress SET watched_at = ? WHERE profile_id = ? AND key = ? "
            "AND watched_at = ?",
            (to_iso(moved["watched_at"]), *place, row["watched_at"]),
        )
    last = to_iso(max(moved.values()))
    connection.execute(
        "UPDATE progress SET touched_at = ? WHERE profile_id = ? AND key = ? AND touched_at > ?",
        (last, *place, latest),
    )
    for name, at in moved.items():
        connection.execute(
            "UPDATE queue SET happened_at = ? WHERE play_id = ? AND happened_at = ?",
            (to_iso(at), row["id"], row[name]),
        )


def _mend_undo(connection: sqlite3.Connection, now: datetime, latest: str) -> None:
    """What the first sync queued bears the time of the state that was kept, and goes on to."""
    for row in connection.execute("SELECT id, made_at FROM undo WHERE made_at > ?", (latest,)):
        connection.execute(
            "UPDATE queue SET created_at = ? WHERE created_at = ?", (to_iso(now), row["made_at"])
        )
        connection.execute("UPDATE undo SET made_at = ? WHERE id = ?", (to_iso(now), row["id"]))
