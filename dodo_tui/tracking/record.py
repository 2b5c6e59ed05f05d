"""Recording a viewing: the journal, the resume point and the queue rows, in one transaction.

The engine's watcher of `now_playing` and `dodo play` both hand every `Playback` to a `Recorder`.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.domain.broken_off import BrokenOff
from dodo_tui.domain.ids import Key, Scheme
from dodo_tui.domain.playback import End, Playback, shared
from dodo_tui.domain.queue import Decision, Told
from dodo_tui.domain.thresholds import TICK_SECONDS, is_listed
from dodo_tui.storage import plays
from dodo_tui.storage.accounts import listening_accounts
from dodo_tui.storage.audience import end_private_once
from dodo_tui.storage.database import transaction
from dodo_tui.storage.errors import StorageError, explain
from dodo_tui.storage.media import canonical_key
from dodo_tui.storage.owner import is_alive, this_process
from dodo_tui.storage.progress import find_progress, tick_progress, touch_progress
from dodo_tui.storage.queue import (
    add_message,
    drop_live,
    is_told_for_another,
    take_back_live,
)
from dodo_tui.storage.queued import mend_times
from dodo_tui.storage.store import Store
from dodo_tui.tracking.scrobble import decide
from dodo_tui.values import dataclass

_REMEMBERED_VIEWINGS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to write about a viewing."""

    playback: Playback
    decision: Decision
    opens: bool
    touches: bool
    """Whether it becomes the newest thing of its title: it opens, pauses, jumps, ends, counts."""

    @property
    def is_tick(self) -> bool:
        """Whether a later entry of the same viewing makes this one worthless."""
        return not (self.opens or self.decision.messages or self.touches)


class Recorder:
    """Writes viewings as they happen. Idempotent: the same value twice writes nothing new."""

    def __init__(
        self, store: Store, clock: Clock, on_trouble: Callable[[StorageError], None]
    ) -> None:
        """`on_trouble` hears, on the storage thread, that writing failed; it is tried again."""
        self._store = store
        self._clock = clock
        self._on_trouble = on_trouble
        self._told: dict[str, Told] = {}
        self._told_before: dict[str, Told] = {}
        """Of a viewing that broke off, while it has not gone on yet."""
        self._last: Playback | None = None
        self._written_at_seconds = 0.0
        self._unwritten: deque[Entry] = deque()
        """Only the storage thread reads and changes it."""

    def note(self, playback: Playback) -> Future[bool] | None:
        """Take a viewing as it stands; answers a future when something is being written.

        Its result says whether anything was queued for a provider. Of a viewing that is not to be
        recorded nothing is written but, at its end, that private mode for one viewing is over.
        """
        if playback == self._last:
            return None
        if not playback.recorded:
            self._last = playback
            is_over = playback.end is not None and playback.is_private_once
            return self._store.submit(_end_unrecorded) if is_over else None
        opens = playback.play_id not in self._told
        told = self._told if not opens else self._told_before
        decision = decide(told.get(playback.play_id, Told()), playback)
        touches = opens or self._is_turn(playback)
        due = playback.clock_seconds - self._written_at_seconds >= TICK_SECONDS
        self._told[playback.play_id] = decision.told
        self._last = playback
        if not (touches or due or decision.messages):
            return None
        self._written_at_seconds = playback.clock_seconds
        if playback.end is not None:
            self._forget_older()
        return self._store.submit(self._write, Entry(playback, decision, opens, touches))

    def go_on_with(self, before: BrokenOff) -> None:
        """Know what was told of a viewing that broke off and goes on: its facts are told once."""
        is_watched = before.playback.watched_at is not None
        told = Told(started=before.told_start or is_watched, watched=is_watched)
        self._told.pop(before.playback.play_id, None)
        self._told_before = {before.playback.play_id: told}

    @property
    def owes(self) -> bool:
        """Whether something could not be written yet: `flush` tries again."""
        return bool(self._unwritten)

    def flush(self) -> Future[bool]:
        """Write what could not be written yet."""
        return self._store.submit(self._write_all)

    def _is_turn(self, playback: Playback) -> bool:
        """Whether something happened that is worth writing at once."""
        last = self._last
        if last is None or last.play_id != playback.play_id:
            return True
        return (
            playback.end != last.end
            or playback.paused != last.paused
            or playback.jumps != last.jumps
            or playback.watched_at != last.watched_at
            or _is_listed(playback) != _is_listed(last)
        )

    def _forget_older(self) -> None:
        """Keep what was decided about the last viewings only."""
        for play_id in list(self._told)[:-_REMEMBERED_VIEWINGS]:
            del self._told[play_id]

    def _write(self, connection: sqlite3.Connection, entry: Entry) -> bool:
        """On the storage thread: write an entry after all that could not be written before."""
        last = self._unwritten[-1] if self._unwritten else None
        if last is not None and last.is_tick and entry.is_tick and _is_same(last, entry):
            self._unwritten.pop()
        self._unwritten.append(entry)
        return self._write_all(connection)

    def _write_all(self, connection: sqlite3.Connection) -> bool:
        """On the storage thread: write everything that is unwritten, oldest first."""
        queued = False
        while self._unwritten:
            try:
                queued |= write_entry(connection, self._unwritten[0], self._clock.now())
            except sqlite3.Error as error:
                self._on_trouble(explain(error, self._store.path))
                return queued
            self._unwritten.popleft()
        return queued


