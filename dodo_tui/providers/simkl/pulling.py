"""What is asked of Simkl to follow a library, in order, and how the answers are handed over.

Simkl: a library is pulled whole once, by type, and from then on only what the activities say has
moved is asked for, with `date_from`. Polling without the activities, or everything again and
again, gets a client id suspended. Calls are sequential.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from dodo_tui.clock import Clock
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.changes import (
    Change,
    KeptAnswers,
    Listing,
    RemoteTitle,
    Snapshot,
    TitlePage,
)
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.http import LIBRARY
from dodo_tui.providers.rows import Read
from dodo_tui.providers.simkl.activities import Activities, moved, read_activities
from dodo_tui.providers.simkl.client import Call, SimklClient
from dodo_tui.providers.simkl.failures import NONSENSE, TooManyItemsError
from dodo_tui.providers.simkl.library_reading import (
    MODELS,
    read_ids,
    read_rating,
    read_title,
)
from dodo_tui.providers.simkl.playback import all_resume_points
from dodo_tui.providers.simkl.row_stream import SLOTS, library_rows
from dodo_tui.providers.wire import build

_log = logging.getLogger(__name__)

PAGE_TITLES = 100
PAGE_EPISODES = 1_000
"""A page ends with whichever of the two it reaches first."""

TOO_LARGE = "Simkl finds the library too large to send."

_ALL_ITEMS = "/sync/all-items"
_STATUSES = {
    "shows": ("watching", "plantowatch", "hold", "completed", "dropped"),
    "movies": ("plantowatch", "completed", "dropped"),
    "anime": ("watching", "plantowatch", "hold", "completed", "dropped"),
}
"""Simkl: where an answer is too large, one status is asked for at a time."""

_EPISODES = {"episode_watched_at": "yes", "include_all_episodes": "original"}
"""With their times, of completed and dropped shows too, and none that Simkl would make up."""
_FULL = {"extended": "full", **_EPISODES}
_FULL_ANIME = {"extended": "full_anime_seasons", **_EPISODES}
"""As full, and an anime's episodes also as TVDB counts them."""
_IDS_ONLY = {"extended": "simkl_ids_only"}


_DIVIDED = b"divided"
"""Kept in place of an answer that was too large; it is no answer, which would be JSON."""


