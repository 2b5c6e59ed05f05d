"""Settings: a list of places, each with what it says today."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.figures import in_thousands
from dodo_tui.domain.status import Tone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.themes import theme_title
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.words import all_indicators, review_text


class SettingsScreen(DodoScreen):
    """The way to everything that is set once."""

    NAME = "Settings"
    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """The places."""
        yield self.top_bar("settings")
        yield MenuList(self._rows())
        yield Foot()

    def on_mount(self) -> None:
        """Follow the state."""
        self.watch(self.dodo, "providers", self._follow, init=False)
        self.watch(self.dodo, "sync", self._follow, init=False)
        self.watch(self.dodo, "minute", self._follow, init=False)
        self.watch(self.dodo, "profile", self._follow, init=False)
        self.watch(self.dodo, "to_review", self._follow, init=False)
        self.watch(self.dodo, "theme", self._follow, init=False)

    def _follow(self) -> None:
        self.query_one(MenuList).rows = self._rows()

    def _rows(self) -> tuple[MenuRow, ...]:
        syncs = self.dodo.sync
        pairs = tuple(zip(self.dodo.providers, syncs, strict=False))
        words, tone = all_indicators(pairs, self.now, look=None)
        waiting, held = sum(sync.waiting for sync in syncs), sum(sync.held for sync in syncs)
        queue = f"{in_thousands(waiting)} waiting" if waiting else "empty"
        if held:
            queue += f", {in_thousands(held)} held"
        return (
            MenuRow("show_integrations", "Integrations", status=words, tone=tone),
            MenuRow("show_queue", "Queue", status=queue),
            MenuRow("show_review", "Review", status=review_text(self.dodo.to_review) or "nothing"),
            MenuRow("show_playback", "Playback", status=self.dodo.settings.mpv),
            MenuRow("show_folders", "Library folders"),
            MenuRow("show_profiles", "Profiles", status=self.dodo.profile.name),
            MenuRow("show_appearance", "Appearance", status=theme_title(self.dodo.theme)),
            MenuRow("show_players", "Players", status=self._players()),
            MenuRow("show_remote", "Remote"),
            MenuRow("show_help", "Keys"),
            MenuRow("show_welcome", "Welcome"),
            MenuRow("show_about", "About"),
        )

    def _players(self) -> str:
        """How many other players are seen just now."""
        seen = sum(player.tone is Tone.GOOD for player in self.dodo.players)
        return f"{seen} seen" if seen else ""

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Go there; Back leads here again."""
        from dodo_tui.tui.face.places import place

        message.stop()
        self.app.push_screen(place(message.row.id))
