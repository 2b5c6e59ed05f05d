"""Everything the stand-in knows, and the people who use Simkl on their other devices."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.standin.catalogue import Catalogue
from dodo_tui.standin.clock import Clock, whole_second
from dodo_tui.standin.sample_titles import sample_catalogue
from dodo_tui.standin.simkl.accounts import Accounts, Plan, User
from dodo_tui.standin.simkl.activities import Activities
from dodo_tui.standin.simkl.conduct import Watch
from dodo_tui.standin.simkl.library import Entry, Library, parts_of_whole
from dodo_tui.standin.simkl.limits import Limits
from dodo_tui.standin.simkl.playbacks import Playback, Playbacks
from dodo_tui.standin.simkl.scrobbling import Scrobbling, WatchingNow
from dodo_tui.standin.simkl.settings import Settings
from dodo_tui.standin.titles import FILM, EpisodeKey, Title

TitleRef = Title | int | str
"""A title, its Simkl id, an id elsewhere (`tt0903747`, `mal:1`, `tmdb:603`), or its name."""


@dataclass(frozen=True, slots=True, eq=False)
class InFlight:
    """A call that has come and is not answered yet."""

    is_write: bool
    """Whether it may change something."""
    is_abandoned: Callable[[], bool]
    """Whether its client has left."""


@dataclass(slots=True)
class Member:
    """One user's state."""

    user: User
    """Who it is."""
    activities: Activities
    """When what last changed."""
    library: Library
    """List, history and ratings."""
    playbacks: Playbacks
    """Saved positions."""
    scrobbling: Scrobbling
    """What is being watched."""
    locked_until: datetime | None = None
    """Until when another device's write keeps this user locked."""
    in_flight: list[InFlight] = field(default_factory=list)
    """Uncached calls that have come and are not answered yet."""

    def calls_in_flight(self, *, writes_only: bool = False) -> int:
        """How many calls are waited for; one its client has given up does not count."""
        return sum(
            1
            for call in self.in_flight
            if (call.is_write or not writes_only) and not call.is_abandoned()
        )


@dataclass(slots=True)
class World:
    """The whole state of the stand-in; hold `lock` while looking into it from another thread."""

    clock: Clock
    """Where every time comes from."""
    settings: Settings
    """Limits and shapes."""
    randomness: random.Random
    """Where codes and tokens come from."""
    base_url: str = ""
    """Where the stand-in is reached; known once it listens."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held by every request while it is processed."""
    catalogue: Catalogue = field(init=False)
    """The titles."""
    accounts: Accounts = field(init=False)
    """Users, apps and grants."""
    limits: Limits = field(init=False)
    """What has been used of the limits."""
    watch: Watch = field(init=False)
    """What clients did wrong."""
    _members: dict[str, Member] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.catalogue = sample_catalogue(self.clock.now())
        self.accounts = Accounts(self.clock, self.randomness)
        self.limits = Limits(self.settings)
        self.watch = Watch()

    def member(self, user: User) -> Member:
        """A user's state, with what time has brought about done."""
        found = self._members.get(user.name)
        if found is None:
            activities = Activities(user.joined_at)
            library, playbacks = Library(activities), Playbacks(activities)
            found = Member(user, activities, library, playbacks, Scrobbling(library, playbacks))
            self._members[user.name] = found
        found.scrobbling.settle(self.clock.now())
        return found

    def user(self, name: str = "Dodo") -> Person:
        """A person who uses Simkl on another device; a new one has a free plan."""
        with self.lock:
            return Person(self, self.accounts.user(name))

    def title(self, ref: TitleRef) -> Title:
        """The title meant by `ref`; KeyError when there is none."""
        if isinstance(ref, Title):
            return ref
        if isinstance(ref, int):
            found = self.catalogue.get(ref)
        else:
            site, _, value = ref.rpartition(":")
            found = (
                self.catalogue.get(int(value))
                if site == "simkl" and value.isdecimal()
                else self.catalogue.by_external_id(site or "imdb", value)
            )
            found = found or next(iter(self.catalogue.by_name(ref)), None)
        if found is None:
            raise KeyError(f"the stand-in knows no title {ref!r}")
        return found


