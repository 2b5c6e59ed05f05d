"""Now playing: what plays, how far it is, and a remote for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Unpack

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.domain.playback import Playback
from dodo_tui.domain.thresholds import FINISH_RATIO
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, look_of
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot, Headline
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, two_columns
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import clock_text

BACK_SECONDS = -10.0
FORWARD_SECONDS = 30.0


class Transport(Zone):
    """The bar: Left and Right seek, OK pauses."""

    playback: reactive[Playback | None] = reactive(None, init=False)
    ends: reactive[str] = reactive("", init=False)
    """When it will be over, in words; empty where nobody can tell."""

    class Seek(Zone.Leave):
        """Left or Right was pressed."""

    def __init__(self, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)

    @property
    def ok_hint(self) -> str:  # type: ignore[override]  # what OK does depends on the state
        """What OK would do."""
        return "resume" if self.playback is not None and self.playback.paused else "pause"

    def move(self, direction: Direction) -> bool:
        """Left and Right seek; Up and Down leave."""
        if direction.is_vertical:
            return False
        self.post_message(self.Seek(self, direction))
        return True

    def choose(self) -> None:
        """OK pauses and resumes."""
        self.app.call_later(self.app.run_action, "play_pause")

    def render_line(self, y: int) -> Strip:
        """A bar over the whole width, and the times below it."""
        width = self.size.width
        playback = self.playback
        if playback is None or y > 1:
            return paint(self, [], width)
        look = look_of(self)
        if y == 0:
            full, empty = bar(playback.ratio or 0.0, width, look)
            role = Role.ACCENT if self.has_focus else Role.BAR
            line: Line = [(full, role), (empty, Role.FAINT)]
            return paint(self, line, width)
        position = clock_text(playback.position_seconds)
        duration = clock_text(playback.duration_seconds) if playback.duration_seconds else "live"
        role = Role.FOCUS if self.has_focus else Role.TEXT
        marker = f"{GLYPHS[look].marker} " if self.has_focus else ""
        times: Line = [(marker, Role.ACCENT), (f"{position} / {duration}", role)]
        words = "paused" if playback.paused else self.ends
        return paint(self, two_columns(times, words, Role.QUIET, width, look), width)


class NowPlayingScreen(DodoScreen):
    """What plays here; Back leaves it playing."""

    NAME = "Now playing"
    DEFAULT_ZONE = "Transport"
    LEAVE_HINT = "leave it playing"
    BACK_CLIMBS = False

    def compose(self) -> ComposeResult:
        """Title, transport, buttons, and what the provider will be told."""
        yield Headline(id="name")
        yield Words(id="label", classes="-quiet")
        yield Transport()
        yield ButtonRow(
            Button("pause", "Pause"),
            Button("back", "Back 10 s"),
            Button("forward", "Forward 30 s"),
            Button("next", "Next"),
            Button("stop", "Stop"),
        )
        yield Words(id="told", classes="-quiet")
        yield Foot()

    def hints(self) -> list[Hint]:
        """On the bar the arrows seek."""
        hints = list(super().hints())
        return [("Left/Right", "seek"), *hints] if isinstance(self.focused, Transport) else hints

    def on_mount(self) -> None:
        """Follow what plays."""
        self.watch(self.dodo, "now_playing", self._follow)

    def _follow(self, playback: Playback | None) -> None:
        if playback is None:
            return
        self.query_one("#name", Headline).text = playback.title
        label = self.query_one("#label", Words)
        label.text = playback.label
        label.display = bool(playback.label)
        transport = self.query_one(Transport)
        was_paused = transport.playback is not None and transport.playback.paused
        transport.playback = playback
        transport.ends = self._ends(playback)
        if playback.paused is not was_paused:
            self.update_hints()
        self.query_one("#told", Words).text = self._told(playback)
        words = "Resume" if playback.paused else "Pause"
        row = self.query_one(ButtonRow)
        row.labels = (Button("pause", words), *row.labels[1:])

    def _ends(self, playback: Playback) -> str:
        if playback.duration_seconds is None:
            return ""
        left = (playback.duration_seconds - playback.position_seconds) / max(playback.speed, 0.01)
        return f"ends {self.now.astimezone() + timedelta(seconds=left):%H:%M}"

    def _told(self, playback: Playback) -> str:
        """What Simkl will be told, and when."""
        provider = self.dodo.providers[0] if self.dodo.providers else None
        if provider is None or not provider.connected or not provider.scrobbling_enabled:
            return ""
        if playback.key.startswith("local:"):
            return "Not identified yet: remembered here, not sent to Simkl."
        if playback.watched_at is not None:
            return "Watched."
        if playback.duration_seconds is None:
            return ""
        when = clock_text(playback.duration_seconds * FINISH_RATIO)
        return f"Simkl will be told that it is watched at {when}."

    def on_transport_seek(self, message: Transport.Seek) -> None:
        """Seek by the usual steps; several presses add up."""
        message.stop()
        forward = message.direction is Direction.RIGHT
        self._seek(FORWARD_SECONDS if forward else BACK_SECONDS)

    def _seek(self, seconds: float) -> None:
        player = self.dodo.player
        if player is not None:
            self.dodo.run_worker(player.seek(seconds), group="seek", exit_on_error=False)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """A button of the remote."""
        message.stop()
        player = self.dodo.player
        match message.label.id:
            case "pause":
                self.app.call_later(self.app.run_action, "play_pause")
            case "back":
                self._seek(BACK_SECONDS)
            case "forward":
                self._seek(FORWARD_SECONDS)
            case "next" if player is not None:
                self.dodo.run_worker(player.step(1), group="seek", exit_on_error=False)
            case "stop":
                self.app.call_later(self.app.run_action, "stop")
