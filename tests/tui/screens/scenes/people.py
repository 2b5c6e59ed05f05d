"""The people of the household."""

from __future__ import annotations

from dodo_tui.storage.profiles import add_profile
from tests.tui.screens.scenes.scene import Scene
from tests.tui.screens.support import World


def family(world: World) -> None:
    """Three more people."""
    for name in ("Ben", "Zoë", "Großmutter Annegret von und zu Hohenstein"):
        world.store.run_now(add_profile, name, world.clock.now())


SCENES = {
    "profiles": Scene("Add somebody", "s down down down down down enter", prepare=family),
    "profile-menu": Scene("Rename", "s down down down down down enter down enter", prepare=family),
    "watchers": Scene("Who is watching", "w", prepare=family),
    "watchers-together": Scene("Together", "w down down down down enter", prepare=family),
    "letters": Scene("their name", "s down down down down down enter end enter"),
}
