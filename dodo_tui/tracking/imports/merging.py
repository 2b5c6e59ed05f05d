"""Merging imported records into what is here, or only counting what that would do.

The rules are those of every merge: newer wins by the event's own time, a viewing that is here
already is not there twice, and what was forgotten stays forgotten.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.domain.figures import clock_text
from dodo_tui.domain.ids import Key, Scheme
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Episode
from dodo_tui.domain.merge import (
    SAME_VIEWING,
    Standing,
    bounded,
    merge_position,
    merge_resume,
    merge_watched,
)
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.thresholds import is_listed
from dodo_tui.domain.times import to_iso_seconds
from dodo_tui.providers.changes import RemoteTitle, ResumePoint
from dodo_tui.storage import ledger, lists, remote, standing
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes
from dodo_tui.tracking.applying.viewings import told_watches
from dodo_tui.tracking.imports.counts import Counts
from dodo_tui.tracking.imports.file_stops import KnownFiles, key_of_stop
from dodo_tui.tracking.imports.kept_titles import KeptTitle, KeptTitles
from dodo_tui.tracking.imports.records import (
    NO_NAME,
    NO_SENSE,
    SHORT_LOOK,
    DayOnly,
    FileStop,
    LeftOut,
    Record,
)

_SAME_DAY = timedelta(hours=14)
"""So far from noon, UTC, a viewing may be on a day that is known without a time of day."""

_NAMESPACE = uuid.UUID("3c1de2a0-0d0d-4d0d-9d0d-d0d0d0d0d0d1")


class _UndoneError(Exception):
    """Everything has been counted, and is taken back."""


@dataclass(slots=True)
class _Import:
    """An import as it goes on."""

    profile_id: int
    now: datetime
    titles: KeptTitles
    counts: Counts = field(default_factory=Counts)
    known_files: KnownFiles | None = None
    """Read when the first stop in a file is told."""

    @property
    def standing(self) -> Standing:
        """How a file's word stands to what is here."""
        return Standing(Origin.IMPORT, self.now)


def import_records(
    connection: sqlite3.Connection,
    profile_id: int,
    records: Iterable[Record],
    now: datetime,
    *,
    dry_run: bool = False,
) -> Counts:
    """Merge records into a profile, all or nothing; `dry_run` counts and takes everything back.

    Raises:
        ImportFailedError: the file they come from cannot be read.
    """
    work = _Import(profile_id, now, KeptTitles(connection, profile_id, now))
    with suppress(_UndoneError), transaction(connection, durable=True):
        _merge_all(connection, work, records)
        _take_back_if(dry_run)
    return work.counts


def _take_back_if(dry_run: bool) -> None:
    if dry_run:
        raise _UndoneError


def _merge_all(connection: sqlite3.Connection, work: _Import, records: Iterable[Record]) -> None:
    for record in records:
        _merge(connection, work, record)


def _merge(connection: sqlite3.Connection, work: _Import, record: Record) -> None:
    work.counts.entries += record.rows if isinstance(record, LeftOut) else 1
    match record:
        case LeftOut(rows, why):
            work.counts.leave_out(rows, why)
        case ResumePoint():
            _merge_point(connection, work, record)
        case FileStop():
            _merge_stop(connection, work, record)
        case DayOnly(title):
            _merge_title(connection, work, title, _SAME_DAY)
        case RemoteTitle():
            _merge_title(connection, work, record, SAME_VIEWING)


def _merge_title(
    connection: sqlite3.Connection, work: _Import, told: RemoteTitle, same: timedelta
) -> None:
    """Merge what is told of a title; a viewing within `same` of one that is here is that one."""
    title = work.titles.of(told.media)
    if told.says_watched:
        for key, watched_at in told_watches(told, title.media_id).items():
            _merge_watch(connection, work, title, key, watched_at, same)
    stands = standing.title_standing(connection, work.profile_id, str(title.media_id))
    status = told.status if told.status is not None and stands.status is None else None
    rating = told.rating if told.says_rating and told.rating != stands.rating else None
    if status is None and rating is None:
        return
    before = lists.find_entry(connection, work.profile_id, str(title.media_id), Origin.IMPORT)
    entry = lists.ListEntry(
        str(title.media_id),
        Origin.IMPORT,
        told.media.kind,
        status or (before.status if before else None),
        rating if rating is not None else (before.rating if before else None),
        told.rated_at or (before.rated_at if before else None),
        told.added_at or (before.added_at if before else None),
    )
    if entry != before:
        _note_new(work, title)
        lists.save_entry(connection, work.profile_id, entry, work.now)
        work.counts.planned += status is ListStatus.PLANNED
        work.counts.listed += status not in (None, ListStatus.PLANNED)
        work.counts.ratings += rating is not None
        if rating is not None:
            work.counts.show(f"{title.named()}, rated {rating}")


