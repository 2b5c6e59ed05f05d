"""The daemon's signs of life."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from dodo_tui.config import Settings
from dodo_tui.engine import notify
from dodo_tui.engine.daemon import DaemonApp
from dodo_tui.engine.parts import Parts
from tests.engine.conftest import World
from tests.engine.support import LONGEST_SECONDS, eventually


async def test_a_storage_that_is_slow_is_not_one_that_is_stuck(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another dodo imports for a minute, nobody kills this one for it."""
    said: list[str] = []
    monkeypatch.setattr(notify, "notify", lambda *lines: said.extend(lines))
    app = DaemonApp(
        Parts(world.store, world.profile, Settings(), world.paths, world.services, world.clock)
    )
    gates = [threading.Event(), threading.Event()]

    def wait_at(gate: threading.Event) -> Any:
        return lambda _connection: gate.wait(LONGEST_SECONDS)

    async with app.run_test() as pilot:
        for gate in gates:
            world.store.submit(wait_at(gate))
        await pilot.pause(0.1)
        app._give_sign()
        said.clear()
        for _ in range(3):
            app._give_sign()
        assert said == []  # it is stuck
        done = world.store.done
        gates[0].set()
        await eventually(pilot, lambda: world.store.done > done)
        app._give_sign()
        assert said == [notify.ALIVE]  # it goes on, and is at something else by now
        gates[1].set()
