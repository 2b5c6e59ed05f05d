"""The lists a title may be on: choosing one, or none."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.lists import ListStatus, choices, status_word
from dodo_tui.domain.status import Tone
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words

OFF = "off"


def list_rows(kind: Kind, is_watched: bool, status: ListStatus | None) -> tuple[MenuRow, ...]:
    """The lists a title may be put on, the one it is on marked, and the way off them."""
    offered = list(choices(kind, is_watched))
    if status is not None and status not in offered:
        offered.insert(0, status)
    rows = [
        MenuRow(
            each.value,
            status_word(each),
            status="chosen" if each is status else "",
            tone=Tone.GOOD,
        )
        for each in offered
    ]
    if status is not None:
        rows.append(MenuRow(OFF, "Take it off the list"))
    return tuple(rows)


class ListStatusScreen(DodoModal):
    """The lists; it chooses and closes."""

    def __init__(self, key: str, title: str, rows: tuple[MenuRow, ...]) -> None:
        super().__init__()
        self._key = key
        self._title = title
        self._rows = rows

    def compose(self) -> ComposeResult:
        """The title, what lists are for, the lists."""
        menu = MenuList(
            self._rows,
            "A film that was watched is on no other list.",
            ok_hint="choose",
            classes="-short-list",
        )
        for row in self._rows:
            if row.status:
                menu.go_to(row.id)
        with Vertical(classes="panel"):
            yield Headline(self._title)
            yield Words("A list changes nothing of what was watched.", classes="-quiet")
            yield menu
        yield HintBar()

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Put it there, or take it off."""
        message.stop()
        app, row = self.dodo, message.row
        self.dismiss()
        if row.id == OFF:
            app.set_list(self._key, None)
        elif not row.status:
            app.set_list(self._key, ListStatus(row.id))
