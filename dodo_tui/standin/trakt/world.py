"""Everything the stand-in for Trakt knows, and the people who use Trakt on their other devices."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.standin.catalogue import Catalogue
from dodo_tui.standin.clock import Clock
from dodo_tui.standin.sample_titles import sample_catalogue
from dodo_tui.standin.titles import Title
from dodo_tui.standin.trakt.accounts import Accounts, User
from dodo_tui.standin.trakt.limits import Limits
from dodo_tui.standin.trakt.member import Member, Play, Playback
from dodo_tui.standin.trakt.naming import Naming, Thing
from dodo_tui.standin.trakt.settings import Settings
from dodo_tui.standin.violations import Violation


@dataclass(slots=True)
class World:
    """The whole state; hold `lock` while looking into it from another thread."""

    clock: Clock
    """Where every time comes from."""
    settings: Settings
    """Limits and shapes."""
    randomness: random.Random
    """Where codes and tokens come from."""
    catalogue: Catalogue | None = None
    """The titles; another stand-in's, so that both know the same."""
    base_url: str = ""
    """Where the stand-in is reached; known once it listens."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held by every request while it is processed."""
    violations: list[Violation] = field(default_factory=list)
    """What clients did that they must not, oldest first."""
    writes_in_flight: dict[str, int] = field(default_factory=dict)
    """How many writes of each user are unanswered."""
    titles: Catalogue = field(init=False)
    """The titles."""
    naming: Naming = field(init=False)
    """How Trakt calls them."""
    accounts: Accounts = field(init=False)
    """Users, apps and grants."""
    limits: Limits = field(init=False)
    """What has been used of the limits."""
    _members: dict[str, Member] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.titles = self.catalogue or sample_catalogue(self.clock.now())
        self.naming = Naming(self.titles)
        self.accounts = Accounts(self.clock, self.randomness)
        self.limits = Limits(self.settings)

    def member(self, user: User) -> Member:
        """A user's state."""
        return self._members.setdefault(user.name, Member(user, self.clock.now()))

    def title(self, ref: str) -> Title:
        """A title by its name, or an id elsewhere (`tt0903747`, `tvdb:81189`)."""
        site, _, value = ref.rpartition(":")
        for is_film in (True, False):
            found = self.naming.by_id(site or "imdb", value, is_film=is_film)
            if found is not None:
                return found
        found = next(iter(self.titles.by_name(ref)), None)
        if found is None:
            raise KeyError(f"the stand-in knows no title {ref!r}")
        return found


class Person:
    """Somebody acting on another device; seasons and numbers are Trakt's."""

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self.user = user
        """The account."""

    @property
    def member(self) -> Member:
        """The account's state, to look into."""
        with self._world.lock:
            return self._world.member(self.user)

    def watch(
        self,
        ref: str,
        season: int | None = None,
        number: int | None = None,
        *,
        at: datetime | None = None,
        unknown: bool = False,
    ) -> Play:
        """Watch a film or an episode, now or at a time; `unknown`: nobody knows when."""
        with self._world.lock:
            now = self._world.clock.now()
            moment = None if unknown else at or now
            return self.member.watch(self._thing(ref, season, number), moment, now)

    def unwatch(self, ref: str, season: int | None = None, number: int | None = None) -> int:
        """Take every play of a film or an episode out of the history."""
        with self._world.lock:
            plays = self.member.plays_of(self._thing(ref, season, number))
            return self.member.forget_plays(plays, self._world.clock.now())

    def plays(
        self, ref: str, season: int | None = None, number: int | None = None
    ) -> list[datetime | None]:
        """When a film or an episode was watched, oldest entry first."""
        with self._world.lock:
            plays = self.member.plays_of(self._thing(ref, season, number))
            return [play.watched_at for play in plays]

    def pause(
        self,
        ref: str,
        progress: float,
        season: int | None = None,
        number: int | None = None,
        *,
        at: datetime | None = None,
    ) -> Playback:
        """Stop at so many percent; `at` dates it back."""
        with self._world.lock:
            now = self._world.clock.now()
            return self.member.pause(self._thing(ref, season, number), progress, now, at)

    def playback(
        self, ref: str, season: int | None = None, number: int | None = None
    ) -> Playback | None:
        """The resume point of a film or an episode."""
        with self._world.lock:
            return self.member.playbacks.get(self._thing(ref, season, number))

    def forget_playback(
        self, ref: str, season: int | None = None, number: int | None = None
    ) -> None:
        """Delete a resume point."""
        with self._world.lock:
            thing = self._thing(ref, season, number)
            self.member.forget_playback(thing, self._world.clock.now())

    def plan(self, ref: str, planned: bool = True) -> None:
        """Put a title on the watchlist, or take it off."""
        with self._world.lock:
            change = self.member.plan if planned else self.member.unplan
            change(self._world.title(ref), self._world.clock.now())

    def rate(self, ref: str, rating: int | None) -> None:
        """Rate a title 1 to 10, or take its rating away."""
        with self._world.lock:
            self.member.rate(self._world.title(ref), rating, self._world.clock.now())

    def rating(self, ref: str) -> int | None:
        """The rating of a title."""
        with self._world.lock:
            found = self.member.ratings.get(self._world.title(ref))
            return None if found is None else found[0]

    def hide(self, ref: str, hidden: bool = True) -> None:
        """Hide a title from progress, or show it again."""
        with self._world.lock:
            self.member.hide(self._world.title(ref), hidden, self._world.clock.now())

    def drop(self, ref: str, dropped: bool = True) -> None:
        """Drop a show, or take it up again."""
        with self._world.lock:
            self.member.drop(self._world.title(ref), dropped, self._world.clock.now())

    def restart(self, ref: str) -> None:
        """Start a show anew: what was watched of it does not count as progress."""
        with self._world.lock:
            self.member.reset[self._world.title(ref)] = self._world.clock.now()
            self.member.touch("episodes", "watched_at", self._world.clock.now())

    def is_planned(self, ref: str) -> bool:
        """Whether a title is on the watchlist."""
        with self._world.lock:
            return self._world.title(ref) in self.member.watchlist

    def is_hidden(self, ref: str) -> bool:
        """Whether a title is hidden from progress."""
        with self._world.lock:
            return self._world.title(ref) in self.member.hidden

    def watching_now(self) -> Title | None:
        """What is shown to be watched just now."""
        with self._world.lock:
            now, current = self._world.clock.now(), self.member.watching
            return current.thing.title if current is not None and now < current.until else None

    def revoke_access(self) -> None:
        """Disconnect every app, as the page of connected apps does."""
        with self._world.lock:
            self._world.accounts.revoke_user(self.user)

    def _thing(self, ref: str, season: int | None, number: int | None) -> Thing:
        return self._world.naming.part(self._world.title(ref), season, number)
