"""The palette: everything that can be done now, by its name."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.text import clean_text
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.palette_view import Group, grouped, palette_rows
from dodo_tui.tui.screens.base import DodoScreen, Trouble
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.menu_list import MenuList
from dodo_tui.tui.widgets.search_line import MOST_CHARACTERS, SearchLine

NOTHING_FOUND = "No command is called that."
_SEARCH = "Type to search"
_FOLLOWED = ("on_air", "providers", "sync", "people", "profile", "company", "privacy")
"""Parts of the state that decide what can be done anywhere."""


class Palette(DodoModal):
    """A list that letters make shorter. What was chosen is done once the palette has closed."""

    DEFAULT_ZONE = "MenuList"

    def __init__(self, below: DodoScreen) -> None:
        """`below` is the screen that it was opened on."""
        super().__init__()
        self._below = below
        self._page: TitlePage | None = None
        self._has_folders = False
        self._deeds: dict[str, Deed] = {}
        self._groups: tuple[Group, ...] = ()

    def compose(self) -> ComposeResult:
        """What is known already; the rest comes with what is read."""
        self._gather()
        with Vertical(classes="panel"):
            yield SearchLine(_SEARCH)
            yield Trouble()  # the foot is covered
            rows = palette_rows(self._groups, "")
            yield MenuList(rows, NOTHING_FOUND, ok_hint="do it", text_first=True)
        yield HintBar()

    def on_mount(self) -> None:
        """Follow what decides about what can be done."""
        for name in _FOLLOWED:
            self.watch(self.dodo, name, self._follow, init=False)
        self.watch(self.dodo, "revision", self._read)
        for name in ("times_read", "focused"):
            self.watch(self._below, name, self._read, init=False)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        media_id = self._below.title_in_focus
        self._page = await self.dodo.read_title(media_id) if media_id else None
        self._has_folders = bool(await self.dodo.read_folders())
        self._follow()

    def _gather(self) -> None:
        anywhere = self.dodo.deeds_anywhere(has_folders=self._has_folders)
        self._groups = grouped(self._below.deeds(self._page), anywhere, self._below.NAME)
        self._deeds = {deed.key: deed for group in self._groups for deed in group.deeds}

    def _follow(self) -> None:
        """Something else can be done now; who has touched nothing stands on the first of it."""
        self._gather()
        menu = self.query_one(MenuList)
        menu.rows = palette_rows(self._groups, self.query_one(SearchLine).text)
        if self.is_untouched:
            menu.to_start()

    # -- searching -------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A keyboard writes, whatever is in focus; a blank is OK where no word stands before it."""
        line, character = self.query_one(SearchLine), event.character
        is_text = event.is_printable and character is not None
        if is_text and (character != " " or line.text):
            line.add(character or "")
        elif event.key != "backspace" or not line.delete():
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is one line."""
        event.stop()
        self.query_one(SearchLine).add(clean_text(event.text, MOST_CHARACTERS))

    def on_search_line_changed(self, message: SearchLine.Changed) -> None:
        """Show what has these words, the best in focus."""
        message.stop()
        menu = self.query_one(MenuList)
        menu.rows = palette_rows(self._groups, message.line.text)
        menu.to_start()
        if not menu.is_empty:
            self.focus_zone(menu)

    def on_search_line_chosen(self, message: SearchLine.Chosen) -> None:
        """Write with six keys."""
        message.stop()

        def written(text: str | None) -> None:
            if text is not None:
                message.line.text = text

        self.app.push_screen(AskText("Search for a command", message.line.text), written)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Close, and do it."""
        message.stop()
        deed, dodo = self._deeds.get(message.row.id), self.dodo
        if deed is None:
            return  # it could be done when OK was pressed, and no longer
        self.dismiss()
        dodo.carry_out(deed)
