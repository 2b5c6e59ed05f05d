"""Which episode comes before and after another one: by hand, and by itself at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.cards import Card, EpisodeState


def neighbour(episodes: Sequence[EpisodeState], key: str, step: int) -> Card | None:
    """The nearest episode on this device after (1) or before (-1) another; None without one.

    `episodes` are all that are known of the series, in order. Specials are no neighbours.
    """
    regular = _regular(episodes)
    places = [index for index, episode in enumerate(regular) if episode.card.key == key]
    if not places:
        return None
    beyond = regular[places[0] + 1 :] if step > 0 else regular[: places[0]][::-1]
    return next((episode.card for episode in beyond if episode.card.playable), None)


def next_by_itself(episodes: Sequence[EpisodeState], key: str, now: datetime) -> Card | None:
    """What may begin by itself after an episode: the next one not watched yet, if it can.

    It is never a special, never one that has not aired, and never one behind an unwatched episode
    that is missing here: then there is none.
    """
    regular = _regular(episodes)
    places = [index for index, episode in enumerate(regular) if episode.card.key == key]
    if not places:
        return None
    for episode in regular[places[0] + 1 :]:
        if episode.watched:
            continue
        has_aired = episode.aired_at is None or episode.aired_at <= now
        return episode.card if has_aired and episode.card.playable else None
    return None


def _regular(episodes: Sequence[EpisodeState]) -> list[EpisodeState]:
    return [episode for episode in episodes if episode.card.season != 0]
