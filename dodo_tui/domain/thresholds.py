"""The numbers that decide when something counts, each with the reason for it."""

from __future__ import annotations

START_RATIO = 0.05
"""From here on a viewing is told to the providers ("watching now"); before it nothing is sent."""

FINISH_RATIO = 0.90
"""From here on a viewing counts as watched, if enough of it was really played."""

MIN_PLAYED_SECONDS = 60.0
"""How much of the film must really have been played in this viewing to count as watched …"""

MIN_PLAYED_RATIO = 0.05
"""… or this share of it, if that is less: who only jumps to the end has not watched it."""

SHORTEST_TRACKED_SECONDS = 5.0
"""A duration below this is a player's placeholder, not a film."""

RESUME_FROM_SECONDS = 60.0
"""Continue Watching lists a film from here on …"""

RESUME_FROM_RATIO = 0.01
"""… or from this share of it, whichever comes first."""

DEBOUNCE_SECONDS = 5.0
"""A pause or resume that is undone within this time is not told to anybody."""

TICK_SECONDS = 4.0
"""How often the position is written while playing.

Players are heard about once a second, so a power cut loses five seconds at most.
"""

LIVE_SECONDS = 60.0
"""How long "watching now" rows may wait; later they would be a lie and are dropped."""

PROMPT_SECONDS = 120.0
"""A watched fact delivered within this time goes as `stop`, later as dated history."""


def is_listed(position_seconds: float, duration_seconds: float | None) -> bool:
    """Whether an unfinished film has been watched long enough to be in Continue Watching."""
    if position_seconds >= RESUME_FROM_SECONDS:
        return True
    return bool(duration_seconds) and position_seconds >= RESUME_FROM_RATIO * (
        duration_seconds or 0.0
    )


def played_enough(played_seconds: float, duration_seconds: float) -> bool:
    """Whether so much was really played in this viewing that it can count as watched."""
    return played_seconds >= min(MIN_PLAYED_SECONDS, MIN_PLAYED_RATIO * duration_seconds)
