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
from dataclasses import replace
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

from dodo_tui.demo.past import seed_years  # noqa: E402 - from this checkout
from dodo_tui.domain.progress import Origin, Progress  # noqa: E402
from dodo_tui.domain.times import to_iso  # noqa: E402
from dodo_tui.engine.parts import Parts  # noqa: E402
from dodo_tui.providers.sign_in import CodeShown  # noqa: E402
from dodo_tui.standin.posters import poster_png  # noqa: E402
from dodo_tui.standin.sample_titles import sample_catalogue  # noqa: E402
from dodo_tui.storage.catalogue import Detail, save_detail  # noqa: E402
from dodo_tui.storage.database import transaction  # noqa: E402
from dodo_tui.storage.pictures import PictureCache  # noqa: E402
from dodo_tui.storage.progress import save_progress  # noqa: E402
from dodo_tui.storage.settings import set_setting  # noqa: E402
from dodo_tui.storage.shelves import title_episodes  # noqa: E402
from dodo_tui.tui.app import DodoApp  # noqa: E402
from dodo_tui.tui.look import Look  # noqa: E402
from dodo_tui.tui.widgets.menu_list import MenuList  # noqa: E402
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

QUARTERS = {
    "█": (0, 1, 2, 3), "▀": (0, 1), "▄": (2, 3), "▌": (0, 2), "▐": (1, 3), "▘": (0,), "▝": (1,),
    "▖": (2,), "▗": (3,), "▞": (1, 2), "▚": (0, 3),
}  # fmt: skip
"""Which quarters of a cell a block fills: top left, top right, bottom left, bottom right."""

Step = Callable[[World, DodoApp, Pilot[None]], Awaitable[None]]


def household(folder: Path) -> World:
    """An evening: titles that are known, begun at different times, as long as real ones."""
    world = sample_world(folder)
    film = world.identify("Inception", "tt1375666")
    other = world.identify("The Matrix", "tt0133093")
    series = world.identify("Breaking Bad", "tt0903747")
    world.store.run_now(set_setting, "device_name", "living room")
    for title, (text, *genres) in ABOUT.items():
        detail = Detail(text, tuple(genres), None, None)
        world.store.run_now(_describe, world.key_of(title), detail, world.clock.now())
    episodes = world.store.run_now(title_episodes, world.profile.id, series)
    for key, position, length, hours in (
        (film, 3730.0, 8880.0, 3),
        (episodes[1].card.key, 850.0, 2820.0, 5),
        (other, 6280.0, 8160.0, 20),
    ):
        at = world.clock.now() - timedelta(hours=hours)
        world.store.run_now(begin, world.profile.id, key, position, length, at)
    return world


ABOUT = {
    "Inception": (
        "A thief who steals what people know from inside their dreams is hired for the opposite: "
        "to plant a thought so deep that its owner takes it for his own. Five minutes of sleep "
        "are an hour down there, and nobody who goes that deep is sure to come back.",
        "Science fiction", "Thriller",
    ),
    "Breaking Bad": (
        "A teacher of chemistry learns that he has not long to live, and turns to what he knows "
        "best to provide for his family.",
        "Crime", "Drama",
    ),
    "The Matrix": (
        "A programmer finds out that the world he lives in is not the one he was born into.",
        "Science fiction",
    ),
}  # fmt: skip
"""What titles are about, and their genres."""


def _describe(connection: sqlite3.Connection, media_id: str, detail: Detail, now: datetime) -> None:
    with transaction(connection, durable=False):
        save_detail(connection, media_id, detail, now)


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


EPISODES = (
    "Pilot", "Cat's in the Bag…", "…And the Bag's in the River", "Cancer Man", "Gray Matter",
    "Crazy Handful of Nothin'", "A No-Rough-Stuff-Type Deal",
)  # fmt: skip


def three_seasons(world: World) -> None:
    """A catalogue that knows the series, to one that is still to come."""
    world.store.run_now(_add_seasons, world.key_of("Breaking Bad"))


def _add_seasons(connection: sqlite3.Connection, series: str) -> None:
    with transaction(connection, durable=False):
        connection.execute("UPDATE media SET runtime_minutes = 47 WHERE id = ?", (series,))
        for season, number in itertools.product((1, 2, 3), range(1, 8)):
            name = EPISODES[number - 1] if season == 1 else f"Chapter {number}"
            aired = "2026-11-27" if (season, number) == (3, 7) else f"{2007 + season}-01-20"
            connection.execute(
                "INSERT INTO episode (media_id, season, number, key, title, aired_at) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET title = excluded.title",
                (series, season, number, f"{series}:{season}:{number}", name,
                 f"{aired}T20:00:00.000Z"),
            )  # fmt: skip


