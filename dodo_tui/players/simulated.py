"""A player that only pretends: for `dodo demo` without mpv, and for tests of the interface."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace

from dodo_tui.clock import Clock
from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.protocol import Keys, PlayRequest, Prompt

TICK_SECONDS = 1.0
"""How often the mere passing of time is told."""

DEFAULT_DURATION_SECONDS = 45 * 60.0
"""How long an item takes that nobody gave a duration for."""

TRACKS: tuple[Track, ...] = (
    Track(1, TrackKind.AUDIO, "eng", detail="5.1", selected=True),
    Track(2, TrackKind.AUDIO, "eng", "Commentary", "stereo"),
    Track(1, TrackKind.SUBTITLES, "eng"),
    Track(2, TrackKind.SUBTITLES, "deu"),
)
"""What every simulated film has."""


class SimulatedPlayer:
    """Plays nothing at the pace of a clock, and tells it as mpv does."""

    def __init__(
        self,
        clock: Clock,
        durations_seconds: Mapping[str, float] | None = None,
        *,
        speed: float = 1.0,
        default_duration_seconds: float = DEFAULT_DURATION_SECONDS,
        source: str = "simulated",
    ) -> None:
        """Prepare a player.

        `durations_seconds` is by path; `speed` is film seconds per second of the clock.
        """
        self._clock = clock
        self._durations_seconds = dict(durations_seconds or {})
        self._speed = speed
        self._default_duration_seconds = default_duration_seconds
        self._source = source
        self._film: _Film | None = None
        self._changed = asyncio.Event()
        self._stopping = False
        self.shown: list[tuple[str, float]] = []
        """What was to be shown on the picture and for how many seconds, oldest first."""
        self.prompt: Prompt | None = None
        """The question that is on the picture."""
        self.keys: Keys | None = None
        self.volume_percent = 100.0
        self.muted = False
        self._tracks = TRACKS
        self._held = False
        self._paths: list[str] = []
        self._next_start_seconds = 0.0

    async def play(self, request: PlayRequest) -> AsyncGenerator[PlayerState, None]:
        """Pretend to play; see `Player.play`.

        Raises:
            PlayerError: there is nothing to play, or something is playing already.
        """
        if self._film is not None:
            raise PlayerError("The simulated player is already playing.")
        if not request.paths:
            raise PlayerError("There is nothing to play.")
        self._stopping, self._held = False, False
        self._paths = list(request.paths)
        film = self._film = self._open(0, self._start_seconds(request))
        try:
            while True:
                self._changed.clear()
                yield self._state(film)
                await self._wait(film)
                self._move(film)
                if film.end is None:
                    continue
                yield self._state(film)
                while self._is_held(film):
                    self._changed.clear()
                    await self._changed.wait()
                if self._stopping or film.next_index >= len(self._paths):
                    return
                start_seconds, self._next_start_seconds = self._next_start_seconds, 0.0
                film = self._film = self._open(film.next_index, start_seconds, film.paused)
        finally:
            self._film = None

    async def pause(self, paused: bool) -> None:
        """Pause or resume; asking for the state it is in does nothing."""
        if self._film is not None and self._film.paused != paused:
            self._move(self._film)
            self._film.paused = paused
            self._changed.set()

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative."""
        if self._film is not None:
            self._move(self._film)
            wanted = self._film.position_seconds + seconds
            self._film.position_seconds = min(max(wanted, 0.0), self._film.duration_seconds)
            self._film.jumps += 1
            self._changed.set()

    async def step(self, items: int) -> bool:
        """Go so many items further in the playlist, or back; answers whether there were any."""
        film = self._film
        if film is None or film.end is not None:
            return False
        target = min(max(film.index + items, 0), len(self._paths) - 1)
        if target == film.index:
            return False
        self._go_to(film, target)
        return True

    async def play_next(self, request: PlayRequest) -> None:
        """Play something else in place of the current item."""
        film = self._film
        if film is None:
            return
        target = len(self._paths)
        self._paths += request.paths
        self._next_start_seconds = self._start_seconds(request)
        film.paused = False
        self._go_to(film, target)

    async def hold(self, held: bool) -> None:
        """Whether the player stays when its last item has ended."""
        self._held = held
        self._changed.set()

    async def tracks(self) -> tuple[Track, ...]:
        """The tracks that every simulated film has."""
        return self._tracks if self._film is not None else ()

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a track; None switches that kind off.

        Raises:
            PlayerError: there is no such track.
        """
        known = {track.id for track in self._tracks if track.kind is kind}
        if track_id is not None and track_id not in known:
            raise PlayerError(f"There is no track {track_id} of that kind.")
        self._tracks = tuple(
            replace(track, selected=track.id == track_id) if track.kind is kind else track
            for track in self._tracks
        )

    async def change_volume(self, percent: float) -> None:
        """Louder, or softer."""
        self.volume_percent = min(max(self.volume_percent + percent, 0.0), 100.0)

    async def toggle_mute(self) -> None:
        """Sound off, or on again."""
        self.muted = not self.muted

    def listen_to_keys(self, keys: Keys) -> None:
        """Remember them, for a test to press."""
        self.keys = keys

    async def show_prompt(self, prompt: Prompt | None) -> None:
        """Remember what would have been asked."""
        self.prompt = prompt

    async def show_text(self, text: str, seconds: float) -> None:
        """Remember what would have been shown."""
        self.shown.append((text, seconds))

    async def stop(self) -> None:
        """End; the last state still arrives."""
        if self._film is not None:
            self._stopping = True
            self._move(self._film)
            self._film.end = self._film.end or End.CLOSED
            self._changed.set()

    def _go_to(self, film: _Film, target: int) -> None:
        """Leave an item for another one of the playlist."""
        self._move(film)
        film.next_index, film.end = target, film.end or End.REPLACED
        self._changed.set()

    def _is_held(self, film: _Film) -> bool:
        """Whether the last item has ended and its last picture stays."""
        return self._held and not self._stopping and film.next_index >= len(self._paths)

    def _start_seconds(self, request: PlayRequest) -> float:
        """Where the first item begins."""
        path = request.paths[0]
        duration = self._durations_seconds.get(path, self._default_duration_seconds)
        return max(request.start_seconds, (request.start_ratio or 0.0) * duration, 0.0)

    def _open(self, index: int, start_seconds: float, paused: bool = False) -> _Film:
        """The item at a place of the playlist, about to run."""
        path = self._paths[index]
        duration = self._durations_seconds.get(path, self._default_duration_seconds)
        return _Film(
            item=f"simulated-{secrets.token_hex(4)}",
            path=path,
            index=index,
            next_index=index + 1,
            duration_seconds=duration,
            position_seconds=min(start_seconds, duration),
            paused=paused,
            moved_at_seconds=self._clock.monotonic(),
        )

    def _move(self, film: _Film) -> None:
        """Bring an item to where it is by now; at its end it is finished."""
        now = self._clock.monotonic()
        elapsed, film.moved_at_seconds = now - film.moved_at_seconds, now
        if film.paused or film.end is not None:
            return
        film.position_seconds += elapsed * self._speed
        if film.position_seconds >= film.duration_seconds:
            film.position_seconds = film.duration_seconds
            film.end = End.FINISHED

    async def _wait(self, film: _Film) -> None:
        """Wait for the next tick, the end of the item or somebody's key."""
        if self._changed.is_set():
            return
        changed = asyncio.create_task(self._changed.wait())
        waits: set[asyncio.Task[object]] = {changed}
        if not film.paused:
            left = (film.duration_seconds - film.position_seconds) / self._speed
            waits.add(asyncio.create_task(self._clock.sleep(min(TICK_SECONDS, left))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _state(self, film: _Film) -> PlayerState:
        """A sample of an item as it stands."""
        if film.end is not None:
            status = PlayerStatus.STOPPED
        else:
            status = PlayerStatus.PAUSED if film.paused else PlayerStatus.PLAYING
        return PlayerState(
            source=self._source,
            item=film.item,
            path=film.path,
            status=status,
            at=self._clock.now(),
            clock_seconds=self._clock.monotonic(),
            position_seconds=film.position_seconds,
            duration_seconds=film.duration_seconds,
            speed=self._speed,
            jumps=film.jumps,
            end=film.end,
        )


@dataclass(slots=True)
class _Film:
    """One item while it plays; the only thing here that changes."""

    item: str
    path: str
    index: int
    next_index: int
    duration_seconds: float
    position_seconds: float
    paused: bool
    moved_at_seconds: float
    jumps: int = 0
    end: End | None = None
