"""What Home says about the card in focus, where there is room. Pure: decided here, shown there."""

from __future__ import annotations

from datetime import datetime

from dodo_tui.domain.cards import About, Card, CardState, Obstacle, obstacle, seconds_left
from dodo_tui.domain.ids import Kind
from dodo_tui.tui.widgets.card_view import airs_text, minutes_text, place_text
from dodo_tui.tui.widgets.glance import Glimpse
from dodo_tui.tui.words import ago, sentence


def glimpse(card: Card, about: About, now: datetime) -> Glimpse:
    """Everything that is worth knowing about a card before OK is pressed."""
    episode = "  ".join(word for word in (card.label, card.episode_title) if word)
    length = card.duration_seconds or card.runtime_estimate_seconds
    facts = (
        episode or str(card.year or ""),
        minutes_text(length) if length else "",
        ", ".join(about.genres),
    )
    return Glimpse(
        title=card.title,
        facts="   ".join(fact for fact in facts if fact),
        standing=standing(card, now),
        overview=" ".join((about.overview or "").split()),
    )


def standing(card: Card, now: datetime) -> str:
    """Where one stands in it, and what stands in the way, in short sentences."""
    facts = [_progress(card, now)]
    match obstacle(card, now):
        case Obstacle.NOT_OUT:
            facts = [airs_text(card.airs_at, now)]
        case Obstacle.NOT_HERE:
            facts.append("not on this device")
    if card.waiting:
        facts.append("waiting to be sent")
    return " ".join(sentence(fact) for fact in facts if fact)


def _progress(card: Card, now: datetime) -> str:
    when = ago(card.updated_at, now)
    match card.state:
        case CardState.UP_NEXT:
            return "Next to watch"
        case CardState.UNWATCHED:
            return "Not watched yet"
        case CardState.WATCHED:
            return f"Watched {when}".rstrip()
        case _ if card.known_episodes:
            return f"{card.seen_episodes} of {card.known_episodes} episodes watched"
        case _ if card.kind is not Kind.MOVIE and card.number is None:
            return f"Begun {when}".rstrip()  # of a series as a whole there is no position
    left = seconds_left(card)
    parts = (
        f"Stopped at {place_text(card)}",
        when,
        f"{minutes_text(left[0])} left" if left else "",
    )
    return ", ".join(part for part in parts if part)
