"""Where a profile stands in one film or episode."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dodo_tui.values import dataclass


class Origin(StrEnum):
    """Who said so. Only `PLAYER` makes scrobbles; nothing pulled or imported goes back out."""

    PLAYER = "player"
    MANUAL = "manual"
    SIMKL = "simkl"
    TRAKT = "trakt"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Progress:
    """The resume point and the watched state of one key for one profile."""

    profile_id: int
    key: str
    position_seconds: float
    """0 where nothing is to be resumed."""
    duration_seconds: float | None
    ratio: float | None
    """Set where only a provider's percentage is known."""
    touched_at: datetime
    origin: Origin
    watched_at: datetime | None = None
    """When it was watched last; None is not watched."""
    watched: bool = False
    """Watched, possibly at an unknown time."""
