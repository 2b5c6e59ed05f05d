"""A provider in memory: the merge's tests without a network."""

from __future__ import annotations

import json
import pickle
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Ids, Key, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.providers.catalogue import FileMatch
from dodo_tui.providers.changes import (
    Change,
    KeptAnswers,
    Listing,
    RemoteEpisode,
    RemoteTitle,
    ResumePoint,
    ResumePoints,
    Snapshot,
    TitlePage,
)
from dodo_tui.providers.errors import OfflineError, ProviderError
from dodo_tui.providers.facts import (
    Answer,
    Fact,
    FactKind,
    ListChange,
    Outcome,
    Rating,
    Unclear,
    Verb,
)
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.sign_in import SignInStep
from tests.support.catalogue import EmptyCatalogue
from tests.support.clock import FakeClock

Place = tuple[int, int]
"""Season and number; a film is `FILM`."""

DURATION_SECONDS = 6000.0

FILM: Place = (-1, -1)

HEAT = Media(
    Ids(imdb="tt0113277").preferred(Kind.MOVIE),  # type: ignore[arg-type]
    Kind.MOVIE,
    "Heat",
    1995,
    Ids(imdb="tt0113277", simkl="53217"),
)
SEVERANCE = Media(
    Ids(imdb="tt11280740").preferred(Kind.SHOW),  # type: ignore[arg-type]
    Kind.SHOW,
    "Severance",
    2022,
    Ids(imdb="tt11280740", simkl="1323063"),
)


def film(number: int) -> Media:
    """One of any number of films."""
    ids = Ids(imdb=f"tt{7_000_000 + number}", simkl=str(900_000 + number))
    media_id = ids.preferred(Kind.MOVIE)
    assert media_id is not None
    return Media(media_id, Kind.MOVIE, f"Film {number}", 2000, ids)


@dataclass
class Listed:
    """A title on the list of the one user there is."""

    media: Media
    status: ListStatus = ListStatus.WATCHING
    watched: dict[Place, datetime | None] = field(default_factory=dict)
    rating: int | None = None
    moved: int = 0
    is_nonsense: bool = False
    """Whether its row cannot be read."""


@dataclass
class Point:
    """A resume point."""

    media: Media
    place: Place
    percent: float
    paused_at: datetime
    remote_id: int


class MemoryServer:
    """What a provider keeps, with a counter in place of timestamps."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.titles: dict[str, Listed] = {}
        self.points: dict[str, Point] = {}
        self.moves = {"titles": 0, "removed": 0, "points": 0}
        self.taken_off: set[Kind] = set()
        """The kinds of which anything was ever taken off the list."""
        self.requests: list[str] = []
        self.fail_at: int | None = None
        """The request that fails, counted from now; None: none."""
        self.always_fails: ProviderError | None = None
        """What every request fails with."""
        self.error: ProviderError = OfflineError("Nothing can be reached.")
        self._serial = 0
        self.known = {HEAT.ids.imdb: HEAT, SEVERANCE.ids.imdb: SEVERANCE}

    def asked(self, what: str) -> None:
        """Count a request, which may be the one that fails."""
        self.requests.append(what)
        if self.always_fails is not None:
            raise self.always_fails
        if self.fail_at is not None:
            self.fail_at -= 1
            if self.fail_at < 0:
                self.fail_at = None
                raise self.error

    def _moved(self, what: str) -> int:
        self._serial += 1
        self.moves[what] = self._serial
        return self._serial

    def watch(self, media: Media, place: Place, at: datetime | None) -> bool:
        """Mark watched; what was watched already stays as it was."""
        entry = self.titles.setdefault(str(media.id), Listed(media))
        if place in entry.watched:
            return False
        entry.watched[place] = at
        entry.status = ListStatus.COMPLETED if place == FILM else ListStatus.WATCHING
        entry.moved = self._moved("titles")
        return True

    def unwatch(self, media: Media, place: Place) -> None:
        """Take a mark back; a film goes off the list, as it does at Simkl."""
        entry = self.titles.get(str(media.id))
        if entry is None or place not in entry.watched:
            return
        del entry.watched[place]
        if place == FILM:
            del self.titles[str(media.id)]
            self.taken_off.add(media.kind)
            self._moved("removed")
            return
        entry.status = ListStatus.WATCHING if entry.watched else ListStatus.PLANNED
        entry.moved = self._moved("titles")

    def remove(self, media: Media) -> None:
        """Take a title off the list with all that was watched of it."""
        if self.titles.pop(str(media.id), None) is not None:
            self.taken_off.add(media.kind)
            self._moved("removed")

    def put(self, media: Media, status: ListStatus) -> None:
        """Put a title on a list."""
        entry = self.titles.setdefault(str(media.id), Listed(media))
        entry.status = status
        entry.moved = self._moved("titles")

    def rate(self, media: Media, rating: int | None) -> None:
        """Rate a title, which puts one that is on no list onto one, or take the rating away."""
        if rating is None and str(media.id) not in self.titles:
            return
        filed = ListStatus.WATCHING
        if media.kind is Kind.MOVIE:
            filed = ListStatus.COMPLETED
        entry = self.titles.setdefault(str(media.id), Listed(media, filed))
        entry.rating = rating
        entry.moved = self._moved("titles")

    def pause(self, media: Media, place: Place, percent: float, at: datetime) -> None:
        """Keep a resume point, one for a title."""
        serial = self._moved("points")
        self.points[str(media.id)] = Point(media, place, percent, at, serial)

    def clear_point(self, media: Media) -> None:
        """Forget a title's resume point."""
        if self.points.pop(str(media.id), None) is not None:
            self._moved("points")

    def media_of(self, item: Item | TitleRef) -> Media:
        """The title that an item names."""
        for media in self.known.values():
            if set(media.ids) & set(item.ids):
                return media
        media_id = item.ids.preferred(item.kind)
        assert media_id is not None
        media = Media(media_id, item.kind, item.title, item.year, item.ids)
        self.known[str(media_id)] = media
        return media


