"""What one user has on the list, has watched and has rated; every change moves the activities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.standin.clock import whole_second
from dodo_tui.standin.messages import JsonObject
from dodo_tui.standin.simkl.activities import GROUPS, Activities, Group
from dodo_tui.standin.titles import FILM, EpisodeKey, Title

STATUSES = ("watching", "plantowatch", "hold", "completed", "dropped")
"""The list statuses; a film has only the 2nd, 4th and 5th."""


@dataclass(slots=True)
class Entry:
    """One title on a user's list."""

    title: Title
    """The title."""
    status: str
    """One of `STATUSES`."""
    added_at: datetime
    """When it came onto the list."""
    changed_at: datetime
    """When anything but its rating last changed: what `date_from` is compared with."""
    watched: dict[EpisodeKey, datetime] = field(default_factory=dict)
    """What has been watched of it, and when."""
    all_implied: bool = False
    """Whether it was called completed in one go, so that everything counts without rows."""
    rating: int | None = None
    """The user's rating, 1 to 10."""
    rated_at: datetime | None = None
    """When the rating was given or taken away."""
    memo: JsonObject = field(default_factory=dict)
    """The user's note: `text`, `is_private`."""

    @property
    def last_watched_at(self) -> datetime | None:
        """The newest viewing."""
        return max(self.watched.values(), default=None)

    def has_watched(self, key: EpisodeKey) -> bool:
        """Whether this part has been watched."""
        return key in self.watched or (self.all_implied and key[0] > 0)

    def last_watched(self) -> EpisodeKey | None:
        """The regular episode watched last; of several at one time, the furthest."""
        regular = [(at, key) for key, at in self.watched.items() if key[0] > 0]
        return max(regular)[1] if regular else None

    def next_to_watch(self, now: datetime) -> EpisodeKey | None:
        """The first unwatched aired regular episode after the last watched one."""
        last = self.last_watched() or (0, 0)
        for episode in self.title.regular:
            if episode.key > last and episode.has_aired(now) and not self.has_watched(episode.key):
                return episode.key
        return None


