"""Simkl's checked answers as dodo's own objects."""

from __future__ import annotations

import logging
from dataclasses import replace

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.media import Media
from dodo_tui.providers.catalogue import FileMatch
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.facts import Answer, Outcome, Verb
from dodo_tui.providers.items import Item
from dodo_tui.providers.simkl.models import (
    EpisodeRef,
    FileAnswer,
    PlaybackRow,
    ScrobbleAnswer,
    Title,
)

_log = logging.getLogger(__name__)

WATCHED_PERCENT = 80.0
"""Simkl: a stop from here on marks watched. The threshold is theirs and cannot be changed."""

_ACTIONS = {
    "scrobble": Outcome.WATCHED,
    "pause": Outcome.SAVED,
    "start": Outcome.NOTED,
    "checkin": Outcome.NOTED,
}


def scrobble_answer(answer: ScrobbleAnswer, verb: Verb, percent: float) -> Answer:
    """What a scrobble did. `action` decides; where it is missing or new, Simkl's rule for it."""
    outcome = _ACTIONS.get(answer.action or "")
    if outcome is None:
        expected = {Verb.START: Outcome.NOTED, Verb.PAUSE: Outcome.SAVED}
        ended = Outcome.WATCHED if percent >= WATCHED_PERCENT else Outcome.SAVED
        outcome = expected.get(verb, ended)
    titled = answer.titled
    return Answer(outcome, Ids() if titled is None else titled[1].known_ids)


def media_of(kind: Kind, title: Title, ids: Ids) -> Media | None:
    """A title by these of its ids; None where it has no id or no name."""
    media_id = ids.preferred(kind)
    if media_id is None or not title.title:
        return None
    return Media(media_id, kind, title.title, title.year, ids, title.runtime or None, title.poster)


def resume_point(row: PlaybackRow) -> ResumePoint | None:
    """A resume point, or None where its title or episode cannot be told."""
    if row.titled is None:
        return None
    item = item_of(*row.titled, row.episode)
    if item is None:
        return None
    moment = row.paused_at if row.paused_at is not None else row.watched_at
    return ResumePoint(item, row.progress, moment, row.id or None)


def item_of(kind: Kind, title: Title, episode: EpisodeRef | None) -> Item | None:
    """The item that a row is about.

    Simkl numbers an anime as one season and adds TVDB's count. An anime that has an IMDb, TMDB or
    TVDB id is keyed by that, so it takes TVDB's count; where there is none, those ids are left
    out, for in their numbering the episode is unknown.
    """
    ids = title.known_ids
    name = title.title or ""
    if not name and ids == Ids():
        return None
    if kind is Kind.ANIME and episode is None:
        return Item(kind, name, title.year, anime_film_ids(ids))
    if kind is Kind.MOVIE:
        return Item(kind, name, title.year, ids)
    if episode is None or episode.counted is None:
        return None
    season, number = episode.season, episode.counted
    if kind is Kind.ANIME:
        if episode.tvdb_season is not None and episode.tvdb_number is not None:
            if has_seasonal(ids):
                season, number = episode.tvdb_season, episode.tvdb_number
        else:
            ids = without_seasonal(ids)
        season = 1 if season is None else season
    if season is None:
        return None
    return Item(kind, name, title.year, ids, season, number)


def has_seasonal(ids: Ids) -> bool:
    """Whether there is an id that names all seasons of an anime at once."""
    return any((ids.imdb, ids.tmdb, ids.tvdb))


def without_seasonal(ids: Ids) -> Ids:
    """The ids that name one entry of an anime, without those that name all its seasons at once.

    Nothing is left out where nothing else would be left.
    """
    own = Ids(simkl=ids.simkl, kitsu=ids.kitsu, mal=ids.mal, anidb=ids.anidb, anilist=ids.anilist)
    return ids if own == Ids() else own


def anime_film_ids(ids: Ids) -> Ids:
    """The ids of an anime film, without TMDB's.

    TMDB numbers films and series apart, and an anime's TMDB id is taken for a series'.
    """
    own = replace(ids, tmdb=None)
    return ids if own == Ids() else own


def file_match(answer: FileAnswer) -> FileMatch | None:
    """What a file was taken for, or None where Simkl has no idea or no id for it."""
    if answer.titled is None:
        return None
    kind, title = answer.titled
    media = media_of(kind, title, title.known_ids)
    if media is None:
        return None
    if kind is Kind.MOVIE or answer.episode is None or answer.episode.counted is None:
        return FileMatch(media)
    episode = answer.episode
    season = 1 if episode.season is None and kind is Kind.ANIME else episode.season
    if season is None:
        return FileMatch(media)
    return FileMatch(media, season, episode.counted, episode.title)
