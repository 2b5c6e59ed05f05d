"""History, Library, Settings and the screens behind it, by six keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dodo_tui.tui.commands import key_table
from dodo_tui.tui.face.places import place
from tests.tui.screens.support import World, keys, press, running, seen

TO_SETTINGS = "up up right right right enter"


async def test_history_says_why_and_opens_the_title(world: World) -> None:
    """OK on a viewing shows what is behind it, and from there its title; Back climbs down again."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "up up right right enter", "▌ 21 Nov 19:15  Breaking Bad  S1 E4")
        await keys(app, pilot, "down", "▌ 20 Nov 20:15  Andor  S1 E1")
        await keys(app, pilot, "enter", "Why?  Andor  S1 E1", "Viewings", "to History")
        await keys(app, pilot, "up enter", "Andor   2022", "Back to Why?")
        await keys(app, pilot, "escape escape escape", "▌ 20 Nov 20:15  Andor  S1 E1")


async def test_empty_history_says_so(new_world: World) -> None:
    """Nothing was watched: one sentence, and Back works."""
    async with running(new_world) as (app, pilot):
        await keys(app, pilot, "y", "Nothing has been watched yet.", "Back to Home")
        await keys(app, pilot, "escape", "Continue Watching")


async def test_library_lists_every_title_by_name(world: World) -> None:
    """The library is sorted, counted, and opens titles."""
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, "up up right enter", "6 films   3 shows", "▌ Andor  2022")
        names = [line.split("  ")[1].strip("▌ ") for line in screen.splitlines()[5:14]]
        assert len(names) == 9
        await keys(app, pilot, "down enter", "Big Buck Bunny   2008", "[ Play ]")
        await keys(app, pilot, "escape", "▌ Big Buck Bunny  2008")


SETTINGS = (
    "Integrations",
    "Queue",
    "Review",
    "Playback",
    "Library folders",
    "Profiles",
    "Appearance",
    "Players",
    "Remote",
    "Keys",
    "Welcome",
    "About",
)
PLACES = [(row, word) for row, word in enumerate(SETTINGS) if word != "Welcome"]
"""The welcome goes through its steps: it has tests of its own."""


@pytest.mark.parametrize(("row", "word"), PLACES)
async def test_every_place_of_settings_is_reached(world: World, row: int, word: str) -> None:
    """Each row leads to the place of its name, and Back to the same row."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_SETTINGS, "▌ Integrations")
        await press(pilot, "down " * row)
        await keys(app, pilot, "enter", word, "Back to Settings")
        await keys(app, pilot, "escape", f"▌ {word}")


async def test_settings_say_what_waits_and_who_is_connected(world: World) -> None:
    """The list itself answers the commonest questions."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, TO_SETTINGS, "Simkl not synced yet, 1 waiting")
        assert screen.splitlines()[3].endswith("1 waiting")


def test_a_place_that_is_none_is_a_mistake() -> None:
    """It does not lead somewhere else."""
    assert place("show_about").NAME == "About"
    with pytest.raises(ValueError, match="show_abuot"):
        place("show_abuot")


async def test_folders_are_looked_through(own_world: World) -> None:
    """The button scans; a new film is told and in the library afterwards."""
    async with running(own_world) as (app, pilot):
        await keys(app, pilot, TO_SETTINGS, "Library folders")
        await keys(
            app, pilot, "down down down down enter", "[ Look for new files ]", "set in config.toml"
        )
        (own_world.folder / "Videos" / "Alien (1979).mkv").write_text("a film")
        await keys(app, pilot, "enter", "15 videos, 1 new")
        await keys(app, pilot, "escape escape escape", "Continue Watching")
        await keys(app, pilot, "left left enter", "7 films", "Alien  1979")


async def test_folder_that_vanished_is_told(own_world: World) -> None:
    """A missing disk is a sentence, and nothing is lost."""
    async with running(own_world, (240, 40)) as (app, pilot):
        await keys(app, pilot, TO_SETTINGS, "Library folders")
        await keys(app, pilot, "down down down down enter", "set in config.toml")
        (own_world.folder / "Videos").rename(own_world.folder / "elsewhere")
        await keys(app, pilot, "enter", "0 videos, 0 new", "Videos: it is not there")
        assert len(app.library) == 9


async def test_help_is_the_table_of_keys(world: World) -> None:
    """Every row of the table is on the help screen."""
    async with running(world, (100, 36)) as (app, pilot):
        screen = await keys(app, pilot, "f1", "Six keys reach everything")
        for keys_text, name in key_table():
            assert any(name in line and line.endswith(keys_text) for line in screen.splitlines()), (
                name
            )


async def test_letters_lead_where_the_table_says(world: World) -> None:
    """Letters are shortcuts to what the remote reaches too."""
    async with running(world) as (app, pilot):
        for letter, text in zip("lyusi", ("films", "E4", "Queue", "About", "Sync"), strict=True):
            await keys(app, pilot, letter, text, "Back to Home")
        await keys(app, pilot, "h", "Continue Watching")
        await seen(app, pilot, "Back leave")


async def test_a_path_longer_than_the_screen_can_be_read(world: World) -> None:
    """A line of its own, and all of it with OK."""
    async with running(world) as (app, pilot):
        log = Path("/home/anna/.local/state") / "/".join(["a-long-folder"] * 8)
        app.paths = replace(app.paths, data=Path("/home/anna/.local/share/dodo"), state=log)
        screen = await keys(app, pilot, "s end enter", "About", "  /home/anna/.local/share/dodo")
        assert "dodo.log" not in screen
        await keys(app, pilot, "down down down", "▌ Log", "OK read")
        await keys(app, pilot, "enter", "Log", "dodo.log", "[ Close ]")
        await keys(app, pilot, "escape", "▌ Log")
