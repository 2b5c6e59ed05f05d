"""The history: plays, newest first, with what each provider answered."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.queue import DeliveryState, NamedFact
from dodo_tui.domain.times import from_iso, maybe_from_iso, to_iso
from dodo_tui.storage.media import find_media
from dodo_tui.storage.queued import all_facts


def history(
    connection: sqlite3.Connection,
    profile_id: int,
    limit: int | None = None,
    media_id: str | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> tuple[HistoryEntry, ...]:
    """A profile's plays, newest first; of one title, or of a time (its end not included).

    Of several at one time, as where a season was marked, the later episode comes first.
    """
    since, until = (to_iso(moment) for moment in between) if between else ("", "~")
    rows = connection.execute(
        """
        SELECT play.*, media.title, media.year, media.kind
        FROM play JOIN media ON media.id = play.media_id
        WHERE profile_id = ? AND (? IS NULL OR play.media_id = ?)
            AND started_at >= ? AND started_at < ?
        ORDER BY started_at DESC, length(play.key) DESC, play.key DESC, play.id LIMIT ?
        """,
        (profile_id, media_id, media_id, since, until, -1 if limit is None else limit),
    ).fetchall()
    entries = []
    for row in rows:
        key = Key.parse(row["key"])
        told = told_of(connection, row["id"])
        entries.append(
            HistoryEntry(
                play_id=row["id"],
                key=row["key"],
                media_id=row["media_id"],
                title=row["title"],
                year=row["year"],
                season=key.season_number,
                number=key.number,
                source=row["source"],
                started_at=from_iso(row["started_at"]),
                ended_at=maybe_from_iso(row["ended_at"]),
                watched_at=maybe_from_iso(row["watched_at"]),
                ratio=row["ratio"],
                one_season=row["kind"] == Kind.ANIME,
                delivered={provider: state for provider, (_, state) in told.items()},
            )
        )
    return tuple(entries)


def named_facts(connection: sqlite3.Connection, profile_id: int) -> tuple[NamedFact, ...]:
    """What waits for a profile's accounts, each row with the name of what it is about."""
    named = []
    for row in all_facts(connection, profile_id):
        key = Key.parse(row.key)
        media = find_media(connection, str(key.media_id))
        if media is None:
            named.append(NamedFact(row, None, episode_label(key.season_number, key.number)))
        else:
            named.append(NamedFact(row, media.title, media.label_of(key)))
    return tuple(named)


def untold_watches(
    connection: sqlite3.Connection, account: Account, media_id: str
) -> tuple[HistoryEntry, ...]:
    """What was watched of a title and an account was never told, since it was connected.

    Only what was played or marked here and not unmarked, and played only if it listens to players;
    what was pulled or imported is nobody's to tell. Of an account that hears what is from before,
    the last viewing of each film and episode, too, unless the provider holds it as watched. Never
    one that the provider holds itself (`ledger.join_heard`).
    """
    untold = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM play WHERE media_id = :media AND ("
            "tick_at >= :connected AND (origin = :manual OR origin = :player AND :scrobbling) "
            "OR tick_at < :connected AND :earlier AND origin IN (:manual, :player) "
            "AND watched_at = (SELECT watched_at FROM progress WHERE progress.key = play.key "
            "AND progress.profile_id = play.profile_id) "
            "AND NOT EXISTS (SELECT 1 FROM remote WHERE account_id = :account "
            "AND remote.key = play.key AND watched = 1)) "
            "AND NOT EXISTS (SELECT 1 FROM progress WHERE progress.key = play.key "
            "AND progress.profile_id = play.profile_id AND watched = 0) "
            "AND id NOT IN (SELECT play_id FROM delivery WHERE account_id = :account) "
            "AND NOT EXISTS (SELECT 1 FROM remote WHERE account_id = :account "
            "AND remote.play_id = play.id AND watched = 1)",
            {
                "media": media_id,
                "connected": to_iso(account.connected_at),
                "manual": Origin.MANUAL,
                "player": Origin.PLAYER,
                "scrobbling": account.scrobbling_enabled,
                "earlier": account.hears_earlier,
                "account": account.id,
            },
        )
    }
    return tuple(
        entry
        for entry in reversed(history(connection, account.profile_id, media_id=media_id))
        if entry.watched_at is not None and entry.play_id in untold
    )


def was_played(connection: sqlite3.Connection, media_id: str) -> bool:
    """Whether anybody has watched something of a title here."""
    row = connection.execute(
        "SELECT 1 FROM play WHERE media_id = ? AND origin IN (?, ?) LIMIT 1",
        (media_id, Origin.PLAYER, Origin.MANUAL),
    ).fetchone()
    return row is not None


def count_plays(connection: sqlite3.Connection) -> int:
    """How many viewings and marks are known, of everybody."""
    return int(connection.execute("SELECT count(*) FROM play").fetchone()[0])


def told_of(connection: sqlite3.Connection, play_id: str) -> dict[str, tuple[str, DeliveryState]]:
    """By provider: the verb it took last of a viewing (empty for a dated fact), and how it went.

    What was told in the name of somebody who is not signed in any more counts only where nobody
    else is.
    """
    rows = connection.execute(
        "SELECT account.provider, verb, delivery.state FROM delivery "
        "JOIN account ON account.id = account_id WHERE play_id = ? AND (connected = 1 "
        "OR NOT EXISTS (SELECT 1 FROM account AS now WHERE now.profile_id = account.profile_id "
        "AND now.provider = account.provider AND now.connected = 1)) "
        "ORDER BY account.provider, connected, at",
        (play_id,),
    )
    return {provider: (verb, DeliveryState(state)) for provider, verb, state in rows}
