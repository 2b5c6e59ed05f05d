"""Counting what a first sync would do, piece by piece, with the merge's own rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import (
    SAME_VIEWING,
    Known,
    Standing,
    is_past,
    merge_resume,
    merge_watched,
)
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.providers.changes import (
    Aspect,
    Change,
    Listing,
    RemoteTitle,
    ResumePoint,
    ResumePoints,
    TitlePage,
)
from dodo_tui.storage import forgetting, ledger, lists, queued, remote, standing
from dodo_tui.storage.database import rehearse
from dodo_tui.storage.media import find_media
from dodo_tui.tracking import untold
from dodo_tui.tracking.applying.entries import apply_entry, entry_news
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.applying.viewings import told_watches


@dataclass(frozen=True, slots=True)
class Counts:
    """What one side has."""

    films: int = 0
    """Films watched."""
    episodes: int = 0
    """Episodes watched."""
    resume_points: int = 0
    listed: int = 0
    """Titles on lists."""


@dataclass(frozen=True, slots=True)
class Here:
    """What this side has, and how much of it would be told."""

    counts: Counts
    merged: int
    """What was watched, begun, rated or listed here and a merge would send."""
    mine: int
    """The same of sending ours, which goes by nothing that was rated or listed there."""
    waiting: int
    """What was done here since the account was connected and waits to be sent in any case."""
    told: int
    """Viewings, ratings and lists since the account was connected that have been sent already."""
    unidentified: int
    """Films and episodes that were watched or begun here and nobody knows yet."""


@dataclass(frozen=True, slots=True)
class _Effect:
    """What one thing that was told would change here."""

    merged: int = 0
    """By a merge."""
    taken: int = 0
    """By taking theirs."""


@dataclass(frozen=True, slots=True)
class _ToldPoint:
    """A resume point there, and what it would change here."""

    known: Known
    effect: _Effect


@dataclass(slots=True)
class _ToldTitle:
    """What was told of one title. Told again, the newer word counts."""

    ids: Ids
    kind: Kind
    watches: dict[str, _Effect] = field(default_factory=dict)
    """By key."""
    watched_at: dict[str, datetime | None] = field(default_factory=dict)
    """By key, when each of them was watched."""
    entry_ids: dict[str, str | None] = field(default_factory=dict)
    """By key, which of the provider's entries told of it (`RemoteTitle.entry`)."""

    entry: lists.ListEntry | None = None

    def clear(self, entry: str | None) -> None:
        """Forget what was told of watches before; an entry speaks for its own."""
        for name in tuple(self.watches):
            if entry is None or self.entry_ids.get(name) == entry:
                del self.watches[name], self.watched_at[name]


@dataclass(slots=True)
class Tally:
    """The counting so far."""

    account: Account
    now: datetime
    titles: dict[str, _ToldTitle] = field(default_factory=dict)
    points: dict[str, _ToldPoint] = field(default_factory=dict)
    """The resume points there, by key."""

    @property
    def there(self) -> Counts:
        """What the provider has."""
        watched = [key for told in self.titles.values() for key in told.watches]
        films = sum(1 for key in watched if not Key.parse(key).is_episode)
        entries = [told.entry for told in self.titles.values() if told.entry is not None]
        return Counts(
            films=films,
            episodes=len(watched) - films,
            resume_points=len(self.points),
            listed=sum(1 for entry in entries if entry.status is not None),
        )

    @property
    def merged(self) -> int:
        """What a merge would change here."""
        return sum(effect.merged for effect in self._effects()) + self._news()

    @property
    def taken(self) -> int:
        """What taking theirs would change here."""
        return sum(effect.taken for effect in self._effects()) + self._news()

    def _effects(self) -> Iterable[_Effect]:
        for told in self.titles.values():
            yield from told.watches.values()
        yield from (point.effect for point in self.points.values())

    def _news(self) -> int:
        entries = (told.entry for told in self.titles.values())
        return sum(len(entry_news(None, entry)) for entry in entries if entry is not None)


