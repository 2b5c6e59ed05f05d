"""Every screen as text, in two sizes and two looks: a picture of the whole face for reviews.

After a change that is meant: `pytest tests/tui/screens/test_snapshots.py --snapshot-update`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from dodo_tui.config import Paths
from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.queue import QueueKind
from dodo_tui.engine.state import Scan
from dodo_tui.providers.errors import MisconfiguredError
from dodo_tui.providers.protocol import CodeExpired, CodeShown, StillWaiting
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.look import CONSOLE_CHARACTERS, Look
from dodo_tui.tui.screens import facts
from tests.tui.screens.support import (
    PATIENCE_SECONDS,
    World,
    device_code,
    keys,
    lines,
    press,
    running,
    seen,
)

SIZES = ((80, 24), (120, 36))
HOUSE = Path("/home/anna")
PATHS = Paths(
    config_file=HOUSE / ".config/dodo/config.toml",
    data=HOUSE / ".local/share/dodo",
    state=HOUSE / ".local/state/dodo",
    cache=HOUSE / ".cache/dodo",
    runtime=Path("/run/user/1000/dodo"),
)


class TextFile(SingleFileSnapshotExtension):
    """One `.txt` file for each snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots as text files."""
    return snapshot.use_extension(TextFile)


async def two_folders() -> tuple[str, ...]:
    """The same folders on every machine."""
    return ("/home/anna/Videos", "/media/disk/Films")


def nothing(world: World) -> None:
    """As it is."""


def connected(world: World) -> None:
    """Signed in; two facts wait."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    world.queue(world.identify("Inception", "tt1375666"), QueueKind.PROGRESS, 42.0)


def unsure(world: World) -> None:
    """A film that may be another."""
    world.suppose("Inception", Candidate("tt1375666", Kind.MOVIE, "Inception", 2010))


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


async def half_way(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Half of the film is over."""
    world.clock.advance(3000)
    await seen(app, pilot, "50:50")


async def no_player(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Something needs the user."""
    app.trouble = "mpv was not found. Install it: sudo apt install mpv"
    await seen(app, pilot, "sudo apt install mpv")


async def scanned(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """A scan has ended."""
    app.scan = Scan(False, 214, 3, ("/media/disk/Films: the folder is not there.",))
    await seen(app, pilot, "214 videos")


Step = Callable[[World, DodoApp, Pilot[None]], Awaitable[None]]

SCENES: dict[str, tuple[Callable[[World], None], tuple[str | Step, ...], str]] = {
    "home": (nothing, (), "Up next"),
    "home-waiting": (connected, (), "2 waiting"),
    "home-trouble": (nothing, (no_player,), "Up next"),
    "home-row": (nothing, ("down down right right",), "3 of 9"),
    "library": (nothing, ("l",), "6 films"),
    "history": (nothing, ("y",), "Breaking Bad"),
    "title-film": (nothing, ("m down down enter",), "Resume at"),
    "title-unsure": (unsure, ("m down down enter",), "Perhaps Inception (2010)"),
    "title-series": (nothing, ("right m down down enter down",), "Season 1"),
    "now-playing-film": (nothing, ("enter", half_way), "ends"),
    "now-playing-paused": (connected, ("right enter", "enter"), "paused"),
    "integrations": (nothing, ("i",), "Not connected"),
    "integrations-connected": (connected, ("i",), "Connected as Anna"),
    "sign-in-asking": (nothing, ("i enter",), "Asking"),
    "sign-in": (nothing, ("i enter", code), "simkl.com/pin"),
    "sign-in-trouble": (nothing, ("i enter", trouble), "simkl.com/pin"),
    "sign-in-expired": (nothing, ("i enter", expired), "Try again"),
    "sign-in-failed": (nothing, ("i enter", failed), "Try again"),
    "queue": (connected, ("u",), "The Matrix"),
    "queue-empty": (nothing, ("u",), "Nothing waits"),
    "queue-question": (connected, ("u down enter",), "Discard"),
    "settings": (nothing, ("s",), "About"),
    "playback": (nothing, ("s down down enter",), "Counts as watched"),
    "folders": (nothing, ("s down down down enter", scanned), "/home/anna/Videos"),
    "profiles": (nothing, ("s down down down down enter",), "DODO_PROFILE"),
    "keys": (nothing, ("f1",), "Six keys"),
    "about": (nothing, ("s end enter",), "simkl.com"),
    "card-menu": (nothing, ("m",), "Hide until played again"),
    "leave": (nothing, ("escape",), "Leave dodo?"),
}


async def settled(app: DodoApp, pilot: Pilot[None], size: tuple[int, int]) -> str:
    """The screen in its new size, once nothing on it moves any more."""
    before: list[str] = []
    alike = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while alike < 3:
            await pilot.pause()
            after = lines(app)
            alike = alike + 1 if after == before and len(after) == size[1] else 0
            before = after
    return "\n".join(before).rstrip() + "\n"


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("scene", SCENES)
async def test_screen(
    world: World,
    scene: str,
    look: Look,
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The screen is as it was, small and large; each look draws only what its fonts have."""
    monkeypatch.setattr(facts, "__version__", "1.2.3")
    prepare, steps, sign = SCENES[scene]
    prepare(world)
    async with running(world, SIZES[0], look) as (app, pilot):
        app.paths = PATHS
        monkeypatch.setattr(app, "read_folders", two_folders)
        for step in steps:
            if isinstance(step, str):
                await press(pilot, step)
            else:
                await step(world, app, pilot)
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await seen(app, pilot, sign)
            text = await settled(app, pilot, (width, height))
            match look:
                case Look.CONSOLE:
                    assert set(text) - {"\n"} <= CONSOLE_CHARACTERS
                case Look.ASCII:
                    assert text.isascii()
                    continue
            assert text == snapshot(name=f"{width}x{height}")


async def test_focus_is_seen_without_colours(world: World) -> None:
    """In every look the characters alone tell what is in focus."""
    for look in Look:
        async with running(world, look=look) as (app, pilot):
            first = await seen(app, pilot, "Inception")
            second = await keys(app, pilot, "right", "Breaking Bad")
            assert first != second
