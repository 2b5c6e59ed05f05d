"""Recording a viewing: the journal, the resume point and the queue rows, in one transaction.

The engine's watcher of `now_playing` and `dodo play` both hand every `Playback` to a `Recorder`.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.domain.ids import Key, Scheme
from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.queue import Decision, Message, QueueKind, Told
from dodo_tui.domain.thresholds import TICK_SECONDS, is_listed
from dodo_tui.storage import plays
from dodo_tui.storage.accounts import listening_accounts
from dodo_tui.storage.database import transaction
from dodo_tui.storage.errors import StorageError, explain
from dodo_tui.storage.media import canonical_key
from dodo_tui.storage.owner import is_alive, this_process
from dodo_tui.storage.queue import add_message, drop_live
from dodo_tui.storage.store import Store
from dodo_tui.tracking.scrobble import decide

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
        return not (self.opens or self.decision.messages or self.decision.drop_live or self.touches)


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
        self._last: Playback | None = None
        self._written_at_seconds = 0.0
        self._unwritten: deque[Entry] = deque()

    def note(self, playback: Playback) -> Future[bool] | None:
        """Take a viewing as it stands; answers a future when something is being written.

        Its result says whether anything was queued for a provider.
        """
        if playback == self._last:
            return None
        opens = playback.play_id not in self._told
        decision = decide(self._told.get(playback.play_id, Told()), playback)
        touches = opens or self._is_turn(playback)
        due = playback.clock_seconds - self._written_at_seconds >= TICK_SECONDS
        self._told[playback.play_id] = decision.told
        self._last = playback
        if not (touches or due or decision.messages or decision.drop_live):
            return None
        self._written_at_seconds = playback.clock_seconds
        entry = Entry(playback, decision, opens, touches)
        if self._unwritten and self._unwritten[-1].is_tick and entry.is_tick:
            self._unwritten[-1] = entry
        else:
            self._unwritten.append(entry)
        if playback.end is not None:
            self._forget_older()
        return self._store.submit(self._write_all)

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

    def _write_all(self, connection: sqlite3.Connection) -> bool:
        """On the storage thread: write everything that is unwritten, oldest first."""
        queued = False
        while self._unwritten:
            entry = self._unwritten.popleft()
            try:
                queued |= write_entry(connection, entry, self._clock.now())
            except sqlite3.Error as error:
                self._unwritten.appendleft(entry)
                self._on_trouble(explain(error, self._store.path))
                return queued
        return queued


def _is_listed(playback: Playback) -> bool:
    return is_listed(playback.position_seconds, playback.duration_seconds)


def write_entry(connection: sqlite3.Connection, entry: Entry, now: datetime) -> bool:
    """Write one entry in one transaction; answers whether something was queued.

    Facts wait for the disk, positions do not.
    """
    playback, decision = entry.playback, entry.decision
    key = canonical_key(connection, Key.parse(playback.key))
    playback = replace(playback, key=str(key))
    durable = bool(decision.messages) or playback.end is not None
    queued = False
    with transaction(connection, durable=durable):
        if entry.opens:
            plays.insert_play(connection, playback, this_process())
        plays.update_play(connection, playback, decision.told.started)
        if entry.touches or playback.end is not None:
            plays.touch_progress(connection, playback)
        else:
            plays.tick_progress(connection, playback)
        dropped = drop_live(connection, playback.play_id) if decision.drop_live else 0
        messages = decision.messages
        if decision.drop_live and not messages and not dropped:
            messages = _too_late_to_take_back(decision, playback)
        if messages and key.media_id.scheme is not Scheme.LOCAL:
            for account in listening_accounts(connection, playback.profile_id):
                for message in messages:
                    add_message(
                        connection, account.id, playback.key, playback.play_id, message, now
                    )
                    queued = True
    return queued


def _too_late_to_take_back(decision: Decision, playback: Playback) -> tuple[Message, ...]:
    """A pause or resume that was to be taken back is already on its way: tell the opposite."""
    kind = QueueKind.PAUSE if decision.told.paused else QueueKind.START
    return (Message(kind, round((playback.ratio or 0.0) * 100, 2), playback.at),)


def close_abandoned(connection: sqlite3.Connection, now: datetime) -> int:
    """Close the plays whose process is gone, at their last position; answers how many.

    Called by every process that opens the database to write. The rules for an unfinished or a
    finished end apply, dated with the last time it was seen playing.
    """
    closed = 0
    for play in plays.open_plays(connection):
        if play.owner is not None and is_alive(play.owner):
            continue
        playback = replace(play.playback, end=End.LOST)
        if playback.watched_at is None and playback.is_finished:
            playback = replace(playback, watched_at=playback.at)
        told = Told(started=play.started_told, watched=play.playback.watched_at is not None)
        decision = decide(told, playback)
        write_entry(connection, Entry(playback, decision, opens=False, touches=True), now)
        closed += 1
    return closed
