"""Players that are asked now and then: a pure fold from readings to `PlayerState` samples.

Kodi, VLC, MPRIS and Jellyfin forget the position at the moment of stopping, and most of them do not
say whether a film ran to its end. So the last good reading is kept, and carried on by the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dodo_tui.domain.playback import Content, End, PlayerState, PlayerStatus
from dodo_tui.domain.thresholds import FINISH_RATIO

_SLACK_SECONDS = 3.0
_SLACK_SHARE = 0.1
"""A position that is off what the clock says by more than both is a jump."""

_END_SECONDS = 5.0
_END_SHARE = 0.1
"""A film whose last position, carried on, is nearer to its end than both ran to it."""

_START_SECONDS = 5.0

_CARRY_SECONDS = 12.0
"""No player is asked more seldom: further on than this its position is not carried."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was read: UTC, and seconds of a monotonic clock."""

    at: datetime
    clock_seconds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a player says now."""

    identity: str
    """Changes when another item starts."""
    path: str
    status: PlayerStatus
    position_seconds: float | None
    duration_seconds: float | None
    """None or <= 0: unknown or live."""
    speed: float = 1.0
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """One player between two readings."""

    source: str
    session: str
    lag_seconds: float = 0.0
    """How old a position may be when it is read: within that, our own clock is believed."""
    identity: str = ""
    items_begun: int = 0
    last: PlayerState | None = None
    """The last sample of an item that has not ended."""


Step = tuple[Polled, tuple[PlayerState, ...]]


def read(polled: Polled, reading: Reading, moment: Moment) -> Step:
    """The player after one more reading, and the samples to hand out."""
    ended: tuple[PlayerState, ...] = ()
    last = polled.last
    if last is not None and (reading.identity != polled.identity or _begins_anew(last, reading)):
        polled, ended = end(polled, moment, End.REPLACED)
        last = None
    begun = polled.items_begun + (last is None)
    off = 0.0 if last is None else _off_seconds(last, reading, moment)
    is_jump = last is not None and _is_jump(last, reading, moment, polled.lag_seconds)
    position = reading.position_seconds
    if position is not None and polled.lag_seconds and not is_jump and _both_play(last, reading):
        position -= off
    state = PlayerState(
        source=polled.source,
        session=polled.session,
        item=f"{polled.session}/{begun}" if last is None else last.item,
        path=reading.path,
        status=reading.status,
        at=moment.at,
        clock_seconds=moment.clock_seconds,
        position_seconds=position,
        duration_seconds=_known(reading.duration_seconds),
        speed=reading.speed,
        jumps=0 if last is None else last.jumps + is_jump,
        content=reading.content,
    )
    if last is not None and state.position_seconds is None:
        state = replace(state, position_seconds=last.position_seconds)
    known = replace(polled, identity=reading.identity, items_begun=begun, last=state)
    return known, (*ended, state)


def end(polled: Polled, moment: Moment, how: End) -> Step:
    """The player after its item ended, as it seems or says.

    One that was closed or lost near its end, by the clock, ran to it: players do not tell the two
    apart. Nothing is carried on from a pause.
    """
    last = polled.last
    if last is None:
        return polled, ()
    position = carried(last, moment.clock_seconds)
    duration = last.duration_seconds
    is_near = False
    if position is not None and duration is not None:
        is_near = duration - position <= min(_END_SECONDS, _END_SHARE * duration)
    if is_near and how is not End.FAILED:
        how = End.FINISHED
    state = replace(
        last,
        status=PlayerStatus.STOPPED,
        at=moment.at,
        clock_seconds=moment.clock_seconds,
        position_seconds=position,
        end=how,
    )
    return replace(polled, last=None, identity=""), (state,)


def last_heard(polled: Polled, moment: Moment, within_seconds: float = 0.0) -> Moment:
    """Until when a player that says nothing any more has played for sure: its film may stand.

    `within_seconds`: how long after its last word it need not have been heard.
    """
    if polled.last is None:
        return moment
    until = polled.last.clock_seconds + within_seconds
    return replace(moment, clock_seconds=min(moment.clock_seconds, until))


def carried(last: PlayerState, clock_seconds: float) -> float | None:
    """The last position, carried on by the clock while it played, never past the end."""
    position = last.position_seconds
    if position is None or last.status is not PlayerStatus.PLAYING:
        return position
    elapsed = min(max(clock_seconds - last.clock_seconds, 0.0), _CARRY_SECONDS)
    position += elapsed * max(last.speed, 0.0)
    return position if last.duration_seconds is None else min(position, last.duration_seconds)


def _off_seconds(last: PlayerState, reading: Reading, moment: Moment) -> float:
    """How far a position is ahead of what the clock says that it should be."""
    before, now = last.position_seconds, reading.position_seconds
    if before is None or now is None:
        return 0.0
    return now - (before + _ran_seconds(last, moment))


def _ran_seconds(last: PlayerState, moment: Moment) -> float:
    """How much film has run since the last sample, by the clock."""
    if last.status is not PlayerStatus.PLAYING:
        return 0.0
    return max(moment.clock_seconds - last.clock_seconds, 0.0) * last.speed


def _is_jump(last: PlayerState, reading: Reading, moment: Moment, lag_seconds: float) -> bool:
    """Whether a position is too far from where it should be for anything but a jump."""
    slack = _SLACK_SECONDS * max(last.speed, reading.speed, 1.0)
    slack += _SLACK_SHARE * _ran_seconds(last, moment) + lag_seconds
    return abs(_off_seconds(last, reading, moment)) > slack


def _both_play(last: PlayerState | None, reading: Reading) -> bool:
    return (
        last is not None
        and last.status is PlayerStatus.PLAYING
        and reading.status is PlayerStatus.PLAYING
    )


def _begins_anew(last: PlayerState, reading: Reading) -> bool:
    """Whether the same item is back at its start after its end: another viewing of it."""
    duration, before, now = last.duration_seconds, last.position_seconds, reading.position_seconds
    if not duration or before is None or now is None:
        return False
    return before >= FINISH_RATIO * duration and now <= _START_SECONDS


def _known(seconds: float | None) -> float | None:
    return seconds if seconds is not None and seconds > 0 else None
