"""Settings and what they lead to."""

from __future__ import annotations

from textual.pilot import Pilot

from dodo_tui.domain.status import Tone
from dodo_tui.engine.state import Scan, SeenPlayer
from dodo_tui.tui.app import DodoApp
from tests.tui.screens.scenes.scene import Scene, settings_row
from tests.tui.screens.support import World, seen


async def scanned(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """A scan has ended."""
    app.scan = Scan(False, 214, 3, ("/media/disk/Films: the folder is not there.",))
    await seen(app, pilot, "214 videos")


async def looked(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Two players are seen, one is not."""
    app.players = (
        SeenPlayer("Kodi", "Watching Kodi.", "", Tone.GOOD),
        SeenPlayer("VLC", "VLC refuses the password.", "In VLC: Preferences, All.", Tone.WARN),
        SeenPlayer("Other mpv", "No mpv to watch.", "Add a line to mpv.conf.", Tone.QUIET),
    )
    await seen(app, pilot, "refuses the password")


SCENES = {
    "settings": Scene("About", "s"),
    "playback": Scene("Counts as watched", settings_row("playback")),
    "folders": Scene("/home/anna/Videos", settings_row("folders"), scanned),
    "players": Scene("Players", settings_row("players"), looked),
    "appearance": Scene("Reduced motion", settings_row("appearance")),
    "appearance-theme": Scene("dodo dusk", settings_row("appearance"), "enter"),
    "keys": Scene("Six keys", "f1"),
    "about": Scene("simkl.com", "s end enter"),
}