def _end_unrecorded(connection: sqlite3.Connection) -> bool:
    """A viewing that was not recorded is over; it was the one that was to be private."""
    end_private_once(connection)
    return False


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether two entries are about the same viewing."""
    return one.playback.play_id == other.playback.play_id


def _is_listed(playback: Playback) -> bool:
    return is_listed(playback.furthest_seconds, playback.duration_seconds)


def write_entry(connection: sqlite3.Connection, entry: Entry, now: datetime) -> bool:
    """Write one entry in one transaction; answers whether something was queued.

    Facts wait for the disk, positions do not. A play that another process has gone on with is its
    to write.
    """
    is_fact = any(not message.kind.is_live for message in entry.decision.messages)
    with transaction(connection, durable=is_fact or entry.playback.end is not None):
        play_id = entry.playback.play_id
        if not entry.opens and plays.is_anothers(connection, play_id, this_process()):
            return False
        return _write(connection, entry, now)


def _write(connection: sqlite3.Connection, entry: Entry, now: datetime) -> bool:
    """The same, expecting a transaction around it: a play for each one who watches."""
    queued = [
        _write_one(connection, replace(entry, playback=one), now) for one in shared(entry.playback)
    ]
    return any(queued)


def _write_one(connection: sqlite3.Connection, entry: Entry, now: datetime) -> bool:
    """Write an entry about the play of one person; answers whether something was queued."""
    decision = entry.decision
    kept = None if entry.opens else plays.key_of_play(connection, entry.playback.play_id)
    key = canonical_key(connection, Key.parse(kept or entry.playback.key))
    playback = replace(entry.playback, key=str(key))
    if entry.opens:
        plays.insert_play(connection, playback, this_process())
    plays.update_play(connection, playback, decision.told.started)
    if entry.touches:
        touch_progress(connection, playback)
    elif playback.end is None:
        tick_progress(connection, playback)
    if decision.drop_live:
        drop_live(connection, playback.play_id)
    if key.media_id.scheme is Scheme.LOCAL:
        return False
    return _queue_messages(connection, playback, decision, now)


def _queue_messages(
    connection: sqlite3.Connection, playback: Playback, decision: Decision, now: datetime
) -> bool:
    """Queue what was decided for every account that listens; answers whether there was any.

    Two who watch together and share an account have seen it once there.
    """
    queued = False
    for account in listening_accounts(connection, playback.profile_id) if decision.messages else ():
        if decision.take_back and take_back_live(connection, playback.play_id, account.id):
            continue
        for message in decision.messages:
            if is_told_for_another(connection, account, playback.key, message):
                continue
            add_message(connection, account.id, playback.key, playback.play_id, message, now)
            queued = True
    return queued


def close_abandoned(connection: sqlite3.Connection, now: datetime) -> int:
    """Close the plays whose process is gone, at their last position; answers how many.

    Called by every process that opens the database to write. The rules for an unfinished or a
    finished end apply, dated with the last time it was seen playing. A resume point that somebody
    else has moved since then stays.
    """
    mend_times(connection, now)
    abandoned = [
        play
        for play in plays.open_plays(connection)
        if play.owner is None or not is_alive(play.owner)
    ]
    return sum(close_play(connection, play, now) for play in abandoned)


def close_play(connection: sqlite3.Connection, play: plays.OpenPlay, now: datetime) -> bool:
    """Close an abandoned play, unless another process was faster; answers whether it did."""
    with transaction(connection, durable=True):
        if not plays.is_open(connection, play):
            return False
        _write(connection, _closing(connection, play), now)
    return True


def _closing(connection: sqlite3.Connection, play: plays.OpenPlay) -> Entry:
    """The end of a play that its process did not live to write."""
    playback = replace(play.playback, end=End.LOST)
    if playback.watched_at is None and playback.is_finished:
        playback = replace(playback, watched_at=playback.at)
    told = Told(started=play.started_told, watched=play.playback.watched_at is not None)
    stands = find_progress(connection, playback.profile_id, playback.key)
    is_newest = stands is None or stands.touched_at <= playback.at
    return Entry(playback, decide(told, playback), opens=False, touches=is_newest)
