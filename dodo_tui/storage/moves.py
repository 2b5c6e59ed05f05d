"""Moving what was watched from a wrong key to the right one, and what providers were told of it.

All functions expect one transaction around the whole move.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from dodo_tui.domain.ids import Key
from dodo_tui.domain.merge import is_in_progress
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import DeliveryState, QueueKind
from dodo_tui.domain.times import from_iso, maybe_from_iso, to_iso
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.remote import delete_progress, write_progress
from dodo_tui.values import dataclass

_OURS = (Origin.PLAYER, Origin.MANUAL)


@dataclass(frozen=True, slots=True)
class MovedPlay:
    """A play that goes from one key to another."""

    play_id: str
    profile_id: int
    origin: Origin
    seen_at: datetime
    """When it was seen last."""
    watched_at: datetime | None
    ratio: float | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """What one account knows of a play by our doing, or may know."""

    account_id: int
    watched: bool = False
    """It was told, or may have been, that it was watched."""
    paused_percent: float | None = None
    """It was told, or may have been, that it stopped here."""
    given_up: bool = False
    """The user did not want it told."""
    told_at: datetime | None = None
    """When it was told, or tried, last."""


def plays_to_move(
    connection: sqlite3.Connection,
    key: str,
    file_ids: Collection[int],
    *,
    is_alone: bool,
    whole: bool = False,
) -> tuple[MovedPlay, ...]:
    """The plays of some files under a key; with `is_alone` those of no known file, too.

    `whole`: all of them.

    Of no known file are plays from before files were noted, and marks by hand: they go with the
    files where nothing else here holds the key. What was watched elsewhere never goes.
    """
    rows = connection.execute(
        "SELECT id, profile_id, origin, tick_at, watched_at, ratio, ended_at, file_id FROM play "
        "WHERE key = ? AND (? OR origin IN (?, ?)) ORDER BY tick_at, id",
        (key, whole, *_OURS),
    )
    return tuple(
        MovedPlay(
            play_id=row["id"],
            profile_id=row["profile_id"],
            origin=Origin(row["origin"]),
            seen_at=from_iso(row["tick_at"]),
            watched_at=maybe_from_iso(row["watched_at"]),
            ratio=row["ratio"],
            is_open=row["ended_at"] is None,
        )
        for row in rows
        if whole or row["file_id"] in file_ids or (is_alone and row["file_id"] is None)
    )


def profiles_in(connection: sqlite3.Connection, key: str) -> tuple[int, ...]:
    """The profiles that stand somewhere in a key."""
    rows = connection.execute("SELECT profile_id FROM progress WHERE key = ?", (key,))
    return tuple(row[0] for row in rows)


def provider_of(connection: sqlite3.Connection, account_id: int) -> str:
    """The provider of an account."""
    row = connection.execute("SELECT provider FROM account WHERE id = ?", (account_id,)).fetchone()
    return str(row[0])


def keys_of_title(connection: sqlite3.Connection, media_id: str) -> tuple[str, ...]:
    """Every key of a title under which something was watched or begun."""
    rows = connection.execute(
        "SELECT key FROM play WHERE media_id = :id UNION SELECT key FROM progress "
        "WHERE media_id = :id ORDER BY key",
        {"id": media_id},
    )
    return tuple(row[0] for row in rows)


def is_watched_of(connection: sqlite3.Connection, media_id: str) -> bool:
    """Whether anybody here has watched or begun anything of a title."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM play WHERE media_id = :id) OR EXISTS (SELECT 1 FROM progress "
        "WHERE media_id = :id AND (watched OR position_seconds > 0 OR ratio > 0))",
        {"id": media_id},
    ).fetchone()
    return bool(row[0])


def move_plays(connection: sqlite3.Connection, plays: Collection[MovedPlay], key: Key) -> None:
    """Put plays under another key."""
    connection.executemany(
        "UPDATE play SET key = ?, media_id = ? WHERE id = ?",
        [(str(key), str(key.media_id), play.play_id) for play in plays],
    )


