"""What is asked of Trakt to follow a library, in order, and how the answers are handed over.

Trakt: removals are never listed, and a play that is dated back is not found by asking for what is
new. So whatever kind of thing has moved is read whole, by title, and what is missing was removed;
that is a few pages. The plays since the last time are read besides, for a title's aggregate tells
its last one only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.times import to_iso
from dodo_tui.providers.changes import (
    Aspect,
    Change,
    KeptAnswers,
    Listing,
    RemoteTitle,
    Snapshot,
    TitlePage,
)
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.rows import Read
from dodo_tui.providers.trakt.activities import (
    EVERYTHING,
    Activities,
    moved,
    read_activities,
)
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.failures import NONSENSE
from dodo_tui.providers.trakt.library_reading import (
    read_dropped,
    read_hidden,
    read_planned,
    read_play,
    read_rating,
    read_watched,
)
from dodo_tui.providers.trakt.models import (
    HistoryRow,
    ListRow,
    RatingRow,
    WatchedEpisode,
    WatchedRow,
    WatchedSeason,
)
from dodo_tui.providers.trakt.paging import PAGE_ROWS, pages
from dodo_tui.providers.trakt.playback import all_resume_points
from dodo_tui.providers.wire import build

_log = logging.getLogger(__name__)

SHOW_ROWS = 25
"""Shows on a page: each has all of its watched episodes with it."""

MOST_RECENT_PLAYS = 1_000
"""Where more plays are new than this, something was imported there: the last of each will do."""

OVERLAP = timedelta(hours=24)
"""The plays of the last day are read again: what was watched offline may arrive late."""

_FILMS = frozenset({Kind.MOVIE})
_SERIES = frozenset({Kind.SHOW, Kind.ANIME})
_ALL = _FILMS | _SERIES
_MODELS = (WatchedRow, WatchedSeason, WatchedEpisode, HistoryRow, RatingRow, ListRow)


@dataclass(frozen=True, slots=True)
class Step:
    """A list that is read whole: what is on it, and what is not on it any more."""

    path: str
    read: Callable[[object], Read]
    of: Aspect
    kinds: frozenset[Kind]
    query: Mapping[str, str] = field(default_factory=dict)
    rows: int = PAGE_ROWS
    is_told: bool = True
    """Whether the titles themselves are handed over, not only which they are."""


WATCHED_FILMS = Step("/sync/watched/movies", read_watched, Aspect.WATCHED, _FILMS)
WATCHED_SHOWS = Step(
    "/sync/watched/shows", read_watched, Aspect.WATCHED, _SERIES, {"extended": "progress"},
    SHOW_ROWS,
)  # fmt: skip
WATCHLIST = Step("/sync/watchlist/all/rank/asc", read_planned, Aspect.PLANNED, _ALL)
DROPPED = Step("/users/hidden/dropped", read_dropped, Aspect.DROPPED, _SERIES)
HIDDEN = Step("/users/hidden/progress_watched", read_hidden, Aspect.HIDDEN, _ALL, is_told=False)
RATINGS = {
    "movies": Step("/sync/ratings/movies", read_rating, Aspect.RATED, _FILMS),
    "shows": Step("/sync/ratings/shows", read_rating, Aspect.RATED, _SERIES),
}


async def snapshot(client: TraktClient) -> Snapshot:
    """The timestamps now.

    Raises:
        ProviderError: any kind.
    """
    reply = await client.call(Call("GET", "/sync/last_activities"))
    text = reply.body.decode("utf-8", errors="replace").strip()
    if read_activities(text) is None:
        raise BrokenError(NONSENSE)
    return Snapshot(text)


async def changes(
    client: TraktClient,
    clock: Clock,
    since: Snapshot | None,
    until: Snapshot,
    kept: KeptAnswers | None = None,
) -> AsyncIterator[Change]:
    """What moved between two snapshots, page by page; a saved one that cannot be read is none.

    Rows are read in a worker thread, a page at a time. An error may come after any piece: what
    came before it is true, but not all, and `until` must then not be kept. A listing comes only
    where every row of its list was read. Of everything, each page is in `kept` before it is read,
    and is asked for once.

    Raises:
        ProviderError: any kind.
    """
    now = read_activities(until.text)
    if now is None:
        raise BrokenError(NONSENSE)
    before = None if since is None else read_activities(since.text)
    if before is None and since is not None:
        _log.warning("Trakt: the saved timestamps cannot be read; everything is pulled again")
    build(*_MODELS)
    found = EVERYTHING if before is None else moved(before, now)
    if found.films:
        async for page in _recent(client, before, "movies"):
            yield page
    if found.episodes:
        async for page in _recent(client, before, "episodes"):
            yield page
    asked = (
        (found.films, WATCHED_FILMS),
        (found.episodes, WATCHED_SHOWS),
        (found.watchlist, WATCHLIST),
        (found.dropped, DROPPED),
        *((name in found.ratings, step) for name, step in RATINGS.items()),
        (found.hidden, HIDDEN),
    )
    for step in (step for is_asked, step in asked if is_asked):
        async for change in _read_whole(client, step, kept if before is None else None):
            yield change
    if found.resume_points:
        yield await all_resume_points(client, clock.now())


async def _read_whole(
    client: TraktClient, step: Step, kept: KeptAnswers | None
) -> AsyncIterator[Change]:
    """A list page by page, and then what is on it: films and series apart, which share numbers."""
    ids: dict[bool, set[Ids]] = {True: set(), False: set()}
    is_complete = True
    async for rows in pages(client, step.path, step.query, step.rows, kept=kept):
        page = await asyncio.to_thread(_page, rows, step.read)
        for title in page.titles:
            if title.media.ids.trakt is not None:
                ids[title.media.kind is Kind.MOVIE].add(Ids(trakt=title.media.ids.trakt))
            else:
                is_complete = False
        is_complete = is_complete and not page.malformed
        if step.is_told and (page.titles or page.malformed):
            yield page
    for is_film, kinds in ((True, _FILMS), (False, _SERIES)):
        if is_complete and kinds & step.kinds:
            yield Listing(kinds & step.kinds, frozenset(ids[is_film]), step.of)


async def _recent(
    client: TraktClient, before: Activities | None, group: str
) -> AsyncIterator[TitlePage]:
    """The plays since the last time, oldest first; none where that was never, or they are many."""
    last = None if before is None else before.moment(group, "watched_at")
    if last is None:
        return
    query = {"start_at": to_iso(last - OVERLAP)}
    plays: list[tuple[datetime, RemoteTitle]] = []
    async for rows in pages(client, f"/sync/history/{group}", query):
        page = await asyncio.to_thread(_page, rows, read_play)
        for title in page.titles:
            at = title.watched_at or next((e.watched_at for e in title.episodes), None)
            if at is not None:
                plays.append((at, title))
        if len(plays) > MOST_RECENT_PLAYS:
            return
    plays.sort(key=lambda play: play[0])
    for start in range(0, len(plays), PAGE_ROWS):
        yield TitlePage(tuple(title for _, title in plays[start : start + PAGE_ROWS]))


def _page(rows: list[object], read: Callable[[object], Read]) -> TitlePage:
    """A page's titles, and how much of it made no sense. Meant for a worker thread."""
    found = [read(row) for row in rows]
    malformed = sum(each.malformed for each in found)
    if malformed:
        _log.warning("Trakt: %d rows of a list left out", malformed)
    return TitlePage(tuple(each.title for each in found if each.title is not None), malformed)
