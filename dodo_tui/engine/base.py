"""What every concern of the engine stands on: the parts, the state that follows the database.

The concerns (`playing`, `signing_in`, `syncing`, `libraries`, `marking`, `reading`) are classes
over this one; `app` joins them. A screen calls a method; how it went shows in the state.

What is not needed for the first picture of Home is imported where it is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from dodo_tui.domain.cards import Home
from dodo_tui.domain.ids import InvalidKeyError
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.state import StatefulApp
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.shelves import read_home
from dodo_tui.tracking.record import close_abandoned
from dodo_tui.tracking.status import Overview, overview


class EngineBase(StatefulApp):
    """The open parts of a running dodo, and its state."""

    def __init__(self, parts: Parts, *, ansi_color: bool = False) -> None:
        """Show what the database says at once: nothing here waits for the network."""
        super().__init__(ansi_color=ansi_color)
        store, clock = parts.store, parts.clock
        self.store = store
        self.profile = parts.profile
        self.settings = parts.settings
        self.paths = parts.paths
        self.services = parts.services
        self.clock = clock
        self.delivery = Delivery(
            store,
            parts.services,
            Lease(parts.paths.data / "queue.lock"),
            clock,
            self.request_refresh,
            lambda: self.auto_sync,
        )
        self._change_mark = store.change_mark()
        self._refresh_wanted = asyncio.Event()
        store.run_now(close_abandoned, clock.now())
        self._show_home(store.run_now(read_home, self.profile.id, clock.now()))
        self._show_overview(store.run_now(overview, self.profile.id, self.settings))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        """Carry out something small that the user has asked for; trouble is said, not raised."""

        async def guarded() -> None:
            try:
                await work
            except (StorageError, ProviderError, CredentialsError, InvalidKeyError) as error:
                self.trouble = str(error)

        self.run_worker(guarded(), group="settings", exit_on_error=False)

    def _look_for_changes(self) -> None:
        """Notice what any process has written, within a second."""
        mark = self.store.change_mark()
        if mark != self._change_mark:
            self._change_mark = mark
            self.request_refresh()
            self.delivery.wake()

    def request_refresh(self) -> None:
        """Read the state again soon; many requests in a row are one."""
        self._refresh_wanted.set()

    async def _refresh_loop(self) -> None:
        while True:
            await self._refresh_wanted.wait()
            self._refresh_wanted.clear()
            await self.refresh_state()

    async def refresh_state(self) -> None:
        """Set the state to what the database says now."""
        try:
            home = await self.store.run(read_home, self.profile.id, self.clock.now())
            seen = await self.store.run(overview, self.profile.id, self.settings)
        except StorageError as error:
            self.trouble = str(error)
            return
        self._show_home(home)
        self._show_overview(seen)
        self.revision += 1

    def _show_home(self, home: Home) -> None:
        self.continue_watching = home.continue_watching
        self.up_next = home.up_next
        self.library = home.library
        self.watchlist = home.watchlist

    def _show_overview(self, seen: Overview) -> None:
        self.providers = seen.providers
        self.sync = seen.syncs
        self.auto_sync = seen.auto_sync_enabled

    def _after_write(self) -> None:
        """Something was written, and maybe queued."""
        self.request_refresh()
        self.delivery.wake()
