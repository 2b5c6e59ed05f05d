"""Now playing."""

from __future__ import annotations

from textual.pilot import Pilot

from dodo_tui.tui.app import DodoApp
from tests.tui.screens.scenes.scene import Scene, connected
from tests.tui.screens.support import World, seen


async def half_way(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Half of the film is over."""
    world.clock.advance(3000)
    await seen(app, pilot, "50:50")


SCENES = {
    "now-playing-film": Scene("ends", "enter", half_way),
    "now-playing-paused": Scene("paused", "right enter", "enter", prepare=connected),
}
