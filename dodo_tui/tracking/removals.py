"""Removals that were too many to be believed: what the user says about them.

Between the question and its answer time passes: a user thinks it over, a server mends itself. So
"remove" looks once more where a provider lists everything at once (Simkl), and takes nothing that
is on the list there again. Trakt lists each thing by itself and only as it moves: there the answer
is about what the last sync found missing, and what has come back since comes back with the next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.figures import counted
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.providers.changes import Aspect, Listing
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import aspects, lists
from dodo_tui.storage.database import transaction
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import add_line
from dodo_tui.tracking.applying.listings import held, take_away
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.applying.removing import missing_titles, remove_titles


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of the titles that the user said should be removed."""

    gone: int = 0
    back: int = 0
    """So many are on the list there again, and stay."""
    settled: int = 0
    """So many had nothing left that could be removed here."""


def keep_missing(
    connection: sqlite3.Connection, account: Account, now: datetime, until: datetime | None = None
) -> int:
    """Keep the titles here for good; answers how many. `until`: those noticed by then."""
    with transaction(connection, durable=True):
        media_ids = lists.asked_about(connection, account.id, until)
        for of in Aspect:
            missing = lists.asked_about(connection, account.id, until, aspect=of)
            if of is Aspect.WATCHED:
                aspects.hold_no_more(connection, account, missing)
                aspects.keep_watched(connection, account, missing, now)
                continue
            lists.keep_entries(
                connection, account.profile_id, account.provider, missing,
                place=of is not Aspect.RATED, rating=of in (Aspect.LISTED, Aspect.RATED),
            )  # fmt: skip
        _answered(connection, account, media_ids)
        _say(connection, account, media_ids, "missing at {name}: kept here, as you said", now)
    return len(media_ids)


async def remove_missing(
    store: Store,
    account: Account,
    provider: Provider,
    clock: Clock,
    until: datetime | None = None,
) -> Removed:
    """Remove the titles here, too, which can be undone. `until`: those noticed by then.

    A provider that lists everything at once is asked once more whether they are missing still.
    The caller holds the lease.

    Raises:
        ProviderError: the provider could not be asked once more; nothing was removed.
    """
    if not await store.run(lists.asked_about, account.id, until):
        return Removed()
    listing = await provider.listed()
    return await store.run(_remove, account, listing, clock.now(), until)


def _remove(
    connection: sqlite3.Connection,
    account: Account,
    listing: Listing | None,
    now: datetime,
    until: datetime | None,
) -> Removed:
    with transaction(connection, durable=True):
        asked = lists.asked_about(connection, account.id, until)
        pull = Pull(account, now)
        gone: list[str] = []
        back: list[str] = []
        for of in Aspect:
            missing = lists.asked_about(connection, account.id, until, aspect=of)
            if of is Aspect.LISTED:
                on_list = lists.listed(connection, account.profile_id, account.provider, Kind)
                lacking = frozenset(on_list)
                if listing is not None:
                    lacking = missing_titles(on_list, listing.ids)
                back = [each for each in missing if each in on_list.keys() - lacking]
                missing = tuple(each for each in missing if each in lacking)
                remove_titles(connection, pull, missing)
            elif missing:
                here = held(connection, account, of, Kind)
                missing = tuple(each for each in missing if each in here)
                missing = take_away(connection, pull, of, missing)
            gone += [each for each in missing if each not in gone]
        settled = [each for each in asked if each not in gone and each not in back]
        _answered(connection, account, asked)
        _say(connection, account, gone, "missing at {name}: removed here, too, as you said", now)
        _say(connection, account, back, "on the list at {name} again: kept here", now)
        _say(connection, account, settled, "missing at {name}: nothing was left to remove", now)
    return Removed(len(gone), len(back), len(settled))


def _answered(connection: sqlite3.Connection, account: Account, media_ids: Sequence[str]) -> None:
    for media_id in media_ids:
        lists.is_back(connection, account.id, media_id)


def _say(
    connection: sqlite3.Connection,
    account: Account,
    media_ids: Sequence[str],
    words: str,
    now: datetime,
) -> None:
    """A line of the log about so many titles."""
    if media_ids:
        titles = counted(len(media_ids), "title")
        name = PROVIDER_NAMES.get(account.provider, account.provider)
        add_line(connection, account.profile_id, f"{titles} {words.format(name=name)}", now)
