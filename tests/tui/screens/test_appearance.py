"""Appearance: chosen by six keys, seen at once, kept for the next start."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.color import Color

from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.look import Look
from dodo_tui.tui.screens.appearance import AppearanceScreen
from tests.tui.screens.support import World, gone, keys, lines, press, running, seen

TO_APPEARANCE = "up up right right right enter down down down down down down enter"


async def written(app: DodoApp) -> None:
    """What was chosen is in the database: reads and writes are done in order."""
    for worker in [each for each in app.workers if each.group == "settings"]:
        await worker.wait()


async def test_a_theme_is_seen_while_one_chooses_and_kept_by_ok(world: World) -> None:
    """Every row of the list shows itself; OK keeps it, and the next start has it."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_APPEARANCE, "▌ Theme", "OK choose", "Back to Settings")
        await keys(app, pilot, "enter", "By the terminal", "dodo dusk")
        await keys(app, pilot, "down down", "▌ dodo dusk")
        assert app.theme == "dodo-dusk"
        assert app.screen_stack[0].styles.background == Color.parse("#0b1018")
        await keys(app, pilot, "enter", "dodo dusk", "OK choose")
        await written(app)
    again = world.app()
    assert again.theme == "dodo-dusk"


async def test_back_leaves_the_theme_as_it_was(world: World) -> None:
    """What was only looked at is not kept."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_APPEARANCE, "▌ Theme")
        await keys(app, pilot, "enter end", "▌ tokyo night")
        assert app.theme == "tokyo-night"
        await keys(app, pilot, "escape", "by the terminal (dodo ember)")
        assert app.theme == "dodo-dark"


async def test_the_other_settings_change_with_ok(world: World) -> None:
    """Density, motion and glyphs turn at once, also on what lies below."""
    async with running(world, size=(120, 40)) as (app, pilot):
        before = next(line for line in lines(app) if "┏" in line).count("━")
        await keys(app, pilot, TO_APPEARANCE, "large, for the couch")
        await keys(app, pilot, "down enter", "small, for a desk")
        await keys(app, pilot, "down enter", "Nothing turns", "on")
        await keys(app, pilot, "down", "▌ Glyphs", "DODO_LOOK says so")
        app._environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        await app.refresh_state()
        await keys(app, pilot, "up enter down enter enter", "a Linux console's glyphs", "▶ Glyphs")
        assert app.look is Look.CONSOLE
        await press(pilot, "escape escape escape escape")
        await gone(app, pilot, "Appearance")
        screen = await keys(app, pilot, "escape down", "▶Inception")
        assert "╔" in screen and "┏" not in screen
        assert next(line for line in screen.splitlines() if "╔" in line).count("═") < before


async def test_what_was_chosen_is_kept_for_this_kind_of_terminal(world: World) -> None:
    """The glyphs of the television's console are not those of the phone that looks in."""
    async with running(world, look=Look.CONSOLE) as (app, pilot):
        app._environment = {"TERM": "linux", "LANG": "C.UTF-8"}
        await keys(app, pilot, TO_APPEARANCE, "by the terminal")
        await keys(app, pilot, "end up enter enter enter", "plain letters")
        await written(app)
        assert app.look is Look.ASCII
    kept = app.store.run_now(
        lambda c: dict(c.execute("SELECT name, value FROM setting").fetchall())
    )
    assert kept["appearance.look.linux"] == "ascii"
    assert "appearance.look.xterm-256color" not in kept


@pytest.mark.parametrize("theme", ["textual-light", "nord", "ansi-light", "solarized-light"])
async def test_every_kind_of_theme_draws_home(world: World, theme: str) -> None:
    """Light, dark, and the terminal's own colours; nothing is left of the theme before."""
    async with running(world) as (app, pilot):
        app.use_appearance(replace(app.appearance, theme=theme))
        await pilot.pause()
        await seen(app, pilot, "Continue Watching", "▌Inception")
        strips = app.screen._compositor.render_strips()
        colours = {
            s.style.color.name for strip in strips for s in strip if s.style and s.style.color
        }
        assert "#e9b44c" not in colours


async def test_a_theme_that_is_gone_is_as_if_none_was_chosen(world: World) -> None:
    """A newer dodo may have kept something that this one does not know."""
    async with running(world) as (app, _):
        app.keep_preferences(
            {"appearance.theme": "no-such", "appearance.density": "?", "appearance.motion": "7"}
        )
        await written(app)
    again = world.app()
    assert (again.theme, again.desk, again.appearance.reduced_motion) == ("dodo-dark", False, False)


async def test_a_broken_choice_of_screen_is_not_shown_twice(world: World) -> None:
    """The command of the palette opens it, and a second time changes nothing."""
    async with running(world) as (app, pilot):
        app.action_show_appearance()
        await seen(app, pilot, "Reduced motion")
        app.action_show_appearance()
        await pilot.pause()
        assert sum(isinstance(s, AppearanceScreen) for s in app.screen_stack) == 1
