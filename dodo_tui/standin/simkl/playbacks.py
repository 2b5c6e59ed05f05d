"""Where a user stopped: one resumable playback per title (contract, section 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dodo_tui.standin.clock import whole_second
from dodo_tui.standin.simkl.accounts import Plan
from dodo_tui.standin.simkl.activities import Activities
from dodo_tui.standin.titles import EpisodeKey, Title

RETENTION: dict[Plan, timedelta] = {
    "free": timedelta(days=7),
    "pro": timedelta(days=30),
    "vip": timedelta(days=90),
}
"""How long a playback is kept, by what the user pays for."""

_FIRST_ID = 35_148_628


@dataclass(frozen=True, slots=True)
class Playback:
    """One saved position."""

    playback_id: int
    """What it is deleted by."""
    title: Title
    """The film or series."""
    key: EpisodeKey
    """The episode, or `FILM`."""
    progress: float
    """Percent of the runtime, 0 to 100."""
    paused_at: datetime
    """When it was saved."""


class Playbacks:
    """One user's saved positions."""

    def __init__(self, activities: Activities) -> None:
        self._activities = activities
        self._by_title: dict[int, Playback] = {}
        self._next_id = _FIRST_ID

    def new_id(self) -> int:
        """An id for an event that leaves no playback."""
        self._next_id += 1
        return self._next_id

    def get(self, title: Title) -> Playback | None:
        """The playback of a title."""
        return self._by_title.get(title.simkl_id)

    def save(
        self,
        title: Title,
        key: EpisodeKey,
        progress: float,
        now: datetime,
        *,
        paused_at: datetime | None = None,
    ) -> Playback:
        """Save a position, in place of the title's last one; `paused_at` dates it back."""
        moment = whole_second(paused_at or now)
        playback = Playback(self.new_id(), title, key, float(progress), moment)
        self._by_title[title.simkl_id] = playback
        self._activities.touch(title.kind, "playback", now)
        return playback

    def clear(self, title: Title, now: datetime) -> None:
        """Forget a title's position."""
        if self._by_title.pop(title.simkl_id, None) is not None:
            self._activities.touch(title.kind, "playback", now)

    def delete(self, playback_id: int, now: datetime) -> bool:
        """Forget a position by its id; answers whether there was one."""
        for playback in self._by_title.values():
            if playback.playback_id == playback_id:
                self.clear(playback.title, now)
                return True
        return False

    def kept(self, plan: Plan, now: datetime) -> list[Playback]:
        """The positions still kept, newest first."""
        oldest = now - RETENTION[plan]
        kept = [each for each in self._by_title.values() if each.paused_at > oldest]
        return sorted(kept, key=lambda each: (each.paused_at, each.playback_id), reverse=True)
