"""Rows of Trakt's lists as dodo's own objects: everything that a row says, and nothing made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.rows import NONSENSE_ROW, Read
from dodo_tui.providers.trakt.models import (
    HistoryRow,
    ListRow,
    RatingRow,
    Titled,
    WatchedEpisode,
    WatchedRow,
    WatchedSeason,
)
from dodo_tui.providers.trakt.reading import media_of, place_of
from dodo_tui.providers.wire import parse


def read_watched(data: object) -> Read:
    """A film or show with what was watched of it.

    Trakt: a show that was restarted (`reset_at`) counts what was watched since. What was watched
    before is not told, and so its absence says nothing.
    """
    row = parse(WatchedRow, data)
    media = None if row is None else _media(row)
    if row is None or media is None:
        return NONSENSE_ROW
    if media.kind is Kind.MOVIE:
        title = RemoteTitle(
            media,
            watched=True,
            watched_at=row.last_watched_at,
            episodes_complete=True,
            says_rating=False,
        )
        return Read(title)
    if row.seasons is None:
        return NONSENSE_ROW
    told = list(_episodes(row.seasons))
    episodes = [each for each in told if each is not None and _counts(each, row.reset_at)]
    malformed = told.count(None)
    title = RemoteTitle(
        media,
        episodes=tuple(episodes),
        episodes_complete=row.reset_at is None and not malformed,
        says_rating=False,
    )
    return Read(title, malformed)


def read_play(data: object) -> Read:
    """One play of the history: that, and when, and nothing about the rest of its title."""
    row = parse(HistoryRow, data)
    media = None if row is None else _media(row)
    if row is None or media is None:
        return NONSENSE_ROW
    if media.kind is Kind.MOVIE:
        film = RemoteTitle(media, watched=True, watched_at=row.watched_at, says_rating=False)
        return Read(film)
    place = place_of(row.episode)
    if place is None:
        return NONSENSE_ROW
    episode = RemoteEpisode(*place, row.watched_at)
    return Read(RemoteTitle(media, episodes=(episode,), says_rating=False))


def read_rating(data: object) -> Read:
    """A rated film or show."""
    row = parse(RatingRow, data)
    media = None if row is None else _media(row)
    if row is None or media is None:
        return NONSENSE_ROW
    return Read(RemoteTitle(media, rating=row.rating, rated_at=row.rated_at, says_watched=False))


def read_planned(data: object) -> Read:
    """A film or show on the watchlist."""
    return _listed(data, ListStatus.PLANNED)


def read_dropped(data: object) -> Read:
    """A show that was dropped."""
    return _listed(data, ListStatus.DROPPED)


def read_hidden(data: object) -> Read:
    """A hidden film or show: nothing is told of it but that it is one."""
    row = parse(ListRow, data)
    media = None if row is None else _media(row)
    if media is None:
        return NONSENSE_ROW
    return Read(RemoteTitle(media, says_rating=False, says_watched=False))


def _listed(data: object, status: ListStatus) -> Read:
    row = parse(ListRow, data)
    media = None if row is None else _media(row)
    if row is None or media is None:
        return NONSENSE_ROW
    title = RemoteTitle(
        media, status=status, says_rating=False, says_watched=False, added_at=row.listed_at
    )
    return Read(title)


def _media(row: Titled) -> Media | None:
    return None if row.titled is None else media_of(*row.titled)


def _episodes(seasons: list[object]) -> Iterator[RemoteEpisode | None]:
    """Every watched episode; None for a season or an episode that makes no sense."""
    for data in seasons:
        season = parse(WatchedSeason, data)
        if season is None:
            yield None
            continue
        for told in season.episodes:
            episode = parse(WatchedEpisode, told)
            yield (
                None
                if episode is None
                else RemoteEpisode(season.number, episode.number, episode.last_watched_at)
            )


def _counts(episode: RemoteEpisode, reset_at: datetime | None) -> bool:
    if reset_at is None:
        return True
    return episode.watched_at is not None and episode.watched_at >= reset_at
