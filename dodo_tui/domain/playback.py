"""What players say, and the viewing that is made of it.

A player adapter yields `PlayerState` samples; `advance` folds them into a `Playback`, the frozen
value of `now_playing`. Positions and durations are seconds of film, `at` is UTC, `clock_seconds`
is a monotonic clock.
"""

from __future__ import annotations

import math
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.thresholds import (
    FINISH_RATIO,
    SHORTEST_TRACKED_SECONDS,
    played_enough,
)
from dodo_tui.values import dataclass


class PlayerStatus(StrEnum):
    """What a player is doing with its item."""

    PLAYING = "playing"
    PAUSED = "paused"
    BUFFERING = "buffering"
    STOPPED = "stopped"


class End(StrEnum):
    """Why an item ended.

    `FINISHED`: the player reached the end by itself. `CLOSED`: somebody stopped or quit it.
    `REPLACED`: another item took its place. `FAILED`: it could not be played. `LOST`: the player
    went away without a word.
    """

    FINISHED = "finished"
    CLOSED = "closed"
    REPLACED = "replaced"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Content:
    """What a player with a library of its own says that it plays.

    `ids` are those of the film, or of the series as a whole; never an episode's own.
    """

    kind: Kind
    title: str
    year: int | None = None
    ids: Ids = field(default_factory=Ids)
    season: int | None = None
    numbers: tuple[int, ...] = ()
    """The episodes in the file, in order; empty for a film."""


@dataclass(frozen=True, slots=True)
class PlayerState:
    """One sample of a player: what every adapter yields and nothing else reaches the core."""

    source: str
    """The kind of player: `mpv`, `kodi`, `vlc`, `mpris`, `jellyfin`."""
    item: str
    """Changes whenever another item starts, the same item played again included."""
    path: str
    """What is played, as the player names it: a path or an address."""
    status: PlayerStatus
    at: datetime
    clock_seconds: float
    position_seconds: float | None = None
    duration_seconds: float | None = None
    """None: unknown or live."""
    speed: float = 1.0
    jumps: int = 0
    """How many seeks this item has seen: film between two samples that differ was not played."""
    end: End | None = None
    error: str | None = None
    """With `End.FAILED`: what the player says went wrong."""
    session: str = ""
    """Which running player of its kind: a socket, a bus name, a device. Empty: dodo's own."""
    content: Content | None = None
    """What it is, where the player knows more than a path."""


@dataclass(frozen=True, slots=True)
class Playback:
    """One viewing as it stands: the value of `now_playing`."""

    play_id: str
    profile_id: int
    key: str
    title: str
    """How it is named on screen, without the episode's label."""
    label: str
    """`S2 E3`, or empty for a film."""
    source: str
    item: str
    started_at: datetime
    at: datetime
    clock_seconds: float
    position_seconds: float = 0.0
    duration_seconds: float | None = None
    furthest_seconds: float = 0.0
    played_seconds: float = 0.0
    """Film really played in this viewing, at whatever speed; jumped-over film does not count."""
    paused: bool = False
    speed: float = 1.0
    jumps: int = 0
    end: End | None = None
    watched_at: datetime | None = None
    with_profile_ids: tuple[int, ...] = ()
    """Who else watches: each of them gets a play of their own."""
    recorded: bool = True
    """False: it is shown while it plays, and nothing of it is kept or told."""
    is_private_once: bool = False
    """Whether private mode was switched on for this one viewing, and ends with it."""
    path: str = ""
    """What is played, as the player names it."""

    @property
    def ratio(self) -> float | None:
        """How far it is, 0–1; None where the duration is unknown."""
        if self.duration_seconds is None or self.duration_seconds < SHORTEST_TRACKED_SECONDS:
            return None
        return min(max(self.position_seconds / self.duration_seconds, 0.0), 1.0)

    @property
    def is_finished(self) -> bool:
        """Whether it counts as watched: 90 % crossed, and enough of it really played."""
        ratio, duration = self.ratio, self.duration_seconds
        return (
            ratio is not None
            and duration is not None
            and ratio >= FINISH_RATIO
            and played_enough(self.played_seconds, duration)
        )


def shared(playback: Playback) -> tuple[Playback, ...]:
    """A viewing as the play of each one who watches, whoever started it first.

    The ids of the others' plays follow from the first one's, so the same viewing is always the same
    plays.
    """
    others = (
        replace(
            playback,
            profile_id=profile_id,
            play_id=_share_of(playback.play_id, profile_id),
            with_profile_ids=(),
        )
        for profile_id in playback.with_profile_ids
        if profile_id != playback.profile_id
    )
    return (playback, *others)


_TOGETHER = "6f2f1c1e-4a1b-4a53-9d57-6a5b0f6d1d0d"
"""The name space of the ids of plays that are another person's share of a viewing."""


def _share_of(play_id: str, profile_id: int) -> str:
    """The id of another person's play of a viewing."""
    import uuid  # 2 ms that `dodo status` does not pay

    return uuid.uuid5(uuid.UUID(_TOGETHER), f"{play_id} {profile_id}").hex


_SLACK_SECONDS = 2.0
"""Samples arrive late and speeds change between them; a real jump is longer."""

_NATURAL_END_SECONDS = 5.0
"""Players' last sample before a natural end is a little short of the duration."""


def advance(playback: Playback, state: PlayerState) -> Playback:
    """The viewing after one more sample of its player.

    A sample without a position keeps the last good one: every player forgets its position at the
    moment of stopping. A viewing once watched stays watched, whatever follows.
    """
    duration = playback.duration_seconds
    if _is_at_least(state.duration_seconds, SHORTEST_TRACKED_SECONDS):
        duration = state.duration_seconds
    position = playback.position_seconds
    if state.position_seconds is not None and _is_at_least(state.position_seconds, 0.0):
        position = state.position_seconds
    if duration is not None:
        near_end = position >= duration - _NATURAL_END_SECONDS or position >= (
            FINISH_RATIO * duration
        )
        if state.end is End.FINISHED and near_end:
            position = duration
        position = min(position, duration)
    moved = replace(
        playback,
        at=max(state.at, playback.started_at),
        clock_seconds=state.clock_seconds,
        position_seconds=position,
        duration_seconds=duration,
        furthest_seconds=max(playback.furthest_seconds, position),
        played_seconds=playback.played_seconds + film_played(playback, state, position),
        paused=state.status is PlayerStatus.PAUSED,
        speed=state.speed,
        jumps=state.jumps,
        end=playback.end or state.end,
    )
    if moved.watched_at is None and moved.is_finished and moved.end is not End.FAILED:
        return replace(moved, watched_at=moved.at)
    return moved


def film_played(playback: Playback, state: PlayerState, position: float) -> float:
    """Film played since the last sample: what moved forward no faster than the player plays."""
    moved = position - playback.position_seconds
    if state.jumps != playback.jumps or moved <= 0:
        return 0.0
    elapsed = max(state.clock_seconds - playback.clock_seconds, 0.0)
    fastest = max(state.speed, playback.speed, 1.0)
    return moved if moved <= elapsed * fastest * 1.5 + _SLACK_SECONDS * fastest else 0.0


def _is_at_least(value: float | None, least: float) -> bool:
    """Whether a player's number is one, and not too small; some say NaN or infinity for unknown."""
    return value is not None and math.isfinite(value) and value >= least
