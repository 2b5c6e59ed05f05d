"""One viewing that two sources report: mpv and its MPRIS face, Kodi and the Jellyfin it plays from.

It must make one play. Who told first is believed for as long as it goes on, and a while longer:
sources that are asked now and then hear of an end late.
"""

from __future__ import annotations

from dataclasses import dataclass

SETTLE_SECONDS = 3.0
"""So long a viewing must have run before it is recorded: by then a faster source has told of it."""

LATE_SECONDS = 45.0
"""How long after its end a viewing may still be reported elsewhere (Jellyfin: two polls of 10 s,
and its clients report every 10 s)."""

STANDS_SECONDS = 120.0
"""A position that has not moved for so long while the player says that it plays is no viewing."""

SILENT_SECONDS = 45.0
"""A player that says it plays and then says nothing for so long has gone or hangs."""


@dataclass(frozen=True, slots=True)
class Told:
    """A viewing that is being told by one source."""

    session: str
    """The source and which of its players, unique on this machine."""
    key: str
    clock_seconds: float
    """When it was heard of last, by the monotonic clock."""
    is_over: bool = False


def is_twin(session: str, key: str, others: tuple[Told, ...], clock_seconds: float) -> bool:
    """Whether a viewing is told by another source already, or was until a moment ago."""
    return any(
        other.session != session
        and other.key == key
        and (not other.is_over or clock_seconds - other.clock_seconds <= LATE_SECONDS)
        for other in others
    )


def is_settled(begun_seconds: float, clock_seconds: float) -> bool:
    """Whether a viewing has run long enough to be recorded."""
    return clock_seconds - begun_seconds >= SETTLE_SECONDS
