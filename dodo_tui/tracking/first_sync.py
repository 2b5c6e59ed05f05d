"""The first sync of an account: what it would do, counted before anything is written.

`plan_first_sync` pulls everything there once and counts; the user chooses; `choose` writes that
down, and the next `sync` goes by it. Simkl: a library is pulled whole once and never again without
`date_from`, so every answer is kept as it came (`storage.staging`), and whoever is interrupted, or
answers a week later, or undoes it all and starts over, goes on from what was kept. What moved there
meanwhile comes as a delta from the timestamps that the first answer was anchored to.

Nothing is concluded from what is not there: before the first pull it is not known whether it ever
was. So a rating that was given here and told, of a title that was taken off the list elsewhere
before the first pull, stays here and is not told again; it can be taken back on the title's screen.
"""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.figures import counted, in_thousands
from dodo_tui.providers.changes import Snapshot, TitlePage
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import lists, snapshots, staging
from dodo_tui.storage.database import transaction
from dodo_tui.storage.store import Store
from dodo_tui.tracking import counting, untold
from dodo_tui.tracking.applying.pull import Side
from dodo_tui.tracking.counting import Counts, Tally
from dodo_tui.tracking.signin import name_account
from dodo_tui.tracking.undo import Before, keep_before

SAFE_WRITES = 500
"""Sending more than this in one go is said beforehand (after PlexTraktSync#2368)."""


class Choice(StrEnum):
    """What a user may want at the first sync."""

    MERGE = "merge"
    TAKE_THEIRS = "theirs"
    SEND_MINE = "mine"
    NOT_NOW = "later"


@dataclass(frozen=True, slots=True)
class FirstSyncPlan:
    """What a first sync would do; every number has been counted."""

    there: Counts
    here: Counts
    changes_here: dict[Choice, int]
    """How many films, episodes, resume points, lists and ratings would change here, by choice."""
    sent: dict[Choice, int]
    """How many viewings, resume points, lists and ratings would be sent, by choice."""
    malformed: int = 0
    waiting: int = 0
    """What was done here since the account was connected: it is sent whatever is chosen."""
    told: int = 0
    """Viewings, ratings and lists since the account was connected that have been sent already."""
    unidentified: int = 0
    """Films and episodes that were watched or begun here and follow once it is known what they are.
    """

    def is_many(self, choice: Choice) -> bool:
        """Whether so much would be sent that it should be said."""
        return self.sent[choice] > SAFE_WRITES


def plan_lines(plan: FirstSyncPlan, name: str) -> tuple[str, ...]:
    """A plan in words: what is there, what is here, and what each choice would do."""
    merge, theirs = plan.changes_here[Choice.MERGE], plan.changes_here[Choice.TAKE_THEIRS]
    sent = plan.sent[Choice.MERGE]
    lines = [
        f"{name} has {_count_words(plan.there)}.",
        f"Here: {_count_words(plan.here)}.",
        f"Merge: {counted(merge, 'change')} here, {in_thousands(sent)} sent.",
        f"Take theirs: {counted(theirs, 'change')} here, nothing sent.",
        f"Send mine: no change here, {in_thousands(plan.sent[Choice.SEND_MINE])} sent.",
        "Not now: what you watch, mark and rate from now on is sent, nothing else.",
    ]
    if plan.unidentified:
        lines.append(unidentified_line(plan.unidentified, is_asked=True))
    if plan.told or plan.waiting:
        lines.append(
            "Whatever you choose, from since you connected: "
            f"{in_thousands(plan.told)} sent, {in_thousands(plan.waiting)} waiting."
        )
    if plan.is_many(Choice.MERGE):
        lines.append(
            f"Sending {in_thousands(sent)} is a lot; look at the counts before you choose."
        )
    return tuple(lines)


def unidentified_line(count: int, *, is_asked: bool) -> str:
    """What was watched or begun here and nobody knows yet; `is_asked`: nothing is chosen yet."""
    is_one = count == 1
    are, them, they_are = ("is", "it", "it is") if is_one else ("are", "them", "they are")
    sent = f"Merge and Send mine send {them}" if is_asked else f"{they_are.capitalize()} sent"
    return (
        f"{in_thousands(count)} more {are} not identified yet. "
        f"{sent} once it is known what {they_are}."
    )


def _count_words(counts: Counts) -> str:
    return (
        f"{counted(counts.films, 'film')} and {counted(counts.episodes, 'episode')} watched, "
        f"{counted(counts.resume_points, 'resume point')}, {counted(counts.listed, 'listed title')}"
    )