def take_told(connection: sqlite3.Connection, play_id: str) -> tuple[ToldAccount, ...]:
    """What accounts know of a play by our doing; what waits and what was noted is taken away.

    What was tried and whose answer was lost may have been told.
    """
    rows = connection.execute(
        "SELECT account_id, verb, percent, state, at FROM delivery WHERE play_id = ?", (play_id,)
    ).fetchall()
    told = {row["account_id"]: _acknowledged(row) for row in rows}
    waiting = connection.execute(
        "SELECT account_id, kind, percent, tried_at FROM queue WHERE play_id = ? ORDER BY id",
        (play_id,),
    ).fetchall()
    for row in waiting:
        known = told.setdefault(row["account_id"], ToldAccount(row["account_id"]))
        if row["tried_at"] and row["kind"] == QueueKind.WATCHED:
            tried_at = from_iso(row["tried_at"])
            known = replace(known, watched=True, told_at=known.told_at or tried_at)
        elif row["tried_at"] and row["kind"] in (QueueKind.PROGRESS, QueueKind.PAUSE):
            known = replace(known, paused_percent=row["percent"])
        told[row["account_id"]] = known
    connection.execute("DELETE FROM queue WHERE play_id = ?", (play_id,))
    connection.execute("DELETE FROM delivery WHERE play_id = ?", (play_id,))
    return tuple(told.values())


def _acknowledged(row: sqlite3.Row) -> ToldAccount:
    is_pause = row["verb"] == "pause"
    return ToldAccount(
        row["account_id"],
        watched=row["verb"] in ("stop", "history"),
        paused_percent=row["percent"] if is_pause else None,
        given_up=row["state"] in (DeliveryState.REJECTED, DeliveryState.OFF),
        told_at=from_iso(row["at"]),
    )


def is_watched_by_itself(
    connection: sqlite3.Connection, account_id: int, key: str, moved: Collection[str]
) -> bool | None:
    """Whether a provider holds a key as watched for another reason than some plays of ours.

    None: nobody knows, for nothing has ever been pulled.
    """
    row = connection.execute(
        "SELECT watched, play_id FROM remote WHERE account_id = ? AND key = ?", (account_id, key)
    ).fetchone()
    if row is not None and row["watched"]:
        return row["play_id"] not in moved
    pulled = connection.execute(
        "SELECT pulled_at FROM account WHERE id = ?", (account_id,)
    ).fetchone()
    return None if pulled is None or pulled[0] is None else False


def forget_title(connection: sqlite3.Connection, alias: str) -> None:
    """Let names give an id anew: they have led to a title that it was not."""
    connection.execute("DELETE FROM media_alias WHERE alias = ? AND media_id <> alias", (alias,))


def forget_lookup(connection: sqlite3.Connection, subject: str) -> None:
    """Let something be asked about again."""
    connection.execute("DELETE FROM lookup WHERE subject = ?", (subject,))


def point_name(connection: sqlite3.Connection, alias: str, media_id: str) -> None:
    """Let an id that names give lead to a title from now on."""
    connection.execute(
        "INSERT INTO media_alias (alias, media_id) VALUES (?, ?) "
        "ON CONFLICT (alias) DO UPDATE SET media_id = excluded.media_id",
        (alias, media_id),
    )


def has_own_row(connection: sqlite3.Connection, media_id: str) -> bool:
    """Whether a title is kept under this very id."""
    row = connection.execute("SELECT 1 FROM media WHERE id = ?", (media_id,)).fetchone()
    return row is not None


def drop_strays(connection: sqlite3.Connection, keys: Collection[str]) -> None:
    """Forget episodes that are known of only because a file was taken for them."""
    connection.executemany(
        "DELETE FROM episode WHERE key = ? AND title IS NULL AND aired_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM file_part WHERE file_part.key = episode.key) "
        "AND NOT EXISTS (SELECT 1 FROM progress WHERE progress.key = episode.key) "
        "AND NOT EXISTS (SELECT 1 FROM play WHERE play.key = episode.key)",
        [(key,) for key in keys],
    )


def drop_episodes(connection: sqlite3.Connection, media_id: str) -> None:
    """Forget the episodes of a title, whose numbers were wrong."""
    connection.execute("DELETE FROM episode WHERE media_id = ?", (media_id,))


def looked_up_at(connection: sqlite3.Connection) -> datetime | None:
    """When a provider was asked about any title last."""
    row = connection.execute("SELECT max(asked_at) FROM lookup").fetchone()
    return maybe_from_iso(row[0])


