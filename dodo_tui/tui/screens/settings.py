"""Settings: a list of places, each with what it says today."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui import __version__
from dodo_tui.domain.status import Tone, indicator
from dodo_tui.tui.screens.base import DodoScreen
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.words import ago


class SettingsScreen(DodoScreen):
    """The way to everything that is set once."""

    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """The places."""
        yield self.top_bar("settings")
        yield MenuList(self._rows())
        yield HintBar()

    def on_mount(self) -> None:
        """Follow the state."""
        self.watch(self.dodo, "providers", self._follow, init=False)
        self.watch(self.dodo, "sync", self._follow, init=False)

    def _follow(self) -> None:
        self.query_one(MenuList).rows = self._rows()

    def _rows(self) -> tuple[MenuRow, ...]:
        provider, sync = self.dodo.providers[0], self.dodo.sync[0]
        words, tone = indicator(provider, sync, ago(sync.last_sync_at, self.now))
        waiting = f"{sync.waiting} waiting" if sync.waiting else "empty"
        held = f", {sync.held} held" if sync.held else ""
        return (
            MenuRow("integrations", "Integrations", status=f"Simkl {words}", tone=tone),
            MenuRow("queue", "Queue", status=waiting + held),
            MenuRow("folders", "Library folders", status=""),
            MenuRow("help", "Keys"),
            MenuRow("about", "About", status=f"dodo {__version__}", tone=Tone.QUIET),
        )

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Go there."""
        message.stop()
        match message.row.id:
            case "integrations":
                from dodo_tui.tui.screens.integrations import IntegrationsScreen

                self.app.push_screen(IntegrationsScreen())
            case "queue":
                from dodo_tui.tui.screens.queue import QueueScreen

                self.app.push_screen(QueueScreen())
            case "folders":
                from dodo_tui.tui.screens.folders import FoldersScreen

                self.app.push_screen(FoldersScreen())
            case "help":
                from dodo_tui.tui.screens.help import HelpScreen

                self.app.push_screen(HelpScreen())
            case _:
                from dodo_tui.tui.screens.about import AboutScreen

                self.app.push_screen(AboutScreen())
