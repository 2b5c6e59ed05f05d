"""Simkl's timestamps of everything it keeps, and what moved between two readings of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dodo_tui.domain.times import from_iso
from dodo_tui.providers.simkl.payloads import LONG_AGO

GROUP_TYPES = {"tv_shows": "shows", "movies": "movies", "anime": "anime"}
"""The groups of the activities, and what the same is called in the addresses of lists."""

_RATED, _PLAYBACK, _REMOVED = "rated_at", "playback", "removed_from_list"
_NO_STATUS = frozenset({"all", _RATED, _PLAYBACK, _REMOVED})


@dataclass(frozen=True, slots=True)
class Activities:
    """One answer of `/sync/activities`.

    Simkl: any value may be null or missing, and one client has met objects where times belong.
    Only texts say something; the rest is unreadable.
    """

    data: dict[str, Any]

    @property
    def all(self) -> str | None:
        """When anything last moved, verbatim."""
        value = self.data.get("all")
        return value if isinstance(value, str) and value else None

    @property
    def date_from(self) -> str:
        """What a delta since this reading is asked with, verbatim; never nothing.

        Simkl: without `date_from` everything is sent, and a client that does so again and again is
        suspended.
        """
        if self.all is not None:
            return self.all
        times = [(at, text) for text in self._texts() if (at := _moment(text)) is not None]
        return max(times)[1] if times else LONG_AGO

    def group(self, name: str) -> dict[str, Any]:
        """The buckets of a group. Simkl: old apps see `notinteresting` for `dropped`."""
        value = self.data.get(name)
        if not isinstance(value, dict):
            return {}
        return {"dropped" if key == "notinteresting" else key: at for key, at in value.items()}

    def _texts(self) -> Iterator[str]:
        for name in GROUP_TYPES:
            yield from (text for text in self.group(name).values() if isinstance(text, str))


@dataclass(frozen=True, slots=True)
class Moved:
    """What has to be asked for."""

    titles: bool = False
    """Whether anything was added, watched, unwatched or put elsewhere."""
    ratings: tuple[str, ...] = ()
    """The types of which ratings changed: `shows`, `movies`, `anime`."""
    removals: tuple[str, ...] = ()
    """The types of which any title was taken off the list."""
    may_have_removals: bool = False
    """Whether any may have been, even where it is not told of which type."""
    resume_points: bool = False
    """Whether any resume point came, changed or went."""


def read_activities(text: str) -> Activities | None:
    """Activities as they were kept, or None where the text is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not data.keys() & {"all", *GROUP_TYPES}:
        return None
    return Activities(data)


def moved(since: Activities, until: Activities) -> Moved:
    """What moved between two readings; nothing where `all` is the same.

    A bucket that is not told readably is taken to have moved whenever its group has: old answers
    have no `playback`, and a change must not be lost because of that.
    """
    if until.all is not None and not _has_moved(since.all, until.all):
        return Moved()
    titles = resume_points = may_have_removals = False
    ratings = []
    removals = []
    for name, type_name in GROUP_TYPES.items():
        buckets = _moved_buckets(since.group(name), until.group(name))
        titles = titles or bool(buckets - _NO_STATUS)
        if _REMOVED in buckets:
            may_have_removals = True
            if _is_readable(until.group(name), _REMOVED):
                removals.append(type_name)
        resume_points = resume_points or _PLAYBACK in buckets
        if _RATED in buckets:
            ratings.append(type_name)
    return Moved(titles, tuple(ratings), tuple(removals), may_have_removals, resume_points)


def _moved_buckets(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """The buckets of a group that moved."""
    if not new:
        return set()
    found = {name for name, at in new.items() if _has_moved(old.get(name), at)}
    if "all" in found or not _is_readable(new, "all"):
        found |= {n for n in (*new, _RATED, _PLAYBACK, _REMOVED) if not _is_readable(new, n)}
    return found


def _is_readable(group: dict[str, Any], name: str) -> bool:
    return name in group and (group[name] is None or isinstance(group[name], str))


def _has_moved(old: object, new: object) -> bool:
    """Whether a time is another one; written differently it is the same."""
    if not isinstance(new, str) or new == old:
        return False
    at = _moment(new)
    return at is None or not isinstance(old, str) or at != _moment(old)


def _moment(text: str) -> object:
    try:
        return from_iso(text)
    except (ValueError, OverflowError):
        return None
