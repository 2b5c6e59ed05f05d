"""Draws the pictures of the README: `python docs/screenshots/make.py`, from the sample library."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from dodo_tui.clock import SystemClock
from dodo_tui.config import Settings
from dodo_tui.demo.world import DemoServices, demo_paths, make_library, seed
from dodo_tui.engine.parts import Parts
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tui.app import DodoApp

SIZE = (112, 34)
HERE = Path(__file__).parent


async def draw(name: str, environment: dict[str, str], *keys: str) -> None:
    """Open the sample library, press keys, and keep the picture."""
    os.environ.update(environment)
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        paths = demo_paths(Path(folder))
        paths.make()
        library = Path(folder) / "Videos"
        make_library(library, None)
        settings = Settings(library=(os.fspath(library),), simkl_client_id="demo")
        store = Store.open(paths.database)
        profile = store.run_now(active_profile, None, clock.now())
        seed(store, settings, profile.id, clock)
        services = DemoServices(settings, paths, clock, simulate=True)
        app = DodoApp(Parts(store, profile, settings, paths, services, clock))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            for key in keys:
                await pilot.press(key)
            await pilot.pause(0.3)
            svg = app.export_screenshot(title="dodo", simplify=True)
        store.close()
    HERE.joinpath(f"{name}.svg").write_text(svg, "utf-8")


async def main() -> None:
    """Every picture."""
    full = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "DODO_LOOK": ""}
    await draw("home", full)
    await draw("title", full, "down", "down", "right", "right", "enter")


if __name__ == "__main__":
    asyncio.run(main())
