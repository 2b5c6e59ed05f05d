"""How what is here stands to what a provider has been told."""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.merge import Standing
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.storage import aspects, ledger
from dodo_tui.storage.media import find_media
from dodo_tui.tracking.applying.pull import Pull, Side


def standing_of(
    connection: sqlite3.Connection,
    pull: Pull,
    row: Progress | None,
    unsent: frozenset[QueueKind],
) -> Standing:
    """How what is here stands to what the provider has been told."""
    return Standing(
        provider=pull.origin,
        now=pull.now,
        unsent=unsent,
        told=row is not None and not unsent and _is_told(connection, pull, row),
        theirs=pull.side is Side.THEIRS,
    )


def _is_told(connection: sqlite3.Connection, pull: Pull, row: Progress) -> bool:
    """Whether what a row says came from the provider, or has been sent to it."""
    if row.origin is pull.origin:
        return True
    if row.watched and row.watched_at is not None:
        return ledger.is_told(connection, pull.account, row.key, row.watched_at)
    if row.touched_at < pull.account.connected_at:
        return False
    return row.origin is Origin.MANUAL or (
        row.origin is Origin.PLAYER and pull.account.scrobbling_enabled
    )


def is_told_here(connection: sqlite3.Connection, pull: Pull, row: Progress) -> bool:
    """Whether a provider was told by us that something is watched, and has not said so itself yet.

    What the user keeps though it is missing there is none. An anime's episode may have been filed
    under another number, so its absence says nothing. It is one by what is known here: Trakt calls
    it a show.
    """
    if row.watched_at is None or not row.watched:
        return False
    if not ledger.was_delivered(connection, pull.account.id, row.key, row.watched_at):
        return False
    key = Key.parse(row.key)
    if aspects.is_kept(connection, pull.account.id, str(key.media_id), row.watched_at):
        return False
    if not key.is_episode:
        return True
    media = find_media(connection, str(key.media_id))
    return key.season_number != 0 and media is not None and media.kind is not Kind.ANIME
