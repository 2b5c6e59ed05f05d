"""What a provider holds, as it last said: the base of the merge, and what the merge writes.

Functions expect a transaction around them unless their docstring says that they make their own.
Everything is found by title or key through an index, so that a change costs the same whatever the
size of the library.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.asking_again import Again
from dodo_tui.domain.merge import Known
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import DeliveryState, QueueKind
from dodo_tui.domain.status import SyncState
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage.database import transaction
from dodo_tui.storage.plays import progress_of, progress_values
from dodo_tui.storage.queue import ABOUT_TITLES
from dodo_tui.values import dataclass

_VIEWINGS = uuid.UUID("3b8f6d2a-58c1-4a0e-9a7b-1d5e0c9f2b64")


@dataclass(frozen=True, slots=True)
class Watch:
    """A play that counted as watched, and when its provider acknowledged it as it happened."""

    play_id: str
    watched_at: datetime
    stopped_at: datetime | None
    """By our clock; None: not told, or told later with its own time."""


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
    return Cursors(row["cursors"], _time(row["pulled_at"]), again)


def finish_pull(
    connection: sqlite3.Connection, account_id: int, done: Cursors, now: datetime, pulled: int
) -> None:
    """A sync has succeeded; the last transaction of it, which is its own."""
    with transaction(connection, durable=True):
        connection.execute(
            "UPDATE account SET cursors = ?, pulled_at = ?, again_since = ?, again_at = ?, "
            "again_tries = ?, last_sync_at = ?, last_error = NULL, sync_state = ?, "
            "items_pulled = items_pulled + ? WHERE id = ?",
            (
                done.text,
                _text(done.pulled_at),
                done.again.since if done.again else None,
                _text(done.again.at) if done.again else None,
                done.again.tries if done.again else 0,
                to_iso(now),
                SyncState.IDLE,
                pulled,
                account_id,
            ),
        )


def add_pulled(connection: sqlite3.Connection, account_id: int, pulled: int) -> None:
    """A sync has not come to its end, but has changed so much; makes its own transaction."""
    if pulled:
        with transaction(connection, durable=False):
            connection.execute(
                "UPDATE account SET items_pulled = items_pulled + ? WHERE id = ?",
                (pulled, account_id),
            )


def count_heard(connection: sqlite3.Connection, account_id: int) -> int:
    """How many films and episodes a provider holds as watched or begun."""
    row = connection.execute(
        "SELECT count(*) FROM remote WHERE account_id = ? AND (watched OR ratio IS NOT NULL)",
        (account_id,),
    ).fetchone()
    return int(row[0])


def title_progress(
    connection: sqlite3.Connection, profile_id: int, media_id: str
) -> dict[str, Progress]:
    """Where a profile stands in everything of a title, by key."""
    rows = connection.execute(
        "SELECT * FROM progress WHERE profile_id = ? AND media_id = ?", (profile_id, media_id)
    )
    return {row["key"]: progress_of(row) for row in rows}


def title_known(connection: sqlite3.Connection, account_id: int, media_id: str) -> dict[str, Known]:
    """What the provider held of a title when it last said so, by key."""
    rows = connection.execute(
        "SELECT * FROM remote WHERE account_id = ? AND media_id = ?", (account_id, media_id)
    )
    return {row["key"]: _known(row) for row in rows}


def known_points(connection: sqlite3.Connection, account_id: int) -> dict[str, Known]:
    """Every resume point that the provider held when it last said so, by key."""
    rows = connection.execute(
        "SELECT * FROM remote WHERE account_id = ? AND ratio IS NOT NULL", (account_id,)
    )
    return {row["key"]: _known(row) for row in rows}


def save_known(
    connection: sqlite3.Connection, account_id: int, media_id: str, known: Mapping[str, Known]
) -> None:
    """Remember what the provider has said; what it holds nothing of any more is forgotten."""
    connection.executemany(
        "INSERT INTO remote (account_id, key, media_id, watched, watched_at, ratio, paused_at, "
        "point_id, play_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "watched = excluded.watched, watched_at = excluded.watched_at, ratio = excluded.ratio, "
        "paused_at = excluded.paused_at, point_id = excluded.point_id, play_id = excluded.play_id",
        [
            (
                account_id,
                key,
                media_id,
                each.watched,
                _text(each.watched_at),
                each.ratio,
                _text(each.paused_at),
                each.point_id,
                each.play_id,
            )
            for key, each in known.items()
            if each.watched or each.ratio is not None
        ],
    )
    connection.executemany(
        "DELETE FROM remote WHERE account_id = ? AND key = ?",
        [
            (account_id, key)
            for key, each in known.items()
            if not each.watched and each.ratio is None
        ],
    )


def unsent(connection: sqlite3.Connection, account_id: int) -> dict[str, frozenset[QueueKind]]:
    """The facts of a history that an account has not been told, waiting or held, by key."""
    found: dict[str, frozenset[QueueKind]] = {}
    for key, kind in connection.execute(
        "SELECT key, kind FROM queue WHERE account_id = ? AND kind NOT IN ('start', 'pause') "
        f"AND kind NOT IN {ABOUT_TITLES}",
        (account_id,),
    ):
        found[key] = found.get(key, frozenset()) | {QueueKind(kind)}
    return found


def has_late_progress(connection: sqlite3.Connection, account_id: int, before: datetime) -> bool:
    """Whether a resume point from before a time waits to be told."""
    row = connection.execute(
        "SELECT 1 FROM queue WHERE account_id = ? AND state = 'waiting' AND kind = ? "
        "AND happened_at < ? LIMIT 1",
        (account_id, QueueKind.PROGRESS, to_iso(before)),
    ).fetchone()
    return row is not None


def write_progress(connection: sqlite3.Connection, rows: Iterable[Progress]) -> None:
    """Write progress rows exactly as they are: the merge has taken into account what was there."""
    connection.executemany(
        "INSERT OR REPLACE INTO progress (profile_id, key, media_id, season, number, "
        "position_seconds, duration_seconds, ratio, watched, watched_at, touched_at, origin) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [progress_values(row) for row in rows],
    )


def delete_progress(connection: sqlite3.Connection, profile_id: int, keys: Iterable[str]) -> None:
    """Nothing is known of these keys any more."""
    connection.executemany(
        "DELETE FROM progress WHERE profile_id = ? AND key = ?",
        [(profile_id, key) for key in keys],
    )


def title_watches(
    connection: sqlite3.Connection, profile_id: int, account_id: int, media_id: str
) -> dict[str, list[Watch]]:
    """Every play of a title that counted as watched, by key."""
    rows = connection.execute(
        "SELECT play.id, key, watched_at, delivery.at FROM play LEFT JOIN delivery "
        "ON play_id = play.id AND account_id = ? AND state = ? AND verb = 'stop' "
        "WHERE media_id = ? AND profile_id = ? AND watched_at IS NOT NULL",
        (account_id, DeliveryState.SENT, media_id, profile_id),
    )
    found: dict[str, list[Watch]] = {}
    for play_id, key, watched_at, at in rows:
        found.setdefault(key, []).append(Watch(play_id, from_iso(watched_at), _time(at)))
    return found


def date_watch(
    connection: sqlite3.Connection, account_id: int, watch: Watch, watched_at: datetime
) -> None:
    """Give a viewing the time that its provider has stamped it with; its own clock was wrong.

    Its beginning and its end move with it, and so does when it was acknowledged.
    """
    found = connection.execute(
        "SELECT started_at, tick_at, ended_at FROM play WHERE id = ?", (watch.play_id,)
    ).fetchone()
    late = watch.watched_at - watched_at
    times = [to_iso(from_iso(text) - late) if text else None for text in found]
    connection.execute(
        "UPDATE play SET started_at = ?, tick_at = ?, ended_at = ?, watched_at = ? WHERE id = ?",
        (*times, to_iso(watched_at), watch.play_id),
    )
    connection.execute(
        "UPDATE delivery SET at = ? WHERE play_id = ? AND account_id = ?",
        (to_iso(watched_at), watch.play_id, account_id),
    )


def is_told(
    connection: sqlite3.Connection, account: Account, key: str, watched_at: datetime
) -> bool:
    """Whether a provider told a viewing, or was told it."""
    row = connection.execute(
        "SELECT 1 FROM play LEFT JOIN delivery ON play_id = play.id AND account_id = ? "
        "WHERE profile_id = ? AND key = ? AND watched_at = ? AND (origin = ? OR state = ?)",
        (
            account.id,
            account.profile_id,
            key,
            to_iso(watched_at),
            account.provider,
            DeliveryState.SENT,
        ),
    ).fetchone()
    return row is not None


def was_delivered(
    connection: sqlite3.Connection, account_id: int, key: str, watched_at: datetime
) -> bool:
    """Whether an account acknowledged a viewing."""
    row = connection.execute(
        "SELECT 1 FROM play JOIN delivery ON play_id = play.id "
        "WHERE key = ? AND watched_at = ? AND account_id = ? AND state = ?",
        (key, to_iso(watched_at), account_id, DeliveryState.SENT),
    ).fetchone()
    return row is not None


def was_watched_here(
    connection: sqlite3.Connection, profile_id: int, key: str, watched_at: datetime | None
) -> bool:
    """Whether it is a viewing or a mark of this device that a row goes by."""
    row = connection.execute(
        "SELECT 1 FROM play WHERE profile_id = ? AND key = ? AND watched_at = ? "
        "AND origin IN (?, ?)",
        (profile_id, key, _text(watched_at), Origin.PLAYER, Origin.MANUAL),
    ).fetchone()
    return row is not None


@dataclass(frozen=True, slots=True)
class HeardWatch:
    """A viewing elsewhere, as a play of ours."""

    play_id: str
    key: str
    watched_at: datetime


def insert_watches(
    connection: sqlite3.Connection,
    profile_id: int,
    media_id: str,
    origin: Origin,
    watches: Iterable[HeardWatch],
) -> None:
    """Keep what was watched elsewhere as closed plays, so that history has one ledger.

    Nothing is known of how it was played, so they say nothing about that.
    """
    connection.executemany(
        "INSERT INTO play (id, profile_id, key, media_id, source, origin, started_at, ended_at, "
        "tick_at, position_seconds, furthest_seconds, played_seconds, ratio, watched_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?6, ?6, 0, 0, 0, 1, ?6) ON CONFLICT DO NOTHING",
        [
            (each.play_id, profile_id, each.key, media_id, origin, to_iso(each.watched_at))
            for each in watches
        ],
    )


def own_play_id(connection: sqlite3.Connection, profile_id: int, play_id: str) -> str:
    """The id of a viewing elsewhere for a profile: another one's is not its own.

    Two people who share an account are told the same viewings, and each has them in the history.
    """
    taken = connection.execute(
        "SELECT 1 FROM play WHERE id = ? AND profile_id <> ?", (play_id, profile_id)
    ).fetchone()
    if taken is None:
        return play_id
    (name,) = connection.execute("SELECT name FROM profile WHERE id = ?", (profile_id,)).fetchone()
    return uuid.uuid5(_VIEWINGS, f"{play_id}:{name}").hex


def untold_watches(
    connection: sqlite3.Connection, profile_id: int, account_id: int
) -> tuple[tuple[str, datetime, str | None], ...]:
    """What was watched here and a provider does not hold: key, when, and the play if there is one.

    Only what was played or marked here; what another provider or a file told is nobody's to tell,
    and a time that nobody knows would be made up there.
    """
    rows = connection.execute(
        "SELECT progress.key, progress.watched_at, (SELECT id FROM play WHERE play.key = "
        "progress.key AND play.profile_id = progress.profile_id "
        "AND play.watched_at = progress.watched_at LIMIT 1) AS play_id FROM progress "
        "LEFT JOIN remote ON account_id = :account AND remote.key = progress.key "
        "AND remote.watched = 1 "
        "WHERE progress.profile_id = :profile AND progress.watched = 1 "
        "AND progress.watched_at IS NOT NULL AND origin IN (:player, :manual) "
        "AND progress.media_id NOT LIKE 'local:%' AND remote.key IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM queue WHERE queue.account_id = :account "
        "AND queue.key = progress.key AND kind NOT IN ('start', 'pause') "
        f"AND kind NOT IN {ABOUT_TITLES}) "
        "ORDER BY progress.watched_at, progress.key",
        {
            "account": account_id,
            "profile": profile_id,
            "player": Origin.PLAYER,
            "manual": Origin.MANUAL,
        },
    )
    return tuple((key, from_iso(watched_at), play_id) for key, watched_at, play_id in rows)


def count_profile(connection: sqlite3.Connection, profile_id: int) -> tuple[int, int, int, int]:
    """Films watched, episodes watched, resume points and listed titles of a profile."""
    films, episodes, points = connection.execute(
        "SELECT coalesce(sum(watched = 1 AND number IS NULL), 0), "
        "coalesce(sum(watched = 1 AND number IS NOT NULL), 0), "
        "coalesce(sum(position_seconds > 0 OR coalesce(ratio, 0) > 0), 0) "
        "FROM progress WHERE profile_id = ?",
        (profile_id,),
    ).fetchone()
    (listed,) = connection.execute(
        "SELECT count(DISTINCT media_id) FROM list_entry WHERE profile_id = ?", (profile_id,)
    ).fetchone()
    return films, episodes, points, listed


def _known(row: sqlite3.Row) -> Known:
    return Known(
        bool(row["watched"]),
        _time(row["watched_at"]),
        row["ratio"],
        _time(row["paused_at"]),
        row["point_id"],
        row["play_id"],
    )


def _time(text: str | None) -> datetime | None:
    return from_iso(text) if text else None


def _text(moment: datetime | None) -> str | None:
    return to_iso(moment) if moment else None
