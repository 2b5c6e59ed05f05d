"""Themes: two for a dark living room, the sixteen colours of the Linux console, and Textual's.

All fill the same few `dodo-…` variables; the style sheets use nothing else. Ours are written down
here, those of Textual's themes are worked out (`contrast.role_variables`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.theme import Theme

from dodo_tui.tui.look import Look

DODO_DARK = Theme(
    name="dodo-dark",
    primary="#e9b44c",
    secondary="#8fb3d9",
    accent="#e9b44c",
    success="#93c48b",
    warning="#e0975c",
    error="#e07a70",
    foreground="#c8ccd4",
    background="#0c0e12",
    surface="#14171d",
    panel="#1a1e26",
    dark=True,
    variables={
        "dodo-text": "#c8ccd4",
        "dodo-strong": "#f6f7f9",
        "dodo-quiet": "#8b93a1",
        "dodo-faint": "#3d4451",
        "dodo-bar": "#8b93a1",
        "dodo-accent": "#e9b44c",
        "dodo-good": "#93c48b",
        "dodo-busy": "#8fb3d9",
        "dodo-warn": "#e0975c",
        "dodo-bad": "#e07a70",
    },
)
"""Warm amber on near black: nothing bright but what is in focus."""

DODO_DUSK = Theme(
    name="dodo-dusk",
    primary="#7fc8c2",
    secondary="#a7b4ea",
    accent="#7fc8c2",
    success="#9ccf8d",
    warning="#e3b473",
    error="#ea8f8f",
    foreground="#c3cbd8",
    background="#0b1018",
    surface="#121a26",
    panel="#182232",
    dark=True,
    variables={
        "dodo-text": "#c3cbd8",
        "dodo-strong": "#f3f7fb",
        "dodo-quiet": "#8593a8",
        "dodo-faint": "#324157",
        "dodo-bar": "#8593a8",
        "dodo-accent": "#7fc8c2",
        "dodo-good": "#9ccf8d",
        "dodo-busy": "#a7b4ea",
        "dodo-warn": "#e3b473",
        "dodo-bad": "#ea8f8f",
    },
)
"""Sea green on the blue of late evening: cooler, and easier on tired eyes."""

DODO_CONSOLE = Theme(
    name="dodo-console",
    ansi=True,
    primary="ansi_yellow",
    secondary="ansi_cyan",
    accent="ansi_yellow",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_white",
    background="ansi_black",
    surface="ansi_black",
    panel="ansi_black",
    boost="ansi_black",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_yellow",
        "border-blurred": "ansi_blue",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_white",
        "dodo-text": "ansi_white",
        "dodo-strong": "ansi_white",
        "dodo-quiet": "ansi_white",
        "dodo-faint": "ansi_blue",
        "dodo-bar": "ansi_cyan",
        "dodo-accent": "ansi_yellow",
        "dodo-good": "ansi_green",
        "dodo-busy": "ansi_cyan",
        "dodo-warn": "ansi_yellow",
        "dodo-bad": "ansi_red",
    },
)
"""Normal colours only: bright ones are lost on some consoles, so strength is bold."""

THEMES = (DODO_DARK, DODO_DUSK, DODO_CONSOLE)

_TITLES = {"dodo-dark": "dodo ember", "dodo-dusk": "dodo dusk", "dodo-console": "dodo console"}


def theme_names(app: App[Any]) -> tuple[str, ...]:
    """Every theme: our own first, then Textual's by name."""
    ours = tuple(theme.name for theme in THEMES)
    return (*ours, *sorted(name for name in app.available_themes if name not in ours))


def theme_title(name: str) -> str:
    """What a theme is called on the screen."""
    return _TITLES.get(name, name.replace("-", " "))


def has_many_colours(environment: Mapping[str, str]) -> bool:
    """Whether a terminal shows more than sixteen colours."""
    term = environment.get("TERM", "")
    return environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or any(
        name in term for name in ("256color", "kitty", "direct")
    )


def choose_theme(look: Look, environment: Mapping[str, str], wanted: Theme | None = None) -> Theme:
    """The theme that was asked for, as far as the terminal has the colours; else one that fits.

    With sixteen colours others fall together: only themes that are made of them can be read.
    """
    many = has_many_colours(environment)
    if wanted is not None and (many or wanted.ansi):
        return wanted
    return DODO_DARK if look is Look.FULL and many else DODO_CONSOLE


def use_theme(app: App[Any], theme: Theme) -> None:
    """Put an app in a theme, at the end of its `__init__`.

    Setting `app.theme` would read all style sheets a second time (9 ms of the start). The app
    must have been made with `ansi_color=theme.ansi`, or its colour filters are the wrong ones.
    """
    for known in THEMES:
        app.register_theme(known)
    app.set_reactive(App.theme, theme.name)
    app.stylesheet.set_variables(app.get_css_variables())
