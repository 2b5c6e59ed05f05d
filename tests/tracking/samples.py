"""Players and viewings for tests, in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dodo_tui.domain.playback import End, Playback, PlayerState, PlayerStatus, advance
from tests.support.clock import START

FILM = "tt0133093"
SHOW = "tt0903747"
LOCAL = "local:0123456789abcdef"
HOUR = 3600.0


class Viewer:
    """Somebody watching one item: makes the samples that a player would."""

    def __init__(
        self,
        duration: float | None = HOUR,
        position: float = 0.0,
        *,
        item: str = "1",
        path: str = "/films/film.mkv",
        start: datetime = START,
    ) -> None:
        self.duration = duration
        self.position: float | None = position
        self.item = item
        self.path = path
        self.start = start
        self.elapsed = 0.0
        self.jumps = 0
        self.speed = 1.0
        self.paused = False

    def sample(self, end: End | None = None) -> PlayerState:
        """What the player says now."""
        return PlayerState(
            source="mpv",
            item=self.item,
            path=self.path,
            status=PlayerStatus.PAUSED if self.paused else PlayerStatus.PLAYING,
            at=self.start + timedelta(seconds=self.elapsed),
            clock_seconds=1000.0 + self.elapsed,
            position_seconds=self.position,
            duration_seconds=self.duration,
            speed=self.speed,
            jumps=self.jumps,
            end=end,
        )

    def wait(self, seconds: float) -> PlayerState:
        """Time passes; the film goes on unless it is paused."""
        self.elapsed += seconds
        if not self.paused and self.position is not None:
            self.position += seconds * self.speed
        return self.sample()

    def play(self, seconds: float, step: float = 5.0) -> list[PlayerState]:
        """Play for so long, a sample every few seconds."""
        samples = []
        while seconds > 0:
            samples.append(self.wait(min(step, seconds)))
            seconds -= step
        return samples

    def seek(self, position: float) -> PlayerState:
        """Jump."""
        self.jumps += 1
        self.position = position
        return self.sample()

    def pause(self, paused: bool = True) -> PlayerState:
        """Pause, or go on."""
        self.paused = paused
        return self.sample()


def opened(state: PlayerState, play_id: str = "p1", key: str = FILM, profile: int = 1) -> Playback:
    """A viewing at its first sample."""
    return Playback(
        play_id=play_id,
        profile_id=profile,
        key=key,
        title="The Matrix",
        label="",
        source=state.source,
        item=state.item,
        started_at=state.at,
        at=state.at,
        clock_seconds=state.clock_seconds,
        position_seconds=state.position_seconds or 0.0,
        duration_seconds=state.duration_seconds,
        furthest_seconds=state.position_seconds or 0.0,
        speed=state.speed,
        jumps=state.jumps,
    )


def follow(playback: Playback, states: list[PlayerState]) -> list[Playback]:
    """The viewing after each sample."""
    seen = []
    for state in states:
        playback = advance(playback, state)
        seen.append(playback)
    return seen


def ended(playback: Playback, end: End = End.CLOSED) -> Playback:
    """The same viewing, over."""
    return replace(playback, end=end)
