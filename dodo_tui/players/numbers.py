"""Numbers as players write them: any of them may be no number, or one that no film has."""

from __future__ import annotations

import math

MOST_SECONDS = 7 * 24 * 3600.0
"""Nothing runs so long; a player that says so does not know."""


def number_of(value: object) -> float | None:
    """A finite number; None for anything else, and for one that no `float` can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def seconds_of(value: object, per_second: float = 1.0) -> float | None:
    """So many ticks as seconds of film; None where they are none, or more than any film has."""
    number = number_of(value)
    if number is None or not 0 <= number / per_second <= MOST_SECONDS:
        return None
    return number / per_second


def speed_of(value: object) -> float:
    """How fast a film runs, 1.0 where the player says nothing that could be so."""
    number = number_of(value)
    return number if number is not None and 0 < number <= 100 else 1.0
