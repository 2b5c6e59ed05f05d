"""The engine: a headless Textual app that plays, records, delivers and keeps the state true.

`dodo` is this app with screens. All workers belong to the app, never to a screen: those die with
it. The app ends in order: the player is stopped, the last position is written, the facts are in
the queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal

from dodo_tui.engine.audiences import Audiences
from dodo_tui.engine.listing import Listing
from dodo_tui.engine.marking import Marking
from dodo_tui.engine.minding_library import MindingLibrary
from dodo_tui.engine.outliving import Outliving
from dodo_tui.engine.pictures import Pictures
from dodo_tui.engine.preferences import Preferences
from dodo_tui.engine.profiles import Profiles
from dodo_tui.engine.reading import Reading
from dodo_tui.engine.reviewing import Reviewing
from dodo_tui.engine.sleeping import Sleeping
from dodo_tui.engine.syncing import Syncing

_LOOK_FOR_CHANGES_SECONDS = 1.0
_FAREWELL_SECONDS = 2.0
"""How long leaving waits for the last word about a viewing to be sent; the queue has it anyway."""


class EngineApp(
    Sleeping,
    Outliving,
    MindingLibrary,
    Reviewing,
    Profiles,
    Audiences,
    Preferences,
    Syncing,
    Marking,
    Listing,
    Pictures,
    Reading,
):
    """Everything dodo does, without a face."""

    def on_mount(self) -> None:
        """Follow the database, and end in order when the system says so."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # asyncio: not in a thread, nor where the system has no such signals.
            with contextlib.suppress(ValueError, RuntimeError):
                loop.add_signal_handler(name, self._leave_soon)
        self.set_interval(_LOOK_FOR_CHANGES_SECONDS, self._look_for_changes)
        self.run_worker(self._refresh_loop(), group="refresh", exit_on_error=False)

    def on_ready(self) -> None:
        """The first picture is painted: start what it would have had to wait for.

        What has been made so far is there to stay: no garbage is looked for in it.
        """
        gc.freeze()
        self.run_worker(self.delivery.run(), group="queue", exit_on_error=False)
        self.run_worker(self.catalogue.run(), group="catalogue", exit_on_error=False)
        self.delivery.ask_sync()
        self.begin_watching()

    def on_app_focus(self) -> None:
        """Back in the foreground: the other devices may have moved on."""
        self.delivery.ask_sync()

    def _leave_soon(self) -> None:
        self.run_worker(self.leave(), group="leave", exit_on_error=False)

    async def leave(self) -> None:
        """End in order: the player is stopped, the last position is written, then the app exits."""
        if self._leaving:
            return
        self._leaving = True
        was_playing = self.now_playing is not None
        try:
            await self.stop_playing()
            self._close_viewing()
            await self.end_watching()
            self.cancel_sign_in()
            await self.stop_following()
            await asyncio.wrap_future(self.recorder.flush())
            if was_playing:
                self.delivery.wake()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.delivery.idle(), _FAREWELL_SECONDS)
        finally:
            self.exit()
