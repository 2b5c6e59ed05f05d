"""Home, Library, History, Title and what lies on top of them."""

from __future__ import annotations

from textual.pilot import Pilot

from dodo_tui.tui.app import DodoApp
from tests.tui.screens.scenes.scene import Scene, connected, unsure
from tests.tui.screens.support import World, keys, seen


async def no_player(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Something needs the user."""
    app.trouble = "mpv was not found. Install it: sudo apt install mpv"
    await seen(app, pilot, "sudo apt install mpv")


async def more(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """At the last button of a title."""
    await seen(app, pilot, "[ Resume")
    await keys(app, pilot, "right right right right", "[ More ]")


SCENES = {
    "home": Scene("Up next"),
    "home-waiting": Scene("2 waiting", prepare=connected),
    "home-trouble": Scene("Up next", no_player),
    "home-row": Scene("3 of 9", "down down right right"),
    "library": Scene("6 films", "l"),
    "history": Scene("Breaking Bad", "y"),
    "title-film": Scene("Resume at", "m down down enter"),
    "title-unsure": Scene("Perhaps Inception (2010)", "m down down enter", prepare=unsure),
    "title-series": Scene("Season 1", "right m down down enter down"),
    "rating": Scene("No rating yet.", "right m down down enter", more, "left enter up"),
    "lists": Scene("Dropped", "right m down down enter", more, "enter down down enter"),
    "title-more": Scene("Forget what was watched", "right m down down enter", more, "enter"),
    "forget": Scene("Keep it", "right m down down enter", more, "enter down down down enter"),
    "card-menu": Scene("Hide until played again", "m"),
    "leave": Scene("Leave dodo?", "escape"),
    "palette": Scene("Go to", "right ctrl+p"),
    "palette-search": Scene("Rate", "l ctrl+p r a t"),
    "palette-nothing": Scene("No command", "ctrl+p z z z"),
}
