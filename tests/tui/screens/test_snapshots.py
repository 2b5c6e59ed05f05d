"""Every screen as text and styles, in four sizes and three depths of colour.

What is shown is a table: see `scenes`. After a change that is meant:
`pytest tests/tui/screens/test_snapshots.py --snapshot-update`, and read the difference.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from dodo_tui.config import Paths
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.look import CONSOLE_CHARACTERS, Look
from dodo_tui.tui.screens import facts
from tests.tui.screens.picture import picture
from tests.tui.screens.scenes import all_scenes
from tests.tui.screens.support import (
    PATIENCE_SECONDS,
    World,
    is_reading,
    keys,
    lines,
    press,
    running,
    seen,
    under_way,
)

SIZES = ((80, 24), (100, 36), (120, 40), (240, 67))
DEPTHS = {"truecolour": Look.FULL, "sixteen": Look.CONSOLE, "none": Look.ASCII}
"""True colour with every glyph, a Linux console, and a terminal with neither colour nor glyphs."""

SCENES = all_scenes()
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


async def settled(app: DodoApp, pilot: Pilot[None], size: tuple[int, int]) -> str:
    """The screen in its new size, once nothing on it moves any more."""
    before: list[str] = []
    changed: list[str] = []
    alike = 0
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while alike < 2:
                await pilot.pause()
                after = lines(app)
                quiet = after == before and len(after) == size[1] and not is_reading(app)
                alike = alike + 1 if quiet else 0
                changed = [line for line in after if line not in before] or changed
                before = after
    except TimeoutError:
        moved = "\n".join(changed)
        raise AssertionError(
            f"never the same twice: {under_way(app)}\nlast moved:\n{moved}"
        ) from None
    return picture(app.screen._compositor.render_strips())


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("scene", SCENES)
async def test_screen(
    world: World,
    scene: str,
    depth: str,
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The screen is as it was in every size; each look draws only what its fonts have."""
    monkeypatch.setattr(facts, "__version__", "1.2.3")
    if depth == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    played = SCENES[scene]
    played.prepare(world)
    pictures = []
    async with running(world, SIZES[0], DEPTHS[depth]) as (app, pilot):
        app.paths = PATHS
        monkeypatch.setattr(app, "read_folders", two_folders)
        for step in played.steps:
            if isinstance(step, str):
                await press(pilot, step)
            else:
                await step(world, app, pilot)
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await seen(app, pilot, played.sign)
            text = await settled(app, pilot, (width, height))
            match DEPTHS[depth]:
                case Look.CONSOLE:
                    assert set(text) - {"\n"} <= CONSOLE_CHARACTERS
                case Look.ASCII:
                    assert text.isascii()
            pictures.append(f"== {width}x{height}\n{text}")
    assert "".join(pictures) == snapshot


async def test_focus_is_seen_without_colours(world: World) -> None:
    """In every look the characters alone tell what is in focus."""
    for look in Look:
        async with running(world, look=look) as (app, pilot):
            first = await seen(app, pilot, "Inception")
            second = await keys(app, pilot, "right", "Breaking Bad")
            assert first != second
