"""The engine as a service: no screen, no cards, and a service manager that is told how it is."""

from __future__ import annotations

import gc
from concurrent.futures import Future

from dodo_tui.domain.status import SyncState
from dodo_tui.engine import notify
from dodo_tui.engine.app import EngineApp

_SIGNS_PER_DEADLINE = 3.0
"""So many signs of life are given in the time in which one is expected."""


class DaemonApp(EngineApp):
    """Delivers, syncs and watches until it is told to end."""

    SHOWS_CARDS = False

    _status = ""
    _asked: Future[None] | None = None
    _done = 0

    def on_ready(self) -> None:
        """From now on there is nobody to wait for."""
        gc.collect()
        gc.freeze()
        notify.notify(notify.READY, "STATUS=Delivers and syncs.")
        self.watch(self, "sync", self._tell_status, init=False)
        seconds = notify.watchdog_seconds()
        if seconds is not None:
            self.set_interval(seconds / _SIGNS_PER_DEADLINE, self._give_sign)

    def _give_sign(self) -> None:
        """Loop and storage both go on: else the service manager starts a new dodo.

        A storage that is slow is not stuck. While another dodo writes for a minute, as an import
        does, each thing that is to be written fails after seconds, and the next one has its turn.
        """
        if self._asked is None or self._asked.done():
            self._asked = self.store.submit(lambda _connection: None)
        before, self._done = self._done, self.store.done
        if self._done != before:
            notify.notify(notify.ALIVE)

    def _tell_status(self) -> None:
        """One line for `systemctl status`."""
        waiting = sum(sync.waiting for sync in self.sync)
        held = sum(sync.held for sync in self.sync)
        syncing = any(sync.state is SyncState.SYNCING for sync in self.sync)
        words = "Syncing." if syncing else "Delivers and syncs."
        words += f" {waiting} waiting, {held} held." if waiting or held else ""
        if words != self._status:
            self._status = words
            notify.notify(f"STATUS={words}")

    async def leave(self) -> None:
        """Say that it ends, and end in order."""
        notify.notify(notify.STOPPING)
        await super().leave()
