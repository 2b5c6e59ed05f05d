"""Trakt's timestamps of everything it keeps, and what moved between two readings of them.

Trakt: a stamp also moves when something is removed, and one that goes backwards has moved, too:
they are compared for inequality.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dodo_tui.domain.times import from_iso

_GROUPS = frozenset({"movies", "episodes", "shows", "watchlist"})


@dataclass(frozen=True, slots=True)
class Activities:
    """One answer of `/sync/last_activities`; only texts say something."""

    data: dict[str, Any]

    def stamp(self, group: str, name: str) -> str | None:
        """When something last changed, verbatim; None: not told."""
        part = self.data.get(group)
        value = part.get(name) if isinstance(part, dict) else None
        return value if isinstance(value, str) else None

    def moment(self, group: str, name: str) -> datetime | None:
        """The same as a time."""
        return _moment(self.stamp(group, name))


@dataclass(frozen=True, slots=True)
class Moved:
    """What has to be asked for."""

    films: bool = False
    """Whether any play of a film was added or removed."""
    episodes: bool = False
    """Whether any play of an episode was added or removed."""
    watchlist: bool = False
    ratings: tuple[str, ...] = ()
    """`movies`, `shows`, or both."""
    hidden: bool = False
    dropped: bool = False
    resume_points: bool = False


EVERYTHING = Moved(True, True, True, ("movies", "shows"), True, True, True)


def read_activities(text: str) -> Activities | None:
    """Activities as they were kept, or None where the text is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not data.keys() & _GROUPS:
        return None
    return Activities(data)


def moved(since: Activities, until: Activities) -> Moved:
    """What moved between two readings. What is not told readably is taken to have moved."""

    def has_moved(group: str, name: str) -> bool:
        old, new = since.stamp(group, name), until.stamp(group, name)
        if old == new and new is not None:
            return False
        at = _moment(new)
        return at is None or at != _moment(old)

    return Moved(
        films=has_moved("movies", "watched_at"),
        episodes=has_moved("episodes", "watched_at"),
        watchlist=has_moved("watchlist", "updated_at"),
        ratings=tuple(name for name in ("movies", "shows") if has_moved(name, "rated_at")),
        hidden=has_moved("movies", "hidden_at") or has_moved("shows", "hidden_at"),
        dropped=has_moved("shows", "dropped_at"),
        resume_points=has_moved("movies", "paused_at") or has_moved("episodes", "paused_at"),
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return from_iso(text)
    except ValueError:
        return None