class What(Enum):
    """What a step brings."""

    TITLES = auto()
    RATINGS = auto()
    LISTING = auto()
    RESUME_POINTS = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to ask for; only what is too large for one answer takes more requests."""

    what: What
    path: str
    query: Mapping[str, str]
    kinds: frozenset[Kind] = frozenset()
    """For a listing: the kinds of which something was taken off."""


_RESUME_POINTS = Step(What.RESUME_POINTS, "/sync/playback", {})


async def snapshot(client: SimklClient) -> Snapshot:
    """The timestamps now. Simkl: GET, because a POST would need the right to write.

    Raises:
        ProviderError: any kind.
    """
    reply = await client.call(Call("GET", "/sync/activities", large=True))
    text = reply.body.decode("utf-8", errors="replace").strip()
    if read_activities(text) is None:
        raise BrokenError(NONSENSE)
    return Snapshot(text)


async def changes(
    client: SimklClient,
    clock: Clock,
    since: Snapshot | None,
    until: Snapshot,
    kept: KeptAnswers | None = None,
) -> AsyncIterator[Change]:
    """What moved between two snapshots, page by page; see `plan` for what is asked.

    Rows are read in a worker thread, a page at a time. An error may come after any piece: what
    came before it is true, but not all, and `until` must then not be kept. Of everything, the
    answers that hold titles are in `kept` before they are read, and are asked for once.

    Raises:
        ProviderError: any kind; a listing that is not known to be complete is one, too.
    """
    await asyncio.to_thread(build, *MODELS)
    for step in plan(since, until):
        if step.what is What.RESUME_POINTS:
            yield await all_resume_points(client, clock.now())
            continue
        if step.what is What.LISTING:
            yield await _listing(client, step)
            continue
        read = read_title if step.what is What.TITLES else read_rating
        async for name, body in _answers(client, step, kept if since is None else None):
            pages = title_pages(body, read)
            del body
            try:
                while (page := await asyncio.to_thread(next, pages, None)) is not None:
                    yield page
            except BrokenError:
                if kept is not None:
                    await kept.drop(name)
                raise


async def listed(client: SimklClient) -> Listing:
    """What is on the list now, all types together.

    Raises:
        ProviderError: any kind; see `_listing`.
    """
    await asyncio.to_thread(build, *MODELS)
    return await _listing(client, Step(What.LISTING, _ALL_ITEMS, _IDS_ONLY))


async def _answers(
    client: SimklClient, step: Step, kept: KeptAnswers | None
) -> AsyncIterator[tuple[str, bytes]]:
    """The answers to a step with their names: one, or several where one would be too large.

    What was kept is not asked for again, nor is what was found too large before.
    """
    pending = [step]
    while pending:
        part = pending.pop(0)
        body = None if kept is None else await kept.load(part.path)
        if body == _DIVIDED:
            pending[:0] = _smaller(part)
            continue
        if body is None:
            try:
                body = await _body(client, part)
            except TooManyItemsError:
                pending[:0] = _smaller(part)
                if kept is not None:
                    await kept.save(part.path, _DIVIDED)
                continue
            if kept is not None:
                await kept.save(part.path, body)
        yield part.path, body


async def _listing(client: SimklClient, step: Step) -> Listing:
    """What is still there.

    Only a kind of which something is listed, or of which the activities say that something was
    taken off, can have lost titles: an empty list alone is "nothing", never "all was removed".

    Raises:
        BrokenError: the answer or any of its rows makes no sense, so that it is not complete.
    """
    kinds: set[Kind] = set(step.kinds)
    ids: set[Ids] = set()

    def take_in(body: bytes) -> None:
        for kind, row in library_rows(body):
            found = read_ids(row)
            if found is None:
                raise BrokenError(NONSENSE)
            kinds.add(kind)
            ids.add(found)

    async for _, body in _answers(client, step, None):
        await asyncio.to_thread(take_in, body)
    return Listing(frozenset(kinds), frozenset(ids))


def plan(since: Snapshot | None, until: Snapshot) -> list[Step]:
    """What to ask for.

    Everything: the three types one after the other, each with its episodes and ratings, and the
    resume points. A saved snapshot that cannot be read counts as none.

    Else, of what moved:

    * titles: one delta over all types, for one may hold what another lost;
    * ratings, which no delta shows when only they changed: one delta, of the one type or of all;
    * removals, which no delta shows: one listing of ids over *all* types. A show may have been
      filed as anime, so no type's list alone says what is gone;
    * resume points: all of them, because a delta would not show that one was deleted. They are
      few, one per title, and it is one request either way.

    Raises:
        BrokenError: `until` cannot be read.
    """
    now = read_activities(until.text)
    if now is None:
        raise BrokenError(NONSENSE)
    before = None if since is None else read_activities(since.text)
    if before is None:
        if since is not None:
            _log.warning("Simkl: the saved timestamps cannot be read; everything is pulled again")
        return _everything()
    return _deltas(before, now)


def _everything() -> list[Step]:
    return [
        Step(What.TITLES, f"{_ALL_ITEMS}/shows", _FULL),
        Step(What.TITLES, f"{_ALL_ITEMS}/movies", {"extended": "full"}),
        Step(What.TITLES, f"{_ALL_ITEMS}/anime", _FULL_ANIME),
        _RESUME_POINTS,
    ]


def _deltas(before: Activities, now: Activities) -> list[Step]:
    found = moved(before, now)
    date_from = {"date_from": before.date_from}
    steps = []
    if found.titles:
        steps.append(Step(What.TITLES, _ALL_ITEMS, {**date_from, **_FULL_ANIME}))
    if found.ratings:
        types = found.ratings
        path = f"/sync/ratings/{types[0]}" if len(types) == 1 else "/sync/ratings"
        steps.append(Step(What.RATINGS, path, date_from))
    if found.may_have_removals:
        kinds = frozenset(SLOTS[name] for name in found.removals)
        steps.append(Step(What.LISTING, _ALL_ITEMS, _IDS_ONLY, kinds))
    if found.resume_points:
        steps.append(_RESUME_POINTS)
    return steps


async def _body(client: SimklClient, step: Step) -> bytes:
    call = Call("GET", step.path, step.query, limits=LIBRARY, large=True)
    return (await client.call(call)).body


def _smaller(step: Step) -> list[Step]:
    """The same by type, or by status; what changes its place meanwhile is in the next delta.

    Raises:
        BrokenError: it cannot be divided any more.
    """
    type_name = step.path.removeprefix(_ALL_ITEMS).strip("/")
    if not step.path.startswith(_ALL_ITEMS) or "/" in type_name:
        raise BrokenError(TOO_LARGE)
    parts = _STATUSES[type_name] if type_name else tuple(_STATUSES)
    return [replace(step, path=f"{step.path}/{part}") for part in parts]


def title_pages(body: bytes, read: Callable[[Kind, object], Read]) -> Iterator[TitlePage]:
    """An answer in pages of bounded size. Meant for a worker thread.

    Raises:
        BrokenError: the answer makes no sense, or ends in its midst; pages may have come before.
    """
    titles: list[RemoteTitle] = []
    episodes = malformed = 0
    for kind, row in library_rows(body):
        found = read(kind, row)
        malformed += found.malformed
        if found.title is not None:
            titles.append(found.title)
            episodes += len(found.title.episodes)
        if len(titles) >= PAGE_TITLES or episodes >= PAGE_EPISODES:
            yield _page(titles, malformed)
            titles, episodes, malformed = [], 0, 0
    if titles or malformed:
        yield _page(titles, malformed)


def _page(titles: list[RemoteTitle], malformed: int) -> TitlePage:
    if malformed:
        _log.warning("Simkl: %d rows of a library left out", malformed)
    return TitlePage(tuple(titles), malformed)
