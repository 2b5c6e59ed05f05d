"""Rows of a library as dodo's own objects: everything that a row says, and nothing made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.rows import NONSENSE_ROW, Read
from dodo_tui.providers.simkl.library_models import EpisodeRow, LibraryRow, SeasonRow, TvdbPart
from dodo_tui.providers.simkl.models import Title, Titled
from dodo_tui.providers.simkl.reading import (
    anime_film_ids,
    has_seasonal,
    media_of,
    without_seasonal,
)
from dodo_tui.providers.wire import parse

MODELS = (LibraryRow, SeasonRow, EpisodeRow, TvdbPart, Titled)
"""What is built before a worker thread reads rows."""


@dataclass(frozen=True, slots=True)
class _Watched:
    """A watched episode in Simkl's numbering, with TVDB's where that is known."""

    season: int
    number: int
    watched_at: datetime | None
    tvdb: tuple[int, int] | None


def read_title(kind: Kind, data: object) -> Read:
    """One title with everything that is known of it.

    Simkl: only films are watched by their status. A show or anime that was called completed in one
    go has no episode rows, and gets no episodes here.
    """
    row = parse(LibraryRow, data)
    if row is None or (title := _title(row)) is None:
        return NONSENSE_ROW
    if kind is Kind.MOVIE or _is_anime_film(kind, row, title):
        return _film(kind, row, title)
    return _series(kind, row, title)


def read_rating(kind: Kind, data: object) -> Read:
    """One title with its rating, null where that was taken away; nothing else is told."""
    row = parse(LibraryRow, data)
    if row is None or not row.says_rating or (title := _title(row)) is None:
        return NONSENSE_ROW
    ids = title.known_ids
    if _is_anime_film(kind, row, title):
        ids = anime_film_ids(ids)
    media = media_of(kind, title, ids)
    if media is None:
        return NONSENSE_ROW
    return Read(
        RemoteTitle(media, rating=row.rating, says_watched=False, rated_at=row.user_rated_at)
    )


def read_ids(data: object) -> Ids | None:
    """The ids of a title in a listing; None without Simkl's own, by which listings are compared."""
    row = parse(Titled, data)
    title = None if row is None else _title(row)
    ids = Ids() if title is None else title.known_ids
    return ids if ids.simkl is not None else None


def _film(kind: Kind, row: LibraryRow, title: Title) -> Read:
    """A film, or an anime film, which has no coordinates here even where Simkl lists an episode."""
    ids = title.known_ids if kind is Kind.MOVIE else anime_film_ids(title.known_ids)
    media = media_of(kind, title, ids)
    if media is None:
        return NONSENSE_ROW
    watched = row.status is ListStatus.COMPLETED
    return Read(
        RemoteTitle(
            media,
            status=row.status,
            watched=watched,
            watched_at=row.last_watched_at if watched else None,
            rating=row.rating,
            says_rating=row.says_rating,
            says_watched=row.status is not None,
            added_at=row.added_to_watchlist_at,
            rated_at=row.user_rated_at,
        )
    )


def _series(kind: Kind, row: LibraryRow, title: Title) -> Read:
    told = list(_told_episodes(kind, row))
    watched = [episode for episode in told if episode is not None]
    malformed = len(told) - len(watched)
    if kind is Kind.ANIME:
        ids, numbered = _anime_numbers(row, title.known_ids, watched)
    else:
        ids, numbered = title.known_ids, [(e.season, e.number, e.watched_at) for e in watched]
    media = media_of(kind, title, ids)
    if media is None:
        return NONSENSE_ROW
    # Simkl: a show's anime may be several entries, all with the show's ids, and one of their own.
    is_one_of_several = kind is Kind.ANIME and has_seasonal(ids)
    entry = str(ids.simkl) if is_one_of_several and ids.simkl is not None else None
    may_speak = entry is not None or not is_one_of_several
    return Read(
        RemoteTitle(
            media,
            status=row.status,
            episodes=_distinct(numbered),
            episodes_complete=_is_complete(row, told, numbered) and may_speak,
            entry=entry,
            rating=row.rating,
            says_rating=row.says_rating,
            added_at=row.added_to_watchlist_at,
            rated_at=row.user_rated_at,
        ),
        malformed,
    )


def _is_complete(
    row: LibraryRow, told: Sequence[_Watched | None], numbered: Sequence[_Numbered]
) -> bool:
    """Whether a missing episode is one that was not watched: everything is named, and numbered.

    Simkl: the counter, which leaves out the specials, is authoritative, and rows may be fewer.
    """
    counted = row.watched_episodes_count
    regular = {(e.season, e.number) for e in told if e is not None and e.season > 0}
    is_numbered = None not in told and len(numbered) == len(told)
    return is_numbered and counted is not None and len(regular) >= counted


def _told_episodes(kind: Kind, row: LibraryRow) -> Iterator[_Watched | None]:
    """Every watched episode of a row; None for a season or an episode that makes no sense."""
    for told in row.seasons:
        season = parse(SeasonRow, told)
        number = None if season is None else season.number
        if number is None and kind is Kind.ANIME:
            number = 1  # Simkl: an anime is one season, whose number may be left out
        if season is None or number is None:
            yield None
            continue
        for data in season.episodes:
            episode = parse(EpisodeRow, data)
            if episode is None or episode.counted is None:
                yield None
                continue
            tvdb = None if episode.tvdb is None else episode.tvdb.place
            yield _Watched(number, episode.counted, episode.watched_at, tvdb)


_Numbered = tuple[int, int, datetime | None]


def _anime_numbers(
    row: LibraryRow, ids: Ids, watched: list[_Watched]
) -> tuple[Ids, list[_Numbered]]:
    """An anime's ids, and its episodes as those ids count them.

    The rule of `reading.item_of`, for a title as a whole. An anime that has an IMDb, TMDB or TVDB
    id is keyed by that, so its episodes take TVDB's count. Where that is told for none of them,
    those ids are left out and the episodes keep Simkl's own: one season, season 1. Where it is
    told for some, or as a whole (`mapped_tvdb_seasons`), the others keep their number as long as
    TVDB, too, has the anime in season 1 alone; else they are left out, because under a key of that
    show they would be other episodes.
    """
    own = [(e.season, e.number, e.watched_at) for e in watched]
    if not watched or not has_seasonal(ids):
        return ids, own
    mapped = {e.tvdb[0] for e in watched if e.tvdb is not None} | row.tvdb_seasons
    is_first_season = mapped - {0} == {1}
    if all(e.tvdb is None for e in watched) and not is_first_season:
        return without_seasonal(ids), own
    places = [
        e.tvdb or ((1, e.number) if is_first_season and e.season == 1 else None) for e in watched
    ]
    pairs = zip(places, watched, strict=True)
    return ids, [(*place, e.watched_at) for place, e in pairs if place is not None]


def _distinct(numbered: list[_Numbered]) -> tuple[RemoteEpisode, ...]:
    """Each episode once, in order; of several times the newest known one."""
    times: dict[tuple[int, int], datetime | None] = {}
    for season, number, at in numbered:
        known = times.get((season, number))
        times[season, number] = at if known is None or (at is not None and at > known) else known
    return tuple(RemoteEpisode(*place, at) for place, at in sorted(times.items(), key=_place))


def _place(entry: tuple[tuple[int, int], datetime | None]) -> tuple[int, int]:
    return entry[0]


def _title(row: Titled) -> Title | None:
    return None if row.titled is None else row.titled[1]


def _is_anime_film(kind: Kind, row: LibraryRow, title: Title) -> bool:
    return kind is Kind.ANIME and "movie" in (row.anime_type, title.anime_type)
