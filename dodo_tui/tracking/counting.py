"""Counting what a first sync would do, piece by piece, with the merge's own rules."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import InvalidKeyError, Key, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import Standing, merge_resume, merge_watched
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.providers.protocol import Change, RemoteTitle, ResumePoint, ResumePoints, TitlePage
from dodo_tui.storage import lists, remote
from dodo_tui.tracking.applying import told_watches


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


@dataclass(slots=True)
class Tally:
    """The counting so far."""

    account: Account
    now: datetime
    there: Counts = field(default_factory=Counts)
    merged: int = 0
    """What a merge would change here."""
    taken: int = 0
    """What taking theirs would change here."""
    watched: set[str] = field(default_factory=set)
    """The keys that are watched there and here."""


def count(connection: sqlite3.Connection, tally: Tally, change: Change) -> None:
    """Count one piece."""
    if isinstance(change, TitlePage):
        for title in change.titles:
            _count_title(connection, tally, title)
    elif isinstance(change, ResumePoints):
        for point in change.points:
            _count_point(connection, tally, point)


def count_here(connection: sqlite3.Connection, tally: Tally) -> tuple[Counts, int]:
    """What this side has, and how much of it would be sent."""
    profile_id = tally.account.profile_id
    counts = Counts(*remote.count_profile(connection, profile_id))
    untold = remote.untold_watches(connection, profile_id, tally.account.id)
    return counts, sum(1 for key, _, _ in untold if key not in tally.watched)


def _count_title(connection: sqlite3.Connection, tally: Tally, title: RemoteTitle) -> None:
    media_id = _media_id(connection, title.media)
    told = told_watches(title, media_id) if title.says_watched else {}
    rows: dict[str, Progress] = {}
    if told:
        rows = remote.title_progress(connection, tally.account.profile_id, str(media_id))
    for key, watched_at in told.items():
        row = rows.get(str(key))
        if row is not None and row.watched:
            tally.watched.add(str(key))
        for theirs in (False, True):
            standing = _standing(tally, theirs)
            merged = merge_watched(row, tally.account.profile_id, str(key), watched_at, standing)
            _add(tally, theirs, merged != row)
    films = sum(1 for key in told if not key.is_episode)
    tally.there = replace(
        tally.there,
        films=tally.there.films + films,
        episodes=tally.there.episodes + len(told) - films,
        listed=tally.there.listed + (title.status is not None),
    )


def _count_point(connection: sqlite3.Connection, tally: Tally, point: ResumePoint) -> None:
    item = point.item
    preferred = item.ids.preferred(item.kind)
    if preferred is None:
        return
    tally.there = replace(tally.there, resume_points=tally.there.resume_points + 1)
    media = Media(preferred, item.kind, item.title, item.year, item.ids)
    media_id = _media_id(connection, media)
    try:
        if item.season is None or item.number is None:
            key = str(Key(media_id))
        else:
            key = str(Key.episode(media_id, item.season, item.number))
    except InvalidKeyError:
        return
    profile_id = tally.account.profile_id
    row = remote.title_progress(connection, profile_id, str(media_id)).get(key)
    for theirs in (False, True):
        merged = merge_resume(
            row,
            profile_id,
            key,
            point.percent / 100,
            point.paused_at,
            _standing(tally, theirs),
        )
        _add(tally, theirs, merged != row)


def _add(tally: Tally, theirs: bool, changed: bool) -> None:
    if theirs:
        tally.taken += changed
    else:
        tally.merged += changed


def _standing(tally: Tally, theirs: bool) -> Standing:
    return Standing(Origin(tally.account.provider), tally.now, theirs=theirs)


def _media_id(connection: sqlite3.Connection, media: Media) -> MediaId:
    """The id under which a title is kept here, or would be."""
    wanted = media.ids.preferred(media.kind) or media.id
    aliases = [str(wanted), *(str(alias) for alias in media.ids.media_ids(media.kind))]
    known = sorted(lists.titles_of(connection, aliases))
    return MediaId.parse(known[0]) if known else wanted
