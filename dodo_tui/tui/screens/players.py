"""Players: what others start and dodo watches, and how to make it watch more."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.status import Tone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words

SENTENCE = "What plays in these is tracked as if dodo had started it, whether or not dodo is open."
NONE = "Another dodo watches them, or watch_players is off in config.toml."


class PlayersScreen(DodoScreen):
    """Every kind of player, and whether it is seen."""

    NAME = "Players"
    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """Filled as soon as this process has looked."""
        yield Words(self.NAME, classes="-strong")
        yield Words(SENTENCE, classes="-quiet")
        yield MenuList(empty_text=NONE, two_lines=True, ok_hint="")
        yield Foot()

    def on_mount(self) -> None:
        """Follow the state."""
        self.watch(self.dodo, "players", self._fill)
        self.watch(self.dodo, "watched", self._fill, init=False)

    def _fill(self) -> None:
        playing = tuple(
            MenuRow(
                session,
                f"{playback.title}  {playback.label}".rstrip(),
                status="paused" if playback.paused else "playing",
                tone=Tone.BUSY,
                detail=f"In {session.partition(':')[0]}.",
            )
            for session, playback in self.dodo.watched
        )
        known = tuple(
            MenuRow(
                player.name,
                player.name,
                status=player.sentence,
                tone=player.tone,
                detail=player.next_step,
            )
            for player in self.dodo.players
        )
        self.query_one(MenuList).rows = playing + known
