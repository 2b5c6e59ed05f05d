"""Seeking with two keys: the more presses, the longer the step, and the jump comes after a pause.

As in Kodi's skip steps: one press is ten seconds, the second makes it half a minute, and so on;
a press the other way takes the last one back. Beyond the longest step each press adds it again.
"""

from __future__ import annotations

from dataclasses import replace

from dodo_tui.values import dataclass

STEPS_SECONDS = (10.0, 30.0, 60.0, 180.0, 600.0)
"""How far one, two, three, … presses in the same direction go."""

DELAY_SECONDS = 0.75
"""How long the next press may take before the jump is made."""

_HELD_FROM_PRESSES = 3
_HELD_WITHIN_SECONDS = 0.1
_HELD_EVERY_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Seeking:
    """What the presses so far come to."""

    presses: int = 0
    """Right counts up, Left counts down."""
    at_seconds: float = 0.0
    """When the last press came, by a monotonic clock, whether it counted or not."""
    counted_at_seconds: float = 0.0
    """When the last press that counted came."""

    @property
    def seconds(self) -> float:
        """The jump that would be made now; backwards if negative."""
        count = abs(self.presses)
        if count == 0:
            return 0.0
        beyond = max(count - len(STEPS_SECONDS), 0)
        size = STEPS_SECONDS[min(count, len(STEPS_SECONDS)) - 1] + beyond * STEPS_SECONDS[-1]
        return size if self.presses > 0 else -size

    def press(self, step: int, at_seconds: float) -> Seeking:
        """One more press: 1 for Right, -1 for Left.

        A key that is held repeats far faster than anybody can follow: then one repeat in many
        counts.
        """
        is_held = (
            abs(self.presses) >= _HELD_FROM_PRESSES
            and (self.presses > 0) == (step > 0)
            and at_seconds - self.at_seconds < _HELD_WITHIN_SECONDS
        )
        if is_held and at_seconds - self.counted_at_seconds < _HELD_EVERY_SECONDS:
            return replace(self, at_seconds=at_seconds)
        return Seeking(self.presses + step, at_seconds, at_seconds)


def target_seconds(position: float, jump: float, duration: float | None) -> float:
    """Where a jump leads: never before the start, and short of the end, so that it is not over."""
    wanted = max(position + jump, 0.0)
    return wanted if duration is None else min(wanted, max(duration - 5.0, position))
