"""What counts as one viewing in a history."""

from __future__ import annotations

from collections.abc import Iterable

from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.merge import SAME_VIEWING


def same_viewing(play: HistoryEntry, plays: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """The plays that stand for the same viewing as this one, itself among them."""
    return [
        other
        for other in plays
        if other.key == play.key
        and other.watched_at is not None
        and play.watched_at is not None
        and abs(other.watched_at - play.watched_at) < SAME_VIEWING
    ]
