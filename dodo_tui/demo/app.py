"""dodo with a guide at the bottom of every screen."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from dodo_tui.demo.tour import STEPS, Progress, step
from dodo_tui.engine.parts import Parts
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.commands import COMMANDS, Command, bindings
from dodo_tui.tui.stylesheets import stylesheet
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.words import Words

_LOOK_SECONDS = 0.5

SWITCH_NETWORK = Command("switch_network", "Go offline or online (demo)", "o")


class Guide(Vertical):
    """What to do next, and the switch of the network."""

    def __init__(self) -> None:
        """It can be told what to say before it is on a screen, and while it leaves one."""
        super().__init__()
        self._sentence = Words(id="guide-text")
        self._switch = ButtonRow(Button("network", "Go offline"))

    def compose(self) -> ComposeResult:
        """A sentence and a button."""
        yield self._sentence
        yield self._switch

    def on_mount(self) -> None:
        """Say at once where the tour stands."""
        cast("DemoApp", self.app).guide(self)

    def say(self, text: str, offline: bool) -> None:
        """Show a sentence, and what the button does now."""
        self._sentence.text = text
        label = "Go online" if offline else "Go offline"
        self._switch.labels = (Button("network", label),)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Switch the network."""
        message.stop()
        self.app.call_later(self.app.run_action, "switch_network")


class DemoApp(DodoApp, inherit_bindings=False):
    """The tour."""

    BINDINGS = bindings((*COMMANDS, SWITCH_NETWORK))
    CSS_PATH = stylesheet("tokens", "widgets", "home", "guide")

    def __init__(self, parts: Parts, stand_in: StandIn, trakt: TraktStandIn) -> None:
        """Both stand-ins are running already."""
        super().__init__(parts)
        self.stand_in = stand_in
        self.trakt = trakt
        self.progress = Progress()

    def on_mount(self) -> None:
        """Look at the stand-in twice a second: what it was told is the point of the tour."""
        self.set_interval(_LOOK_SECONDS, self._look)

    def extras(self) -> tuple[Widget, ...]:
        """The guide."""
        return (Guide(),)

    def action_switch_network(self) -> None:
        """Take the network away, or bring it back."""
        self.stand_in.offline = self.trakt.offline = not self.stand_in.offline
        if not self.stand_in.offline:
            self.sync_now()
        self._look()

    def _look(self) -> None:
        """Bring the guide up to date."""
        provider = self.providers[0]
        waiting = sum(sync.waiting for sync in self.sync)
        playing = self.now_playing
        user = provider.user or "Dodo"
        watching = self.stand_in.watching_now(user) if provider.connected else None
        told = playing.title if playing is not None else self.progress.told
        self.progress = replace(
            self.progress,
            connected=provider.connected,
            first_sync_pending=provider.connected and provider.first_sync_pending,
            playing=playing.title if playing is not None and playing.end is None else None,
            watching_now=watching.title.title if watching is not None else None,
            offline=self.stand_in.offline,
            waiting=waiting,
            seen_waiting=self.progress.seen_waiting or (self.stand_in.offline and waiting > 0),
            told=told,
        )
        for screen in self.screen_stack:
            for guide in screen.query(Guide):
                self.guide(guide)

    def guide(self, guide: Guide) -> None:
        """Let a guide say where the tour stands."""
        now = step(self.progress)
        guide.say(f"Tour {now.number} of {STEPS}: {now.text}", self.progress.offline)
