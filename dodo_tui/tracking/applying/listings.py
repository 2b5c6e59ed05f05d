"""Applying listings that are complete about one thing: history, a list, ratings, what is hidden.

Some providers tell no removals; they list a whole again, and what is missing was taken away. That
is believed as far as a removal of so much can be. Nothing here is queued for anybody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dodo_tui.domain.ids import MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.merge import is_too_much
from dodo_tui.providers.changes import Aspect, Listing, RemoteTitle
from dodo_tui.storage import aspects, lists, remote
from dodo_tui.storage.media import find_media
from dodo_tui.tracking.applying.pull import Pull, Side
from dodo_tui.tracking.applying.removing import apply_listing as apply_whole_listing
from dodo_tui.tracking.applying.removing import missing_titles
from dodo_tui.tracking.applying.titles import apply_absence
from dodo_tui.tracking.undo import Before, keep_before

_LISTS = {Aspect.PLANNED: ListStatus.PLANNED, Aspect.DROPPED: ListStatus.DROPPED}


def apply_listing(connection: sqlite3.Connection, pull: Pull, listing: Listing) -> None:
    """Take away what a complete listing lacks. Expects a transaction around it."""
    if listing.of is Aspect.LISTED:
        apply_whole_listing(connection, pull, listing)
        return
    if pull.side is Side.MINE:
        return
    match listing.of:
        case Aspect.WATCHED:
            _apply_watched(connection, pull, listing)
        case Aspect.HIDDEN:
            _apply_hidden(connection, pull, listing)
        case Aspect.RATED:
            here = aspects.rated(connection, pull.account, listing.kinds)
            for media_id in _gone(pull, here, listing, "ratings"):
                _take_away(connection, pull, media_id, rating=True)
        case of:
            here = aspects.listed(connection, pull.account, listing.kinds, _LISTS[of])
            for media_id in _gone(pull, here, listing, "titles of a list"):
                _take_away(connection, pull, media_id, rating=False)


def _gone(
    pull: Pull, here: Mapping[str, lists.Listed], listing: Listing, what: str
) -> tuple[str, ...]:
    """What is held here and missing there; nothing where that is too much to be believed."""
    gone = missing_titles(here, listing.ids)
    if is_too_much(len(gone), len(here), nothing_left=not listing.ids):
        pull.say(f"{len(gone)} {what} are missing there; kept")
        return ()
    return tuple(sorted(gone))


def _take_away(connection: sqlite3.Connection, pull: Pull, media_id: str, *, rating: bool) -> None:
    """Take a title's rating away, or its place on a list, as the provider has it."""
    account = pull.account
    entry = lists.find_entry(connection, account.profile_id, media_id, account.provider)
    if entry is None:
        return
    keep_before(connection, account, Before.REMOVAL, [media_id], pull.now)
    left = replace(entry, rating=None, rated_at=pull.now) if rating else replace(entry, status=None)
    lists.save_entry(connection, account.profile_id, left, pull.now)
    pull.changed += 1
    _say(connection, pull, media_id, "rating taken back" if rating else "taken off the list")


def _apply_watched(connection: sqlite3.Connection, pull: Pull, listing: Listing) -> None:
    """Titles of which nothing is in the history there any more."""
    account = pull.account
    here = aspects.watched(connection, account, listing.kinds)
    unsent = remote.unsent(connection, account.id)
    for media_id in _gone(pull, here, listing, "titles of the history"):
        media = find_media(connection, media_id)
        if media is None:
            continue
        nothing = RemoteTitle(media, episodes_complete=True, says_rating=False)
        local = remote.title_progress(connection, account.profile_id, media_id)
        known = remote.title_known(connection, account.id, media_id)
        heard = apply_absence(
            connection, pull, nothing, media, {}, local, known, unsent, is_certain=True
        )
        remote.save_known(connection, account.id, media_id, heard)


def _apply_hidden(connection: sqlite3.Connection, pull: Pull, listing: Listing) -> None:
    """Hide what is newly hidden there, and show again what was hidden here because of that.

    A title that dodo does not know needs no hiding. One that was shown again here, by being played,
    stays shown: only what is new there counts.
    """
    account = pull.account
    before = aspects.hidden(connection, account, listing.kinds)
    there = _titles_of(connection, listing)
    for media_id in sorted(there - before.keys()):
        aspects.hidden_there(connection, account, media_id, pull.now)
        pull.changed += 1
        _say(connection, pull, media_id, "hidden")
    for media_id in sorted(before.keys() - there):
        aspects.shown_there(connection, account, media_id)
        pull.changed += 1
        _say(connection, pull, media_id, "shown again")


def _titles_of(connection: sqlite3.Connection, listing: Listing) -> frozenset[str]:
    """The titles here that a listing names."""
    named: Iterable[MediaId] = (
        each for ids in listing.ids for kind in listing.kinds for each in ids.media_ids(kind)
    )
    return lists.titles_of(connection, (str(each) for each in named))


def _say(connection: sqlite3.Connection, pull: Pull, media_id: str, words: str) -> None:
    media = find_media(connection, media_id)
    pull.say_one(f"{media.title if media else media_id} {words} on another device")
