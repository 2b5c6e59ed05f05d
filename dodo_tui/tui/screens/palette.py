"""Every command by its name: the palette, with dodo's hint line and only glyphs a console has."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.command import CommandList, CommandPalette, SearchIcon

from dodo_tui.tui.look import GLYPHS, Look, look_of
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.stylesheets import OTHER_SCREENS
from dodo_tui.tui.widgets.hint_bar import HintBar

_HINTS = (("OK", "do it"), ("Back", "cancel"))
_ICON = ">"


class Palette(CommandPalette):
    """The command palette. What the keys do here hides what they did beneath."""

    CSS_PATH = OTHER_SCREENS
    HORIZONTAL_BREAKPOINTS = NavScreen.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = NavScreen.VERTICAL_BREAKPOINTS

    def compose(self) -> ComposeResult:
        """Textual's own, and the hint line where every screen has it."""
        yield from super().compose()
        yield HintBar(*_HINTS)

    def on_mount(self) -> None:
        """Textual's magnifying glass is an emoji; its frames are not for every font either."""
        self.query_one(SearchIcon).icon = _ICON
        look = look_of(self)
        self.set_class(look is Look.CONSOLE, "-console")
        self.set_class(look is Look.ASCII, "-ascii")
        if look is not Look.FULL:
            commands = self.query_one(CommandList)
            for name in ("scroll_y", "virtual_size"):
                self.watch(commands, name, self._mark_more, init=False)

    def _mark_more(self) -> None:
        """In the frame, as at the edge of a list: a scrollbar is drawn with eighths of a cell."""
        commands, glyphs = self.query_one(CommandList), GLYPHS[look_of(self)]
        above = glyphs.more_above if commands.scroll_offset.y > 0 else " "
        below = glyphs.more_below if commands.scroll_offset.y < commands.max_scroll_y else " "
        commands.border_subtitle = f"{above}{below}".strip()
