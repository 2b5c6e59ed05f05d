"""What Home shows of a title, and the rules of Continue Watching and Up next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.thresholds import RESUME_FROM_RATIO, is_listed
from dodo_tui.values import dataclass

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
    runtime_estimate_seconds: float | None = None
    """How long the catalogue says it is. Players know better, so nothing is decided by it."""
    seen_episodes: int = 0
    known_episodes: int = 0
    """Of a series as a whole: how many regular episodes are out, as far as is known; else 0."""

    @property
    def label(self) -> str:
        """How the episode is written beside the title; empty for a film or a series as a whole."""
        return episode_label(self.season, self.number, one_season=self.kind is Kind.ANIME)

    @property
    def is_single(self) -> bool:
        """Whether it is one film or episode, which can be played and marked; else a series."""
        return self.kind is Kind.MOVIE or self.number is not None


class Obstacle(StrEnum):
    """What stands in the way of playing a card, or of it being known elsewhere."""

    NOT_OUT = "not_out"
    NOT_HERE = "not_here"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class EpisodeState:
    """An episode that may be next: its place, whether it aired and whether it was watched."""

    card: Card
    watched: bool
    aired_at: datetime | None = None
    watched_at: datetime | None = None
    """When it was watched last; None where that is not known."""


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
    ids: Ids = field(default_factory=Ids)
    season: int | None = None
    number: int | None = None
    why: str = ""
    """Why it is thought of, and what speaks against it, in a few words."""


@dataclass(frozen=True, slots=True)
class About:
    """What the catalogue says of a title; empty where it was not asked."""

    overview: str | None = None
    genres: tuple[str, ...] = ()
    first_aired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What the Title screen shows."""

    card: Card
    episodes: tuple[EpisodeState, ...] = ()
    is_local: bool = False
    """Not identified: nothing about it is sent."""
    candidate: Candidate | None = None
    """What it may be, if that is not sure."""
    rating: int | None = None
    """1–10, as the profile gave it here or at a provider."""
    status: ListStatus | None = None
    """The list it is on."""
    is_hidden: bool = False
    """Hidden from Continue Watching and Up next until it is played again."""
    about: About = field(default_factory=About)
    """What the catalogue says of it."""


def to_watch(title: TitleState, now: datetime) -> Card | None:
    """What of a title is to be watched now: what was touched last if it was begun, else the next.

    Home and Title go by it, so that both offer the same.
    """
    if is_resumable(title.newest):
        return title.newest
    return next_episode(title.following, now)


def episode_to_watch(episodes: Sequence[EpisodeState], now: datetime) -> Card | None:
    """As `to_watch`, of all known episodes in order; None where nothing was touched, or is next."""
    touched = [
        each.card for each in episodes if each.watched or each.card.state is CardState.IN_PROGRESS
    ]
    if not touched:
        return None
    regular = [each for each in episodes if each.card.season != 0]
    watched = [index for index, each in enumerate(regular) if each.watched]
    last = max(
        watched, key=lambda index: (_seconds(regular[index].watched_at), index), default=None
    )
    title = TitleState(
        newest=max(touched, key=lambda card: _seconds(card.updated_at)),
        following=() if last is None else regular[last + 1 :],
    )
    return to_watch(title, now)


def as_next(card: Card, touched_at: datetime | None) -> Card:
    """An episode as the next one of a title that was touched then; one that was begun stays so."""
    if is_resumable(card):
        return card
    return replace(
        card, state=CardState.UP_NEXT, position_seconds=0.0, ratio=None, updated_at=touched_at
    )


def continue_watching(titles: Iterable[TitleState], now: datetime) -> tuple[Card, ...]:
    """Continue Watching: unfinished titles, one card each, the one touched last first.

    A title that was hidden stays away until it is played again.
    """
    return _newest_first([card for card in _shown(titles, now) if is_resumable(card)])


def up_next(titles: Iterable[TitleState], now: datetime) -> tuple[Card, ...]:
    """Up next: for each series that is not in Continue Watching, the first unwatched aired episode.

    No specials, and nothing unaired. An episode without a known air date counts as aired only if
    it is on this device.
    """
    return _newest_first([card for card in _shown(titles, now) if not is_resumable(card)])


def _shown(titles: Iterable[TitleState], now: datetime) -> Iterator[Card]:
    """What is to be watched of each title that is not hidden."""
    for title in titles:
        card = None if _is_hidden(title) else to_watch(title, now)
        if card is not None:
            yield card


def next_episode(following: Iterable[EpisodeState], now: datetime) -> Card | None:
    """The first unwatched, aired, regular episode of those that follow."""
    for episode in following:
        if episode.watched or episode.card.season == 0:
            continue
        if episode.card.playable or (episode.aired_at is not None and episode.aired_at <= now):
            return episode.card
    return None


def upcoming(episodes: Iterable[EpisodeState], now: datetime) -> Card | None:
    """The next regular episode that is not out yet, of those whose air date is known."""
    announced = [
        episode.card
        for episode in episodes
        if episode.card.season != 0 and episode.aired_at is not None and episode.aired_at > now
    ]
    return min(announced, key=lambda card: (card.airs_at or now, card.key), default=None)


def series_state(seen: int, known: int, *, begun: bool) -> CardState:
    """Where one stands in a series as a whole, by its regular episodes that are out."""
    if known and seen >= known:
        return CardState.WATCHED
    return CardState.IN_PROGRESS if seen or begun else CardState.UNWATCHED


def obstacle(card: Card, now: datetime | None) -> Obstacle | None:
    """What stands in the way of a card, the weightiest thing; None: nothing.

    What is on this device can be played, whatever a catalogue says of its air date. Without a time
    everything is out.
    """
    if not card.playable:
        is_out = card.airs_at is None or now is None or card.airs_at <= now
        return Obstacle.NOT_HERE if is_out else Obstacle.NOT_OUT
    return Obstacle.WAITING if card.waiting else None


def seconds_left(card: Card) -> tuple[float, bool] | None:
    """How much is left to see of a card, and whether that is an estimate; None: nobody knows.

    Where only a ratio is known, the catalogue's runtime makes it a time.
    """
    if card.duration_seconds:
        return max(card.duration_seconds - card.position_seconds, 0.0), False
    if card.runtime_estimate_seconds is None:
        return None
    seen = min(max(card.ratio or 0.0, 0.0), 1.0)
    return card.runtime_estimate_seconds * (1 - seen), True


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
    cards.sort(key=lambda card: _seconds(card.updated_at), reverse=True)
    return tuple(cards)


def _seconds(moment: datetime | None) -> float:
    """For sorting: what is not known is older than everything."""
    return 0.0 if moment is None else moment.timestamp()
