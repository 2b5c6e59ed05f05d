"""What the snapshots show: every module here has a table `SCENES`; all of them are gathered.

A new screen is one line in one of these tables, or in a module of its own:

    SCENES = {"statistics": Scene("Hours by month", "s down down enter")}
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.tui.screens.scenes.scene import Scene


def all_scenes() -> dict[str, Scene]:
    """The scenes of every module of this package, by name."""
    scenes: dict[str, Scene] = {}
    for module in pkgutil.iter_modules(__path__):
        table = getattr(importlib.import_module(f"{__name__}.{module.name}"), "SCENES", {})
        assert scenes.keys().isdisjoint(table), f"a name is taken twice: {table.keys()}"
        scenes |= table
    return scenes
