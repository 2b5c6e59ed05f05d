"""Mistakes of dodo's own: one screen may fail, the rest goes on."""

from __future__ import annotations

import logging

from rich.segment import Segment, Segments
from textual._context import active_message_pump
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from dodo_tui.tui.face.troubles import Troubles

log = logging.getLogger(__name__)

_MOST_MISTAKES = 5
"""After so many the face gives up: going on would only repeat them."""


class Mistakes(Troubles, part=True):
    """Logs what nobody caught, says so in one sentence and goes on from Home."""

    mistakes = 0
    """How many exceptions nobody caught."""

    async def _dispatch_message(self, message: Message) -> None:
        """A mistake in an action of the app must not end the app."""
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001 - logged whole, and said
            self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """Log it, say so, and go on from Home; give up only when it goes on and on."""
        self.mistakes += 1
        log.critical("a mistake of dodo's own", exc_info=error)
        if self.mistakes > _MOST_MISTAKES or not self.is_running:
            super()._handle_exception(error)
            return
        pump = active_message_pump.get(None)
        screen = pump.screen if isinstance(pump, Widget) and pump.is_attached else None
        self.call_later(self._go_on_without, screen)

    async def _go_on_without(self, broken: Screen[object] | None) -> None:
        """Close the screen that failed; a new Home where Home itself did."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if broken is self.screen:
            # Textual gives the first screen no callback, and switching away from it takes one off.
            self.screen._push_result_callback(self, None)  # noqa: SLF001
            await self.switch_screen(self.get_default_screen())
        self._say_mistake()

    def _say_mistake(self) -> None:
        self.trouble = f"Something went wrong here. The rest works; details are in {self.paths.log}"

    def _fatal_error(self) -> None:
        """One sentence in place of a traceback: that is in the log."""
        sentence = f"dodo: This is a mistake in dodo; details are in {self.paths.log}.\n"
        self._exit_renderables.append(Segments([Segment(sentence)]))
        self._close_messages_no_wait()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of the app or of a screen failed: it must not be in silence."""
        if event.state is WorkerState.ERROR:
            log.critical("a mistake of dodo's own", exc_info=event.worker.error)
            self.mistakes += 1
            self._say_mistake()
