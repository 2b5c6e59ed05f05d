"""Integrations, the sign-in and the queue."""

from __future__ import annotations

from textual.pilot import Pilot

from dodo_tui.providers.errors import MisconfiguredError
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, StillWaiting
from dodo_tui.tui.app import DodoApp
from tests.tui.screens.scenes.scene import Scene, connected
from tests.tui.screens.support import World, device_code, seen


async def code(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Simkl gives a code."""
    world.services.simkl.steps.put_nowait(CodeShown(device_code(world)))
    await seen(app, pilot, "Waiting for you.")


async def trouble(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Simkl goes away meanwhile."""
    await code(world, app, pilot)
    step = StillWaiting(device_code(world), "Simkl cannot be reached.")
    world.services.simkl.steps.put_nowait(step)
    await seen(app, pilot, "dodo keeps trying")


async def expired(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """The code runs out."""
    world.services.simkl.steps.put_nowait(CodeExpired())
    await seen(app, pilot, "run out")


async def failed(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """The client id is refused."""
    error = MisconfiguredError("Simkl does not accept this client id.")
    world.services.simkl.steps.put_nowait(error)
    await seen(app, pilot, "not accept")


SCENES = {
    "integrations": Scene("Not connected", "i"),
    "integrations-connected": Scene("Connected as Anna", "i", prepare=connected),
    "set-up": Scene("Start dodo", "i down enter"),
    "sign-in-asking": Scene("Asking", "i enter"),
    "sign-in": Scene("simkl.com/pin", "i enter", code),
    "sign-in-trouble": Scene("simkl.com/pin", "i enter", trouble),
    "sign-in-expired": Scene("Try again", "i enter", expired),
    "sign-in-failed": Scene("Try again", "i enter", failed),
    "queue": Scene("The Matrix", "u", prepare=connected),
    "queue-empty": Scene("Nothing waits", "u"),
    "queue-question": Scene("Discard", "u down enter", prepare=connected),
}
