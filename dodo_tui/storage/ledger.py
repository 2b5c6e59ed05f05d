"""Viewings as a pull meets them: what was watched here and told, and what was watched elsewhere.

Functions expect a transaction around them.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.merge import SAME_PLACE_RATIO, SAME_VIEWING
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.domain.times import from_iso, maybe_from_iso, maybe_to_iso, to_iso
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
class HeardWatch:
    """A viewing elsewhere, as a play of ours."""

    play_id: str
    key: str
    watched_at: datetime


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
        found.setdefault(key, []).append(Watch(play_id, from_iso(watched_at), maybe_from_iso(at)))
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
        (profile_id, key, maybe_to_iso(watched_at), Origin.PLAYER, Origin.MANUAL),
    ).fetchone()
    return row is not None


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


def join_heard(connection: sqlite3.Connection, media_id: str) -> None:
    """Viewings of ours of an unknown title that a provider told, too, are one with its word."""
    for heard_id, own_id in connection.execute(
        "SELECT heard.id, own.id FROM play AS heard JOIN play AS own ON own.key = heard.key "
        "AND own.profile_id = heard.profile_id AND own.origin IN (?, ?) "
        "AND abs(julianday(own.watched_at) - julianday(heard.watched_at)) * 86400 <= ? "
        "WHERE heard.media_id = ? AND heard.origin IN (?, ?)",
        (
            Origin.PLAYER,
            Origin.MANUAL,
            SAME_VIEWING.total_seconds(),
            media_id,
            Origin.SIMKL,
            Origin.TRAKT,
        ),
    ).fetchall():
        connection.execute("UPDATE remote SET play_id = ? WHERE play_id = ?", (own_id, heard_id))
        connection.execute("DELETE FROM play WHERE id = ?", (heard_id,))


def untold_viewing(
    connection: sqlite3.Connection, account: Account, key: str, until: datetime
) -> str | None:
    """The viewing here that a resume point was made by, if it has ended and was not told.

    Answers its play; None where there is none, or an account knows of it.
    """
    row = connection.execute(
        "SELECT id, ended_at, EXISTS (SELECT 1 FROM delivery WHERE play_id = play.id "
        "AND account_id = ?) AS is_told FROM play WHERE profile_id = ? AND key = ? AND origin = ? "
        "AND tick_at <= ? ORDER BY tick_at DESC, id LIMIT 1",
        (account.id, account.profile_id, key, Origin.PLAYER, to_iso(until)),
    ).fetchone()
    if row is None or row["ended_at"] is None or row["is_told"]:
        return None
    return str(row["id"])


def is_our_pause(
    connection: sqlite3.Connection,
    account_id: int,
    key: str,
    ratio: float,
    paused_at: datetime | None,
) -> bool:
    """Whether a resume point is one that was told by us: at the same place, when we told it.

    Providers stamp a place with the time at which they hear of it, which may be long after.
    """
    told = connection.execute(
        "SELECT delivery.at, percent FROM play JOIN delivery ON play_id = play.id "
        "WHERE key = ? AND account_id = ? AND state = ? AND verb = 'pause' "
        "ORDER BY delivery.at DESC LIMIT 1",
        (key, account_id, DeliveryState.SENT),
    ).fetchone()
    if told is None or paused_at is None or told["percent"] is None:
        return False
    is_same_place = abs(told["percent"] / 100 - ratio) <= 2 * SAME_PLACE_RATIO
    return is_same_place and abs(from_iso(told["at"]) - paused_at) <= SAME_VIEWING


def count_unidentified(connection: sqlite3.Connection, profile_id: int) -> int:
    """How many films and episodes were watched or begun here of which nobody knows what they are.

    Without those of which the user has said that they are nothing a provider knows.
    """
    row = connection.execute(
        "SELECT count(*) FROM progress WHERE profile_id = ? AND media_id LIKE 'local:%' "
        "AND origin IN (?, ?) AND (watched = 1 AND watched_at IS NOT NULL "
        "OR position_seconds > 0 OR coalesce(ratio, 0) > 0) "
        "AND NOT EXISTS (SELECT 1 FROM file_part JOIN file ON file.id = file_id "
        "WHERE file_part.key = progress.key AND match = 'none' AND decided_by = 'user')",
        (profile_id, Origin.PLAYER, Origin.MANUAL),
    ).fetchone()
    return int(row[0])


def play_ids_of_title(connection: sqlite3.Connection, media_id: str) -> frozenset[str]:
    """The viewings of a title, whoever's they are."""
    rows = connection.execute("SELECT id FROM play WHERE media_id = ?", (media_id,))
    return frozenset(row[0] for row in rows)


def untold_watches(
    connection: sqlite3.Connection, profile_id: int, account_id: int
) -> tuple[tuple[str, datetime, str | None], ...]:
    """What was watched here and a provider does not hold: key, when, and the play if there is one.

    Only what was played or marked here; what another provider or a file told is nobody's to tell,
    and a time that nobody knows would be made up there. Nor what it has been told already: it may
    hold an episode of that under another number, or under none since it was taken out there.
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
        "AND NOT EXISTS (SELECT 1 FROM play JOIN delivery ON play_id = play.id "
        "WHERE play.key = progress.key AND play.profile_id = progress.profile_id "
        "AND play.watched_at = progress.watched_at AND delivery.account_id = :account "
        "AND delivery.state = :sent AND verb IN ('stop', 'history')) "
        "ORDER BY progress.watched_at, progress.key",
        {
            "account": account_id,
            "profile": profile_id,
            "player": Origin.PLAYER,
            "manual": Origin.MANUAL,
            "sent": DeliveryState.SENT,
        },
    )
    return tuple((key, from_iso(watched_at), play_id) for key, watched_at, play_id in rows)
