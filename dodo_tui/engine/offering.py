"""The next episode: offered on the picture as the credits run, counted down, begun or declined."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from dodo_tui.clock import Clock
from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.countdown import Countdown, Stage, advance_countdown, decline
from dodo_tui.domain.playback import Playback
from dodo_tui.engine.on_air import Offer
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.protocol import Player, Prompt
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.store import Store
from dodo_tui.tracking.neighbours import Autoplay, Neighbour, autoplay, find_next_by_itself

log = logging.getLogger(__name__)


class Offering:
    """What may follow the viewing that runs. The session calls it one call at a time."""

    def __init__(
        self,
        player: Player,
        store: Store,
        viewers: Viewers,
        clock: Clock,
        go_to: Callable[[Neighbour], Awaitable[None]],
        on_answer: Callable[[bool], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """`go_to` plays another episode; `on_answer` hears the keys on the player's own window.

        `on_failure` hears in a sentence why what was offered could not begin.
        """
        self._player = player
        self._store = store
        self._viewers = viewers
        self._clock = clock
        self._go_to = go_to
        self._on_answer = on_answer
        self._on_failure = on_failure
        self._autoplay = Autoplay()
        self._countdown = Countdown()
        self._next: Neighbour | None = None
        self._is_held = False

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return self._next is not None

    @property
    def offer(self) -> Offer | None:
        """What is offered and how many seconds are left, for whoever looks on."""
        if self._next is None:
            return None
        return Offer(self._next.name, round(self._countdown.seconds_left))

    async def begin_viewing(self) -> None:
        """Another viewing than before: what was offered after the last one is withdrawn."""
        await self._withdraw()
        self._countdown = Countdown(clock_seconds=self._clock.monotonic())

    async def advance(self, playback: Playback, path: str) -> None:
        """Bring the countdown to where film and clock stand now, and do what it says."""
        before = self._countdown.stage
        self._count(playback)
        match self._countdown.stage:
            case Stage.OFFERED if before is Stage.FILM:
                await self._open(playback, path)
            case Stage.OFFERED:
                await self._show_prompt()
            case Stage.FILM if before is Stage.OFFERED:
                await self._withdraw()
            case Stage.DUE if self._next is not None:
                await self.accept()

    async def accept(self) -> None:
        """Play what is offered."""
        offered, self._next = self._next, None
        self._countdown = decline(self._countdown)
        with contextlib.suppress(PlayerError):
            await self._player.show_prompt(None)
        if offered is None:
            return
        try:
            await self._go_to(offered)
        except PlayerError as error:
            self._on_failure(str(error))
            await self._hold(held=False)

    async def let_nothing_follow(self) -> None:
        """Take the offer back; it is not made again."""
        await self._take_back()
        self._countdown = decline(self._countdown)
        await self._hold(held=False)

    async def _open(self, playback: Playback, path: str) -> None:
        """The credits may be running: offer what comes next, if anything may."""
        try:
            self._autoplay = await self._store.run(autoplay)
            if self._autoplay.enabled:
                self._next = await self._store.run(
                    find_next_by_itself,
                    self._viewers.profile_id,
                    playback.key,
                    path,
                    self._clock.now(),
                )
        except StorageError as error:
            log.warning("nothing can be offered to follow: %s", error)
        if self._next is None:
            self._countdown = decline(self._countdown)
            return
        self._countdown = replace(self._countdown, waited_seconds=0.0)
        self._count(playback)
        await self._hold(held=True)
        await self._show_prompt()

    def _count(self, playback: Playback) -> None:
        self._countdown = advance_countdown(
            self._countdown,
            playback,
            self._clock.monotonic(),
            self._autoplay.countdown_seconds,
        )

    async def _show_prompt(self) -> None:
        """Bring the question on the picture up to date."""
        if self._next is None:
            return
        seconds = round(self._countdown.seconds_left)
        prompt = Prompt(
            f"Next: {self._next.name} in {seconds} s",
            "OK plays it now · Back does not",
            accept=lambda: self._on_answer(True),
            decline=lambda: self._on_answer(False),
        )
        with contextlib.suppress(PlayerError):
            await self._player.show_prompt(prompt)

    async def _withdraw(self) -> None:
        """Take the offer back; it may be made again."""
        await self._take_back()
        await self._hold(held=False)

    async def _take_back(self) -> None:
        if self._next is not None:
            self._next = None
            with contextlib.suppress(PlayerError):
                await self._player.show_prompt(None)

    async def _hold(self, *, held: bool) -> None:
        """Let the last picture stay while something is offered, and no longer."""
        if held == self._is_held:
            return
        self._is_held = held
        with contextlib.suppress(PlayerError):
            await self._player.hold(held)
