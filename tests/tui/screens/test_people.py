"""Who is watching: profiles made, switched and deleted with six keys."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from textual.pilot import Pilot

from dodo_tui.domain.audience import Privacy
from dodo_tui.storage import profiles
from dodo_tui.storage.profiles import add_profile
from dodo_tui.storage.settings import set_setting
from dodo_tui.tui.app import DodoApp
from tests.tui.screens.support import PATIENCE_SECONDS, World, gone, keys, press, running, seen

TO_PROFILES = "s down down down down down enter"


async def test_the_name_in_the_top_bar_leads_to_who_is_watching(world: World) -> None:
    """Up, Right as far as it goes, OK; whoever is chosen begins at Home."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await keys(app, pilot, "up up right right right right", "[ ● Me ]")
        await keys(app, pilot, "enter", "Who is watching?", "▌ ● Me", "Ben")
        await keys(app, pilot, "down enter", "● Ben", "Back leave")
        await gone(app, pilot, "Who is watching?")
        assert app.profile.name == "Ben"
        assert not app.continue_watching
        await gone(app, pilot, "min left")
    assert world.store.run_now(profiles.active_profile, None, world.clock.now()).name == "Ben"


async def test_a_profile_is_made_with_six_keys(world: World) -> None:
    """Picked letter by letter, named, coloured, switched to."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_PROFILES, "Each person has", "▌ ● Me")
        await keys(app, pilot, "down enter", "What is their name?")
        await press(pilot, "right enter")  # B
        await press(pilot, "right right right enter")  # e
        await press(pilot, "down left enter")  # n
        await seen(app, pilot, "Ben_")
        await keys(app, pilot, "down down down right right right right enter", "▌ ● Ben")
        await keys(app, pilot, "enter", "Watch as Ben", "green")
        await keys(app, pilot, "down down enter", "magenta")
        await keys(app, pilot, "up up enter", "● Ben", "Continue Watching")
        assert app.profile.name == "Ben"


async def test_a_keyboard_names_somebody(world: World) -> None:
    """No letter of a name is taken for a shortcut."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_PROFILES, "▌ ● Me")
        await keys(app, pilot, "enter", "Rename")
        await keys(app, pilot, "enter", "Me_")
        await keys(app, pilot, "backspace backspace h u g o enter", "hugo")
        await keys(app, pilot, "escape", "▌ ● hugo")


async def test_a_name_that_somebody_has_is_said(world: World) -> None:
    """In one sentence, and nothing changes."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_PROFILES, "▌ ● Me")
        await keys(app, pilot, "down down enter", "What is their name?")
        await keys(app, pilot, "b E N enter", "There is a profile 'Ben' already.")
        assert [person.name for person in app.people] == ["Me", "Ben"]


async def test_deleting_says_what_goes_and_asks(world: World) -> None:
    """Keep is in focus; whoever is deleted while watching gives way to another."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_PROFILES, "▌ ● Me")
        await keys(app, pilot, "enter down down enter", "Delete Me?", "plays", "[ Keep ]")
        await keys(app, pilot, "enter", "Rename")
        assert len(app.people) == 2
        await keys(app, pilot, "enter", "Delete Me?")
        await keys(app, pilot, "left enter", "▌ ● Ben")
        assert (app.profile.name, len(app.people)) == ("Ben", 1)
        assert "Delete" not in await keys(app, pilot, "enter", "Rename")


