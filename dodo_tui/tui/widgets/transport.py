"""The bar of what plays: how far it is, when it ends, and where a jump would lead."""

from __future__ import annotations

from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.domain.figures import clock_text
from dodo_tui.domain.playback import Playback
from dodo_tui.domain.seeking import Seeking, target_seconds
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, look_of
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, two_columns


def jump_text(seconds: float) -> str:
    """`+1:30`, `-0:10`: a jump that is about to be made."""
    return f"{'+' if seconds > 0 else '-'}{clock_text(abs(seconds))}"


class Transport(Zone):
    """Left and Right seek, OK pauses; `pending` is the jump that the presses so far come to."""

    playback: reactive[Playback | None] = reactive(None, init=False)
    ends: reactive[str] = reactive("", init=False)
    """When it will be over, in words; empty where nobody can tell."""
    is_watched: reactive[bool] = reactive(False, init=False)
    """Whether it plays in a player that has keys of its own: none of them work here."""
    pending: reactive[Seeking] = reactive(Seeking(), init=False)

    class Pressed(Zone.Leave):
        """Left or Right was pressed."""

    class Confirmed(Zone.Leave):
        """OK was pressed."""

    def __init__(self, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)

    @property
    def ok_hint(self) -> str:  # type: ignore[override]  # what OK does depends on the state
        """What OK would do."""
        if self.is_watched:
            return ""
        if self.pending.seconds:
            return "jump"
        return "resume" if self.playback is not None and self.playback.paused else "pause"

    def move(self, direction: Direction) -> bool:
        """Left and Right seek; Up and Down leave."""
        if direction.is_vertical:
            return False
        self.post_message(self.Pressed(self, direction))
        return True

    def choose(self) -> None:
        """OK pauses and resumes, or jumps at once."""
        self.post_message(self.Confirmed(self, Direction.RIGHT))

    def render_line(self, y: int) -> Strip:
        """A bar over the whole width, and the times below it."""
        width = self.size.width
        playback = self.playback
        if playback is None or y > 1:
            return paint(self, [], width)
        look = look_of(self)
        jump, duration = self.pending.seconds, playback.duration_seconds
        target = target_seconds(playback.position_seconds, jump, duration)
        if y == 0:
            ratio = target / duration if jump and duration else playback.ratio or 0.0
            full, empty = bar(ratio, width, look)
            role = Role.ACCENT if self.has_focus else Role.BAR
            return paint(self, [(full, role), (empty, Role.FAINT)], width)
        length = clock_text(duration) if duration else "live"
        role = Role.FOCUS if self.has_focus else Role.TEXT
        marker = f"{GLYPHS[look].marker} " if self.has_focus else "  "
        times: Line = [
            (marker, Role.ACCENT),
            (f"{clock_text(playback.position_seconds)} / {length}", role),
        ]
        if jump:
            times += [("    ", role), (f"{jump_text(jump)} to {clock_text(target)}", Role.ACCENT)]
        words = f"{GLYPHS[look].paused} paused" if playback.paused else self.ends
        return paint(self, two_columns(times, words, Role.QUIET, width, look), width)
