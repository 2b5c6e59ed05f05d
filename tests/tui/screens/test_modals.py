"""The card menu and the question before leaving, by six keys."""

from __future__ import annotations

from tests.tui.screens.support import World, gone, keys, lines, press, running, seen


async def test_card_menu_offers_what_can_be_done(world: World) -> None:
    """Menu on a card that was begun: resume, from start, details, mark, hide."""
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, "f2", "▌ Resume at 0:50", "OK do it    Back cancel")
        for words in ("From start", "Details", "Mark watched", "Hide until played again"):
            assert words in screen
        await keys(app, pilot, "down enter", "0:00 / 1:40:00")


async def test_what_is_below_a_menu_does_not_move(world: World) -> None:
    """The lines of the screen below stay where they were."""
    async with running(world, (120, 36)) as (app, pilot):
        before = await seen(app, pilot, "Continue Watching")
        after = await keys(app, pilot, "f2", "Details")
        assert after.splitlines()[:3] == before.splitlines()[:3]


async def test_card_menu_marks_watched(world: World) -> None:
    """A film that is marked leaves Continue Watching, and the focus goes on."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "f2", "Details")
        await keys(app, pilot, "down down down enter", "▌Breaking Bad")
        assert [card.title for card in app.continue_watching] == ["Breaking Bad"]


async def test_card_menu_hides(world: World) -> None:
    """Hidden titles leave the row and keep their position."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "f2", "Details")
        await keys(app, pilot, "down down down down enter", "▌Breaking Bad")
        app.show_title(world.key_of("Inception"))
        await seen(app, pilot, "Resume at 0:50")


async def test_back_closes_the_menu_and_nothing_else(world: World) -> None:
    """Back in the menu returns to the card."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "right f2", "▌ Resume at 0:36")
        await press(pilot, "escape")
        await gone(app, pilot, "Details")
        assert any("▌Breaking Bad" in line for line in lines(app))


async def test_leaving_asks_once_with_leave_in_focus(world: World) -> None:
    """Back at the top of Home asks, and OK leaves."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "escape", "Leave dodo?", "[ Leave ]", "Stay")
        await press(pilot, "enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        assert not app.is_running or app._exit


async def test_staying_changes_nothing(world: World) -> None:
    """Stay, and Back, close the question; it can be asked again."""
    async with running(world) as (app, pilot):
        for way in ("right enter", "escape"):
            await keys(app, pilot, "escape", "Leave dodo?")
            await press(pilot, way)
            await gone(app, pilot, "Leave dodo?")
        assert any("▌Inception" in line for line in lines(app))


async def test_a_held_back_key_does_not_leave(world: World) -> None:
    """Many Backs in a row end with the question open or closed, never outside."""
    async with running(world) as (app, pilot):
        await press(pilot, "escape " * 9)
        await seen(app, pilot, "Leave dodo?")
        assert not app._exit
