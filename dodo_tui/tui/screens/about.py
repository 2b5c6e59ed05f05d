"""About: version, folders, and where the data come from."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui import __version__
from dodo_tui.tui.screens.base import DodoScreen
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words


class AboutScreen(DodoScreen):
    """What this is."""

    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """A few facts."""
        paths = self.dodo.paths
        yield Words("dodo", classes="-strong")
        yield Words("A watch tracker and player for the couch.", classes="-quiet")
        yield MenuList(
            (
                MenuRow("version", "Version", status=__version__),
                MenuRow("data", "Data", status=str(paths.data)),
                MenuRow("settings", "Settings file", status=str(paths.config_file)),
                MenuRow("log", "Log", status=str(paths.log)),
                MenuRow("simkl", "Titles and history sync", status="Simkl, simkl.com"),
                MenuRow("doctor", "Something is wrong?", status="dodo doctor"),
            ),
            ok_hint="",
        )
        yield HintBar()
