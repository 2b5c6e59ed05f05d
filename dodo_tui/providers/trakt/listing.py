"""Ratings and lists at Trakt: what concerns a title as a whole and is no viewing.

Trakt has a watchlist, and shows that were dropped; there is no list of what is watched or on hold,
for that follows from the history.
"""

from __future__ import annotations

from collections.abc import Sequence

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.times import to_iso
from dodo_tui.providers.batches import DONE, told
from dodo_tui.providers.facts import Answer, ListChange, Outcome, Rating
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.payloads import Body, is_nameable, slot_of, title_of
from dodo_tui.providers.trakt.unknown import unknown
from dodo_tui.providers.trakt.verdicts import lost

_NO_LIST = Answer(Outcome.NO_LIST)

_WATCHLIST = "/sync/watchlist"
_DROPPED = "/users/hidden/dropped"


async def rate(client: TraktClient, ratings: Sequence[Rating]) -> tuple[Answer, ...]:
    """Give some ratings, or take some back, in one write.

    Raises:
        ProviderError: any kind.
    """
    is_removal = bool(ratings) and ratings[0].value is None
    extras: list[Body] = []
    for rating in ratings:
        extra: Body = {} if rating.value is None else {"rating": rating.value}
        if rating.value is not None and rating.rated_at is not None:
            extra["rated_at"] = to_iso(rating.rated_at)
        extras.append(extra)
    path = "/sync/ratings/remove" if is_removal else "/sync/ratings"
    return await _write(client, path, [rating.title for rating in ratings], extras)


async def set_lists(client: TraktClient, changes: Sequence[ListChange]) -> tuple[Answer, ...]:
    """Put titles on the watchlist or drop them, or take them off both.

    Trakt: films cannot be dropped, and nothing is put on hold; that is answered with
    `Outcome.NO_LIST`. A full watchlist is a rejection.

    Raises:
        ProviderError: any kind; some of the changes may have been made.
    """
    answers: dict[int, Answer] = {}
    for status in dict.fromkeys(change.status for change in changes):
        places = [index for index, change in enumerate(changes) if change.status is status]
        titles = [changes[index].title for index in places]
        answers.update(zip(places, await _set(client, status, titles), strict=True))
    return tuple(answers[index] for index in range(len(changes)))


async def _set(
    client: TraktClient, status: ListStatus | None, titles: Sequence[TitleRef]
) -> tuple[Answer, ...]:
    """Put titles on one list."""
    if status is ListStatus.PLANNED:
        await _off(client, f"{_DROPPED}/remove", titles)
        return await _write(client, _WATCHLIST, titles)
    if status is ListStatus.DROPPED:
        await _off(client, f"{_WATCHLIST}/remove", titles)
        dropped = await _off(client, _DROPPED, titles)
        return tuple(dropped.get(index, _NO_LIST) for index in range(len(titles)))
    if status is None:
        answers = await _write(client, f"{_WATCHLIST}/remove", titles)
        await _off(client, f"{_DROPPED}/remove", titles)
        return answers
    return (_NO_LIST,) * len(titles)


async def _off(client: TraktClient, path: str, titles: Sequence[TitleRef]) -> dict[int, Answer]:
    """A write about dropped titles, of which only series can be; answers by their places."""
    is_dropped = path.startswith(_DROPPED)
    places = [i for i, t in enumerate(titles) if not is_dropped or t.kind is not Kind.MOVIE]
    answers = await _write(client, path, [titles[index] for index in places]) if places else ()
    return dict(zip(places, answers, strict=True))


async def _write(
    client: TraktClient,
    path: str,
    titles: Sequence[TitleRef],
    extras: Sequence[Body] = (),
) -> tuple[Answer, ...]:
    """One write about titles, each with what else is said of it; one answer each."""

    async def send(entries: Sequence[tuple[TitleRef, Body]]) -> tuple[Answer, ...]:
        body: dict[str, list[Body]] = {}
        for title, extra in entries:
            body.setdefault(slot_of(title), []).append(title_of(title) | extra)
        reply = await client.call(Call("POST", path, body=body))
        missing = lost([title for title, _ in entries], reply)
        return tuple(
            unknown(title) if place in missing else DONE for place, (title, _) in enumerate(entries)
        )

    entries = list(zip(titles, extras or ({},) * len(titles), strict=True))
    return await told(
        entries, lambda entry: is_nameable(entry[0]), send, lambda entry: unknown(entry[0])
    )
