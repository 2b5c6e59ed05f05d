"""Draws the pictures of the README: `python docs/screenshots/make.py` in the checkout.

The household is the tests' one: sample titles, a clock that stands still, a Simkl that does what
it is told. With Pillow and the DejaVu fonts the pictures are PNGs, without them SVGs.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.pilot import Pilot
from textual.strip import Strip

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from dodo_tui.domain.progress import Origin, Progress  # noqa: E402 - from this checkout
from dodo_tui.providers.protocol import CodeShown  # noqa: E402
from dodo_tui.storage.database import transaction  # noqa: E402
from dodo_tui.storage.plays import save_progress  # noqa: E402
from dodo_tui.storage.shelves import title_episodes  # noqa: E402
from dodo_tui.tui.app import DodoApp  # noqa: E402
from dodo_tui.tui.look import Look  # noqa: E402
from tests.tui.screens.support import (  # noqa: E402
    World,
    device_code,
    press,
    running,
    sample_world,
    seen,
)

SIZE = (112, 27)
CELL = (10, 19)
MARGIN = 14
FONTS = Path("/usr/share/fonts/truetype/dejavu")
FONT_SIZE = 16.6
"""A letter is as wide as a cell then, and a frame's line as high."""

BITS = tuple(itertools.product((0, 1), repeat=3))
LINUX_CONSOLE = TerminalTheme(
    (0, 0, 0),
    (170, 170, 170),
    [(r * 170, 85 if (r, g, b) == (1, 1, 0) else g * 170, b * 170) for b, g, r in BITS],
    [(85 + r * 170, 85 + g * 170, 85 + b * 170) for b, g, r in BITS],
)

Step = Callable[[World, DodoApp, Pilot[None]], Awaitable[None]]


def household(folder: Path) -> World:
    """An evening: titles that are known, begun at different times, as long as real ones."""
    world = sample_world(folder)
    film = world.identify("Inception", "tt1375666")
    other = world.identify("The Matrix", "tt0133093")
    series = world.identify("Breaking Bad", "tt0903747")
    episodes = world.store.run_now(title_episodes, world.profile.id, series)
    for key, position, length, hours in (
        (film, 3730.0, 8880.0, 3),
        (episodes[1].card.key, 850.0, 2820.0, 5),
        (other, 6280.0, 8160.0, 20),
    ):
        at = world.clock.now() - timedelta(hours=hours)
        world.store.run_now(begin, world.profile.id, key, position, length, at)
    return world


def begin(
    connection: sqlite3.Connection,
    profile_id: int,
    key: str,
    position: float,
    length: float,
    at: datetime,
) -> None:
    """Write that something was begun."""
    progress = Progress(profile_id, key, position, length, position / length, at, Origin.IMPORT)
    with transaction(connection, durable=False):
        save_progress(connection, progress)


async def code(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Simkl gives a code."""
    world.services.simkl.steps.put_nowait(CodeShown(device_code(world, "KQ7ZM")))
    await seen(app, pilot, "Waiting for you.")


async def series(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """A series is open."""
    app.show_title(world.key_of("Breaking Bad"))
    await seen(app, pilot, "Season 1")


async def later(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Some of the film is over."""
    world.clock.advance(600)
    await seen(app, pilot, "1:12:10")


async def draw(name: str, sign: str, *steps: str | Step, look: Look = Look.FULL) -> None:
    """Open the household, do what is asked, and keep the picture."""
    with tempfile.TemporaryDirectory() as folder:
        world = household(Path(folder))
        if name != "sign-in":
            world.services.simkl.trouble = None
            world.connect()
        async with running(world, SIZE, look) as (app, pilot):
            for step in steps:
                if isinstance(step, str):
                    await press(pilot, step)
                else:
                    await step(world, app, pilot)
            await seen(app, pilot, sign)
            strips = app.screen._compositor.render_strips()  # noqa: SLF001
            svg = app.export_screenshot(title="dodo", simplify=True)
        world.store.close()
    try:
        paint(strips, (0, 0, 0) if look is Look.CONSOLE else (12, 14, 18), HERE / f"{name}.png")
    except (ImportError, OSError):
        HERE.joinpath(f"{name}.svg").write_text(svg, "utf-8")


def rgb(colour: Color | None, default: tuple[int, int, int], bold: bool) -> tuple[int, int, int]:
    """A colour as a terminal shows it; on the console, bold is bright."""
    if colour is None or colour.is_default:
        return default
    if bold and colour.number is not None and colour.number < 8:
        colour = Color.from_ansi(colour.number + 8)
    return tuple(colour.get_truecolor(LINUX_CONSOLE))


def paint(strips: list[Strip], ground: tuple[int, int, int], path: Path) -> None:
    """Draw the cells, so that frames and codes have no gaps.

    Raises:
        ImportError: there is no Pillow.
        OSError: there is no such font.
    """
    from PIL import Image, ImageDraw, ImageFont

    fonts = {
        bold: ImageFont.truetype(str(FONTS / f"DejaVuSansMono{suffix}.ttf"), FONT_SIZE)
        for bold, suffix in ((False, ""), (True, "-Bold"))
    }
    wide, high = CELL
    size = (SIZE[0] * wide + 2 * MARGIN, SIZE[1] * high + 2 * MARGIN)
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    for row, strip in enumerate(strips):
        x, y = MARGIN, MARGIN + row * high
        for segment in strip:
            style = segment.style or Style()
            bold, reverse = bool(style.bold), bool(style.reverse)
            ink = rgb(style.color, (200, 204, 212), bold and not reverse)
            paper = rgb(style.bgcolor, ground, False)
            if reverse:
                ink, paper = paper, ink
            for character in segment.text:
                right = x + cell_len(character) * wide
                if paper != ground:
                    pen.rectangle((x, y, right - 1, y + high - 1), fill=paper)
                if character in "█▀▄":
                    top = y + high // 2 + 1 if character == "▄" else y
                    bottom = y + high // 2 if character == "▀" else y + high - 1
                    pen.rectangle((x, top, right - 1, bottom), fill=ink)
                elif character != " ":
                    pen.text((x, y), character, font=fonts[bold], fill=ink)
                x = right
    image.save(path, optimize=True)


async def main() -> None:
    """Every picture."""
    await draw("home", "Up next")
    await draw("title", "Season 1", series, "down down")
    await draw("now-playing", "told", "enter", later)
    await draw("sign-in", "KQ7ZM", "i enter", code)
    await draw("console", "Up next", look=Look.CONSOLE)


if __name__ == "__main__":
    asyncio.run(main())
