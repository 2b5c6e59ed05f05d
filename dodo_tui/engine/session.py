"""One player from its start to its end: followed, steered, and asked to go on to what comes next.

The engine and `dodo play` both iterate `PlaySession.playbacks` and record what it yields. Meanwhile
the session is the `Controller` of what plays, for this process's screens and, over its control
socket, for every other dodo of the user.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from pathlib import Path

from dodo_tui.clock import Clock, slept_seconds
from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.playback import Playback, PlayerState
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.engine.control.server import ControlServer
from dodo_tui.engine.listening import listen
from dodo_tui.engine.offering import Offering
from dodo_tui.engine.on_air import OnAir
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.protocol import Keys, Player, PlayRequest
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.store import Store
from dodo_tui.tracking.neighbours import (
    Neighbour,
    Neighbours,
    device_name,
    find_neighbours,
)
from dodo_tui.tracking.playing import NothingToPlayError, request_for, resolver
from dodo_tui.tracking.viewing import viewings

log = logging.getLogger(__name__)

_TICK_SECONDS = 1.0
_NOTICE_SECONDS = 4.0
_SLEEP_SECONDS = 3.0
"""A suspension that is noticed; the two clocks that tell of it are not read at the same moment."""


def machine_name() -> str:
    """What this machine is called where nobody has given it a name."""
    return clean_text(os.uname().nodename, 40)


class PlaySession:
    """A `Controller` of one player, and its viewings one after another."""

    def __init__(
        self,
        player: Player,
        store: Store,
        viewers: Viewers,
        clock: Clock,
        runtime_folder: Path,
        on_change: Callable[[OnAir], None] = lambda _on_air: None,
        *,
        goes_on: bool = True,
        slept: Callable[[], float] = slept_seconds,
    ) -> None:
        """`on_change` is told whenever a remote would show something else.

        `goes_on`: whether a next episode may be offered at all. `slept`: how long the machine has
        been suspended so far, in seconds.
        """
        self._slept = slept
        self._slept_seconds = slept()
        self.failures: list[str] = []
        """What went wrong, a sentence each."""
        self._player = player
        self._store = store
        self._viewers = viewers
        self._clock = clock
        self._on_change = on_change
        self._goes_on = goes_on
        self._server = ControlServer(runtime_folder, self)
        self._device = machine_name()
        self._path = ""
        self._playback: Playback | None = None
        self._neighbours = Neighbours()
        self._offering = Offering(
            player,
            store,
            viewers,
            clock,
            self._go_to,
            lambda accepted: self._do(lambda: self.answer_offer(accepted=accepted)),
            self.failures.append,
        )
        self._has_gone_on = False
        """Whether the player's playlist is what we have made it by going to and fro."""
        self._turn = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()

    async def playbacks(self, request: PlayRequest) -> AsyncGenerator[Playback, None]:
        """Play, and yield the running viewing after every sample of the player.

        Raises:
            PlayerError: it could not be started or controlled.
        """
        self._device = await self._store.run(device_name, self._device)
        self._player.listen_to_keys(
            Keys(
                next_episode=lambda: self._do(lambda: self.step(1)),
                previous_episode=lambda: self._do(lambda: self.step(-1)),
            )
        )
        states = listen(self._player, request, self.failures)
        viewers = self._viewers
        followed = viewings(
            self._noting_paths(states),
            resolver(self._store, self._clock, is_private=viewers.is_private),
            lambda: viewers,
        )
        await self._server.open()
        try:
            async with contextlib.aclosing(states), contextlib.aclosing(followed):
                async for playback in followed:
                    await self._take(playback)
                    yield playback
        finally:
            for task in (self._ticking, *self._errands):
                if task is not None:
                    task.cancel()
            await self._server.close()

    # -- the hands on it ------------------------------------------------------------------------

    async def pause(self, paused: bool) -> None:
        """Pause or resume."""
        await self._player.pause(paused)

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative."""
        await self._player.seek(seconds)

    async def step(self, episodes: int) -> None:
        """Go to the next episode on this device (1) or the previous one (-1).

        Raises:
            PlayerError: there is none.
        """
        if self._offering.is_open and episodes > 0:
            await self.answer_offer(accepted=True)
            return
        await self._look_around()
        beside = self._neighbours.next if episodes > 0 else self._neighbours.previous
        if beside is not None:
            await self._go_to(beside)
        elif self._has_gone_on or not await self._player.step(episodes):
            where = "after" if episodes > 0 else "before"
            raise PlayerError(f"There is nothing {where} this one on this device.")

    async def tracks(self) -> tuple[Track, ...]:
        """The sound and subtitle tracks."""
        return await self._player.tracks()

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a track; None switches that kind off."""
        await self._player.select_track(kind, track_id)

    async def change_volume(self, percent: float) -> None:
        """Louder, or softer if negative."""
        await self._player.change_volume(percent)

    async def toggle_mute(self) -> None:
        """Sound off, or on again."""
        await self._player.toggle_mute()

    async def answer_offer(self, accepted: bool) -> None:
        """Play the offered episode now, or let nothing follow.

        Raises:
            PlayerError: nothing is offered.
        """
        async with self._turn:
            if not self._offering.is_open:
                raise PlayerError("Nothing is offered to follow.")
            if accepted:
                await self._offering.accept()
            else:
                await self._offering.let_nothing_follow()
        self._tell()

    async def stop(self) -> None:
        """End what plays; the last position still arrives."""
        await self._player.stop()

    # -- following ------------------------------------------------------------------------------

    async def _noting_paths(self, states: AsyncIterator[PlayerState]) -> AsyncIterator[PlayerState]:
        """The same states; which file they are about is remembered."""
        async for state in states:
            self._path = state.path
            yield state

    async def _take(self, playback: Playback) -> None:
        """A new sample."""
        await self._mind_sleep(playback)
        async with self._turn:
            is_new = self._playback is None or self._playback.play_id != playback.play_id
            self._playback = playback
            if is_new:
                await self._begin_viewing()
            await self._advance()
        self._tell()

    async def _mind_sleep(self, playback: Playback) -> None:
        """Pause what a machine that was suspended would play on to an empty room."""
        before, self._slept_seconds = self._slept_seconds, self._slept()
        has_played_on = self._playback is not None and not self._playback.paused
        has_slept = self._slept_seconds - before >= _SLEEP_SECONDS
        if has_slept and has_played_on and playback.end is None:
            log.info("the machine was suspended; what plays is paused")
            with contextlib.suppress(PlayerError):
                await self._player.pause(True)

    async def _begin_viewing(self) -> None:
        """Another viewing than before: nothing that was about the last one holds any more."""
        await self._offering.begin_viewing()
        await self._look_around()

    async def _look_around(self) -> None:
        """Find the episodes beside the one that plays."""
        playback = self._playback
        if playback is None:
            return
        try:
            self._neighbours = await self._store.run(
                find_neighbours, self._viewers.profile_id, playback.key, self._path
            )
        except StorageError as error:
            log.warning("the neighbours of what plays are not known: %s", error)
            self._neighbours = Neighbours()

    def _tell(self) -> None:
        """Tell everybody who looks on."""
        playback = self._playback
        if playback is None:
            return
        around = self._neighbours
        on_air = OnAir(
            playback,
            self._device,
            is_here=True,
            previous=around.previous.label if around.previous else "",
            next=around.next.label if around.next else "",
            offer=self._offering.offer,
        )
        self._server.tell(on_air)
        self._on_change(on_air)

    # -- what comes next ------------------------------------------------------------------------

    async def _advance(self) -> None:
        """Bring what may follow to where film and clock stand now."""
        if self._playback is None or not self._goes_on:
            return
        await self._offering.advance(self._playback, self._path)
        is_ticking = self._ticking is not None and not self._ticking.done()
        if self._offering.is_open and not is_ticking:
            self._ticking = asyncio.create_task(self._tick(), name="countdown")

    async def _tick(self) -> None:
        """Count down, also while the player has nothing to tell."""
        while self._offering.is_open:
            await self._clock.sleep(_TICK_SECONDS)
            async with self._turn:
                await self._advance()
            self._tell()

    async def _go_to(self, beside: Neighbour) -> None:
        """Play another episode in the same window, from where it was left.

        Raises:
            PlayerError: it is not there any more, or the player does not answer.
        """
        playback = self._playback
        if beside.parts_away and playback is not None and playback.duration_seconds is not None:
            await self._player.seek(
                beside.parts_away * playback.duration_seconds - playback.position_seconds
            )
            return
        try:
            request = await request_for(
                self._store,
                self._viewers.profile_id,
                beside.key,
                from_start=False,
                clock=self._clock,
                is_private=self._viewers.is_private,
            )
        except (NothingToPlayError, StorageError) as error:
            raise PlayerError(str(error)) from error
        self._has_gone_on = True
        await self._player.play_next(request)

    # -- keys on the player's own window ----------------------------------------------------------

    def _do(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do what a key has asked for; what cannot be done is said on the picture."""

        async def errand() -> None:
            try:
                await work()
            except PlayerError as error:
                with contextlib.suppress(PlayerError):
                    await self._player.show_text(str(error), _NOTICE_SECONDS)

        task = asyncio.create_task(errand(), name="player-key")
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
