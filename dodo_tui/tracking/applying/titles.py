"""Titles of a pull, with what was watched of them.

The decisions are in `domain.merge`; here is what they are made from and where they go. A piece
applied twice changes nothing the second time, so a pull that broke off is simply pulled again.
Nothing written here is queued for anybody: what one provider told is never passed on (DESIGN 6).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.merge import Known, bounded, is_too_much, merge_unwatched, merge_watched
from dodo_tui.domain.progress import Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.changes import RemoteTitle
from dodo_tui.storage import forgetting, ledger, remote
from dodo_tui.storage.database import rehearse
from dodo_tui.storage.media import save_episodes, save_media
from dodo_tui.tracking.applying.entries import apply_entry
from dodo_tui.tracking.applying.pull import Pull, Side
from dodo_tui.tracking.applying.told import is_told_here, standing_of
from dodo_tui.tracking.applying.viewings import dated, is_misdated, play_of, told_watches
from dodo_tui.tracking.undo import Before, keep_before

_MOST_EPISODES_NAMED = 3
"""Of one title in one sync; more are counted."""

_ABOUT_WATCHING = frozenset({QueueKind.WATCHED, QueueKind.UNWATCHED})


def apply_titles(
    connection: sqlite3.Connection,
    pull: Pull,
    titles: Sequence[RemoteTitle],
) -> None:
    """Merge some titles. Expects a transaction around it."""
    unsent = remote.unsent(connection, pull.account.id)
    for title in titles:
        _apply_title(connection, pull, title, unsent)


def news_of(
    connection: sqlite3.Connection,
    pull: Pull,
    titles: Sequence[RemoteTitle],
    kept: set[str],
) -> tuple[RemoteTitle, ...]:
    """The titles that would change anything here: each is merged to see, and that is taken back.

    Whatever more is told of a title that is in `kept` (by its id here, it grows) is news, too: it
    counts after what was told before. Makes its own transactions.
    """
    unsent = remote.unsent(connection, pull.account.id)
    found = []
    for title in titles:
        media_id = ""

        def merge(title: RemoteTitle = title) -> None:
            nonlocal media_id
            media_id = _apply_title(connection, replace(pull, lines=[]), title, unsent)

        if rehearse(connection, merge) or media_id in kept:
            kept.add(media_id)
            found.append(title)
    return tuple(found)


def _apply_title(
    connection: sqlite3.Connection,
    pull: Pull,
    title: RemoteTitle,
    unsent: Mapping[str, frozenset[QueueKind]],
) -> str:
    """Merge a title; answers the id under which it is kept here."""
    account = pull.account
    media_id = save_media(connection, title.media, pull.now, pull.own_scheme)
    media = replace(title.media, id=media_id)
    if pull.side is not Side.MINE:
        apply_entry(connection, pull, title, str(media_id))
    if not title.says_watched:
        return str(media_id)
    told = told_watches(title, media_id)
    past = forgetting.forgotten(connection, account.profile_id, str(media_id))
    save_episodes(connection, [Episode(key) for key in told if key.is_episode])
    local = remote.title_progress(connection, account.profile_id, str(media_id))
    known = remote.title_known(connection, account.id, str(media_id))
    watches: dict[str, list[ledger.Watch]] | None = None
    heard: dict[str, Known] = {}
    written: list[Progress] = []
    plays: list[ledger.HeardWatch] = []
    undated: list[str] = []
    for key, watched_at in told.items():
        name = str(key)
        before = known.get(name, Known())
        now_known = replace(before, watched=True, watched_at=watched_at, entry=title.entry)
        if before.watched and before.watched_at == watched_at and pull.side is not Side.THEIRS:
            if now_known != before:
                heard[name] = now_known
            continue
        if past is not None and past.covers(watched_at):
            heard[name] = now_known
            continue
        if watches is None:
            watches = ledger.title_watches(
                connection, account.profile_id, account.id, str(media_id)
            )
        play_id, ours = play_of(pull, title.media, key, watched_at, watches.get(name, ()))
        is_ours = ours is not None
        if play_id is not None and not is_ours:
            play_id = ledger.own_play_id(connection, account.profile_id, play_id)
        heard[name] = replace(now_known, play_id=play_id)
        if pull.side is Side.MINE:
            continue
        row = local.get(name)
        if ours is not None and watched_at is not None and is_misdated(ours, watched_at):
            at = bounded(watched_at, pull.now)
            ledger.date_watch(connection, account.id, ours, at)
            row = None if row is None else dated(row, ours.watched_at, at)
        standing = standing_of(connection, pull, row, unsent.get(name, frozenset()))
        merged = merge_watched(row, account.profile_id, name, watched_at, standing)
        if _is_being_taken_back(row, watched_at, unsent.get(name, frozenset())):
            continue
        if play_id is not None and not is_ours and watched_at is not None:
            plays.append(ledger.HeardWatch(play_id, name, bounded(watched_at, pull.now)))
            pull.changed += 1
        elif merged != row and not is_ours:
            pull.changed += 1
        if merged != local.get(name):
            written.append(merged)
            if watched_at is None and merged.watched and not (row is not None and row.watched):
                undated.append(name)
    _say_of_parts(pull, media, [play.key for play in plays], "watched")
    _say_undated(pull, title, media, undated)
    heard |= apply_absence(connection, pull, title, media, told, local, known, unsent)
    ledger.insert_watches(connection, account.profile_id, str(media_id), pull.origin, plays)
    remote.write_progress(connection, sorted(written, key=_touched_at, reverse=True))
    remote.save_known(connection, account.id, str(media_id), heard)
    return str(media_id)


def _is_being_taken_back(
    row: Progress | None, watched_at: datetime | None, unsent: frozenset[QueueKind]
) -> bool:
    """Whether a watched mark is one that has been taken back here, which is still to be told."""
    return (
        QueueKind.UNWATCHED in unsent
        and row is not None
        and not row.watched
        and (watched_at is None or watched_at <= row.touched_at)
    )


def apply_absence(
    connection: sqlite3.Connection,
    pull: Pull,
    title: RemoteTitle,
    media: Media,
    told: Mapping[Key, datetime | None],
    local: Mapping[str, Progress],
    known: Mapping[str, Known],
    unsent: Mapping[str, frozenset[QueueKind]],
    *,
    is_certain: bool = False,
) -> dict[str, Known]:
    """What the provider held as watched and does not any more: it was unmarked there.

    Concluded of a film that is planned, and of a series only where it names every episode that it
    counts; never from specials, which it may leave out. Of a title that may have several entries
    there, each speaks for what it has told of. `is_certain`: nothing needs to be asked, and nothing
    is left there, specials included. How it was is kept only where anything changes here.
    """
    is_reset = is_certain or title.status is ListStatus.PLANNED
    if not (is_reset or title.episodes_complete) or pull.side is Side.MINE:
        return {}
    names = {str(key) for key in told}
    held = [
        name
        for name, each in known.items()
        if each.watched
        and (is_certain or not _is_special(name))
        and title.entry in (None, each.entry)
    ]
    held += [
        row.key
        for row in local.values()
        if row.key not in held and is_told_here(connection, pull, row)
    ]
    gone = [name for name in held if name not in names]
    if not gone or (not title.episodes_complete and any(Key.parse(n).is_episode for n in gone)):
        return {}
    if not is_reset and is_too_much(len(gone), len(held), nothing_left=not told):
        pull.say(f"{media.title}: {len(gone)} episodes are missing from the history there; kept")
        return {}
    heard: dict[str, Known] = {}
    taken_back: dict[str, Progress | None] = {}
    for name in gone:
        heard[name] = replace(known.get(name, Known()), watched=False, watched_at=None)
        row = local.get(name)
        about_it = unsent.get(name, frozenset()) & _ABOUT_WATCHING
        merged = merge_unwatched(row, standing_of(connection, pull, row, about_it))
        if merged != row:
            taken_back[name] = merged
    if taken_back:
        _take_back(connection, pull, media, taken_back)
    return heard


def _take_back(
    connection: sqlite3.Connection,
    pull: Pull,
    media: Media,
    taken_back: Mapping[str, Progress | None],
) -> None:
    """Write what is left of films and episodes that are watched no more, keeping how it was."""
    account = pull.account
    keep_before(connection, account, Before.REMOVAL, [str(media.id)], pull.now)
    gone = [name for name, left in taken_back.items() if left is None]
    remote.delete_progress(connection, account.profile_id, gone)
    remote.write_progress(connection, [left for left in taken_back.values() if left is not None])
    pull.changed += len(taken_back)
    _say_of_parts(pull, media, list(taken_back), "marked unwatched")


def _say_of_parts(pull: Pull, media: Media, names: Sequence[str], what: str) -> None:
    """What happened to a film or to episodes elsewhere; a whole season is one line."""
    if len(names) > _MOST_EPISODES_NAMED:
        title = clean_text(media.title, 120)
        pull.say_one(f"{title}: {len(names)} episodes {what} on another device")
        return
    for name in names:
        pull.say_one(f"{media.name_of(Key.parse(name))} {what} on another device")


def _say_undated(pull: Pull, title: RemoteTitle, media: Media, names: Sequence[str]) -> None:
    """What counts as watched there without a time; Simkl: a film that was only rated does."""
    if names and media.kind is Kind.MOVIE and title.rating is not None:
        name = PROVIDER_NAMES[pull.account.provider]
        pull.say_one(f"{media.name_of(Key(media.id))} is rated, and so counts as watched at {name}")
        return
    _say_of_parts(pull, media, names, "marked watched")


def _touched_at(row: Progress) -> datetime:
    """Newest first is how rows are written: of a title only the newest concerns Home."""
    return row.touched_at


def _is_special(name: str) -> bool:
    return Key.parse(name).season_number == 0