class Library:
    """One user's list, history and ratings."""

    def __init__(self, activities: Activities) -> None:
        self._activities = activities
        self._entries: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries.values()))

    def get(self, title: Title) -> Entry | None:
        """The entry of a title, if it is on the list."""
        return self._entries.get(title.simkl_id)

    def mark(
        self,
        title: Title,
        parts: Iterable[tuple[EpisodeKey, datetime]],
        now: datetime,
        *,
        keep_status: bool = False,
    ) -> int:
        """Mark parts watched; answers how many were not yet, and changes nothing if none."""
        entry = self._entries.get(title.simkl_id)
        fresh = {
            key: whole_second(at)
            for key, at in parts
            if entry is None or not entry.has_watched(key)
        }
        if not fresh:
            return 0
        listed = entry is not None
        entry = entry or self._new_entry(title, "watching", now)
        entry.watched.update(fresh)
        if not (keep_status and listed):
            entry.status = _status_by_history(entry)
        self._changed(entry, now)
        return len(fresh)

    def unmark(self, title: Title, keys: Iterable[EpisodeKey], now: datetime) -> int:
        """Mark parts unwatched; answers how many had been watched."""
        entry = self._entries.get(title.simkl_id)
        if entry is None:
            return 0
        gone = [key for key in keys if entry.has_watched(key)]
        if not gone:
            return 0
        if entry.all_implied:
            for key in entry.title.aired(now):
                entry.watched.setdefault(key, entry.changed_at)
            entry.all_implied = False
        for key in gone:
            entry.watched.pop(key, None)
        if entry.title.is_film:
            entry.status = "plantowatch"
        else:
            entry.status = "watching" if entry.watched else "plantowatch"
        self._changed(entry, now)
        return len(gone)

    def remove(self, title: Title, now: datetime) -> Entry | None:
        """Take a title off the list with its history and rating; answers what was there."""
        entry = self._entries.pop(title.simkl_id, None)
        if entry is not None:
            self._activities.touch(title.kind, "removed_from_list", now)
        return entry

    def set_status(self, title: Title, wanted: str, now: datetime) -> str:
        """Put a title on a list; answers the status it really got (contract, section 12.3)."""
        entry = self._entries.get(title.simkl_id)
        status = _allowed_status(title, wanted, now)
        if entry is None:
            entry = self._new_entry(title, status, now)
        elif entry.status == status:
            return status
        entry.status = status
        if status == "completed" and not title.is_film:
            entry.all_implied = len(entry.watched) < len(title.regular)
        self._changed(entry, now)
        return status

    def rate(self, title: Title, rating: int | None, at: datetime, now: datetime) -> Entry | None:
        """Rate a title, which files an unlisted one, or take its rating away (None)."""
        entry = self._entries.get(title.simkl_id)
        if entry is None:
            if rating is None:
                return None
            filed = "watching"
            if title.is_film:
                filed = "plantowatch" if title.status == "tba" else "completed"
            entry = self._new_entry(title, filed, now)
            self._changed(entry, now)
        if entry.rating == rating:
            return entry
        entry.rating = rating
        entry.rated_at = whole_second(at if rating is not None else now)
        self._activities.touch(title.kind, "rated_at", now)
        return entry

    def set_memo(self, title: Title, memo: JsonObject, now: datetime) -> None:
        """Keep a note with a listed title."""
        entry = self._entries.get(title.simkl_id)
        if entry is not None and entry.memo != memo:
            entry.memo = dict(memo)
            self._changed(entry, now)

    def watching_moved(self, now: datetime) -> dict[Group, datetime]:
        """When an episode of something being watched last aired, per group.

        Only what aired after the entry last changed says anything new.
        """
        moved: dict[Group, datetime] = {}
        for entry in self._entries.values():
            aired = newest_airing(entry, now)
            if aired is not None:
                group = GROUPS[entry.title.kind]
                moved[group] = max(aired, moved.get(group, aired))
        return moved

    def _new_entry(self, title: Title, status: str, now: datetime) -> Entry:
        moment = whole_second(now)
        entry = Entry(title, status, added_at=moment, changed_at=moment)
        self._entries[title.simkl_id] = entry
        return entry

    def _changed(self, entry: Entry, now: datetime) -> None:
        entry.changed_at = whole_second(now)
        self._activities.touch(entry.title.kind, entry.status, now)


def newest_airing(entry: Entry, now: datetime) -> datetime | None:
    """When an episode of a title being watched aired since its entry last changed."""
    if entry.status != "watching" or entry.title.status == "ended":
        return None
    for episode in reversed(entry.title.regular):
        if episode.aired_at is not None and entry.changed_at < episode.aired_at <= now:
            return whole_second(episode.aired_at)
    return None


def moved_at(entry: Entry, now: datetime) -> datetime:
    """What `date_from` is compared with: the last change, or the last airing of what is watched."""
    return max(entry.changed_at, newest_airing(entry, now) or entry.changed_at)


def parts_of_whole(title: Title, now: datetime) -> Sequence[EpisodeKey]:
    """What "watched" means for a whole title: everything of an ended one, else what has aired."""
    if title.is_film:
        return (FILM,)
    if title.status == "ended":
        return tuple(episode.key for episode in title.regular)
    return title.aired(now)


def _status_by_history(entry: Entry) -> str:
    title = entry.title
    if title.is_film:
        return "completed"
    everything = all(entry.has_watched(episode.key) for episode in title.regular)
    return "completed" if everything and title.status == "ended" else "watching"


def _allowed_status(title: Title, wanted: str, now: datetime) -> str:
    if title.is_film:
        return {"watching": "completed", "hold": "plantowatch"}.get(wanted, wanted)
    if wanted == "completed" and title.status != "ended":
        return "watching" if title.aired(now) else "plantowatch"
    return wanted
