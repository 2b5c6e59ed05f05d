"""Now playing, by six keys."""

from __future__ import annotations

from tests.tui.screens.support import World, gone, keys, press, running, seen


async def test_left_and_right_seek(world: World) -> None:
    """On the bar the arrows jump: ten seconds back, thirty forward, adding up."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00", "Left/Right seek    OK pause")
        await keys(app, pilot, "right right", "1:50 / 1:40:00")
        await keys(app, pilot, "left", "1:40 / 1:40:00")


async def test_ok_pauses_and_resumes(world: World) -> None:
    """OK pauses; the words say so, and what OK does now."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "ends 21:54")
        await keys(app, pilot, "enter", "paused", "OK resume")
        await press(pilot, "enter")
        await gone(app, pilot, "paused")


async def test_a_film_has_no_empty_line_for_its_label(world: World) -> None:
    """Between the name of a film and its bar there is one free line, and none for an episode."""
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, "enter", "0:50 / 1:40:00")
        assert screen.splitlines()[0].strip() == "Inception"
        assert "━" in screen.splitlines()[2]


async def test_every_button_works(world: World) -> None:
    """Back and forward seek, Pause pauses, Stop ends and returns to Home."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "down", "[ Pause ]")
        await keys(app, pilot, "enter", "[ Resume ]", "paused")
        await keys(app, pilot, "right enter", "[ Back 10 s ]", "0:40 / 1:40:00")
        await keys(app, pilot, "right enter", "[ Forward 30 s ]", "1:10 / 1:40:00")
        await keys(app, pilot, "right right enter", "Continue Watching", "▌Inception")


async def test_back_leaves_it_playing_and_a_key_returns(world: World) -> None:
    """Back goes home while it plays on; it is not thrown back by the next tick."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00", "Back leave it playing")
        await keys(app, pilot, "escape", "Continue Watching")
        world.clock.advance(60)
        await seen(app, pilot, "Continue Watching")
        assert app.now_playing is not None
        await keys(app, pilot, "n", "1:50 / 1:40:00")


async def test_it_says_when_simkl_will_be_told(world: World) -> None:
    """Connected and identified, the screen says at which second it will count."""
    world.connect()
    world.services.simkl.trouble = None
    world.identify("Inception", "tt1375666")
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "Simkl will be told that it is watched at 1:30:00.")
        world.clock.advance(5300)
        await seen(app, pilot, "1:29:10 / 1:40:00")
        world.clock.advance(60)
        await seen(app, pilot, "Watched.")


async def test_the_end_returns_home(world: World) -> None:
    """When the film is over, one is on Home again."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        world.clock.advance(6000)
        await seen(app, pilot, "Continue Watching", "Up next")
        assert app.now_playing is None


async def test_leaving_while_it_plays_says_what_happens(world: World) -> None:
    """The question tells that what plays will be stopped; Stay changes nothing."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "q", "Leave dodo?", "What plays will be stopped.")
        await keys(app, pilot, "right enter", "0:50 / 1:40:00")
