"""A world for the engine: a clock that stands still, a player and a provider that do as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from textual.pilot import Pilot

from dodo_tui.clock import Clock
from dodo_tui.config import Paths
from dodo_tui.domain.account import User
from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.engine.logind import Logind
from dodo_tui.engine.services import Posters
from dodo_tui.players.protocol import Keys, Player, PlayRequest, Prompt
from dodo_tui.players.watching import Watcher
from dodo_tui.providers.catalogue import FileMatch
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.facts import Answer, Fact, Outcome, Unclear, Verb
from dodo_tui.providers.items import Item
from dodo_tui.providers.protocol import Provider
from dodo_tui.providers.sign_in import SignInStep
from dodo_tui.storage.credentials import TokenFile
from tests.support.clock import START

LONGEST_SECONDS = 60.0
"""No test waits so long unless what it waits for never comes."""

DURATION = 6000.0


class StillClock:
    """Time that passes only when a test lets it; whoever sleeps then wakes."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return START + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return 1000.0 + self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait until a test has let so much time pass."""
        end = self._elapsed + seconds
        async with self._moved:
            await self._moved.wait_for(lambda: self._elapsed >= end)

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        async with self._moved:
            self._elapsed += seconds
            self._moved.notify_all()


class ScriptedPlayer:
    """Yields what a test tells it to."""

    def __init__(self, clock: StillClock) -> None:
        self._clock = clock
        self._states: asyncio.Queue[PlayerState | Exception] = asyncio.Queue()
        self._last: PlayerState | None = None
        self.request: PlayRequest | None = None
        self.started = asyncio.Event()
        self.gone = asyncio.Event()
        self.stops = 0
        self.deaf = False
        """Whether it ignores being stopped."""

    async def play(self, request: PlayRequest) -> AsyncGenerator[PlayerState, None]:
        """Yield what is told, up to an end."""
        self.request = request
        self.started.set()
        try:
            while True:
                state = await self._states.get()
                if isinstance(state, Exception):
                    raise state
                yield state
                if state.end is not None:
                    return
        finally:
            self.gone.set()

    def fail(self, error: Exception) -> None:
        """Let it go wrong."""
        self._states.put_nowait(error)

    def tell(
        self,
        position: float,
        *,
        paused: bool = False,
        end: End | None = None,
        jumps: int = 0,
        error: str | None = None,
    ) -> PlayerState:
        """A new sample."""
        assert self.request is not None
        status = PlayerStatus.PAUSED if paused else PlayerStatus.PLAYING
        self._last = PlayerState(
            source="mpv",
            item="item-1",
            path=self.request.paths[0],
            status=PlayerStatus.STOPPED if end else status,
            at=self._clock.now(),
            clock_seconds=self._clock.monotonic(),
            position_seconds=position,
            duration_seconds=DURATION,
            jumps=jumps,
            end=end,
            error=error,
        )
        self._states.put_nowait(self._last)
        return self._last

    async def pause(self, paused: bool) -> None:
        """Not needed here."""

    async def seek(self, seconds: float) -> None:
        """Not needed here."""

    async def step(self, items: int) -> bool:
        """There is no playlist."""
        return False

    async def tracks(self) -> tuple[Track, ...]:
        """None."""
        return ()

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Not needed here."""

    async def change_volume(self, percent: float) -> None:
        """Not needed here."""

    async def toggle_mute(self) -> None:
        """Not needed here."""

    async def play_next(self, request: PlayRequest) -> None:
        """Not needed here."""

    async def hold(self, held: bool) -> None:
        """Not needed here."""

    async def show_prompt(self, prompt: Prompt | None) -> None:
        """Not needed here."""

    def listen_to_keys(self, keys: Keys) -> None:
        """Not needed here."""

    async def show_text(self, text: str, seconds: float) -> None:
        """Not needed here."""

    async def stop(self) -> None:
        """End, at the last position."""
        self.stops += 1
        if self.deaf:
            await asyncio.Event().wait()
        if not self.gone.is_set():
            position = self._last.position_seconds if self._last else None
            self.tell(position or 0.0, end=End.CLOSED)
            await self.gone.wait()


class ScriptedProvider:
    """Remembers what it was told; fails when a test says so."""

    id = "simkl"
    name = "Simkl"
    batch_size = 50
    repeats_are_harmless = True

    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []
        self.facts: list[Fact] = []
        self.trouble: Exception | None = None
        self.steps: asyncio.Queue[SignInStep | Exception] = asyncio.Queue()
        self.user_name = "Dodo"
        self.revoked = 0
        self.closed = 0

    async def authorize(self) -> AsyncIterator[SignInStep]:
        """The steps that a test gives."""
        while True:
            step = await self.steps.get()
            if isinstance(step, Exception):
                raise step
            yield step

    async def user(self) -> User:
        """Who it is."""
        self._raise()
        return User("7", self.user_name)

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """Take a live call."""
        self._raise()
        self.told.append((verb.value, percent))
        outcome = {Verb.START: Outcome.NOTED, Verb.PAUSE: Outcome.SAVED}
        return Answer(outcome.get(verb, Outcome.WATCHED))

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """Take facts."""
        self._raise()
        self.facts += facts
        return [Answer(Outcome.DONE) for _ in facts]

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Repeats are harmless."""
        return (False,) * len(unclear)

    async def resume_points(self) -> Sequence[ResumePoint]:
        """None."""
        self._raise()
        return ()

    async def identify(self, file_name: str) -> FileMatch | None:
        """No idea."""
        return None

    async def revoke(self) -> None:
        """Count it."""
        self.revoked += 1
        self._raise()

    async def close(self) -> None:
        """Count it."""
        self.closed += 1

    def _raise(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@dataclass
class ScriptedServices:
    """Hands out the scripted ones, and counts how often a provider was asked for."""

    paths: Paths
    clock: StillClock
    remote: ScriptedProvider = field(default_factory=ScriptedProvider)
    players: list[ScriptedPlayer] = field(default_factory=list)
    no_provider: Exception | None = None
    posters: Posters | None = None
    asked: int = 0

    def player(self) -> Player:
        """A new player."""
        self.players.append(ScriptedPlayer(self.clock))
        return self.players[-1]

    def pictures(self) -> Posters | None:
        """No posters, unless a test has some."""
        return self.posters

    def watchers(self, clock: Clock) -> tuple[Watcher, ...]:
        """Nobody else plays."""
        return ()

    def logind(self) -> Logind | None:
        """Nobody says when this machine sleeps."""
        return None

    def provider(self, provider_id: str, profile_id: int) -> Provider:
        """The provider, or trouble."""
        self.asked += 1
        if self.no_provider is not None:
            raise self.no_provider
        return cast("Provider", self.remote)

    def provider_to_sign_in(self, provider_id: str, profile_id: int) -> Provider:
        """The same."""
        return self.provider(provider_id, profile_id)

    def tokens(self, provider_id: str, profile_id: int) -> TokenFile:
        """A file of its own."""
        return TokenFile(self.paths.data, provider_id, profile_id)


async def eventually(pilot: Pilot[Any], look: Callable[[], object]) -> None:
    """Let the app run until something is true."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while not look():
            await pilot.pause(0.01)
