"""What each key does, made from the commands themselves."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.tui.commands import key_table
from dodo_tui.tui.screens.base import DodoScreen
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words


class HelpScreen(DodoScreen):
    """The table of keys."""

    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """One row for each action."""
        yield Words("Keys", classes="-strong")
        yield Words("Six keys reach everything; the others are shortcuts.", classes="-quiet")
        yield MenuList(
            tuple(MenuRow(keys, name, status=keys) for keys, name in key_table()), ok_hint=""
        )
        yield HintBar()
