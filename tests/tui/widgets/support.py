"""A small app around a screen or a few widgets, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from dodo_tui.domain.cards import Card, CardState
from dodo_tui.domain.ids import Kind
from dodo_tui.tui.look import Look
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.stylesheets import stylesheet
from dodo_tui.tui.themes import DODO_CONSOLE, DODO_DARK, use_theme

SIX_KEYS = ("up", "down", "left", "right", "enter", "escape")

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "[red]markup[/] [/] [bold",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "x" * 10_000,
    "進撃の巨人 " * 40,
    "👩‍👩‍👧‍👦 family ❤️ 👍🏽 🇫🇷",
    "Z̸̧̡͙͔a̶l̷g̶o̵ e\u0301te\u0301",
    "line\nbreak\r\ttab\x00nul\x9b31m",
    "\u200d\u200b\ufeff\u00ad",
    "",
    "Ω≈ç√∫ Łódź Привет שלום مرحبا",
    "“quotes” – dashes — ‘single’ …",
)


class Stage(App[None]):
    """An app of one screen in one look."""

    CSS_PATH = stylesheet("tokens", "widgets", "screens")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, first: Callable[[], Screen[Any]], look: Look = Look.FULL) -> None:
        theme = DODO_DARK if look is Look.FULL else DODO_CONSOLE
        super().__init__(ansi_color=theme.ansi)
        self.look = look
        self.messages: list[object] = []
        self._first_screen = first
        use_theme(self, theme)

    def get_default_screen(self) -> Screen[Any]:
        """The screen under test."""
        return self._first_screen()


def stage(*widgets: Widget, look: Look = Look.FULL) -> Stage:
    """An app with these widgets, from top to bottom."""

    class Scene(NavScreen[None]):
        def compose(self) -> ComposeResult:
            yield from widgets

    return Stage(Scene, look)


def lines(app: App[Any]) -> list[str]:
    """What is on the screen, row by row."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def text(app: App[Any]) -> str:
    """What is on the screen."""
    return "\n".join(lines(app))


async def press(pilot: Pilot[Any], keys: Sequence[str] | str) -> None:
    """Press keys, given in one string with blanks between."""
    await pilot.press(*(keys.split() if isinstance(keys, str) else keys))
    await pilot.pause()


def card(key: str, title: str | None = None, **fields: Any) -> Card:
    """A card of a film that was begun."""
    values: dict[str, Any] = {
        "media_id": key,
        "kind": Kind.MOVIE,
        "state": CardState.IN_PROGRESS,
        "year": 1999,
        "position_seconds": 3000.0,
        "duration_seconds": 6000.0,
        "playable": True,
    }
    return Card(key=key, title=key.title() if title is None else title, **(values | fields))


def deck(count: int, prefix: str = "card") -> tuple[Card, ...]:
    """So many cards."""
    return tuple(card(f"{prefix}{index}") for index in range(count))
