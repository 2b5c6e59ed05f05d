"""One of several, on top of a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.tui.nav.modal import NavModal
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.words import Words


class Choice(NavModal[str | None]):
    """A sentence and a list. Gives the id of what was chosen, None for Back.

    `show` is called with the id under the cursor, to show at once what it would be like.
    """

    def __init__(
        self,
        sentence: str,
        rows: tuple[MenuRow, ...],
        current: str = "",
        show: Callable[[str], None] | None = None,
        **node: Unpack[NodeOptions],
    ) -> None:
        super().__init__(**node)
        self._sentence = sentence
        self._rows = rows
        self._current = current
        self._show = show

    def compose(self) -> ComposeResult:
        """The sentence and the list, the cursor on what is so now."""
        menu = MenuList(self._rows, ok_hint="choose", classes="-short-list")
        menu.go_to(self._current)
        with Vertical(classes="panel"):
            yield Words(self._sentence, classes="-strong")
            yield menu
        yield HintBar()

    def on_menu_list_highlighted(self, message: MenuList.Highlighted) -> None:
        """Show it."""
        message.stop()
        if self._show is not None:
            self._show(message.row.id)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """It is chosen."""
        message.stop()
        self.dismiss(message.row.id)