def count(connection: sqlite3.Connection, tally: Tally, change: Change) -> None:
    """Count one piece."""
    if isinstance(change, TitlePage):
        for title in change.titles:
            _count_title(connection, tally, title)
    elif isinstance(change, ResumePoints):
        if change.complete:
            tally.points.clear()
        for point in change.points:
            _count_point(connection, tally, point)
    elif change.of is Aspect.LISTED:
        _leave_out(tally, change)


def count_here(connection: sqlite3.Connection, tally: Tally) -> Here:
    """What this side has, and how much of it would be sent.

    What counts of a rating or a list is found by doing it and taking that back.
    """
    account = tally.account
    since = account.connected_at
    counts = Counts(*remote.count_profile(connection, account.profile_id))
    told = queued.told_since(connection, account.id, since)
    told += standing.told_since(connection, account.profile_id, account.provider, since)
    watched = {key for title in tally.titles.values() for key in title.watches}
    watches = sum(each.key not in watched for each in untold.watches(connection, account))
    merged = mine = watches

    def send() -> None:
        nonlocal merged, mine
        lists.forget_list(connection, account.profile_id, account.provider)
        mine += _count_words_and_points(connection, tally)
        _merge_entries(connection, tally)
        merged += _count_words_and_points(connection, tally)

    rehearse(connection, send)
    return Here(
        counts,
        merged=merged,
        mine=mine,
        waiting=queued.unsent_facts(connection, account.id),
        told=told,
        unidentified=ledger.count_unidentified(connection, account.profile_id),
    )


def _count_words_and_points(connection: sqlite3.Connection, tally: Tally) -> int:
    """How many ratings, lists and resume points would be sent as it stands."""
    account = tally.account
    said = standing.unsaid(
        connection, account.profile_id, account.id, account.provider, before=account.connected_at
    )
    held: dict[str, list[Known]] = {}
    for media_id, told in tally.titles.items():
        held[media_id] = [Known(watched=True, watched_at=at) for at in told.watched_at.values()]
    for key, point in tally.points.items():
        held.setdefault(str(Key.parse(key).media_id), []).append(point.known)
    points = untold.points(connection, account, lambda title: held.get(title, ()), tally.now)
    return len(tuple(said)) + min(len(points), untold.MOST_POINTS)


def _merge_entries(connection: sqlite3.Connection, tally: Tally) -> None:
    """Keep what was told of the lists and ratings of titles that anything here hangs on."""
    account = tally.account
    pull = Pull(account, tally.now, quiet=True)
    begun = {card.media_id for card in untold.begun(connection, account.profile_id, tally.now)}
    for media_id in sorted(standing.said_titles(connection, account.profile_id) | begun):
        told = tally.titles.get(media_id)
        media = find_media(connection, media_id)
        if told is None or told.entry is None or media is None:
            continue
        entry = told.entry
        title = RemoteTitle(
            replace(media, kind=told.kind),
            ListStatus(entry.status) if entry.status else None,
            rating=entry.rating,
            rated_at=entry.rated_at,
            added_at=entry.added_at,
        )
        apply_entry(connection, pull, title, media_id)


def _leave_out(tally: Tally, listing: Listing) -> None:
    """Forget the titles that are not there any more."""
    there = {pair for ids in listing.ids for pair in ids}
    schemes = {scheme for scheme, _ in there}
    for media_id, told in tuple(tally.titles.items()):
        own = {pair for pair in told.ids if pair[0] in schemes}
        if told.kind in listing.kinds and own and not own & there:
            del tally.titles[media_id]


