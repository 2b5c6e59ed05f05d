"""The history: what was watched, and what each provider answered about it."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from dodo_tui.domain.queue import DeliveryState
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One viewing or mark."""

    play_id: str
    key: str
    media_id: str
    title: str
    year: int | None
    season: int | None
    number: int | None
    source: str
    started_at: datetime
    ended_at: datetime | None
    watched_at: datetime | None
    ratio: float | None
    one_season: bool = False
    """Whether the title is numbered through, as an anime is."""
    delivered: dict[str, DeliveryState] = field(default_factory=dict)