def needs_choice(connection: sqlite3.Connection, account_id: int) -> bool:
    """Whether the user should be asked before this account is synced for the first time.

    After "not now" nothing is synced by itself until the user asks for it.
    """
    state = staging.first_sync_of(connection, account_id)
    return not state.is_done and state.choice in (None, Choice.NOT_NOW)


def choose(connection: sqlite3.Connection, account_id: int, choice: Choice) -> None:
    """Write the user's choice down; the next `sync` goes by it."""
    staging.choose(connection, account_id, choice)


async def plan_first_sync(
    store: Store, account: Account, provider: Provider, clock: Clock
) -> FirstSyncPlan:
    """Pull everything there and count what each choice would do.

    Nothing that is here changes. What was pulled before is counted again, not asked for again; what
    moved there since is asked for. The caller holds the lease.

    Raises:
        ProviderError: pulling failed; the answers that came before are kept.
    """
    account = await name_account(store, account, provider, clock)
    now = await provider.snapshot()
    anchor = Snapshot(await anchored(store, account, now))
    tally = Tally(account, clock.now())
    pieces = [provider.changes(None, anchor, AnswersInStore(store, account.id))]
    if anchor.text != now.text:
        pieces.append(provider.changes(anchor, now))
    malformed = 0
    for changes in pieces:
        async for change in changes:
            await store.run(counting.count, tally, change)
            malformed += change.malformed if isinstance(change, TitlePage) else 0
    here = await store.run(counting.count_here, tally)
    return FirstSyncPlan(
        there=tally.there,
        here=here.counts,
        changes_here={
            Choice.MERGE: tally.merged,
            Choice.TAKE_THEIRS: tally.taken,
            Choice.SEND_MINE: 0,
            Choice.NOT_NOW: 0,
        },
        sent={
            Choice.MERGE: here.merged,
            Choice.TAKE_THEIRS: 0,
            Choice.SEND_MINE: here.mine,
            Choice.NOT_NOW: 0,
        },
        malformed=malformed,
        waiting=here.waiting,
        told=here.told,
        unidentified=here.unidentified,
    )


def begin(connection: sqlite3.Connection, account: Account, now: datetime) -> None:
    """Keep the state of the profile, so that the first sync can be undone; once."""
    with transaction(connection, durable=True):
        if snapshots.kept_at(connection, account.id, Before.FIRST_SYNC) is None:
            keep_before(connection, account, Before.FIRST_SYNC, None, now)
            lists.forget_list(connection, account.profile_id, account.provider)


async def anchored(store: Store, account: Account, snapshot: Snapshot) -> str:
    """The timestamps a first pull is true from: these, or those of one that was begun before."""
    return await store.run(staging.set_anchor, account.id, snapshot.text)


def chosen_side(connection: sqlite3.Connection, account_id: int) -> Side:
    """Whose word counts in the first sync; where nobody was asked both sides are merged."""
    choice = Choice(staging.first_sync_of(connection, account_id).choice or Choice.MERGE)
    return {Choice.TAKE_THEIRS: Side.THEIRS, Choice.SEND_MINE: Side.MINE}.get(choice, Side.MERGE)


def queue_untold(
    connection: sqlite3.Connection, account: Account, side: Side, now: datetime
) -> int:
    """Queue what was watched, begun or said here and is not there; answers how many.

    From now on the account hears, too, what is from before it was connected and is identified
    later.
    """
    if side is Side.THEIRS:
        return 0
    with transaction(connection, durable=True):
        count = untold.queue_all(connection, account, now)
        staging.hear_earlier(connection, account.id)
    return count


class AnswersInStore:
    """The answers of one account's first pull, packed, in the database."""

    def __init__(self, store: Store, account_id: int) -> None:
        self._store = store
        self._account_id = account_id

    async def load(self, name: str) -> bytes | None:
        """An answer that came before."""
        packed = await self._store.run(staging.kept_answer, self._account_id, name)
        return None if packed is None else await asyncio.to_thread(zlib.decompress, packed)

    async def save(self, name: str, body: bytes) -> None:
        """Keep an answer durably."""
        packed = await asyncio.to_thread(zlib.compress, body, 1)
        await self._store.run(staging.keep_answer, self._account_id, name, packed)

    async def drop(self, name: str) -> None:
        """Let an answer go that turned out to be nonsense."""
        await self._store.run(staging.drop_answer, self._account_id, name)
