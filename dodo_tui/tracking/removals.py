"""Removals that were too many to be believed: what the user says about them."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.status import PROVIDER_NAMES, counted
from dodo_tui.storage import lists
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media
from dodo_tui.storage.synclog import add_line
from dodo_tui.tracking.applying import Pull, remove_titles


def pending_removals(connection: sqlite3.Connection, account: Account) -> tuple[str, ...]:
    """The names of the titles that are missing there and kept here until the user has answered."""
    names = []
    for media_id in lists.asked_about(connection, account.id):
        media = find_media(connection, media_id)
        names.append(media.title if media else media_id)
    return tuple(names)


def answer_removals(
    connection: sqlite3.Connection, account: Account, *, remove: bool, now: datetime
) -> int:
    """Remove the titles here, too, which can be undone, or keep them for good; answers how many."""
    with transaction(connection, durable=True):
        media_ids = lists.asked_about(connection, account.id)
        if remove:
            remove_titles(connection, Pull(account, now), media_ids)
        else:
            lists.keep_entries(connection, account.profile_id, account.provider, media_ids)
        lists.ask_about(connection, account.id, (), now)
        if media_ids:
            titles = "1 title" if len(media_ids) == 1 else f"{counted(len(media_ids))} titles"
            name = PROVIDER_NAMES.get(account.provider, account.provider)
            did = "removed here, too" if remove else "kept here"
            line = f"{titles} missing at {name}: {did}, as you said"
            add_line(connection, account.profile_id, line, now)
    return len(media_ids)
