"""Playing: the player worker, and the watcher that records every viewing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.worker import Worker

from dodo_tui.domain.audience import Privacy, Viewers
from dodo_tui.engine.base import EngineBase
from dodo_tui.engine.parts import Parts
from dodo_tui.players.errors import PlayerError
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from dodo_tui.domain.playback import Playback
    from dodo_tui.engine.on_air import OnAir
    from dodo_tui.engine.session import PlaySession
    from dodo_tui.players.protocol import Player, PlayRequest
    from dodo_tui.tracking.record import Recorder

log = logging.getLogger(__name__)

_STOP_DEADLINE_SECONDS = 8.0
_CANCEL_DEADLINE_SECONDS = 3.0


class Playing(EngineBase, part=True):
    """Plays what it is asked to; `now_playing` follows the player."""

    def __init__(self, parts: Parts, *, ansi_color: bool = False) -> None:
        """Nothing plays yet."""
        super().__init__(parts, ansi_color=ansi_color)
        self.player: Player | None = None
        self.session: PlaySession | None = None
        """What plays here, and the hands on it."""
        self._player_worker: Worker[None] | None = None
        self._playing = asyncio.Lock()
        self._turn = 0
        self._leaving = False
        self._storage_trouble: str | None = None
        self._write_failed = False
        self._paying: Future[bool] | None = None

    _recorder: Recorder | None = None
    """Made when something plays."""

    @property
    def recorder(self) -> Recorder:
        """Writes what plays here."""
        if self._recorder is None:
            from dodo_tui.tracking.record import Recorder

            self._recorder = Recorder(self.store, self.clock, self._on_storage_trouble)
        return self._recorder

    def play(self, target: str, *, from_start: bool = False) -> None:
        """Play a path, an address or a key, instead of what plays now."""
        if self._leaving:
            return
        self._turn += 1
        self._player_worker = self.run_worker(
            self._play(target, from_start, self._turn, self._viewers()),
            group="player",
            exit_on_error=False,
        )

    def _viewers(self) -> Viewers:
        """Who watches what is played now."""
        company = tuple(person.id for person in self.company)
        return Viewers(self.profile.id, company, self.privacy is not Privacy.OFF)

    async def _play(self, target: str, from_start: bool, turn: int, viewers: Viewers) -> None:
        """Play once what played before has ended and is recorded, unless more was asked since.

        Whoever is watching when it is asked for stays the viewer until the player has gone.
        """
        from dodo_tui.tracking.playing import NothingToPlayError, request_for

        await self._stop_player()
        async with self._playing:
            if turn != self._turn:
                return
            self.trouble = None
            try:
                request = await request_for(
                    self.store,
                    viewers.profile_id,
                    target,
                    from_start=from_start,
                    clock=self.clock,
                    is_private=viewers.is_private,
                )
                if turn == self._turn:
                    await self._run_player(request, viewers)
            except (NothingToPlayError, PlayerError, StorageError) as error:
                self.trouble = str(error)
            finally:
                self._close_viewing()
                self.player = None
                self.session = None
                self._show_on_air(None)
                self._viewing_over()

    async def _run_player(self, request: PlayRequest, viewers: Viewers) -> None:
        """Play, and let `now_playing` follow the player until it has gone."""
        from dodo_tui.engine.session import PlaySession

        player = self.services.player()
        self.player = player
        session = self.session = PlaySession(
            player,
            self.store,
            viewers,
            self.clock,
            self.paths.runtime,
            self._show_on_air,
        )
        playbacks = session.playbacks(request)
        handover = self.screen_handed_over() if needs_terminal(player) else _nothing()
        async with handover, contextlib.aclosing(playbacks):
            async for playback in playbacks:
                self.now_playing = playback
        if session.failures:
            raise PlayerError(session.failures[-1])

    def _show_on_air(self, on_air: OnAir | None) -> None:
        """What plays here looks different now, or nothing plays here any more."""
        self.on_air = on_air

    @contextlib.asynccontextmanager
    async def screen_handed_over(self) -> AsyncIterator[None]:
        """Give the terminal to a player that draws on it; the engine has none to give."""
        yield

    def _close_viewing(self) -> None:
        """End a viewing that its player did not end, at its last good sample."""
        playback = self.now_playing
        if playback is not None and playback.end is None:
            from dodo_tui.domain.playback import End

            self.now_playing = replace(playback, end=End.LOST)
        self.now_playing = None

    def watch_now_playing(self, playback: Playback | None) -> None:
        """The scrobble middleware: every change is decided upon and recorded."""
        if playback is None:
            return
        written = self.recorder.note(playback)
        if written is not None:
            loop = asyncio.get_running_loop()
            written.add_done_callback(lambda _: loop.call_soon_threadsafe(self._after_record))

    def _look_for_changes(self) -> None:
        """Once a second: also write what could not be written, though nothing plays any more."""
        super()._look_for_changes()
        is_at_it = self._paying is not None and not self._paying.done()
        recorder = self._recorder
        if recorder is not None and recorder.owes and self.now_playing is None and not is_at_it:
            loop = asyncio.get_running_loop()
            self._paying = recorder.flush()
            self._paying.add_done_callback(lambda _: loop.call_soon_threadsafe(self._after_record))

    def _after_record(self) -> None:
        """A viewing was written, or could not be."""
        if self._write_failed:
            self._write_failed = False
        elif self._storage_trouble is not None:
            if self.trouble == self._storage_trouble:
                self.trouble = None
            self._storage_trouble = None
        self._after_write()

    @property
    def trouble_lasts(self) -> bool:
        """Whether what `trouble` says is so still: writing fails, and is tried again."""
        return self.trouble is not None and self.trouble == self._storage_trouble

    def _on_storage_trouble(self, error: StorageError) -> None:
        """On the storage thread: writing failed; it is tried again with the next sample."""
        self._write_failed = True
        if self._storage_trouble != str(error):
            self._storage_trouble = str(error)
            log.warning("could not write: %s", error)
            self.call_later(setattr, self, "trouble", str(error))

    async def stop_playing(self) -> None:
        """Stop what plays, in order; returns when it has been recorded."""
        self._turn += 1  # what is about to begin does not
        try:
            async with asyncio.timeout(_STOP_DEADLINE_SECONDS):
                await self._stop_player()
                async with self._playing:
                    return
        except TimeoutError:
            log.warning("the player does not end; it is left")
        if self._player_worker is not None:
            self._player_worker.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CANCEL_DEADLINE_SECONDS), self._playing:
                    return

    async def _stop_player(self) -> None:
        if self.player is not None:
            with contextlib.suppress(PlayerError):
                await self.player.stop()


def needs_terminal(player: Player) -> bool:
    """Whether a player draws on the terminal that dodo runs in."""
    return getattr(player, "display", None) == "console"


@contextlib.asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
