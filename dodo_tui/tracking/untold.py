"""What was watched, begun or said here and an account has not been told: found, and queued.

At its first sync that is everything from before it was connected (`queue_all`); later it is what
turns out to be of a title that nobody knew until then (`queue_viewings`, `queue_words`). Only what
was played or marked here, each with its own time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.cards import Card, continue_watching
from dodo_tui.domain.ids import Key, Scheme
from dodo_tui.domain.merge import Known, is_overtaken_by, ratio_of
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.storage import ledger, remote, snapshots
from dodo_tui.storage.history import untold_watches
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.queue import add_message, is_told_for_another
from dodo_tui.storage.shelves import recent_titles
from dodo_tui.tracking.listing import queue_unsaid
from dodo_tui.tracking.undo import Before
from dodo_tui.values import dataclass

MOST_POINTS = 20
"""So many resume points are told at a first sync, those touched last: each is a request of its own,
a second after the one before."""

_OURS = (Origin.PLAYER, Origin.MANUAL)

KnownOf = Callable[[str], Iterable[Known]]
"""What a provider holds of a title, by the title's id here."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that an account is to be told."""

    key: str
    play_id: str | None
    message: Message


def watches(connection: sqlite3.Connection, account: Account) -> tuple[Untold, ...]:
    """What was watched here and a provider does not hold, as far as it has told what it holds."""
    found = (
        Untold(key, play_id, Message(QueueKind.WATCHED, None, watched_at))
        for key, watched_at, play_id in ledger.untold_watches(
            connection, account.profile_id, account.id
        )
    )
    return tuple(each for each in found if _is_news(connection, account, each))


def points(
    connection: sqlite3.Connection, account: Account, known_of: KnownOf, now: datetime
) -> tuple[Untold, ...]:
    """What stands in Continue Watching by a viewing here that was not told, the newest first.

    Not where the provider has anything newer of the title: it keeps one place for a series, and
    stamps what it is told with the time at which it is told.
    """
    unsent = remote.unsent(connection, account.id)
    found = []
    for card in begun(connection, account.profile_id, now):
        row = find_progress(connection, account.profile_id, card.key)
        if row is None or row.origin not in _OURS or row.key in unsent or _is_local(row.key):
            continue
        play_id = ledger.untold_viewing(connection, account, row.key, row.touched_at)
        ratio = ratio_of(row)
        if play_id is None or not ratio:
            continue
        if any(is_overtaken_by(known, row.touched_at) for known in known_of(card.media_id)):
            continue
        percent = min(round(100 * ratio, 2), 100.0)
        message = Message(QueueKind.PROGRESS, percent, row.touched_at)
        untold = Untold(row.key, play_id, message)
        if _is_news(connection, account, untold):
            found.append(untold)
    return tuple(found)


def begun(connection: sqlite3.Connection, profile_id: int, now: datetime) -> tuple[Card, ...]:
    """What stands in Continue Watching, the newest first."""
    return continue_watching(recent_titles(connection, profile_id, now), now)


def queue_all(connection: sqlite3.Connection, account: Account, now: datetime) -> int:
    """Queue all of it, at the first sync; answers how many. Expects a transaction around it."""
    first_sync_at = snapshots.kept_at(connection, account.id, Before.FIRST_SYNC)
    newest = points(connection, account, held_of(connection, account), now)[:MOST_POINTS]
    untold = (*watches(connection, account), *reversed(newest))
    for each in untold:
        _queue(connection, account, each, now, first_sync_at)
    unsaid = queue_unsaid(connection, account, now, first_sync_at=first_sync_at)
    return len(untold) + unsaid


def queue_viewings(
    connection: sqlite3.Connection,
    account: Account,
    media_id: str,
    now: datetime,
    delay_seconds: float = 0.0,
    play_ids: Collection[str] | None = None,
) -> int:
    """Queue the viewings of a title that an account was not told, because nobody knew what it is.

    What is from before the account was connected only where it hears such; that belongs to its
    first sync, and goes with its undo. `play_ids`: of these viewings alone. Expects a transaction
    around it; answers how many.
    """
    first_sync_at = snapshots.kept_at(connection, account.id, Before.FIRST_SYNC)
    count = 0
    for each in (
        *_title_watches(connection, account, media_id),
        *_title_points(connection, account, media_id, now),
    ):
        if play_ids is None or each.play_id in play_ids:
            is_earlier = each.message.happened_at < account.connected_at
            late = replace(each, message=replace(each.message, delay_seconds=delay_seconds))
            _queue(connection, account, late, now, first_sync_at if is_earlier else None)
            count += 1
    return count


def queue_words(
    connection: sqlite3.Connection,
    account: Account,
    media_id: str,
    now: datetime,
    delay_seconds: float = 0.0,
) -> int:
    """The same for its rating and its list."""
    first_sync_at = snapshots.kept_at(connection, account.id, Before.FIRST_SYNC)
    return queue_unsaid(
        connection, account, now, media_id, delay_seconds, first_sync_at=first_sync_at
    )


def _title_watches(
    connection: sqlite3.Connection, account: Account, media_id: str
) -> Iterable[Untold]:
    """What was watched of a title, as far as an account is to hear of it."""
    for play in untold_watches(connection, account, media_id):
        watched_at = play.watched_at or play.started_at
        untold = Untold(play.key, play.play_id, Message(QueueKind.WATCHED, None, watched_at))
        if _is_news(connection, account, untold):
            yield untold


def _title_points(
    connection: sqlite3.Connection, account: Account, media_id: str, now: datetime
) -> Iterable[Untold]:
    """The resume point of a title, if an account is to hear of it."""
    for each in points(connection, account, held_of(connection, account), now):
        is_earlier = each.message.happened_at < account.connected_at
        hears = account.hears_earlier if is_earlier else account.scrobbling_enabled
        if hears and str(Key.parse(each.key).media_id) == media_id:
            yield each


def _is_local(key: str) -> bool:
    return Key.parse(key).media_id.scheme is Scheme.LOCAL


def held_of(connection: sqlite3.Connection, account: Account) -> KnownOf:
    """What the provider held of a title when it last said so."""
    return lambda media_id: remote.title_known(connection, account.id, media_id).values()


def _is_news(connection: sqlite3.Connection, account: Account, untold: Untold) -> bool:
    """Whether nobody else of this device tells the same user the same."""
    return not is_told_for_another(connection, account, untold.key, untold.message)


def _queue(
    connection: sqlite3.Connection,
    account: Account,
    untold: Untold,
    now: datetime,
    first_sync_at: datetime | None,
) -> None:
    add_message(
        connection, account.id, untold.key, untold.play_id, untold.message, now, first_sync_at
    )