async def test_nobody_is_deleted_while_they_watch(world: World) -> None:
    """It says so, and everything stays."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        app.play(str(world.folder / "x.mkv"))
        app.play(next(card.key for card in app.continue_watching if card.playable))
        await seen(app, pilot, "Left/Right")
        await press(pilot, "escape")
        await keys(app, pilot, TO_PROFILES, "▌ ● Me")
        await keys(app, pilot, "enter down down enter", "Delete Me?")
        await keys(app, pilot, "left enter", "Me is watching something. Stop it first.")
        assert len(app.people) == 2


@pytest.mark.parametrize(("asks", "count", "wish"), [(True, 2, None), (True, 1, None)])
async def test_the_start_asks_only_where_there_is_a_choice(
    world: World, asks: bool, count: int, wish: str | None
) -> None:
    """And only if the household wants to be asked."""
    del wish
    world.store.run_now(set_setting, "ask_profile", "on" if asks else "off")
    if count > 1:
        world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        if count > 1:
            await seen(app, pilot, "Who is watching?")
            await press(pilot, "escape")
        else:
            await seen(app, pilot, "Continue Watching")
        assert "Who is watching?" not in await seen(app, pilot, "Continue Watching")


async def test_private_mode_shows_in_the_top_bar(world: World) -> None:
    """Off, for the next viewing, until switched off, and off again."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "w", "Private", "off")
        await keys(app, pilot, "down enter", "for the next viewing", "nothing is recorded")
        await keys(app, pilot, "enter", "until switched off")
        assert app.privacy is Privacy.ON
        await keys(app, pilot, "escape", "Me, private")
        await keys(app, pilot, "w down enter", "  off")
        await press(pilot, "escape")
        await gone(app, pilot, "private")


async def test_others_are_ticked_to_watch_along(world: World) -> None:
    """The names of all stand in the top bar; a switch ends the company."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await keys(app, pilot, "w", "Together with", "[ ]")
        await keys(app, pilot, "down down enter", "[x]", "everybody's history")
        await keys(app, pilot, "escape", "●● Me, Ben")
        await keys(app, pilot, "w down enter", "● Ben")
        await gone(app, pilot, "Me, Ben")
        assert app.company == ()


async def test_accounts_are_a_profile_s_on_the_screen_too(world: World) -> None:
    """Whoever switches sees their own account, and the question of a sign-in is not theirs."""
    world.connect()
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await keys(app, pilot, "i", "Connected as Anna")
        await keys(app, pilot, "w down enter", "Continue Watching", "not connected")
        await keys(app, pilot, "i enter", "Connect Simkl")
        await keys(app, pilot, "w up enter", "Continue Watching")
        assert (app.profile.name, app.sign_in) == ("Me", None)
        await keys(app, pilot, "i", "Connected as Anna")


async def test_whoever_switches_begins_at_home(world: World) -> None:
    """Not deep in what the other had open, nor on the other's card; steering goes on."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await press(pilot, "down down right right right")
        await keys(app, pilot, "l down down w down enter", "● Ben", "▌", "Back leave")
        assert len(app.screen_stack) == 1
        await keys(app, pilot, "w up enter", "● Me", "┃▌Inception")
        await keys(app, pilot, "enter", "Left/Right seek")
        await keys(app, pilot, "w down enter", "Left/Right seek")
        assert app.profile.name == "Ben"


async def test_a_person_has_their_colour_wherever_they_are_named(world: World) -> None:
    """In the top bar, Profiles and who is watching; a new one shows at once, and never alone."""
    ben = world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await seen(app, pilot, "● Me")
        (mine,) = colours_before(app, "Me")
        for pressed in (TO_PROFILES, "enter", "escape w"):
            await press(pilot, pressed)
            assert mine in colours_before(app, "Me"), pressed
        assert mine not in colours_before(app, "Ben")
        app.set_profile_colour(ben, app.profile.colour)
        await until_colour(app, pilot, "Ben", mine)


def colours_before(app: DodoApp, name: str) -> list[str]:
    """The colours of the marks before a name, wherever it is on the screen."""
    found = []
    for strip in app.screen._compositor.render_strips():
        segments = list(strip)
        for mark, after in itertools.pairwise(segments):
            rest = "".join(each.text for each in segments[segments.index(after) :])
            if mark.text == "●" and rest.strip().startswith(name) and mark.style is not None:
                found.append(str(mark.style.color))
    return found


async def until_colour(app: DodoApp, pilot: Pilot[None], name: str, colour: str) -> None:
    """Wait until somebody is marked so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while colour not in colours_before(app, name):
            await pilot.pause()
