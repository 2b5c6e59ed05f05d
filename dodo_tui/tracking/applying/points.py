"""Resume points: those that a provider keeps, and those that it keeps no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from dodo_tui.domain.figures import percent_text
from dodo_tui.domain.ids import Key
from dodo_tui.domain.media import Episode
from dodo_tui.domain.merge import Known, is_in_progress, is_past, is_too_much, merge_resume
from dodo_tui.domain.queue import QueueKind
from dodo_tui.providers.changes import ResumePoint, ResumePoints
from dodo_tui.storage import forgetting, ledger, remote
from dodo_tui.storage.media import find_media, save_episodes, save_media
from dodo_tui.tracking.applying.pull import Pull, Side
from dodo_tui.tracking.applying.told import standing_of
from dodo_tui.tracking.points import is_finished_here
from dodo_tui.tracking.undo import Before, keep_before


def apply_points(connection: sqlite3.Connection, pull: Pull, points: ResumePoints) -> None:
    """Merge resume points. Expects a transaction around it.

    Those that were finished here since stay known: see `points.overtaken_points`.
    """
    seen: set[str] = set()
    unsent = remote.unsent(connection, pull.account.id)
    for point in points.points:
        key = _key_of_point(connection, pull, point)
        if key is None:
            pull.malformed += 1
            continue
        seen.add(str(key))
        _apply_point(connection, pull, point, key, unsent)
    if points.complete:
        _apply_gone_points(connection, pull, points, seen, unsent)


def _apply_point(
    connection: sqlite3.Connection,
    pull: Pull,
    point: ResumePoint,
    key: Key,
    unsent: Mapping[str, frozenset[QueueKind]],
) -> None:
    """Merge one resume point; one that a viewing there has overtaken is as good as gone there."""
    account, name, media_id = pull.account, str(key), str(key.media_id)
    ratio = point.percent / 100
    before = remote.title_known(connection, account.id, media_id).get(name, Known())
    heard = replace(before, ratio=ratio, paused_at=point.paused_at, point_id=point.remote_id)
    row = remote.title_progress(connection, account.profile_id, media_id).get(name)
    past = forgetting.forgotten(connection, account.profile_id, media_id)
    is_forgotten = past is not None and past.covers(point.paused_at)
    is_to_go = is_forgotten or is_finished_here(connection, row, point.paused_at)
    if not is_to_go and is_past(point.paused_at, watched_at=before.watched_at):
        heard = replace(before, ratio=None, paused_at=None, point_id=None)
    remote.save_known(connection, account.id, media_id, {name: heard})
    is_unpaused = QueueKind.UNPAUSED in unsent.get(name, frozenset())
    if heard.ratio is None or is_unpaused or is_forgotten:
        return
    if is_to_go and pull.side is not Side.THEIRS:
        return
    is_old = (before.ratio, before.paused_at) == (ratio, point.paused_at)
    if pull.side is Side.MINE or (is_old and pull.side is not Side.THEIRS):
        return
    is_ours = ledger.is_our_pause(connection, account.id, name, ratio, point.paused_at)
    if is_ours and row is not None and is_in_progress(row) and pull.side is not Side.THEIRS:
        return
    standing = standing_of(connection, pull, row, unsent.get(name, frozenset()))
    merged = merge_resume(row, account.profile_id, name, ratio, point.paused_at, standing)
    if merged is None or merged == row:
        return
    remote.write_progress(connection, [merged])
    moved = row is None or (merged.position_seconds, merged.ratio) != (
        row.position_seconds,
        row.ratio,
    )
    if moved:
        pull.changed += 1
        media = find_media(connection, media_id)
        if media is not None:
            place = percent_text(point.percent)
            pull.say_one(f"{media.name_of(key)} stopped at {place} on another device")


def _apply_gone_points(
    connection: sqlite3.Connection,
    pull: Pull,
    points: ResumePoints,
    seen: set[str],
    unsent: Mapping[str, frozenset[QueueKind]],
) -> None:
    """Resume points that the provider does not keep any more.

    One that may have run out says nothing: Simkl forgets a free user's after seven days, dodo
    never does. Nor does one in whose place its title has another: Simkl keeps one for a title. One
    that was taken away there goes here, too, if it came from there.
    """
    account = pull.account
    held = remote.known_points(connection, account.id)
    gone = {name: each for name, each in held.items() if name not in seen}
    replaced = {str(Key.parse(name).media_id) for name in seen}
    for name, each in gone.items():
        forgotten = replace(each, ratio=None, paused_at=None, point_id=None)
        media_id = str(Key.parse(name).media_id)
        remote.save_known(connection, account.id, media_id, {name: forgotten})
    if is_too_much(len(gone), len(held), nothing_left=not seen):
        return
    for name, each in gone.items():
        media_id = str(Key.parse(name).media_id)
        row = remote.title_progress(connection, account.profile_id, media_id).get(name)
        if (
            row is None
            or name in unsent
            or row.origin is not pull.origin
            or row.ratio != each.ratio
            or media_id in replaced
            or _may_have_run_out(each, points)
        ):
            continue
        keep_before(connection, account, Before.REMOVAL, [media_id], pull.now)
        if row.watched:
            remote.write_progress(connection, [replace(row, position_seconds=0.0, ratio=None)])
        else:
            remote.delete_progress(connection, account.profile_id, [name])
        pull.changed += 1
        media = find_media(connection, media_id)
        if media is not None:
            named = media.name_of(Key.parse(name))
            pull.say_one(f"{named} taken out of Continue Watching on another device")


def _may_have_run_out(known: Known, points: ResumePoints) -> bool:
    """Whether a point may be gone because of its age alone."""
    if points.kept_since is None or known.paused_at is None:
        return True
    return known.paused_at <= points.kept_since


def _key_of_point(connection: sqlite3.Connection, pull: Pull, point: ResumePoint) -> Key | None:
    """The key of a resume point; its title is kept if it is new. None: nothing we can name."""
    media = point.item.media
    if media is None:
        return None
    media_id = save_media(connection, media, pull.now, pull.own_scheme)
    key = point.item.key_in(media_id)
    if key is not None and key.is_episode:
        save_episodes(connection, [Episode(key)])
    return key