def _merge_watch(
    connection: sqlite3.Connection,
    work: _Import,
    title: KeptTitle,
    key: Key,
    watched_at: datetime | None,
    same: timedelta,
) -> None:
    if title.past is not None and title.past.covers(watched_at):
        return
    name = str(key)
    if key.is_episode and name not in title.rows:
        save_episodes(connection, [Episode(key)])
    if watched_at is not None:
        at = bounded(watched_at, work.now)
        known = title.plays.setdefault(name, [])
        if not any(abs(at - each) <= same for each in known):
            known.append(at)
            heard = ledger.HeardWatch(_play_id(name, at), name, at)
            ledger.insert_watches(
                connection, work.profile_id, str(title.media_id), Origin.IMPORT, [heard]
            )
            work.counts.plays += 1
            _note_new(work, title)
            work.counts.show(f"{title.named(key)}, watched on {at:%Y-%m-%d}")
    before = title.rows.get(name)
    merged = merge_watched(before, work.profile_id, name, watched_at, work.standing)
    if merged != before:
        remote.write_progress(connection, [merged])
        title.rows[name] = merged
        if before is None or not before.watched:
            work.counts.watched += 1
            work.counts.films += not key.is_episode
            _note_new(work, title)
            if watched_at is None:
                work.counts.show(f"{title.named(key)}, watched at an unknown time")


def _merge_stop(connection: sqlite3.Connection, work: _Import, stop: FileStop) -> None:
    if work.known_files is None:
        work.known_files = KnownFiles.read(connection)
    key = key_of_stop(connection, work.known_files, stop, work.now)
    if isinstance(key, LeftOut):
        work.counts.leave_out(key.rows, key.why)
        return
    title = work.titles.kept(str(key.media_id))
    name = str(key)
    before = title.rows.get(name)
    if title.past is not None and title.past.covers(stop.stopped_at):
        return
    if not is_listed(stop.position_seconds, None if before is None else before.duration_seconds):
        work.counts.leave_out(1, SHORT_LOOK)
        return
    merged = merge_position(
        before, work.profile_id, name, stop.position_seconds, stop.stopped_at, work.standing
    )
    if merged is not None and merged != before:
        remote.write_progress(connection, [merged])
        title.rows[name] = merged
        work.counts.resume_points += 1
        place = clock_text(stop.position_seconds)
        work.counts.show(f"{title.named(key)}, stopped at {place}")


def _merge_point(connection: sqlite3.Connection, work: _Import, point: ResumePoint) -> None:
    media = point.item.media
    if media is None:
        work.counts.leave_out(1, NO_NAME)
        return
    title = work.titles.of(media)
    key = point.item.key_in(title.media_id)
    if key is None:
        work.counts.leave_out(1, NO_SENSE)
        return
    if title.past is not None and title.past.covers(point.paused_at):
        return
    name = str(key)
    before = title.rows.get(name)
    merged = merge_resume(
        before, work.profile_id, name, point.percent / 100, point.paused_at, work.standing
    )
    if merged is not None and merged != before:
        if key.is_episode:
            save_episodes(connection, [Episode(key)])
        remote.write_progress(connection, [merged])
        title.rows[name] = merged
        work.counts.resume_points += 1
        _note_new(work, title)


def _note_new(work: _Import, title: KeptTitle) -> None:
    """Something of a title is new; what it is may still have to be found out."""
    if title.media_id.scheme is Scheme.LOCAL:
        work.counts.by_name.add(str(title.media_id))
    elif title.name == str(title.media_id):
        work.counts.by_id.add(str(title.media_id))


def _play_id(key: str, watched_at: datetime) -> str:
    """The same whenever the same file is imported."""
    return uuid.uuid5(_NAMESPACE, f"import:{key}:{to_iso_seconds(watched_at)}").hex