def hold_last(connection: sqlite3.Connection, reason: str) -> None:
    """Hold the row that was queued last, for the user to decide."""
    connection.execute(
        "UPDATE queue SET state = 'held', last_error = ? WHERE id = (SELECT max(id) FROM queue)",
        (reason,),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a profile stood in a wrong key by what moves: the part of it that goes along."""

    progress: Progress
    """The part that goes, still under the wrong key."""

    @property
    def watched(self) -> bool:
        """Whether it goes as watched."""
        return self.progress.watched


def take_progress(
    connection: sqlite3.Connection,
    profile_id: int,
    key: str,
    moved: Collection[MovedPlay],
    *,
    is_whole: bool,
) -> Standing | None:
    """Take what moved plays made of a key out of it; None where they made nothing of it.

    What rests on other plays, or on what a provider says by itself, stays. `is_whole`: everything
    under the key goes.
    """
    before = find_progress(connection, profile_id, key)
    if before is None:
        return None
    watched_ats = [play.watched_at for play in moved if play.watched_at is not None]
    goes_watched = before.watched and (is_whole or bool(watched_ats))
    goes_point = is_in_progress(before) and (
        is_whole or _is_newest(connection, profile_id, key, moved, before)
    )
    if not (goes_watched or goes_point or is_whole):
        return None
    watched_at = before.watched_at if is_whole else max(watched_ats, default=None)
    going = replace(
        before,
        watched=goes_watched,
        watched_at=watched_at if goes_watched else None,
        position_seconds=before.position_seconds if goes_point else 0.0,
        ratio=before.ratio if goes_point else None,
    )
    rest = replace(before, position_seconds=0.0, ratio=None) if goes_point else before
    if goes_watched and not is_whole:
        rest = _rest_watched(connection, rest, {play.play_id for play in moved})
    if is_whole or not (rest.watched or is_in_progress(rest)):
        delete_progress(connection, profile_id, [key])
    else:
        write_progress(connection, [rest])
    return Standing(going)


def put_progress(connection: sqlite3.Connection, standing: Standing, key: str) -> None:
    """Put what was taken under another key; where there is something the newer place counts."""
    moving = replace(standing.progress, key=key)
    there = find_progress(connection, moving.profile_id, key)
    if moving.watched or is_in_progress(moving) or there is None:
        write_progress(connection, [_joined(there, moving)])


def note_unmarked(connection: sqlite3.Connection, profile_id: int, key: str, now: datetime) -> None:
    """A mark is being taken back at a provider: here the key is one that was unmarked.

    So a provider's old answer does not bring it back.
    """
    if find_progress(connection, profile_id, key) is None:
        row = Progress(profile_id, key, 0.0, None, None, now, Origin.MANUAL)
        write_progress(connection, [row])


def _rest_watched(
    connection: sqlite3.Connection, rest: Progress, moved: Collection[str]
) -> Progress:
    """Whether it is watched all the same: by plays that stay, or by a provider's own word."""
    for play in connection.execute(
        "SELECT id, watched_at, origin FROM play WHERE profile_id = ? AND key = ? "
        "AND watched_at IS NOT NULL ORDER BY watched_at DESC",
        (rest.profile_id, rest.key),
    ):
        if play["id"] not in moved:
            at = from_iso(play["watched_at"])
            return replace(rest, watched_at=at, touched_at=at, origin=Origin(play["origin"]))
    there = connection.execute(
        "SELECT provider FROM remote JOIN account ON account.id = account_id "
        "WHERE profile_id = ? AND key = ? AND watched = 1 AND remote.watched_at IS NULL",
        (rest.profile_id, rest.key),
    ).fetchone()
    if there is not None:
        return replace(rest, watched_at=None, origin=Origin(there["provider"]))
    return replace(rest, watched=False, watched_at=None)


def _is_newest(
    connection: sqlite3.Connection,
    profile_id: int,
    key: str,
    moved: Collection[MovedPlay],
    before: Progress,
) -> bool:
    """Whether the resume point was made by a play that moves."""
    if before.origin not in _OURS or not moved:
        return False
    row = connection.execute(
        "SELECT max(tick_at) FROM play WHERE profile_id = ? AND key = ? AND origin IN (?, ?)",
        (profile_id, key, *_OURS),
    ).fetchone()
    newest = max(play.seen_at for play in moved)
    return row[0] is None or row[0] <= to_iso(newest)


def _joined(there: Progress | None, moving: Progress) -> Progress:
    """Two rows as one: the newer place counts, and watched stays."""
    if there is None:
        return moving
    newer = moving if moving.touched_at >= there.touched_at else there
    watched_ats = [row.watched_at for row in (there, moving) if row.watched_at is not None]
    return replace(
        newer,
        duration_seconds=newer.duration_seconds or there.duration_seconds,
        watched=there.watched or moving.watched,
        watched_at=max(watched_ats, default=None),
        touched_at=max(there.touched_at, moving.touched_at),
    )
