"""Watching players that others started, all the time, in one process at a time.

Whoever holds the lease watches; the others look again now and then, so that a holder that was
killed is replaced within seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker, WorkerCancelled, WorkerFailed

from dodo_tui.config import ConfigError
from dodo_tui.domain.audience import Viewers
from dodo_tui.engine.base import EngineBase
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import WATCHING_LEASE, Lease
from dodo_tui.storage.profiles import ProfileError

if TYPE_CHECKING:
    from dodo_tui.domain.playback import Playback
    from dodo_tui.engine.airing import Airing
    from dodo_tui.engine.alarm import AlarmClock
    from dodo_tui.engine.on_air import OnAir
    from dodo_tui.players.watching import Watcher
    from dodo_tui.tracking.watching.desk import Desk

log = logging.getLogger(__name__)

_LEASE_RETRY_SECONDS = 3.0
_AFTER_MISTAKE_SECONDS = 60.0


class _TurnLostError(Exception):
    """Another process watches by now."""


class Watching(EngineBase, part=True):
    """Runs the watchers; `watched` tells what is seen in other players."""

    _watching_worker: Worker[None] | None = None
    _household = Viewers(0)
    _airing: Airing | None = None
    _desk: Desk | None = None
    _alarm: AlarmClock | None = None
    _has_lost_turn = False
    seen_on_air: OnAir | None = None
    """What plays in another player, as far as this process is the one that watches."""

    def begin_watching(self) -> None:
        """Start the worker; where there is nothing to watch it ends."""
        from dodo_tui.engine.alarm import AlarmClock

        self._alarm = AlarmClock(self.clock)
        self._watching_worker = self.run_worker(
            self._watch(), group="watching", exit_on_error=False
        )

    async def end_watching(self) -> None:
        """Close what other players are showing at its last good position, in order."""
        if self._watching_worker is not None:
            self._watching_worker.cancel()
            with contextlib.suppress(WorkerCancelled, WorkerFailed):
                await self._watching_worker.wait()

    async def _watch(self) -> None:
        try:
            watchers = await asyncio.to_thread(self._import_watchers)
        except ConfigError as error:
            self.trouble = str(error)
            return
        if not watchers:
            return
        lease = Lease(self.paths.data / WATCHING_LEASE)
        while True:
            while not lease.take_over(self.clock.monotonic()):
                await self.clock.sleep(_LEASE_RETRY_SECONDS)
            with contextlib.suppress(_TurnLostError):
                await self._watch_in_turn(watchers, lease)
            self.players = ()
            log.info("another dodo watches by now: this one was frozen")

    async def _watch_in_turn(self, watchers: tuple[Watcher, ...], lease: Lease) -> None:
        """Watch as long as it is this process's turn.

        Raises:
            _TurnLostError: this process was frozen, and another one watches by now.
        """
        from dodo_tui.engine.airing import Airing
        from dodo_tui.tracking.watching.desk import Desk
        from dodo_tui.tracking.watching.session import Hearers

        await self._note_household()
        loop = asyncio.get_running_loop()
        hearers = Hearers(
            playback=self._on_watched,
            written=partial(_soon, loop, self._after_write),
            trouble=self._on_watched_trouble,
        )
        desk = Desk(self.store, self.clock, lambda: self._household, hearers)
        airing = Airing(self.paths.runtime)
        self._airing = airing
        self._desk = desk
        tasks = [asyncio.create_task(_keep_watching(watcher, desk)) for watcher in watchers]
        tasks.append(asyncio.create_task(airing.run()))
        try:
            await desk.look_after(lambda: self._after_look(watchers, lease))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._desk = None
            lease.release()

    async def hold_watching(self) -> None:
        """Keep what other players show as it stands until `look_again`."""
        if self._desk is not None:
            await self._desk.hold()

    def look_again(self) -> None:
        """Look at every player now."""
        if self._desk is not None:
            self._desk.go_on()
        if self._alarm is not None:
            self._alarm.ring()

    def _after_look(self, watchers: tuple[Watcher, ...], lease: Lease) -> None:
        """What players have said meanwhile is read out first, until the look after this one."""
        self._show_players(watchers)
        if lease.is_lost and self._has_lost_turn:
            raise _TurnLostError
        self._has_lost_turn = lease.is_lost

    def _import_watchers(self) -> tuple[Watcher, ...]:
        """Make the watchers; in a thread, since importing what they need takes its time.

        Raises:
            ConfigError: an address in the settings is none.
        """
        import dodo_tui.engine.airing
        import dodo_tui.tracking.watching.desk  # noqa: F401 - here and not on the loop

        return self.services.watchers(self._alarm or self.clock)

    async def refresh_state(self) -> None:
        """Also note who watches."""
        await super().refresh_state()
        if self._watching_worker is not None and not self._watching_worker.is_finished:
            await self._note_household()

    async def _note_household(self) -> None:
        """Know who watches what begins in another player."""
        from dodo_tui.storage.company import household

        try:
            self._household = await self.store.run(
                household, self.settings.profile, self.clock.now()
            )
        except (StorageError, ProfileError) as error:
            log.warning("nobody is known to watch: %s", error)
            if not self._household.profile_id:
                self._household = Viewers(self.profile.id)

    def _show_players(self, watchers: tuple[Watcher, ...]) -> None:
        from dodo_tui.engine.seen_players import seen_player

        self.players = tuple(seen_player(watcher) for watcher in watchers)

    def _on_watched(self, session: str, playback: Playback) -> None:
        """A viewing in another player goes on, or has ended."""
        before = dict(self.watched)
        others = {name: each for name, each in before.items() if name != session}
        if playback.end is None:
            others[session] = playback
            if session not in before or before[session].play_id != playback.play_id:
                self._viewing_begun()
        else:
            self._viewing_over()
        self.watched = tuple(others.items())
        from dodo_tui.engine.airing import seen_on_air

        self.seen_on_air = seen_on_air(self.watched)
        if self._airing is not None:
            self._airing.show(self.seen_on_air)
        self._others_changed()

    def _others_changed(self) -> None:
        """Something else plays elsewhere."""

    def _on_watched_trouble(self, error: StorageError) -> None:
        """On the storage thread: writing failed; it is tried again with the next sample."""
        log.warning("could not write: %s", error)
        self.call_later(setattr, self, "trouble", str(error))


async def _keep_watching(watcher: Watcher, desk: Desk) -> None:
    """Watch, and after a mistake of ours again: one adapter never ends the others."""
    while True:
        try:
            await watcher.watch(desk.tell)
        except Exception:
            log.exception("watching %s failed", watcher.name)
        await desk.clock.sleep(_AFTER_MISTAKE_SECONDS)


def _soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """From another thread: have something called on the loop."""
    loop.call_soon_threadsafe(callback)
