"""What start, pause, stop and check-in do (contract, section 9.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dodo_tui.standin.clock import whole_second
from dodo_tui.standin.simkl.library import Library
from dodo_tui.standin.simkl.playbacks import Playbacks
from dodo_tui.standin.titles import EpisodeKey, Title

WATCHED_FROM = 80.0
"""The percent from which a stop marks watched; the server's own rule."""
CONFLICT_WINDOW = timedelta(hours=1)
"""How long after a scrobble another one of the same item is answered 409."""

Action = Literal["start", "pause", "scrobble", "checkin"]
"""What the server did, in its own word."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scrobble call came to."""

    event_id: int
    """The event's id; 0 for a start."""
    action: Action
    """What was done."""


@dataclass(frozen=True, slots=True)
class WatchingNow:
    """What a user is shown to be watching."""

    title: Title
    """The film or series."""
    key: EpisodeKey
    """The episode, or `FILM`."""
    progress: float
    """Percent when it was started."""
    started_at: datetime
    """When that was."""
    expires_at: datetime
    """When the remaining runtime is over."""
    is_checkin: bool
    """Whether the server marks it watched by itself at its end."""

    def progress_at(self, now: datetime) -> float:
        """Percent by now, had it run on."""
        elapsed = (now - self.started_at).total_seconds()
        return min(100.0, self.progress + elapsed / (self.title.minutes * 60) * 100)


class AlreadyScrobbledError(Exception):
    """This item was scrobbled less than an hour ago; the answer is 409."""

    def __init__(self, watched_at: datetime) -> None:
        super().__init__("already scrobbled within the hour")
        self.watched_at = watched_at
        """When it was scrobbled."""
        self.expires_at = watched_at + CONFLICT_WINDOW
        """When it may be scrobbled again."""


class Scrobbling:
    """One user's viewing as the server follows it."""

    def __init__(self, library: Library, playbacks: Playbacks) -> None:
        self._library = library
        self._playbacks = playbacks
        self._current: WatchingNow | None = None
        self._scrobbled: dict[tuple[int, EpisodeKey], datetime] = {}

    def start(self, title: Title, key: EpisodeKey, progress: float, now: datetime) -> Outcome:
        """Show as watching now; marks nothing but a previous item that had got to 80 %."""
        self._begin(title, key, progress, now, is_checkin=False)
        return Outcome(0, "start")

    def checkin(self, title: Title, key: EpisodeKey, now: datetime) -> Outcome:
        """Show as watching now and mark watched when the runtime is over; progress is ignored."""
        self._begin(title, key, 0.0, now, is_checkin=True)
        return Outcome(self._playbacks.new_id(), "checkin")

    def pause(self, title: Title, key: EpisodeKey, progress: float, now: datetime) -> Outcome:
        """Save a resumable playback."""
        self.settle(now)
        self._current = None
        return Outcome(self._playbacks.save(title, key, progress, now).playback_id, "pause")

    def stop(
        self,
        title: Title,
        key: EpisodeKey,
        progress: float,
        now: datetime,
        *,
        conflict_when_low: bool = False,
    ) -> Outcome:
        """Mark watched from 80 % on, else save a playback; again within the hour is a conflict."""
        self.settle(now)
        if progress >= WATCHED_FROM or conflict_when_low:
            self._raise_if_recent(title, key, now)
        if progress < WATCHED_FROM:
            return self.pause(title, key, progress, now)
        self._current = None
        self._scrobble(title, key, now, now)
        return Outcome(self._playbacks.new_id(), "scrobble")

    def watching_now(self, now: datetime) -> WatchingNow | None:
        """What the user is shown to be watching; None once its runtime is over."""
        self.settle(now)
        current = self._current
        return current if current is not None and now < current.expires_at else None

    def settle(self, now: datetime) -> None:
        """Do what time has brought: a check-in whose runtime is over is watched."""
        current = self._current
        if current is not None and current.is_checkin and current.expires_at <= now:
            self._current = None
            self._scrobble(current.title, current.key, current.expires_at, current.expires_at)

    def forget(self, title: Title, key: EpisodeKey | None = None) -> None:
        """Let what was taken out of the history be scrobbled again; None means all of a title."""
        for item in tuple(self._scrobbled):
            if item[0] == title.simkl_id and key in (None, item[1]):
                del self._scrobbled[item]

    def _begin(
        self, title: Title, key: EpisodeKey, progress: float, now: datetime, *, is_checkin: bool
    ) -> None:
        self.settle(now)
        previous = self._current
        if (
            previous is not None
            and (previous.title.simkl_id, previous.key) != (title.simkl_id, key)
            and previous.progress_at(now) >= WATCHED_FROM
        ):
            self._scrobble(previous.title, previous.key, min(now, previous.expires_at), now)
        self._playbacks.clear(title, now)
        remaining = timedelta(minutes=title.minutes) * (1 - progress / 100)
        started = whole_second(now)
        self._current = WatchingNow(title, key, progress, started, started + remaining, is_checkin)

    def _scrobble(self, title: Title, key: EpisodeKey, at: datetime, now: datetime) -> None:
        self._library.mark(title, [(key, at)], now)
        self._playbacks.clear(title, now)
        self._scrobbled[title.simkl_id, key] = whole_second(at)

    def _raise_if_recent(self, title: Title, key: EpisodeKey, now: datetime) -> None:
        watched_at = self._scrobbled.get((title.simkl_id, key))
        if watched_at is not None and now < watched_at + CONFLICT_WINDOW:
            raise AlreadyScrobbledError(watched_at)