class MemoryProvider(EmptyCatalogue):
    """The in-memory server, as one signed-in device sees it."""

    id = "simkl"
    name = "Simkl"
    batch_size = 50
    repeats_are_harmless = True

    def __init__(self, server: MemoryServer) -> None:
        self.server = server
        self.pulled_whole: set[str] = set()
        """What the user of this device has been told whole: never to be asked for again."""
        self._has_snapshot = False

    def authorize(self) -> AsyncIterator[SignInStep]:
        """A device of these tests is signed in."""
        raise AssertionError("nobody signs in here")

    async def user(self) -> User:
        """The one user."""
        self.server.asked("user")
        return User("1", "Dodo")

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """As Simkl: a start clears the point, a pause keeps one, a stop counts from 80 % on."""
        self.server.asked(f"scrobble {verb}")
        media, place = self.server.media_of(item), place_of(item)
        now = self.server.clock.now().replace(microsecond=0)
        if verb is Verb.START:
            self.server.clear_point(media)
            return Answer(Outcome.NOTED)
        if verb is Verb.PAUSE or percent < 80:
            self.server.pause(media, place, percent, now)
            return Answer(Outcome.SAVED)
        self.server.watch(media, place, now)
        self.server.clear_point(media)
        return Answer(Outcome.WATCHED)

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """Change history."""
        self.server.asked(f"deliver {len(facts)}")
        for fact in facts:
            media, place = self.server.media_of(fact.item), place_of(fact.item)
            if fact.kind is FactKind.WATCHED:
                at = fact.watched_at
                self.server.watch(media, place, at.replace(microsecond=0) if at else None)
            else:
                self.server.unwatch(media, place)
        return [Answer(Outcome.DONE) for _ in facts]

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Repeats are harmless."""
        return (False,) * len(unclear)

    async def resume_points(self) -> Sequence[ResumePoint]:
        """Every resume point, those that a viewing has overtaken among them."""
        self.server.asked("resume points")
        return self._points()

    async def snapshot(self) -> Snapshot:
        """The counters."""
        self.server.asked("snapshot")
        self._has_snapshot = True
        return Snapshot(json.dumps(self.server.moves))

    async def changes(
        self, since: Snapshot | None, until: Snapshot, kept: KeptAnswers | None = None
    ) -> AsyncIterator[Change]:
        """What moved, or everything, kind by kind."""
        before = json.loads(since.text) if since else {"titles": -1, "removed": -1, "points": -1}
        now = json.loads(until.text)
        if before["titles"] != now["titles"] or since is None:
            assert self._has_snapshot, "titles without a snapshot before them"
            parts = [""] if since else list(Kind)
            for part in parts:
                body = await self._titles(part, before["titles"], kept if since is None else None)
                page, malformed = pickle.loads(body)
                for begin in range(0, max(len(page), 1), 200):
                    yield TitlePage(tuple(page[begin : begin + 200]), malformed)
                    malformed = 0
        if since and before["removed"] != now["removed"]:
            self.server.asked("listing")
            there = {t.media.kind for t in self.server.titles.values()} | self.server.taken_off
            ids = frozenset(Ids(simkl=t.media.ids.simkl) for t in self.server.titles.values())
            yield Listing(frozenset(there), ids)
        if before["points"] != now["points"]:
            self.server.asked("points")
            kept_since = self.server.clock.now() - timedelta(days=7)
            yield ResumePoints(tuple(self._points()), complete=True, kept_since=kept_since)

    async def listed(self) -> Listing:
        """Everything that is on the list."""
        await self.snapshot()
        self.server.asked("listing")
        ids = frozenset(Ids(simkl=t.media.ids.simkl) for t in self.server.titles.values())
        return Listing(frozenset(t.media.kind for t in self.server.titles.values()), ids)

    async def _titles(self, kind: str, since: int, kept: KeptAnswers | None) -> bytes:
        """The titles that moved, as an answer; of everything one kind at a time, and once."""
        body = await kept.load(kind) if kept else None
        if body is not None:
            return body
        self.server.asked(f"all {kind}s" if kind else "titles")
        if kind:
            assert kind not in self.pulled_whole, f"all {kind}s were told before"
            self.pulled_whole.add(kind)
        moved = [
            title
            for title in self.server.titles.values()
            if title.moved > since and kind in ("", title.media.kind)
        ]
        readable = [remote_title(title) for title in moved if not title.is_nonsense]
        body = pickle.dumps((readable, len(moved) - len(readable)))
        if kept:
            await kept.save(kind, body)
        return body

    def _points(self) -> list[ResumePoint]:
        return [
            ResumePoint(
                item_of(point.media, point.place), point.percent, point.paused_at, point.remote_id
            )
            for point in self.server.points.values()
        ]

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Delete a resume point."""
        self.server.asked("forget point")
        for each in list(self.server.points.values()):
            if each.remote_id == point.remote_id:
                self.server.clear_point(each.media)

    async def rate(self, ratings: Sequence[Rating]) -> Sequence[Answer]:
        """Rate titles, or take ratings back."""
        self.server.asked(f"rate {len(ratings)}")
        for rating in ratings:
            self.server.rate(self.server.media_of(rating.title), rating.value)
        return [Answer(Outcome.DONE) for _ in ratings]

    async def set_lists(self, changes: Sequence[ListChange]) -> Sequence[Answer]:
        """As Simkl: a history keeps its title on a list."""
        self.server.asked(f"lists {len(changes)}")
        answers = []
        for change in changes:
            media = self.server.media_of(change.title)
            entry = self.server.titles.get(str(media.id))
            if entry is not None and entry.watched and change.status is None:
                answers.append(Answer(Outcome.KEPT))
                continue
            if change.status is not None:
                self.server.put(media, change.status)
            elif entry is not None:
                self.server.remove(media)
            answers.append(Answer(Outcome.DONE, status=change.status))
        return answers

    async def identify(self, file_name: str) -> FileMatch | None:
        """The titles of these tests are known."""
        raise AssertionError(f"nobody asks what {file_name} is here")

    async def revoke(self) -> None:
        """Nothing to end."""

    async def close(self) -> None:
        """Nothing to close."""


def place_of(item: Item) -> Place:
    """The place of an item within its title."""
    if item.season is None or item.number is None:
        return FILM
    return item.season, item.number


def item_of(media: Media, place: Place) -> Item:
    """An item as a provider names it."""
    season, number = (None, None) if place == FILM else place
    return Item(media.kind, media.title, media.year, media.ids, season, number)


def key_of(media: Media, place: Place) -> Key:
    """The key of a film or an episode."""
    return Key(media.id) if place == FILM else Key.episode(media.id, *place)


def remote_title(listed: Listed) -> RemoteTitle:
    """A title as a provider tells it."""
    if listed.media.kind is Kind.MOVIE:
        return RemoteTitle(
            listed.media,
            listed.status,
            watched=FILM in listed.watched,
            watched_at=listed.watched.get(FILM),
            rating=listed.rating,
        )
    episodes = tuple(RemoteEpisode(*place, at) for place, at in sorted(listed.watched.items()))
    return RemoteTitle(
        listed.media,
        listed.status,
        episodes=episodes,
        episodes_complete=True,
        rating=listed.rating,
    )
