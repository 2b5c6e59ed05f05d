"""The people of the household."""

from __future__ import annotations

from dodo_tui.storage.profiles import add_profile
from tests.tui.screens.scenes.scene import Scene, settings_row
from tests.tui.screens.support import World


def family(world: World) -> None:
    """Three more people."""
    for name in ("Ben", "Zoë", "Großmutter Annegret von und zu Hohenstein"):
        world.store.run_now(add_profile, name, world.clock.now())


SCENES = {
    "profiles": Scene("Add somebody", settings_row("profiles"), prepare=family),
    "profile-menu": Scene("Rename", settings_row("profiles"), "down enter", prepare=family),
    "watchers": Scene("Who is watching", "w", prepare=family),
    "watchers-together": Scene("Together", "w down down down down enter", prepare=family),
    "letters": Scene("their name", settings_row("profiles"), "end enter"),
    "welcome": Scene("1 of 4", settings_row("welcome")),
    "welcome-simkl": Scene("3 of 4", settings_row("welcome"), "right enter", "enter"),
    "remote": Scene("does nothing yet", settings_row("remote"), "f11"),
    "untracked": Scene("Everything is tracked", settings_row("folders"), "right right enter"),
}
