"""The engine around a sleep of the machine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from dodo_tui.clock import Clock
from dodo_tui.engine import sleeping
from dodo_tui.players.watching import Report, Sight, Tell, Watcher
from tests.engine.conftest import World
from tests.engine.support import eventually


@dataclass
class Rare:
    """A watcher that looks once an hour."""

    clock: Clock
    looks: list[float] = field(default_factory=list)
    id: str = "rare"
    name: str = "A rare one"

    def report(self) -> Report:
        """Nothing is ever there."""
        return Report(Sight.NONE, "Nothing.")

    async def watch(self, tell: Tell) -> None:
        """Look."""
        while True:
            self.looks.append(self.clock.monotonic())
            await self.clock.sleep(3600)


async def test_whoever_was_asleep_looks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every player and at every provider, also where no logind has said anything."""
    slept = 0.0
    monkeypatch.setattr(sleeping, "slept_seconds", lambda: slept)
    watchers: list[Rare] = []

    def make(clock: Clock) -> tuple[Watcher, ...]:
        watchers.append(Rare(clock))
        return tuple(watchers)

    monkeypatch.setattr(world.services, "watchers", make)
    app = world.app()
    asked: list[None] = []
    async with app.run_test() as pilot:
        await eventually(pilot, lambda: watchers and watchers[0].looks)
        await asyncio.sleep(0)
        monkeypatch.setattr(app.delivery, "ask_sync", lambda: asked.append(None))
        slept = 8 * 3600.0
        await eventually(pilot, lambda: len(watchers[0].looks) == 2)
        assert asked
