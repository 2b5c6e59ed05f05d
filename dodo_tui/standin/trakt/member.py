"""One user's state at Trakt: plays, resume points, watchlist, ratings, what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dodo_tui.standin.clock import milliseconds
from dodo_tui.standin.messages import Json, JsonObject
from dodo_tui.standin.titles import Title
from dodo_tui.standin.trakt.accounts import User
from dodo_tui.standin.trakt.naming import Thing

CONFLICT_WINDOW = timedelta(hours=1)
"""How long after a scrobble another one of the same item is answered 409."""

PLAYBACK_LIFE = timedelta(days=183)
"""Trakt: resume points are kept for six months."""

_FIRST_PLAY_ID = 2**33 + 17
_FIRST_PLAYBACK_ID = 13

_STAMPS: dict[str, tuple[str, ...]] = {
    "movies": ("watched_at", "collected_at", "rated_at", "watchlisted_at", "favorited_at",
               "commented_at", "paused_at", "hidden_at"),
    "episodes": ("watched_at", "collected_at", "rated_at", "watchlisted_at", "commented_at",
                 "paused_at"),
    "shows": ("rated_at", "watchlisted_at", "favorited_at", "commented_at", "hidden_at",
              "dropped_at"),
    "seasons": ("rated_at", "watchlisted_at", "commented_at", "hidden_at"),
    "watchlist": ("updated_at",),
    "favorites": ("updated_at",),
    "account": ("settings_at",),
}  # fmt: skip


@dataclass(slots=True)
class Play:
    """One entry of the history."""

    id: int
    """What it is removed by; more than 32 bits."""
    thing: Thing
    """The film or episode."""
    watched_at: datetime | None
    """When; None is unknown."""
    action: str
    """`scrobble` or `watch`."""


@dataclass(slots=True)
class Playback:
    """A resume point; each film and each episode may have one."""

    id: int
    """What it is deleted by; a new one with every write."""
    thing: Thing
    """The film or episode."""
    progress: float
    """Percent."""
    paused_at: datetime
    """When."""


@dataclass(slots=True)
class Watching:
    """What is shown to be watched just now."""

    thing: Thing
    """The film or episode."""
    until: datetime
    """When it ends by itself."""


class ConflictError(Exception):
    """This item was scrobbled less than an hour ago."""

    def __init__(self, watched_at: datetime) -> None:
        super().__init__("scrobbled within the hour")
        self.watched_at = watched_at
        """When."""


@dataclass(slots=True)
class Member:
    """One user's state."""

    user: User
    """Who it is."""
    joined_at: datetime
    """Stamps of what never happened are of this time."""
    plays: list[Play] = field(default_factory=list)
    """The history, oldest entry first."""
    playbacks: dict[Thing, Playback] = field(default_factory=dict)
    """The resume points."""
    watchlist: dict[Title, datetime] = field(default_factory=dict)
    """The titles on the watchlist, and since when."""
    ratings: dict[Title, tuple[int, datetime]] = field(default_factory=dict)
    """The rated titles."""
    hidden: dict[Title, datetime] = field(default_factory=dict)
    """What is hidden from progress."""
    dropped: dict[Title, datetime] = field(default_factory=dict)
    """The shows that were dropped."""
    reset: dict[Title, datetime] = field(default_factory=dict)
    """The shows that were restarted."""
    watching: Watching | None = None
    """What is watched just now."""
    _stamps: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _newest: datetime | None = None
    _scrobbled: dict[Thing, datetime] = field(default_factory=dict)
    _next_play: int = _FIRST_PLAY_ID
    _next_playback: int = _FIRST_PLAYBACK_ID

    def touch(self, group: str, stamp: str, now: datetime) -> None:
        """Something has changed: its stamp moves, whatever the clock says."""
        last = self._newest or self.joined_at
        moment = max(now, last + timedelta(milliseconds=1))
        self._newest = moment
        self._stamps[group, stamp] = moment

    def activities(self) -> JsonObject:
        """When what last changed."""
        body: JsonObject = {"all": milliseconds(self._newest or self.joined_at)}
        for group, names in _STAMPS.items():
            stamps: dict[str, Json] = {
                name: milliseconds(self._stamps.get((group, name), self.joined_at))
                for name in names
            }
            body[group] = stamps
        return body

    def watch(
        self, thing: Thing, watched_at: datetime | None, now: datetime, action: str = "watch"
    ) -> Play:
        """Add a play. Nothing is compared with what is there already."""
        self._next_play += 1
        play = Play(self._next_play, thing, _whole(watched_at), action)
        self.plays.append(play)
        self.touch(_group(thing), "watched_at", now)
        if self.watchlist.pop(thing.title, None) is not None:
            self._touch_watchlist(thing.title, now)
        return play

    def forget_plays(self, gone: list[Play], now: datetime) -> int:
        """Take plays out of the history; answers how many there were."""
        for play in gone:
            self.plays.remove(play)
            self._scrobbled.pop(play.thing, None)
            self.touch(_group(play.thing), "watched_at", now)
        return len(gone)

    def plays_of(self, thing: Thing) -> list[Play]:
        """The plays of a film or episode, oldest entry first."""
        return [play for play in self.plays if play.thing == thing]

    def start(self, thing: Thing, progress: float, now: datetime) -> None:
        """Show as being watched; the item's resume point goes."""
        left = timedelta(minutes=thing.title.minutes) * (1 - progress / 100)
        self.watching = Watching(thing, now + left)
        self.forget_playback(thing, now)

    def pause(
        self, thing: Thing, progress: float, now: datetime, paused_at: datetime | None = None
    ) -> Playback:
        """Keep a resume point."""
        self.watching = None
        self._next_playback += 1
        kept = Playback(self._next_playback, thing, progress, paused_at or now)
        self.playbacks[thing] = kept
        self.touch(_group(thing), "paused_at", now)
        return kept

    def stop(self, thing: Thing, progress: float, now: datetime) -> Play | None:
        """Above 80 % watched, else a resume point (None). Raises ConflictError: within the hour."""
        if progress <= 80:
            self.pause(thing, progress, now)
            return None
        self.check_conflict(thing, now)
        self.watching = None
        self.forget_playback(thing, now)
        self._scrobbled[thing] = now
        return self.watch(thing, now, now, "scrobble")

    def check_conflict(self, thing: Thing, now: datetime) -> None:
        """Refuse an item that was scrobbled within the hour."""
        at = self._scrobbled.get(thing)
        if at is not None and now < at + CONFLICT_WINDOW:
            raise ConflictError(at)

    def forget_playback(self, thing: Thing, now: datetime) -> bool:
        """Let a resume point go; answers whether there was one."""
        if self.playbacks.pop(thing, None) is None:
            return False
        self.touch(_group(thing), "paused_at", now)
        return True

    def kept_playbacks(self, now: datetime) -> list[Playback]:
        """The resume points still kept, newest first."""
        kept = [p for p in self.playbacks.values() if p.paused_at > now - PLAYBACK_LIFE]
        return sorted(kept, key=lambda each: (each.paused_at, each.id), reverse=True)

    def plan(self, title: Title, now: datetime) -> bool:
        """Put a title on the watchlist; answers whether it is new there."""
        if title in self.watchlist:
            return False
        self.watchlist[title] = now
        self._touch_watchlist(title, now)
        return True

    def unplan(self, title: Title, now: datetime) -> bool:
        """Take a title off the watchlist."""
        if self.watchlist.pop(title, None) is None:
            return False
        self._touch_watchlist(title, now)
        return True

    def rate(self, title: Title, rating: int | None, now: datetime) -> bool:
        """Rate a title, or take its rating away; answers whether that changed anything."""
        had = self.ratings.pop(title, None)
        if rating is not None:
            self.ratings[title] = (rating, now)
        if (None if had is None else had[0]) == rating:
            return False
        self.touch("movies" if title.is_film else "shows", "rated_at", now)
        return True

    def hide(self, title: Title, hidden: bool, now: datetime) -> bool:
        """Hide a title from progress, or show it again; answers whether that changed anything."""
        if hidden == (title in self.hidden):
            return False
        if hidden:
            self.hidden[title] = now
        else:
            del self.hidden[title]
        self.touch("movies" if title.is_film else "shows", "hidden_at", now)
        return True

    def drop(self, title: Title, dropped: bool, now: datetime) -> bool:
        """Drop a show, or take it up again; answers whether that changed anything."""
        if title.is_film or dropped == (title in self.dropped):
            return False
        if dropped:
            self.dropped[title] = now
        else:
            del self.dropped[title]
        self.touch("shows", "dropped_at", now)
        return True

    def _touch_watchlist(self, title: Title, now: datetime) -> None:
        self.touch("movies" if title.is_film else "shows", "watchlisted_at", now)
        self.touch("watchlist", "updated_at", now)


def _group(thing: Thing) -> str:
    return "movies" if thing.title.is_film else "episodes"


def _whole(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(microsecond=0)
