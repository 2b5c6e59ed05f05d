"""A scene: how a screen comes to be shown, and by what it is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.queue import QueueKind
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.widgets.menu_list import MenuList
from tests.tui.screens.support import World, press

Step = str | Callable[[World, DodoApp, Pilot[None]], Awaitable[None]]
"""Keys with blanks between, or a function that lets something happen."""


def nothing(world: World) -> None:
    """As it is."""


def settings_row(row_id: str) -> Step:
    """Open Settings and the place behind one of its rows, wherever that row stands."""

    async def step(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        assert app.screen.query_one(MenuList).go_to(f"show_{row_id}")
        await press(pilot, "enter")

    return step


class Scene:
    """The household as `prepare` leaves it, the steps to the screen, and a text that is on it."""

    def __init__(
        self, sign: str, *steps: Step, prepare: Callable[[World], object] = nothing
    ) -> None:
        self.sign = sign
        self.steps = steps
        self.prepare = prepare


def connected(world: World) -> None:
    """Signed in; two facts wait."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    world.queue(world.identify("Inception", "tt1375666"), QueueKind.PROGRESS, 42.0)


def unsure(world: World) -> None:
    """A film that may be another."""
    world.suppose("Inception", Candidate("tt1375666", Kind.MOVIE, "Inception", 2010))
