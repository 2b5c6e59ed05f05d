"""What Home shows of a title, and the rules of Continue Watching and Up next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.thresholds import RESUME_FROM_RATIO, is_listed

_AT_END_SECONDS = 5.0


class CardState(StrEnum):
    """Why a title is on a shelf."""

    IN_PROGRESS = "in_progress"
    UP_NEXT = "up_next"
    UNWATCHED = "unwatched"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class Card:
    """One title on a shelf: what to play on OK, and how far it is."""

    key: str
    media_id: str
    kind: Kind
    title: str
    state: CardState
    year: int | None = None
    season: int | None = None
    number: int | None = None
    episode_title: str | None = None
    position_seconds: float = 0.0
    duration_seconds: float | None = None
    ratio: float | None = None
    """0–1. Known without a duration where only a provider's percentage is known."""
    updated_at: datetime | None = None
    playable: bool = False
    """Whether a file for it is on this device."""
    waiting: bool = False
    """Whether something about it still has to be sent."""
    airs_at: datetime | None = None
    """When it is out, or was; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class EpisodeState:
    """An episode that may be next: its place, whether it aired and whether it was watched."""

    card: Card
    watched: bool
    aired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TitleState:
    """Where a profile stands in a title: its newest card, and what follows in the series."""

    newest: Card
    """What was touched last of what is `IN_PROGRESS` or `WATCHED`."""
    following: Sequence[EpisodeState] = ()
    """Known episodes after the last one watched, in order; may be cut off after enough."""
    hidden_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The rows of Home."""

    continue_watching: tuple[Card, ...] = ()
    up_next: tuple[Card, ...] = ()
    library: tuple[Card, ...] = ()
    watchlist: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an unsure file may be, for the user to confirm."""

    media_id: str
    kind: Kind
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What the Title screen shows."""

    card: Card
    episodes: tuple[EpisodeState, ...] = ()
    is_local: bool = False
    """Not identified: nothing about it is sent."""
    candidate: Candidate | None = None
    """What it may be, if that is not sure."""


def continue_watching(titles: Iterable[TitleState]) -> tuple[Card, ...]:
    """Continue Watching: unfinished titles, one card each, the one touched last first.

    A title that was hidden stays away until it is played again.
    """
    cards = [
        title.newest for title in titles if is_resumable(title.newest) and not _is_hidden(title)
    ]
    return _newest_first(cards)


def up_next(titles: Iterable[TitleState], now: datetime) -> tuple[Card, ...]:
    """Up next: for each series that is not in Continue Watching, the first unwatched aired episode.

    No specials, and nothing unaired. An episode without a known air date counts as aired only if
    it is on this device.
    """
    cards = []
    for title in titles:
        if is_resumable(title.newest) or _is_hidden(title):
            continue
        card = next_episode(title.following, now)
        if card is not None:
            cards.append(card)
    return _newest_first(cards)


def next_episode(following: Iterable[EpisodeState], now: datetime) -> Card | None:
    """The first unwatched, aired, regular episode of those that follow."""
    for episode in following:
        if episode.watched or episode.card.season == 0:
            continue
        if episode.card.playable or (episode.aired_at is not None and episode.aired_at <= now):
            return episode.card
    return None


def resume_seconds(position_seconds: float, duration_seconds: float | None) -> float:
    """Where to start playing: the remembered position, or the start if that was the end."""
    if duration_seconds is not None and position_seconds >= duration_seconds - _AT_END_SECONDS:
        return 0.0
    return max(position_seconds, 0.0)


def is_resumable(card: Card) -> bool:
    """Whether a card has really been begun and not run to its end."""
    if card.state is not CardState.IN_PROGRESS:
        return False
    if card.duration_seconds is None and card.ratio is not None:
        return RESUME_FROM_RATIO <= card.ratio < 1
    return is_listed(card.position_seconds, card.duration_seconds) and bool(
        resume_seconds(card.position_seconds, card.duration_seconds)
    )


def _is_hidden(title: TitleState) -> bool:
    """Hidden, and not touched since."""
    touched = title.newest.updated_at
    return title.hidden_at is not None and (touched is None or touched <= title.hidden_at)


def _newest_first(cards: list[Card]) -> tuple[Card, ...]:
    """Newest first, and a stable order where times are equal or unknown."""
    cards.sort(key=lambda card: card.key)
    cards.sort(
        key=lambda card: card.updated_at.timestamp() if card.updated_at else 0.0, reverse=True
    )
    return tuple(cards)
