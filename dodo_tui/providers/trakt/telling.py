"""Changing the history at Trakt, and asking whether a change whose answer was lost was made.

Trakt: a play that is sent twice is there twice. So whatever may have arrived is looked for before
it is sent again: a play of the same film or episode at its time, or at the moment of a `stop`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from dodo_tui.clock import Clock, machine_time
from dodo_tui.domain.times import to_iso
from dodo_tui.providers.batches import DONE, told
from dodo_tui.providers.errors import OfflineError, RejectedError, ThrottledError
from dodo_tui.providers.facts import Answer, Fact, FactKind, Unclear
from dodo_tui.providers.items import Item
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.failures import FULL, FULL_WAIT
from dodo_tui.providers.trakt.models import HistoryRow
from dodo_tui.providers.trakt.numbering import by_absolute_number, trakt_id_of
from dodo_tui.providers.trakt.paging import pages
from dodo_tui.providers.trakt.payloads import (
    History,
    history,
    is_nameable,
    slot_of,
)
from dodo_tui.providers.trakt.reading import item_of
from dodo_tui.providers.trakt.replies import TraktReply
from dodo_tui.providers.trakt.unknown import unknown
from dodo_tui.providers.trakt.verdicts import lost, lost_episodes
from dodo_tui.providers.wire import rows

_PATHS = {FactKind.WATCHED: "/sync/history", FactKind.UNWATCHED: "/sync/history/remove"}

SAME_TIME = timedelta(seconds=2)
"""A play that was sent with its time is there at that time, but for a fraction of a second."""

STOP_EARLY, STOP_LATE = timedelta(seconds=10), timedelta(seconds=40)
"""A `stop` is stamped there when it arrives: so much before or after it was sent, at the most."""

STOP_AFTER = timedelta(minutes=4)
"""A fact sent later than this after it happened was not sent as a `stop`."""

_SLACK = timedelta(minutes=2)
_NEAR = timedelta(hours=6)
"""Facts as near as this to each other are looked up with one question."""


async def deliver(client: TraktClient, facts: Sequence[Fact], clock: Clock) -> tuple[Answer, ...]:
    """Change the history; one answer per fact, in order.

    Trakt: taking a film or episode out of the history takes all of its plays.

    Raises:
        ProviderError: any kind.
    """

    async def send(some: Sequence[Fact]) -> list[Answer]:
        reply = await _write(client, some[0].kind, history(some), clock)
        answers = [DONE] * len(some)
        for place in sorted(lost([fact.item for fact in some], reply)):
            answers[place] = await _by_absolute_number(client, some[place], clock)
        return answers

    return await told(
        facts, lambda fact: is_nameable(fact.item), send, lambda fact: unknown(fact.item)
    )


async def already_told(
    client: TraktClient, unclear: Sequence[Unclear], clock: Clock
) -> tuple[bool, ...]:
    """Which of these facts have arrived, by what is in the history now.

    Each play there stands for one fact. What takes plays out of the history is simply done again.

    Raises:
        ProviderError: any kind; then nothing is known.
    """
    searched = [
        index
        for index, each in enumerate(unclear)
        if each.fact.kind is FactKind.WATCHED and is_nameable(each.fact.item)
    ]
    dated = [index for index in searched if unclear[index].fact.watched_at is not None]
    search = _Search(client, clock)
    for group in _groups(dated, unclear):
        start, end = _span(unclear[index] for index in group)
        await search.look(start - _SLACK, end + STOP_AFTER + _SLACK)
    for index in dated:
        if abs(search.ahead) > _SLACK and unclear[index].may_be_stop:
            there = unclear[index].sent_at + search.ahead
            await search.look(there - _SLACK, there + _SLACK)
    told = {index: await search.take(unclear[index]) for index in dated}
    for index in set(searched) - set(dated):
        told[index] = await _is_told_undated(client, unclear[index].fact.item)
    return tuple(told.get(index, False) for index in range(len(unclear)))


async def _write(client: TraktClient, kind: FactKind, entries: History, clock: Clock) -> TraktReply:
    """Send one write. Trakt: 420 is an account with no room left, not a fault of what is sent."""
    call = Call("POST", _PATHS[kind], body=entries.body(), allowed=frozenset({420}))
    reply = await client.call(call)
    if reply.status == 420:
        raise ThrottledError(FULL, clock.now() + FULL_WAIT)
    return reply


async def _by_absolute_number(client: TraktClient, fact: Fact, clock: Clock) -> Answer:
    """A second attempt for an anime's episode that Trakt counts otherwise."""
    try:
        place = await by_absolute_number(client, fact.item)
        if place is None:
            return unknown(fact.item)
        reply = await _write(client, fact.kind, history([fact], [place.trakt_id]), clock)
    except RejectedError:
        return unknown(fact.item)
    except OfflineError as error:
        raise OfflineError(str(error)) from error  # the others of the batch have arrived
    return unknown(fact.item) if place.trakt_id in lost_episodes(reply) else DONE