class Person:
    """Somebody acting on another device: their acts move the activities as API writes do."""

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self.user = user
        """The account."""

    @property
    def member(self) -> Member:
        """The account's state, to look into."""
        with self._world.lock:
            return self._world.member(self.user)

    def mark_watched(
        self,
        ref: TitleRef,
        season: int | None = None,
        episode: int | None = None,
        *,
        at: datetime | None = None,
    ) -> int:
        """Watch an episode, a season (no `episode`) or a whole title; answers how much was new."""
        with self._world.lock:
            title, now = self._world.title(ref), self._world.clock.now()
            keys = _keys(title, season, episode, now)
            return self.member.library.mark(title, [(key, at or now) for key in keys], now)

    def mark_unwatched(
        self, ref: TitleRef, season: int | None = None, episode: int | None = None
    ) -> int:
        """Take an episode, a season or everything out of the history; it stays on the list."""
        with self._world.lock:
            title, now = self._world.title(ref), self._world.clock.now()
            keys = _keys(title, season, episode, now)
            for key in keys:
                self.member.scrobbling.forget(title, key)
            return self.member.library.unmark(title, keys, now)

    def pause(
        self,
        ref: TitleRef,
        progress: float,
        season: int | None = None,
        episode: int | None = None,
        *,
        at: datetime | None = None,
    ) -> Playback:
        """Stop at so many percent; `at` dates it back without moving the activities back."""
        with self._world.lock:
            title, now = self._world.title(ref), self._world.clock.now()
            key = FILM if title.is_film else (1 if season is None else season, episode or 1)
            return self.member.playbacks.save(title, key, progress, now, paused_at=at)

    def forget_playback(self, ref: TitleRef) -> None:
        """Delete the saved position of a title."""
        with self._world.lock:
            self.member.playbacks.clear(self._world.title(ref), self._world.clock.now())

    def rate(self, ref: TitleRef, rating: int | None) -> None:
        """Rate a title 1 to 10, or take the rating away (None)."""
        with self._world.lock:
            now = self._world.clock.now()
            self.member.library.rate(self._world.title(ref), rating, now, now)

    def plan(self, ref: TitleRef) -> str:
        """Put a title on the watchlist."""
        return self.set_status(ref, "plantowatch")

    def set_status(self, ref: TitleRef, status: str) -> str:
        """Put a title on a list; answers the status it really got."""
        with self._world.lock:
            title = self._world.title(ref)
            return self.member.library.set_status(title, status, self._world.clock.now())

    def remove(self, ref: TitleRef) -> None:
        """Take a title off the list, with its history and rating."""
        with self._world.lock:
            title = self._world.title(ref)
            self.member.scrobbling.forget(title)
            self.member.library.remove(title, self._world.clock.now())

    def change_settings(
        self, *, location: str | None = None, plan: Plan | None = None, private: bool | None = None
    ) -> None:
        """Change what the account says of itself; moves `settings.all`."""
        with self._world.lock:
            self.user.location = self.user.location if location is None else location
            self.user.plan = self.user.plan if plan is None else plan
            self.user.private = self.user.private if private is None else private
            self.member.activities.settings = whole_second(self._world.clock.now())

    def lock_writes(self, seconds: float | None = None) -> None:
        """Have another device's write in progress, which refuses others (400 `RATE_LIMIT`)."""
        with self._world.lock:
            lasts = self._world.settings.write_lock_seconds if seconds is None else seconds
            self.member.locked_until = self._world.clock.now() + timedelta(seconds=lasts)

    def revoke_access(self) -> None:
        """Disconnect every app, as `simkl.com/settings/connected-apps` does."""
        with self._world.lock:
            self._world.accounts.revoke_user(self.user)

    def entry(self, ref: TitleRef) -> Entry | None:
        """What the list says of a title."""
        with self._world.lock:
            return self.member.library.get(self._world.title(ref))

    def has_watched(
        self, ref: TitleRef, season: int | None = None, episode: int | None = None
    ) -> bool:
        """Whether an episode, a season or everything aired of a title has been watched."""
        with self._world.lock:
            title, entry = self._world.title(ref), self.entry(ref)
            keys = _keys(title, season, episode, self._world.clock.now())
            return entry is not None and all(entry.has_watched(key) for key in keys)

    def watched_at(
        self, ref: TitleRef, season: int | None = None, episode: int | None = None
    ) -> datetime | None:
        """When a film or an episode was watched."""
        with self._world.lock:
            title, entry = self._world.title(ref), self.entry(ref)
            key = FILM if title.is_film else (1 if season is None else season, episode or 1)
            return None if entry is None else entry.watched.get(key)

    def status(self, ref: TitleRef) -> str | None:
        """The list a title is on."""
        entry = self.entry(ref)
        return None if entry is None else entry.status

    def rating(self, ref: TitleRef) -> int | None:
        """The rating of a title."""
        entry = self.entry(ref)
        return None if entry is None else entry.rating

    def playbacks(self) -> list[Playback]:
        """The saved positions, newest first."""
        with self._world.lock:
            return self.member.playbacks.kept(self.user.plan, self._world.clock.now())

    def playback(self, ref: TitleRef) -> Playback | None:
        """The saved position of a title."""
        with self._world.lock:
            return self.member.playbacks.get(self._world.title(ref))

    def watching_now(self) -> WatchingNow | None:
        """What the account is shown to be watching."""
        with self._world.lock:
            return self.member.scrobbling.watching_now(self._world.clock.now())


def _keys(
    title: Title, season: int | None, episode: int | None, now: datetime
) -> tuple[EpisodeKey, ...]:
    if title.is_film or (season is None and episode is None):
        return tuple(parts_of_whole(title, now))
    wanted = 1 if season is None else season
    if episode is not None:
        if (wanted, episode) not in title.by_key:
            raise KeyError(f"{title.title} has no episode {wanted}x{episode}")
        return ((wanted, episode),)
    return tuple(each.key for each in title.episodes if each.season == wanted)
