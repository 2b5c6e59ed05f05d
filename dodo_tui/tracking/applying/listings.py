"""Applying listings that are complete about one thing: history, a list, ratings, what is hidden.

Some providers tell no removals; they list a whole again, and what is missing was taken away. That
is believed as far as a removal of so much can be. Nothing here is queued for anybody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Kind, MediaId
from dodo_tui.domain.merge import needs_asking
from dodo_tui.domain.queue import QueueKind
from dodo_tui.providers.changes import Aspect, Listing, RemoteTitle
from dodo_tui.storage import aspects, lists, remote
from dodo_tui.storage.media import find_media
from dodo_tui.tracking.applying.entries import LISTS
from dodo_tui.tracking.applying.pull import Pull, Side
from dodo_tui.tracking.applying.removing import apply_whole_list, missing_titles
from dodo_tui.tracking.applying.titles import apply_absence
from dodo_tui.tracking.undo import Before, keep_before

_WORDS = {
    Aspect.WATCHED: "titles of the history",
    Aspect.PLANNED: "titles of the watchlist",
    Aspect.DROPPED: "titles of what was dropped",
    Aspect.RATED: "ratings",
}


def apply_listing(connection: sqlite3.Connection, pull: Pull, listing: Listing) -> None:
    """Take away what a complete listing lacks. Expects a transaction around it."""
    if listing.of is Aspect.LISTED:
        apply_whole_list(connection, pull, listing)
        return
    if pull.side is Side.MINE:
        return
    if listing.of is Aspect.HIDDEN:
        _apply_hidden(connection, pull, listing)
        return
    account, of = pull.account, listing.of
    here = held(connection, account, of, listing.kinds)
    gone = missing_titles(here, listing.ids)
    before = frozenset(lists.asked_about(connection, account.id, aspect=of))
    others = before & held(connection, account, of, frozenset(Kind) - listing.kinds).keys()
    is_asked = needs_asking(len(gone), len(here), nothing_left=not listing.ids)
    asked = gone | others if is_asked else others
    lists.ask_about(connection, account.id, asked, pull.now, of)
    if is_asked:
        pull.say(f"{len(gone)} {_WORDS[of]} are missing there: kept until you say otherwise")
    else:
        take_away(connection, pull, of, sorted(gone))


def held(
    connection: sqlite3.Connection, account: Account, of: Aspect, kinds: Iterable[Kind]
) -> Mapping[str, lists.Listed]:
    """What an account holds in one respect, as far as it may be taken away."""
    match of:
        case Aspect.WATCHED:
            return aspects.watched(connection, account, kinds)
        case Aspect.RATED:
            return aspects.rated(connection, account, kinds)
        case _:
            return aspects.listed(connection, account, kinds, LISTS[of])


def take_away(
    connection: sqlite3.Connection, pull: Pull, of: Aspect, media_ids: Sequence[str]
) -> tuple[str, ...]:
    """Take titles out of what is held in one respect; answers those of which something went.

    Expects a transaction around it.
    """
    unsent = remote.unsent(connection, pull.account.id)
    changed = []
    for media_id in media_ids:
        before = pull.changed
        if of is Aspect.WATCHED:
            _unwatch(connection, pull, media_id, unsent)
        else:
            _take_away(connection, pull, media_id, rating=of is Aspect.RATED)
        if pull.changed > before:
            changed.append(media_id)
    return tuple(changed)


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
    pull.removed += not rating
    _say(connection, pull, media_id, "rating taken back" if rating else "taken off the list")


def _unwatch(
    connection: sqlite3.Connection,
    pull: Pull,
    media_id: str,
    unsent: Mapping[str, frozenset[QueueKind]],
) -> None:
    """A title of which nothing is in the history there any more."""
    account = pull.account
    media = find_media(connection, media_id)
    if media is None:
        return
    nothing = RemoteTitle(media, episodes_complete=True, says_rating=False)
    local = remote.title_progress(connection, account.profile_id, media_id)
    known = remote.title_known(connection, account.id, media_id)
    before = pull.changed
    heard = apply_absence(
        connection, pull, nothing, media, {}, local, known, unsent, is_certain=True
    )
    remote.save_known(connection, account.id, media_id, heard)
    pull.removed += pull.changed > before


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
