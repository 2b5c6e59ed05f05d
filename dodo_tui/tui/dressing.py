"""Putting a running app in another theme, look or density, whatever is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.filter import Monochrome, NoColor
from textual.theme import Theme

from dodo_tui.tui.look import Look
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.widgets.words import Words

if TYPE_CHECKING:
    from dodo_tui.tui.face.appearing import Appearing


def dress(app: Appearing, theme: Theme) -> None:
    """Show every screen anew, in the app's look and density and in this theme."""
    app.ansi_color = theme.ansi
    _filter_colours(app, theme)
    app.theme = theme.name
    for screen in app.screen_stack:
        screen.set_class(app.look is Look.CONSOLE, "-console")
        screen.set_class(app.look is Look.ASCII, "-ascii")
        for words in screen.query(Words):
            words.say_again()
        for shelf in screen.query(Shelf):
            shelf.draw_anew(layout=True)
        screen.refresh(layout=True)
        for widget in screen.query("*"):
            widget.refresh()


def _filter_colours(app: Appearing, theme: Theme) -> None:
    """`NO_COLOR` takes a theme's colours away in one of two ways, by what they are."""
    filters = app._filters  # noqa: SLF001 - Textual decides this once, at the start
    for index, each in enumerate(filters):
        if isinstance(each, (Monochrome, NoColor)):
            filters[index] = NoColor() if theme.ansi else Monochrome()
