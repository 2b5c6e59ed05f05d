"""Statistics: a year to look at, turned with the remote, in every look."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.screens.statistics import StatisticsScreen
from tests.tui.screens.scenes.statistics import two_years
from tests.tui.screens.support import (
    PATIENCE_SECONDS,
    World,
    is_reading,
    keys,
    lines,
    press,
    running,
    seen,
)


@pytest.fixture
def house(world: World) -> World:
    """A household that has been watching for two years."""
    two_years(world)
    return world


async def drawn(app: DodoApp, pilot: Pilot[None]) -> str:
    """The screen, once all plots are drawn."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while is_reading(app):
            await pilot.pause()
    await pilot.pause()
    return "\n".join(lines(app)).rstrip() + "\n"


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
        assert "OK why?    Menu details" in opened
        await keys(app, pilot, "enter", "Why?")
        await keys(app, pilot, "escape m", "Not on this device.")
        await keys(app, pilot, "escape escape", "[Sep]")
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
async def test_statistics_fit_any_size(house: World, size: tuple[int, int]) -> None:
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