def _count_title(connection: sqlite3.Connection, tally: Tally, title: RemoteTitle) -> None:
    media_id = str(_media_id(connection, title.media))
    told = tally.titles.setdefault(media_id, _ToldTitle(title.media.ids, title.media.kind))
    told.entry = _entry(tally, media_id, title, told.entry)
    if not title.says_watched:
        return
    watches = told_watches(title, MediaId.parse(media_id))
    if title.episodes_complete or title.media.kind is Kind.MOVIE:
        told.clear(title.entry)
    if not watches:
        return
    profile_id = tally.account.profile_id
    rows = remote.title_progress(connection, profile_id, media_id)
    plays = ledger.title_watches(connection, profile_id, tally.account.id, media_id)
    past = forgetting.forgotten(connection, profile_id, media_id)
    for key, watched_at in watches.items():
        name = str(key)
        told.watched_at[name] = watched_at
        told.entry_ids[name] = title.entry
        if past is not None and past.covers(watched_at):
            told.watches[name] = _Effect()
            continue
        told.watches[name] = _effect_of_watch(
            tally, name, watched_at, rows.get(name), plays.get(name, ())
        )


def _entry(
    tally: Tally, media_id: str, title: RemoteTitle, before: lists.ListEntry | None
) -> lists.ListEntry:
    rating, rated_at = title.rating, title.rated_at
    if not title.says_rating:
        rating, rated_at = (before.rating, before.rated_at) if before else (None, None)
    status = title.status.value if title.status else (before.status if before else None)
    provider, kind = tally.account.provider, title.media.kind
    return lists.ListEntry(media_id, provider, kind, status, rating, rated_at, title.added_at)


def _effect_of_watch(
    tally: Tally,
    key: str,
    watched_at: datetime | None,
    row: Progress | None,
    plays: Sequence[ledger.Watch],
) -> _Effect:
    """A viewing that is not in the history here is a change of its own; at an unknown time, by
    the merge's own rule.
    """
    if watched_at is not None:
        is_ours = any(abs(play.watched_at - watched_at) <= SAME_VIEWING for play in plays)
        return _Effect() if is_ours else _Effect(1, 1)
    if plays:
        return _Effect()
    profile_id = tally.account.profile_id
    merged, taken = (
        merge_watched(row, profile_id, key, watched_at, _standing(tally, theirs)) != row
        for theirs in (False, True)
    )
    return _Effect(int(merged), int(taken))


def _count_point(connection: sqlite3.Connection, tally: Tally, point: ResumePoint) -> None:
    media = point.item.media
    if media is None:
        return
    media_id = _media_id(connection, media)
    key = point.item.key_in(media_id)
    if key is None:
        return
    name, profile_id = str(key), tally.account.profile_id
    known = Known(ratio=point.percent / 100, paused_at=point.paused_at)
    past = forgetting.forgotten(connection, profile_id, str(media_id))
    if past is not None and past.covers(point.paused_at):
        tally.points[name] = _ToldPoint(known, _Effect())
        return
    told = tally.titles.get(str(media_id))
    if told is not None and is_past(point.paused_at, watched_at=told.watched_at.get(name)):
        tally.points.pop(name, None)
        return
    row = remote.title_progress(connection, profile_id, str(media_id)).get(name)
    merged, taken = (
        merge_resume(
            row, profile_id, name, point.percent / 100, point.paused_at, _standing(tally, theirs)
        )
        != row
        for theirs in (False, True)
    )
    tally.points[name] = _ToldPoint(known, _Effect(int(merged), int(taken)))


def _standing(tally: Tally, theirs: bool) -> Standing:
    return Standing(Origin(tally.account.provider), tally.now, theirs=theirs)


def _media_id(connection: sqlite3.Connection, media: Media) -> MediaId:
    """The id under which a title is kept here, or would be."""
    wanted = media.ids.preferred(media.kind) or media.id
    aliases = [str(wanted), *(str(alias) for alias in media.ids.media_ids(media.kind))]
    known = sorted(lists.titles_of(connection, aliases))
    return MediaId.parse(known[0]) if known else wanted
