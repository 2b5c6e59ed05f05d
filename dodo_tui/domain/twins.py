"""One viewing that two sources report: mpv and its MPRIS face, Kodi and the Jellyfin it plays from.

It must make one play. Who told first is believed for as long as it goes on, and a while longer:
sources that are asked now and then hear of an end late.
"""

from __future__ import annotations

from dodo_tui.domain.playback import Playback
from dodo_tui.values import dataclass

SETTLE_SECONDS = 3.0
"""So long a viewing must have run before it is recorded: a short look is none."""

SETTLE_LATER_SECONDS = 10.0
"""And so long one that a better source may be about to tell of: a new mpv's socket is found within
three seconds, and tells more than its face on the session bus."""

_BETTER_ELSEWHERE = frozenset({"mpris", "jellyfin"})

LATE_SECONDS = 45.0
"""How long after its end a viewing may still be reported elsewhere (Jellyfin: two polls of 10 s,
and its clients report every 10 s)."""

STANDS_SECONDS = 120.0
"""A position that has not moved for so long while the player says that it plays is no viewing."""

SILENT_SECONDS = 45.0
"""A player that says it plays and then says nothing for so long has gone or hangs."""


@dataclass(frozen=True, slots=True)
class Report:
    """A viewing that is being told by one source."""

    session: str
    """The source, a colon, and which of its players: unique on this machine."""
    key: str
    clock_seconds: float
    """When it was heard of last, by the monotonic clock."""
    is_over: bool = False


def is_twin(session: str, key: str, others: tuple[Report, ...], clock_seconds: float) -> bool:
    """Whether a viewing is told by another source already, or was until a moment ago.

    Two players of one kind hear of their ends alike: what begins in the second after the end in the
    first is another viewing.
    """
    return any(
        other.session != session
        and other.key == key
        and (not other.is_over or _may_be_late(session, other, clock_seconds))
        for other in others
    )


def _may_be_late(session: str, other: Report, clock_seconds: float) -> bool:
    """Whether a session may not have heard yet of an end that another one has told."""
    is_same_kind = session.partition(":")[0] == other.session.partition(":")[0]
    return not is_same_kind and clock_seconds - other.clock_seconds <= LATE_SECONDS


def is_late(theirs: Playback, playback: Playback) -> bool:
    """Whether a viewing that another process has ended may be the one that is still shown here.

    `theirs`: as it was here while that process last recorded it.
    """
    return playback.clock_seconds - theirs.clock_seconds <= LATE_SECONDS


def is_settled(session: str, begun_seconds: float, clock_seconds: float) -> bool:
    """Whether a viewing has run long enough to be recorded from this session."""
    is_slow = session.partition(":")[0] in _BETTER_ELSEWHERE
    return clock_seconds - begun_seconds >= (SETTLE_LATER_SECONDS if is_slow else SETTLE_SECONDS)
