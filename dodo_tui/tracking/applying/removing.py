"""What is on a provider's list no more is taken off here, if that can be believed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.merge import is_in_progress, needs_asking
from dodo_tui.providers.changes import Listing
from dodo_tui.storage import lists, remote, standing
from dodo_tui.storage.media import find_media
from dodo_tui.tracking.applying.pull import Pull, Side
from dodo_tui.tracking.undo import Before, keep_before


def apply_whole_list(connection: sqlite3.Connection, pull: Pull, listing: Listing) -> None:
    """Take away what is not on the provider's list any more, if that can be believed.

    Only what came from there goes; what was played or marked here stays as it is, and so do all
    plays. What is too much to be believed waits for the user's word. Expects a transaction around
    it.
    """
    profile_id, provider = pull.account.profile_id, pull.account.provider
    if pull.side is Side.MINE:
        return
    here = lists.listed(connection, profile_id, provider, listing.kinds)
    gone = missing_titles(here, listing.ids)
    asked = lists.asked_about(connection, pull.account.id, aspect=lists.WHOLE_LIST)
    other_kinds = frozenset(Kind) - listing.kinds
    others = frozenset(asked) & lists.listed(connection, profile_id, provider, other_kinds).keys()
    if _is_unlikely(here, gone):
        lists.ask_about(connection, pull.account.id, gone | others, pull.now)
        pull.say(f"{len(gone)} titles are missing from the list: kept until you say otherwise")
        return
    lists.ask_about(connection, pull.account.id, others, pull.now)
    remove_titles(connection, pull, sorted(gone))


def missing_titles(here: Mapping[str, lists.Listed], listed: Iterable[Ids]) -> frozenset[str]:
    """The titles here that a complete listing lacks.

    One that was joined from several entries there, so that it has several ids of the provider's,
    is missing only where all of them are; one of which none of its ids is of a kind that the
    listing names cannot be told to be missing.
    """
    there = {value for ids in listed for value in ids}
    if not there:
        return frozenset(here)
    schemes = {scheme for scheme, _ in there}
    gone = set()
    for media_id, title in here.items():
        own = {(each.scheme, each.value) for each in title.aliases if each.scheme in schemes}
        if own and not own & there:
            gone.add(media_id)
    return frozenset(gone)


def _is_unlikely(here: Mapping[str, lists.Listed], gone: Set[str]) -> bool:
    """Whether a removal must not be believed unasked: much of the list, or all of one kind."""
    if needs_asking(len(gone), len(here), nothing_left=len(gone) == len(here)):
        return True
    for kind in {title.kind for title in here.values()}:
        of_kind = {media_id for media_id, title in here.items() if title.kind is kind}
        if len(of_kind) > 1 and of_kind <= gone:
            return True
    return False


def remove_titles(connection: sqlite3.Connection, pull: Pull, media_ids: Sequence[str]) -> None:
    """Take titles off the list here, keeping how it was. Expects a transaction around it.

    What came from there goes, unless it was another user of the provider who told it. Resume
    points are no part of a list, and stay.
    """
    if not media_ids:
        return
    account = pull.account
    keep_before(connection, account, Before.REMOVAL, media_ids, pull.now)
    unsent = remote.unsent(connection, account.id)
    for media_id in media_ids:
        rows = remote.title_progress(connection, account.profile_id, media_id)
        known = remote.title_known(connection, account.id, media_id)
        gone = [
            row
            for row in rows.values()
            if row.origin is pull.origin and row.key in known and row.key not in unsent
        ]
        begun = [row for row in gone if is_in_progress(row)]
        remote.delete_progress(connection, account.profile_id, [row.key for row in gone])
        remote.write_progress(
            connection, [replace(row, watched=False, watched_at=None) for row in begun]
        )
        unwatched = {
            name: replace(each, watched=False, watched_at=None) for name, each in known.items()
        }
        remote.save_known(connection, account.id, media_id, unwatched)
        lists.delete_entry(connection, account.profile_id, media_id, account.provider)
        standing.gone_there(connection, account.id, account.profile_id, media_id, pull.now)
        media = find_media(connection, media_id)
        pull.changed += 1
        pull.removed += 1
        pull.say_one(
            f"{media.title if media else media_id} removed from the list on another device"
        )
