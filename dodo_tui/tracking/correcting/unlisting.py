"""Whether a wrong series is on a provider's list only because we told that it was watched."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from dodo_tui.clock import SLACK
from dodo_tui.domain.account import Account
from dodo_tui.domain.lists import ONE_ENTRY_PROVIDERS, ListStatus
from dodo_tui.storage import lists, moves, remote, standing

_BY_WATCHING = frozenset({None, ListStatus.WATCHING, ListStatus.COMPLETED})
"""Lists that a title comes to be on by being watched."""


def is_listed_by_us(
    connection: sqlite3.Connection,
    account: Account,
    media_id: str,
    taken_back: Collection[str],
    told_at: datetime,
) -> bool:
    """Whether a series goes off the list together with the marks that are taken back of it.

    Simkl: an episode that is watched puts its series on the list, where it stays as a planned one
    when the mark goes. `told_at` is when the first of the marks was told. What was on the list
    before, what was put on one or rated here, and what was watched in part stays.
    """
    if account.provider not in ONE_ENTRY_PROVIDERS:
        return False
    if moves.is_watched_of(connection, media_id):
        return False
    known = remote.title_known(connection, account.id, media_id)
    if any(each.watched and key not in taken_back for key, each in known.items()):
        return False
    said = lists.find_entry(connection, account.profile_id, media_id, standing.HERE)
    if said is not None and (said.status is not None or said.rating is not None):
        return False
    entry = lists.find_entry(connection, account.profile_id, media_id, account.provider)
    if entry is None:
        return True
    is_ours = entry.added_at is not None and entry.added_at >= told_at - SLACK
    return is_ours and entry.rating is None and entry.status in _BY_WATCHING
