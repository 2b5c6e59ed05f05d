"""The mark of a person: a sign in the colour they chose. Their name always stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import Theme
from textual.widget import Widget

from dodo_tui.domain.profile import COLOURS
from dodo_tui.tui.look import GLYPHS, look_of
from dodo_tui.tui.widgets.paint import Line

_SHADES = {
    "blue": "#6ea3f5",
    "green": "#7fc47a",
    "magenta": "#d38ee0",
    "cyan": "#5fc7cf",
    "yellow": "#e8c650",
    "red": "#ee7f77",
}
"""The colours as they are in a dark room; on lighter grounds they are moved until they are seen."""


def marks(widget: Widget, *colours: str) -> Line:
    """A mark for each person, in their colours."""
    glyph = GLYPHS[look_of(widget)].person
    return [(glyph, _style(widget.app, colour)) for colour in colours]


def _style(app: App[object], colour: str) -> Style:
    name = colour if colour in COLOURS else COLOURS[0]
    if app.native_ansi_color:
        return Style(color=name, bold=True)  # bold is bright on a console
    return Style(color=mark_colour(app.current_theme, app.theme_variables, name))


def mark_colour(theme: Theme, variables: Mapping[str, str], name: str) -> str:
    """One of `COLOURS` as it is drawn in a theme of true colours, as `#rrggbb`."""
    if "dodo-text" in theme.variables:
        return _SHADES[name]  # dodo's own themes are the dark room
    return _moved(name, (variables["background"], variables["surface"]))


@lru_cache(maxsize=32)
def _moved(name: str, grounds: tuple[str, ...]) -> str:
    from dodo_tui.tui.contrast import LEAST_OF_BARS, readable

    parsed = [Color.parse(ground) for ground in grounds]
    return readable(Color.parse(_SHADES[name]), parsed, LEAST_OF_BARS).hex
