"""Statistics: a year to look at, turned with the remote, in every look."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from unittest.mock import patch

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.worker import WorkerState

from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Origin
from dodo_tui.storage import plays
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_media
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.look import CONSOLE_CHARACTERS, Look
from dodo_tui.tui.screens.statistics import StatisticsScreen
from tests.tui.screens.support import PATIENCE_SECONDS, World, keys, lines, press, running, seen
from tests.tui.screens.test_snapshots import TextFile

SIZES = ((80, 24), (120, 36), (240, 67))


def two_years(connection: sqlite3.Connection, world: World) -> None:
    """Two years of viewing that are the same on every machine."""
    now = world.clock.now()
    with transaction(connection, durable=False):
        for number, title in enumerate(("Severance", "Slow Horses", "[red]Dark[/]")):
            media = MediaId.parse(f"tt{5_000_000 + number}")
            known = Media(media, Kind.SHOW, title, ids=Ids.of(media), runtime_minutes=50)
            save_media(connection, known, now)
        for number in range(400):
            if number * 7919 % 11 < 4:
                continue
            at = now - timedelta(days=number + 1, hours=number % 3)
            key = f"tt{5_000_000 + number % 17 % 3}:1:{number + 1}"
            origin = Origin.SIMKL if number % 3 else Origin.PLAYER
            plays.insert_manual_play(
                connection, f"s{number}", world.profile.id, key, origin, at, at
            )
            if origin is Origin.PLAYER:
                connection.execute(
                    "UPDATE play SET played_seconds = ? WHERE id = ?",
                    (600.0 + number * 7919 % 15_000, f"s{number}"),
                )


@pytest.fixture
def house(world: World) -> World:
    """A household that has been watching for two years."""
    world.store.run_now(two_years, world)
    return world


async def drawn(app: DodoApp, pilot: Pilot[None]) -> str:
    """The screen, once all plots are drawn."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await pilot.pause()
            busy = {
                worker.group
                for worker in app.workers
                if worker.state in (WorkerState.PENDING, WorkerState.RUNNING)
            }
            if busy.isdisjoint({"plot", "fill"}):
                break
            await asyncio.sleep(0)
        await pilot.pause()
    return "\n".join(lines(app)).rstrip() + "\n"


@pytest.mark.parametrize("look", Look)
async def test_a_year_to_look_at(house: World, look: Look, snapshot: SnapshotAssertion) -> None:
    """The screen is as it was in three sizes; each look draws only what its fonts have."""
    async with running(house, SIZES[0], look) as (app, pilot):
        await keys(app, pilot, "t", "Hours by month")
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await seen(app, pilot, "Hours by month")
            text = await drawn(app, pilot)
            assert " 0 h" in text
            match look:
                case Look.CONSOLE:
                    assert set(text) - {"\n"} <= CONSOLE_CHARACTERS
                case Look.ASCII:
                    assert text.isascii()
                    continue
            assert text == snapshot(extension_class=TextFile, name=f"{width}x{height}")


async def test_six_keys_reach_all_of_it(house: World) -> None:
    """Down goes through the parts, Right and Left through the months, OK opens, Back returns."""
    async with running(house, (120, 36)) as (app, pilot):
        await keys(app, pilot, "y", "Statistics")
        await press(pilot, "up")
        await keys(app, pilot, "enter", "A year of viewing")
        await drawn(app, pilot)
        assert "Nov: " in await keys(app, pilot, "down", "[Nov]")
        await keys(app, pilot, "left left", "[Sep]", "Sep: ")
        opened = await keys(app, pilot, "enter", "Sep 2026", "Severance")
        assert "Oct" not in opened and " Sep " in opened
        await keys(app, pilot, "escape", "[Sep]")
        await press(pilot, "down")
        await keys(app, pilot, "enter", "Back to Statistics")
        await keys(app, pilot, "escape", "Most watched shows")


async def test_left_and_right_turn_the_year(house: World) -> None:
    """Everywhere on the screen; the months go on without a gap, and there is an end."""
    async with running(house, (120, 36)) as (app, pilot):
        await keys(app, pilot, "t", "Left, Right 2025")
        await keys(app, pilot, "left", "Left, Right 2026")
        assert (await drawn(app, pilot)).splitlines()[3].lstrip().startswith("2025")
        await press(pilot, "left")
        assert "2025    " in await drawn(app, pilot)
        await press(pilot, "right right down")
        await drawn(app, pilot)
        for _ in range(11):
            await press(pilot, "left")
        await drawn(app, pilot)
        assert "2025    " in await keys(app, pilot, "", "[Dec]")
        await keys(app, pilot, "right", "2026    ", "[Jan]")
        await drawn(app, pilot)
        await press(pilot, "down")
        await keys(app, pilot, "left", "2025    ")


async def test_a_title_in_a_list_is_text(house: World) -> None:
    """Markup in a name stays what it is."""
    async with running(house, (120, 36)) as (app, pilot):
        await keys(app, pilot, "t", "[red]Dark[/]")


async def test_nothing_watched_is_said(new_world: World) -> None:
    """A new household has an empty year, and can leave it."""
    async with running(new_world) as (app, pilot):
        await keys(app, pilot, "t", "Nothing was watched in this year.")
        await drawn(app, pilot)
        await keys(app, pilot, "down enter", "Nothing was watched in this month.")
        await keys(app, pilot, "escape escape escape", "Continue Watching")


@pytest.mark.parametrize("size", [(40, 12), (57, 14), (20, 5), (500, 120)])
async def test_any_size(house: World, size: tuple[int, int]) -> None:
    """From the smallest window to a wall of screens."""
    async with running(house, size) as (app, pilot):
        await press(pilot, "t")
        await drawn(app, pilot)
        assert isinstance(app.screen, StatisticsScreen)
        await pilot.resize_terminal(80, 24)
        await seen(app, pilot, "A year of viewing")


async def test_a_film_that_plays_does_not_make_it_count_all_the_time(house: World) -> None:
    """The database changes with every tick; the year is added up again once a minute."""
    async with running(house) as (app, pilot):
        await keys(app, pilot, "t", "A year of viewing")
        await drawn(app, pilot)
        with patch.object(app, "read_statistics", wraps=app.read_statistics) as read:
            for _ in range(5):
                app.revision += 1
                await drawn(app, pilot)
            assert read.call_count == 0
            house.clock.advance(60)
            app.revision += 1
            await drawn(app, pilot)
            assert read.call_count == 1
