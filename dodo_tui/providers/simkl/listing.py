"""Ratings and lists at Simkl: what concerns a title as a whole and is no viewing.

Simkl keeps each title on one list, and its history, its place on a list and its rating are one
entry. So there are two things that it cannot do, and that are answered with `Outcome.KEPT`:

- take a title with a history off its lists. The only removal there is takes history, list and
  rating together (contract 12.2), so it is used for titles without a history alone.
- put a film that was watched on another list: a film is watched by being on the list of completed
  ones, and would be taken for unwatched. An anime film, told by having no episodes, is a film, and
  is not put on the lists of what is being watched: there it would be taken for watched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.lists import ListStatus, may_choose
from dodo_tui.domain.times import to_iso_seconds
from dodo_tui.providers.batches import DONE, UNKNOWN
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.facts import Answer, ListChange, Outcome, Rating
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.simkl.client import Call, SimklClient
from dodo_tui.providers.simkl.failures import NONSENSE
from dodo_tui.providers.simkl.library_models import STATUS_NAMES, WatchedRow, status_named
from dodo_tui.providers.simkl.payloads import Body, Place, title_of, whole_title
from dodo_tui.providers.simkl.replies import SimklReply
from dodo_tui.providers.simkl.verdicts import lost, matches
from dodo_tui.providers.wire import parse

_KEPT = Answer(Outcome.KEPT)


async def rate(client: SimklClient, ratings: Sequence[Rating]) -> tuple[Answer, ...]:
    """Give some ratings, or take some back, in one write.

    Simkl: rating a title that is on no list puts it on one: a film that is out counts as watched.

    Raises:
        ProviderError: any kind.
    """
    is_removal = ratings[0].value is None
    places = [whole_title(rating.title) for rating in ratings]
    body: dict[str, list[Body]] = {}
    for rating, place in zip(ratings, places, strict=True):
        entry: dict[str, Any] = dict(place.title)
        if rating.value is not None:
            entry["rating"] = rating.value
            if rating.rated_at is not None:
                entry["rated_at"] = to_iso_seconds(rating.rated_at)
        body.setdefault(place.slot, []).append(entry)
    path = "/sync/ratings/remove" if is_removal else "/sync/ratings"
    reply = await client.call(Call("POST", path, body=body))
    missing = lost(places, reply)
    return tuple(UNKNOWN if index in missing else DONE for index in range(len(ratings)))


async def set_lists(client: SimklClient, changes: Sequence[ListChange]) -> tuple[Answer, ...]:
    """Put some titles on lists, or take some off all of them.

    Raises:
        ProviderError: any kind; some of the changes may have been made.
    """
    if changes[0].status is None:
        return await _take_off(client, [change.title for change in changes])
    answers: dict[int, Answer] = {}
    maybe_films = [i for i, change in enumerate(changes) if change.title.kind is not Kind.SHOW]
    if maybe_films:
        rows = await _standing(client, [changes[i].title for i in maybe_films])
        for index, row in zip(maybe_films, rows, strict=True):
            kind, status = changes[index].title.kind, changes[index].status
            is_film = kind is Kind.MOVIE or row.episodes_total is None
            if row.is_unknown:
                answers[index] = UNKNOWN
            elif is_film and (row.has_history or status not in may_choose(Kind.MOVIE)):
                answers[index] = _KEPT
    left = [index for index in range(len(changes)) if index not in answers]
    if left:
        put = await _put(client, [changes[index] for index in left])
        answers.update(zip(left, put, strict=True))
    return tuple(answers[index] for index in range(len(changes)))


async def _put(client: SimklClient, changes: Sequence[ListChange]) -> tuple[Answer, ...]:
    """Put titles on lists. Simkl: each item has its own `to`, and the answer may rewrite it."""
    places = [whole_title(change.title) for change in changes]
    body: dict[str, list[Body]] = {}
    for change, place in zip(changes, places, strict=True):
        if change.status is not None:
            entry = {**place.title, "to": STATUS_NAMES[change.status]}
            body.setdefault(place.slot, []).append(entry)
    reply = await client.call(Call("POST", "/sync/add-to-list", body=body))
    missing = lost(places, reply)
    got = _lists_told(places, reply)
    return tuple(
        UNKNOWN if index in missing else Answer(Outcome.DONE, status=got.get(index, change.status))
        for index, change in enumerate(changes)
    )


def _lists_told(places: Sequence[Place], reply: SimklReply) -> dict[int, ListStatus]:
    """Which list each title is on now, by the answer."""
    added = reply.record.get("added")
    told: dict[int, ListStatus] = {}
    if not isinstance(added, dict):
        return told
    for slot in ("movies", "shows"):
        entries = added.get(slot)
        for entry in entries if isinstance(entries, list) else ():
            status = status_named(entry.get("to")) if isinstance(entry, dict) else None
            if status is not None:
                told.update(dict.fromkeys(matches(slot, entry, places), status))
    return told


async def _take_off(client: SimklClient, titles: Sequence[TitleRef]) -> tuple[Answer, ...]:
    """Take titles off their list, but for those that have a history.

    The removal names the title that was asked about by Simkl's own id: no other one may be meant.
    """
    rows = await _standing(client, titles)
    answers = [_standing_answer(title, row) for title, row in zip(titles, rows, strict=True)]
    body: dict[str, list[Body]] = {}
    for title, row, answer in zip(titles, rows, answers, strict=True):
        if answer is None:
            slot = whole_title(title).slot
            body.setdefault(slot, []).append({"ids": {"simkl": row.simkl}})
    if body:
        await client.call(Call("POST", "/sync/history/remove", body=body))
    return tuple(answer or DONE for answer in answers)


def _standing_answer(title: TitleRef, row: WatchedRow) -> Answer | None:
    """What can be said of a removal beforehand; None: the title may be removed."""
    if row.is_unknown:
        return UNKNOWN
    own = title.ids.simkl
    is_another = own is not None and row.simkl is not None and str(row.simkl) != own
    if row.has_history or row.simkl is None or is_another:
        return _KEPT
    return DONE if row.list is None else None


async def _standing(client: SimklClient, titles: Sequence[TitleRef]) -> list[WatchedRow]:
    """Where titles stand there now, asked right before something depends on it.

    Simkl: the answer is a list parallel to the question.
    """
    asked = [
        {**title_of(title), "type": "movie" if title.kind is Kind.MOVIE else "show"}
        for title in titles
    ]
    query = {"extended": "counters"}
    reply = await client.call(Call("POST", "/sync/watched", query, asked))
    listed = reply.listed
    rows = [parse(WatchedRow, data) for data in listed or ()]
    told = [row for row in rows if row is not None]
    if len(told) != len(titles):
        raise BrokenError(NONSENSE)
    return told
