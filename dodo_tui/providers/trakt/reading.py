"""Trakt's checked answers as dodo's own objects."""

from __future__ import annotations

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.media import Media
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.facts import Answer, Outcome, Verb
from dodo_tui.providers.items import Item
from dodo_tui.providers.trakt.models import EpisodeRef, PlaybackRow, ScrobbleAnswer, Title, Titled

WATCHED_PERCENT = 80.0
"""Trakt: a stop above this marks watched. The threshold is theirs and cannot be changed."""

LEAST_PERCENT = 1.0
"""Trakt: a pause or stop below this is refused (422); nothing would be kept."""

_ACTIONS = {
    "scrobble": Outcome.WATCHED,
    "stop": Outcome.WATCHED,
    "pause": Outcome.SAVED,
    "start": Outcome.NOTED,
}


def scrobble_answer(answer: ScrobbleAnswer, verb: Verb, percent: float) -> Answer:
    """What a scrobble did. `action` decides; where it is missing or new, Trakt's rule for it.

    Trakt: the contract says `stop` where the service says `scrobble`; below the threshold both say
    `pause`.
    """
    outcome = _ACTIONS.get(answer.action or "")
    if outcome is None:
        ended = Outcome.WATCHED if percent > WATCHED_PERCENT else Outcome.SAVED
        expected = {Verb.START: Outcome.NOTED, Verb.PAUSE: Outcome.SAVED}
        outcome = expected.get(verb, ended)
    titled = answer.titled
    return Answer(outcome, Ids() if titled is None else titled[1].known_ids(titled[0]))


def media_of(kind: Kind, title: Title) -> Media | None:
    """A title; None where it has no id or no name."""
    ids = title.known_ids(kind)
    media_id = ids.preferred(kind)
    if media_id is None or not title.title:
        return None
    return Media(media_id, kind, title.title, title.year, ids, title.runtime or None)


def item_of(row: Titled) -> Item | None:
    """The film or episode that a row is about; None where that cannot be told."""
    if row.titled is None:
        return None
    kind, title = row.titled
    ids = title.known_ids(kind)
    if ids == Ids() or not title.title:
        return None
    place = place_of(row.episode)
    if kind is Kind.MOVIE:
        return Item(kind, title.title, title.year, ids)
    if place is None:
        return None
    return Item(kind, title.title, title.year, ids, *place)


def place_of(episode: EpisodeRef | None) -> tuple[int, int] | None:
    """Season and number of an episode."""
    if episode is None or episode.season is None or episode.number is None:
        return None
    return episode.season, episode.number


def resume_point(row: PlaybackRow) -> ResumePoint | None:
    """A resume point, or None where its title or episode cannot be told."""
    item = item_of(row)
    return None if item is None else ResumePoint(item, row.progress, row.paused_at, row.id)
