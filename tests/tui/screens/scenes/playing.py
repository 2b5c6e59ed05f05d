"""Now playing."""

from __future__ import annotations

from textual.pilot import Pilot

from dodo_tui.tui.app import DodoApp
from tests.tui.screens.scenes.scene import Scene, connected
from tests.tui.screens.support import World, seen


async def half_way(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Half of the film is over; it runs before time passes."""
    await seen(app, pilot, "0:50 / 1:40:00")
    world.clock.advance(3000)
    await seen(app, pilot, "50:50")


async def episode(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """An episode with one before it and one after it."""
    app.play(f"{world.key_of('Breaking Bad')}:1:5", from_start=True)
    await seen(app, pilot, "Next, S1 E6", "0:00 / 1:40:00")


async def the_credits(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """The end of it."""
    world.clock.advance(5988)
    await seen(app, pilot, "Next: Breaking Bad S1 E6 in 15 s")


SCENES = {
    "now-playing-film": Scene("ends", "enter", half_way),
    "now-playing-paused": Scene("paused", "right enter", "enter", prepare=connected),
    "now-playing-seeking": Scene("+1:00 to 51:50", "enter", half_way, "right right right"),
    "now-playing-next": Scene("[ Play now ]", episode, the_credits, "down"),
    "now-playing-subtitles": Scene("German", episode, "up enter"),
}