def _groups(dated: Sequence[int], unclear: Sequence[Unclear]) -> list[list[int]]:
    """Facts by how near they are to each other."""
    groups: list[list[int]] = []
    last: datetime | None = None
    for at, index in sorted((_at(unclear[index]), index) for index in dated):
        if last is None or at - last > _NEAR:
            groups.append([])
        groups[-1].append(index)
        last = at
    return groups


def _span(group: Iterable[Unclear]) -> tuple[datetime, datetime]:
    times = [_at(each) for each in group]
    return min(times), max(times)


def _at(unclear: Unclear) -> datetime:
    return unclear.fact.watched_at or unclear.sent_at


class _Search:
    """The plays there around some times; each is taken for one fact only."""

    def __init__(self, client: TraktClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._plays: dict[int, HistoryRow] = {}
        self.ahead = timedelta(0)
        """How much Trakt's clock is ahead of the machine's, by which the first request went out.

        Nobody had said how late it is before its answer, which may have been lost.
        """

    async def look(self, start: datetime, end: datetime) -> None:
        """Learn of every play between two times."""
        query = {"start_at": to_iso(start), "end_at": to_iso(end)}
        async for page in pages(self._client, "/sync/history", query, on_reply=self._note_clock):
            self._plays.update({row.id: row for row in rows(HistoryRow, page).items})

    async def take(self, unclear: Unclear) -> bool:
        """Whether there is a play that stands for a fact."""
        item = unclear.fact.item
        for row in list(self._plays.values()):
            if self._is_then(unclear, row) and await _is_of(self._client, item, row):
                del self._plays[row.id]
                return True
        return False

    def _is_then(self, unclear: Unclear, row: HistoryRow) -> bool:
        """Whether a play has the time of a fact, or the moment in which a stop of it arrived."""
        at, there = unclear.fact.watched_at, row.watched_at
        if at is None or there is None:
            return False
        late = there - unclear.sent_at
        in_time = (-STOP_EARLY <= each <= STOP_LATE for each in (late, late - self.ahead))
        return abs(there - at) <= SAME_TIME or (unclear.may_be_stop and any(in_time))

    def _note_clock(self, reply: TraktReply) -> None:
        try:
            there = parsedate_to_datetime(reply.headers.get("date", ""))
        except ValueError:
            return
        if there.tzinfo is not None:
            self.ahead = there - machine_time(self._clock)


async def _is_of(client: TraktClient, item: Item, row: HistoryRow) -> bool:
    """Whether a play is of a film or episode: any id in common, and the same place."""
    there = item_of(row)
    if there is None or not set(there.ids) & set(item.ids):
        return False
    if (there.season, there.number) == (item.season, item.number):
        return True
    place = await by_absolute_number(client, item)
    return place is not None and (place.season, place.number) == (there.season, there.number)


async def _is_told_undated(client: TraktClient, item: Item) -> bool:
    """Whether there is a play of a film or episode at an unknown time."""
    trakt_id = await trakt_id_of(client, item)
    if trakt_id is None:
        return False
    path = f"/sync/history/{slot_of(item)}/{trakt_id}"
    async for page in pages(client, path):
        for row in rows(HistoryRow, page).items:
            if row.watched_at is None and await _is_of(client, item, row):
                return True
    return False
