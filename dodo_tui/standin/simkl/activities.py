"""When each part of a user's library last changed (contract, section 11.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from dodo_tui.standin.clock import iso, whole_second
from dodo_tui.standin.messages import Json, JsonObject
from dodo_tui.standin.simkl.settings import Shapes
from dodo_tui.standin.titles import Kind

Group = Literal["tv_shows", "anime", "movies"]
"""A part of the activities."""

GROUPS: dict[Kind, Group] = {"show": "tv_shows", "anime": "anime", "movie": "movies"}
"""Which part a title's changes show in."""

_SERIES_BUCKETS = (
    "rated_at",
    "playback",
    "plantowatch",
    "watching",
    "completed",
    "hold",
    "dropped",
    "removed_from_list",
)
_FILM_BUCKETS = tuple(bucket for bucket in _SERIES_BUCKETS if bucket not in ("watching", "hold"))
_BUCKETS: dict[Group, tuple[str, ...]] = {
    "tv_shows": _SERIES_BUCKETS,
    "anime": _SERIES_BUCKETS,
    "movies": _FILM_BUCKETS,
}


class Activities:
    """One user's timestamps, one second fine."""

    def __init__(self, created_at: datetime) -> None:
        self.settings = whole_second(created_at)
        """When the user's settings last changed."""
        self._moved: dict[tuple[Group, str], datetime] = {}

    def touch(self, kind: Kind, bucket: str, now: datetime) -> None:
        """Move a bucket (`watching`, `playback`, `removed_from_list`, …) of this kind of title."""
        group = GROUPS[kind]
        if bucket not in _BUCKETS[group]:
            bucket = "completed"
        moment = whole_second(now)
        self._moved[group, bucket] = max(moment, self._moved.get((group, bucket), moment))

    def moved(self, group: Group, bucket: str) -> datetime | None:
        """When a bucket last moved."""
        return self._moved.get((group, bucket))

    def render(self, shapes: Shapes, watching_moved: dict[Group, datetime]) -> JsonObject:
        """The answer of `/sync/activities`.

        `watching_moved` says when an episode of something being watched last aired: that moves
        `watching` too.
        """
        write = _millisecond_iso if shapes.times_with_milliseconds else iso
        groups: dict[Group, dict[str, datetime | None]] = {}
        for group, buckets in _BUCKETS.items():
            times = {bucket: self._moved.get((group, bucket)) for bucket in buckets}
            aired = watching_moved.get(group)
            if aired is not None and "watching" in times:
                times["watching"] = max(aired, times["watching"] or aired)
            groups[group] = times
        newest = [
            moment for times in groups.values() for moment in times.values() if moment is not None
        ]
        rendered: JsonObject = {
            "all": write(max([self.settings, *newest])),
            "settings": {"all": write(self.settings)},
        }
        for group, times in groups.items():
            rendered[group] = _render_group(times, shapes, write)
        if not shapes.legacy_vocabulary:
            names = ("all", "regular", "favorites", "recommendations", "auto")
            rendered["custom_lists"] = {"lists": dict.fromkeys(names)}
        return rendered


def _render_group(
    times: dict[str, datetime | None], shapes: Shapes, write: Callable[[datetime], str]
) -> JsonObject:
    known = [moment for moment in times.values() if moment is not None]
    rendered: dict[str, Json] = {"all": write(max(known)) if known else None}
    for bucket, moment in times.items():
        if shapes.legacy_vocabulary and bucket == "playback":
            continue
        old_name = shapes.legacy_vocabulary and bucket == "dropped"
        name = "notinteresting" if old_name else bucket
        rendered[name] = None if moment is None else write(moment)
    if shapes.activities_with_objects:
        rendered["rated_at"] = {"all": rendered["rated_at"]}
    return rendered


def _millisecond_iso(moment: datetime) -> str:
    return iso(moment).replace("Z", ".000Z")