async def light(_world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """A light theme."""
    app.use_appearance(replace(app.appearance, theme="solarized-light"))
    await pilot.pause()


async def themes(_world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """The list of themes is open."""
    assert app.screen.query_one(MenuList).go_to("show_appearance")
    await press(pilot, "enter enter down up")


async def watching(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """An episode is on, and about to be sought in."""
    app.play(f"{world.key_of('Breaking Bad')}:1:5")
    await seen(app, pilot, "Next, S1 E6")
    world.clock.advance(900)
    await seen(app, pilot, "29:10", "watching now")
    await press(pilot, "right right right")


def synced(world: World) -> None:
    """Signed in, and up to date two minutes ago."""
    world.connect()
    at = to_iso(world.clock.now() - timedelta(minutes=2))
    world.store.run_now(_note_sync, at)


def _note_sync(connection: sqlite3.Connection, at: str) -> None:
    with transaction(connection, durable=False):
        connection.execute("UPDATE account SET first_choice = 'merge', last_sync_at = ?", (at,))


def watched_for_two_years(world: World) -> None:
    """The evenings of the demo."""
    world.store.run_now(seed_years, world.profile.id, world.clock.now())


def has_posters(world: World) -> None:
    """The stand-in's posters, fetched long ago."""
    cache = PictureCache(world.paths.cache / "posters")
    catalogue = sample_catalogue(world.clock.now())
    for title in catalogue.titles():
        if title.poster is not None:
            cache.put(title.poster, poster_png(title.poster))
            world.store.run_now(_set_poster, title.title, title.poster)


def _set_poster(connection: sqlite3.Connection, title: str, poster: str) -> None:
    with transaction(connection, durable=False):
        connection.execute("UPDATE media SET poster = ? WHERE title = ?", (poster, title))


async def painted(_world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """All that is drawn in a thread is there."""
    await seen(app, pilot, "Recently added")
    while app.gallery is not None and app.gallery.is_looking:
        await pilot.pause()
    await pilot.pause()


async def plotted(_world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """The year is drawn."""
    await seen(app, pilot, "Hours by month", " 0 h")


class TrueColourApp(DodoApp):
    """The face in a terminal that draws posters."""

    def __init__(self, parts: Parts) -> None:
        environment = {"DODO_LOOK": "full", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        super().__init__(parts, environment)


async def draw_posters() -> None:
    """Home with posters, on a larger screen."""
    with tempfile.TemporaryDirectory() as folder:
        world = household(Path(folder))
        world.services.simkl.trouble = None
        synced(world)
        has_posters(world)
        app = TrueColourApp(world.parts())
        async with app.run_test(size=(128, 36)) as pilot:
            await painted(world, app, pilot)
            strips = app.screen._compositor.render_strips()  # noqa: SLF001
            await app.stop_playing()
        world.store.close()
    paint(strips, (12, 14, 18), HERE / "posters.png")


async def draw(
    name: str,
    sign: str,
    *steps: str | Step,
    look: Look = Look.FULL,
    prepare: Callable[[World], None] = lambda _world: None,
    size: tuple[int, int] = SIZE,
) -> None:
    """Open the household, do what is asked, and keep the picture."""
    with tempfile.TemporaryDirectory() as folder:
        world = household(Path(folder))
        if name != "sign-in":
            world.services.simkl.trouble = None
            synced(world)
        prepare(world)
        async with running(world, size, look) as (app, pilot):
            for step in steps:
                if isinstance(step, str):
                    await press(pilot, step)
                else:
                    await step(world, app, pilot)
            await seen(app, pilot, sign)
            strips = app.screen._compositor.render_strips()  # noqa: SLF001
            svg = app.export_screenshot(title="dodo", simplify=True)
            ground = app.screen_stack[0].styles.background.rgb
        world.store.close()
    try:
        paint(strips, (0, 0, 0) if look is Look.CONSOLE else ground, HERE / f"{name}.png")
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
    columns = max(strip.cell_length for strip in strips)
    size = (columns * wide + 2 * MARGIN, len(strips) * high + 2 * MARGIN)
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
                if character in QUARTERS:
                    middle_x, middle_y = x + wide // 2, y + high // 2 + 1
                    for quarter in QUARTERS[character]:
                        left, end = (middle_x, right) if quarter % 2 else (x, middle_x)
                        top, bottom = (middle_y, y + high) if quarter > 1 else (y, middle_y)
                        pen.rectangle((left, top, end - 1, bottom - 1), fill=ink)
                elif character != " ":
                    pen.text((x, y), character, font=fonts[bold], fill=ink)
                x = right
    image.save(path, optimize=True)


async def main() -> None:
    """Every picture."""
    await draw("home", "Up next")
    await draw("home-large", "Up next", prepare=three_seasons, size=(240, 67))
    await draw("library", "6 films", "l", "down down right down")
    await draw("title", "Season 2", series, "down", prepare=three_seasons)
    await draw("appearance", "solarized light", light, "s", themes)
    await draw("sign-in", "KQ7ZM", "i enter", code)
    await draw("console", "Up next", look=Look.CONSOLE)
    await draw("statistics", "Hours by month", "t", plotted, prepare=watched_for_two_years)
    await draw_posters()
    await draw("now-playing", "+1:00 to", watching)


if __name__ == "__main__":
    asyncio.run(main())
