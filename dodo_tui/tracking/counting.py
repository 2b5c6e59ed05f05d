"""Counting what a first sync would do, piece by piece, with the merge's own rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import SAME_VIEWING, Standing, is_past, merge_resume, merge_watched
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
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
from dodo_tui.storage.standing import Said
from dodo_tui.tracking.applying.entries import entry_news
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
    untold: int
    """What was watched, rated or listed here and is not there."""
    waiting: int
    """What was done here since the account was connected and waits to be sent in any case."""
    told: int
    """Viewings since the account was connected that have been sent already."""


@dataclass(frozen=True, slots=True)
class _Effect:
    """What one thing that was told would change here."""

    merged: int = 0
    """By a merge."""
    taken: int = 0
    """By taking theirs."""


@dataclass(slots=True)
class _ToldTitle:
    """What was told of one title. Told again, the newer word counts."""

    ids: Ids
    kind: Kind
    watches: dict[str, _Effect] = field(default_factory=dict)
    """By key."""
    watched_at: dict[str, datetime | None] = field(default_factory=dict)
    """By key, when each of them was watched."""
    entry: lists.ListEntry | None = None


@dataclass(slots=True)
class Tally:
    """The counting so far."""

    account: Account
    now: datetime
    titles: dict[str, _ToldTitle] = field(default_factory=dict)
    points: dict[str, _Effect] = field(default_factory=dict)
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
        yield from self.points.values()

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
    """What this side has, and how much of it would be sent."""
    account = tally.account
    counts = Counts(*remote.count_profile(connection, account.profile_id))
    watched = {key for told in tally.titles.values() for key in told.watches}
    untold = ledger.untold_watches(connection, account.profile_id, account.id)
    unsaid = standing.unsaid(
        connection, account.profile_id, account.id, account.provider, before=account.connected_at
    )
    return Here(
        counts,
        untold=sum(1 for key, _, _ in untold if key not in watched)
        + sum(1 for said in unsaid if _is_news_there(tally, said)),
        waiting=queued.unsent_facts(connection, account.id),
        told=queued.told_since(connection, account.id, account.connected_at),
    )


def _is_news_there(tally: Tally, said: Said) -> bool:
    """Whether what was said here of a title would be told: theirs is another, and not newer."""
    told = tally.titles.get(said.media_id)
    entry = told.entry if told is not None else None
    if said.kind is not QueueKind.RATED:
        return (entry.status if entry else None) != said.status
    if entry is None:
        return said.rating is not None
    is_older = entry.rated_at is not None and entry.rated_at > said.happened_at
    return entry.rating != said.rating and not is_older


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
        told.watches.clear()
        told.watched_at.clear()
    if not watches:
        return
    profile_id = tally.account.profile_id
    rows = remote.title_progress(connection, profile_id, media_id)
    plays = ledger.title_watches(connection, profile_id, tally.account.id, media_id)
    past = forgetting.forgotten(connection, profile_id, media_id)
    for key, watched_at in watches.items():
        name = str(key)
        told.watched_at[name] = watched_at
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
    past = forgetting.forgotten(connection, profile_id, str(media_id))
    if past is not None and past.covers(point.paused_at):
        tally.points[name] = _Effect()
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
    tally.points[name] = _Effect(int(merged), int(taken))


def _standing(tally: Tally, theirs: bool) -> Standing:
    return Standing(Origin(tally.account.provider), tally.now, theirs=theirs)


def _media_id(connection: sqlite3.Connection, media: Media) -> MediaId:
    """The id under which a title is kept here, or would be."""
    wanted = media.ids.preferred(media.kind) or media.id
    aliases = [str(wanted), *(str(alias) for alias in media.ids.media_ids(media.kind))]
    known = sorted(lists.titles_of(connection, aliases))
    return MediaId.parse(known[0]) if known else wanted
