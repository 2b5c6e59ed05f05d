"""Screens that only tell: a heading, a sentence and some lines."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from dodo_tui import __version__
from dodo_tui.tui.commands import key_table
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import whole_row
from dodo_tui.tui.widgets.words import Words


class FactsScreen(DodoScreen):
    """A few facts, and where they are changed."""

    DEFAULT_ZONE = "MenuList"
    SENTENCE: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        """The facts as they are now."""
        yield Words(self.NAME, classes="-strong")
        yield Words(self.SENTENCE, classes="-quiet")
        yield self.listed()
        yield Foot()

    def listed(self) -> MenuList:
        """The facts, each in a line."""
        rows = tuple(MenuRow(name, name, status=value) for name, value in self.facts())
        return MenuList(rows, ok_hint="")

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Names and values."""
        return ()


class AboutScreen(FactsScreen):
    """What this is."""

    NAME = "About"
    SENTENCE = "dodo, a watch tracker and player for the couch."

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Version, folders, and where the data come from."""
        paths = self.dodo.paths
        return (
            ("Version", __version__),
            ("Data", str(paths.data)),
            ("Settings file", str(paths.config_file)),
            ("Log", str(paths.log)),
            ("Titles and history sync", "Simkl, simkl.com; Trakt, trakt.tv"),
            ("Something is wrong?", "dodo doctor"),
        )

    def listed(self) -> MenuList:
        """Each in two lines: paths are long, and there to be read."""
        rows = tuple(MenuRow(name, name, detail=value) for name, value in self.facts())
        return MenuList(rows, two_lines=True, ok_hint="read", of_things=True)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """All of one that is longer than the screen is wide."""
        message.stop()
        self.app.push_screen(whole_row(message.row.detail, message.row.text))


class HelpScreen(FactsScreen):
    """The table of keys, made from the commands themselves."""

    NAME = "Keys"
    SENTENCE = "Six keys reach everything; the others are shortcuts."

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What each key does."""
        return tuple((name, keys) for keys, name in key_table())
