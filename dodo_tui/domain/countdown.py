"""When the next episode is offered, and when it begins: a pure fold over what plays.

It is offered once the credits may be running, and begins when the film is over, so that nothing is
cut off that nobody asked to have cut off; in any case the viewer has the whole countdown to
decline. While the film is paused, so is the countdown.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from dodo_tui.domain.playback import End, Playback
from dodo_tui.values import dataclass

CREDITS_RATIO = 0.95
"""From here on the credits may be running …"""

CREDITS_SECONDS = 30.0
"""… or from so long before the end, whichever is later."""

COUNTDOWN_SECONDS = 15
"""How long the viewer has at least to decline, if nothing else is set."""

_ENDED_WITHOUT_NEXT = frozenset({End.CLOSED, End.REPLACED, End.FAILED, End.LOST})


class Stage(StrEnum):
    """Where it stands."""

    FILM = "film"
    """The film is on."""
    OFFERED = "offered"
    DECLINED = "declined"
    """Nothing follows by itself: somebody said so, or there is nothing."""
    DUE = "due"
    """The next one begins."""


@dataclass(frozen=True, slots=True)
class Countdown:
    """Where a viewing stands on its way to the next one."""

    stage: Stage = Stage.FILM
    waited_seconds: float = 0.0
    """How long it has been offered, pauses left out."""
    clock_seconds: float = 0.0
    seconds_left: float = 0.0


def credits_begin(duration_seconds: float) -> float:
    """From which second on the credits may be running."""
    return max(duration_seconds * CREDITS_RATIO, duration_seconds - CREDITS_SECONDS)


def advance_countdown(
    countdown: Countdown, playback: Playback, clock_seconds: float, countdown_seconds: float
) -> Countdown:
    """The countdown as the film and the clock stand now.

    Seeking back out of the credits withdraws the offer; what was declined stays so.
    """
    if countdown.stage in (Stage.DECLINED, Stage.DUE):
        return countdown
    if playback.end in _ENDED_WITHOUT_NEXT or not _in_credits(playback):
        return Countdown(clock_seconds=clock_seconds)
    waited = countdown.waited_seconds
    runs = playback.end is not None or not playback.paused
    if countdown.stage is Stage.OFFERED and runs:
        waited += max(clock_seconds - countdown.clock_seconds, 0.0)
    left = max(countdown_seconds - waited, _film_left(playback))
    stage = Stage.DUE if left <= 0 else Stage.OFFERED
    return Countdown(stage, waited, clock_seconds, max(left, 0.0))


def decline(countdown: Countdown) -> Countdown:
    """Nothing follows by itself any more."""
    return replace(countdown, stage=Stage.DECLINED)


def _in_credits(playback: Playback) -> bool:
    duration = playback.duration_seconds
    return duration is not None and playback.position_seconds >= credits_begin(duration)


def _film_left(playback: Playback) -> float:
    """Seconds of the clock until the film is over."""
    if playback.end is not None or playback.duration_seconds is None:
        return 0.0
    left = playback.duration_seconds - playback.position_seconds
    return max(left, 0.0) / max(playback.speed, 0.01)
