"""The first-run welcome, the remote, and choosing a folder, with six keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dodo_tui.config import Settings
from dodo_tui.storage.profiles import add_profile
from dodo_tui.storage.settings import set_setting, setting
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.remote_keys import SETTING
from dodo_tui.tui.screens.remote import RemoteScreen
from tests.tui.screens.support import World, gone, keys, press, running, seen


async def greeted(app: DodoApp, pilot: Pilot[None]) -> None:
    """The start has asked what it wants to know."""
    while any(worker.group == "start" for worker in app.workers):
        await pilot.pause()


async def looks_at_home(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Nobody presses anything for a moment."""
    while any(worker.group == "start" for worker in app.workers):
        await pilot.pause()
        world.clock.advance(0.5)


@pytest.fixture
def welcoming(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `dodo` starts it, and the demo does not."""
    monkeypatch.setattr(DodoApp, "welcomes_at_start", True)


@pytest.mark.usefixtures("welcoming")
async def test_a_new_household_is_welcomed_once(new_world: World) -> None:
    """Back leads to Home at once, and it does not come again."""
    async with running(new_world) as (app, pilot):
        await looks_at_home(new_world, app, pilot)
        await seen(app, pilot, "1 of 4", "Who is watching?", "Back skip all of it")
        await press(pilot, "escape")
        await gone(app, pilot, "1 of 4")
        await seen(app, pilot, "Continue Watching")
    async with running(new_world) as (app, pilot):
        await seen(app, pilot, "Continue Watching")
        await pilot.pause()
        assert len(app.screen_stack) == 1


@pytest.mark.usefixtures("welcoming")
async def test_whoever_presses_a_key_at_once_knows_the_way(new_world: World) -> None:
    """The first Back asks whether to leave, as ever."""
    async with running(new_world) as (app, pilot):
        await seen(app, pilot, "Continue Watching")
        await keys(app, pilot, "down escape", "Leave dodo?")
        await press(pilot, "escape")
        await looks_at_home(new_world, app, pilot)
        assert len(app.screen_stack) == 1


@pytest.mark.usefixtures("welcoming")
@pytest.mark.parametrize("reason", ["library", "config", "profile", "account"])
async def test_whoever_has_set_something_is_not_welcomed(new_world: World, reason: str) -> None:
    """A folder, a configuration, a name or an account: they know their way."""
    match reason:
        case "library":
            new_world.settings = Settings(library=("/media",))
        case "config":
            new_world.paths.config_file.write_text("")
        case "profile":
            new_world.settings = Settings(profile="Me")
        case _:
            new_world.connect()
    async with running(new_world) as (app, pilot):
        await seen(app, pilot, "Continue Watching")
        await greeted(app, pilot)
        assert len(app.screen_stack) == 1


@pytest.mark.usefixtures("welcoming")
async def test_the_welcome_asks_in_four_steps(
    new_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name, a folder, Simkl that is left out without a client id, the remote."""
    (tmp_path / "Videos").mkdir()
    (tmp_path / "Videos" / "Alien (1979).mkv").write_bytes(b"x")
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(new_world) as (app, pilot):
        await looks_at_home(new_world, app, pilot)
        await seen(app, pilot, "1 of 4", "[ Write a name ]")
        await keys(app, pilot, "enter", "What is your name?")
        await keys(app, pilot, "A n n a enter", "2 of 4", "[ Choose a folder ]")
        assert app.profile.name == "Anna"
        await keys(app, pilot, "enter", "▌ ~/Videos")
        await keys(app, pilot, "enter", "▌ Use this folder", "1 file")
        await keys(app, pilot, "enter", "Videos found: 1", "[ Next ]")
        await keys(app, pilot, "enter", "4 of 4", "it needs a client id")
        await keys(app, pilot, "right enter", "Press any button")
        await keys(app, pilot, "escape", "4 of 4")
        await keys(app, pilot, "left enter", "Alien")


async def test_simkl_has_a_step_where_it_can_be_connected(world: World) -> None:
    """From Settings, at any time."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "s end up enter", "1 of 4")
        await keys(app, pilot, "right enter", "2 of 4", "[ Next ]")
        await keys(app, pilot, "enter", "3 of 4", "[ Connect ]")
        await keys(app, pilot, "right enter", "4 of 4")
        await keys(app, pilot, "enter", "▌ Welcome")


@pytest.mark.parametrize("other", ["Simkl", None])
async def test_trakt_is_offered_where_it_can_be_connected(world: World, other: str | None) -> None:
    """Alone or beside Simkl; what is connected is said, and the rest still offered."""
    world.settings = replace(
        world.settings, simkl_client_id="id" if other else None, trakt_client_id="id"
    )
    async with running(world) as (app, pilot):
        await keys(app, pilot, "s end up enter", "1 of 4")
        await keys(app, pilot, "right enter enter", "3 of 4")
        if other is None:
            await seen(app, pilot, "Connect Trakt?", "[ Connect ]  Later")
            await keys(app, pilot, "enter", "Connect Trakt", "Asking Trakt")
            return
        await seen(app, pilot, "Connect Simkl or Trakt?", "[ Connect Simkl ]", "Connect Trakt")
        world.connect()
        await app.refresh_state()
        await seen(app, pilot, "Connected: Simkl as Anna.", "[ Next ]  Connect Trakt")
        await keys(app, pilot, "right enter", "Asking Trakt")


async def test_the_remote_shows_each_key_and_learns_odd_ones(world: World) -> None:
    """Its name, what it does; one that does nothing is taught, and works from then on."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "s end up up up enter", "Press any button")
        await keys(app, pilot, "down", "down: Down")
        await keys(app, pilot, "f11", "F11", "does nothing yet")
        await keys(app, pilot, "f11", "Press the button for Up")
        await keys(app, pilot, "up down left right", "Press the button for OK")
        await keys(app, pilot, "f11", "F11 is OK now.", "Press the button for Back")
        await keys(app, pilot, "delete", "Press the button for Menu")
        await keys(app, pilot, "escape escape", "2 buttons learned.")
        await keys(app, pilot, "delete", "▌ Remote")
        await keys(app, pilot, "f11", "Press any button")
        await keys(app, pilot, "up right f11", "Forgotten")
        assert app.learned_keys == {}
    assert world.store.run_now(setting, SETTING) == "{}"


async def test_what_was_learned_is_known_after_the_next_start(world: World) -> None:
    """And the six keys are what they were, whatever the setting says."""
    world.store.run_now(set_setting, SETTING, '{"x": "down", "enter": "back", "f11": "ok"}')
    async with running(world) as (app, pilot):
        await greeted(app, pilot)
        await keys(app, pilot, "s", "▌ Integrations")
        await keys(app, pilot, "x", "▌ Queue")
        await keys(app, pilot, "f11", "Back to Settings")
        await keys(app, pilot, "escape", "▌ Queue")
        await keys(app, pilot, "enter", "Back to Settings")


async def test_a_lesson_ends_without_any_key(world: World) -> None:
    """Whoever has no such button waits."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "s end up up up enter", "Press any button")
        screen = app.screen
        assert isinstance(screen, RemoteScreen)
        screen.begin_lesson()
        for _ in range(8 * 10):
            screen.count_down()
        await seen(app, pilot, "Press any button", "Nothing was learned.")


async def test_the_picker_goes_down_and_up(
    own_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a folder, up again onto it, and out; what cannot be read is said."""
    home = tmp_path / "home"
    (home / "Videos" / "Series").mkdir(parents=True)
    (home / "Videos" / ".hidden").mkdir()
    (home / "Videos" / "\udcff[red]").mkdir()
    closed = home / "Videos" / "Series" / "gone"
    closed.mkdir()
    monkeypatch.setenv("HOME", str(home))
    async with running(own_world) as (app, pilot):
        await keys(app, pilot, "s down down down down enter", "Library folders")
        await keys(app, pilot, "right enter", "A folder with videos", "▌ ~/Videos", "Back cancel")
        screen = await keys(app, pilot, "enter", "Use this folder", "Series", "[red]")
        assert ".hidden" not in screen
        await keys(app, pilot, "down down enter", "gone")
        closed.rmdir()
        await keys(app, pilot, "down down enter", "cannot be read")
        await keys(app, pilot, "escape", "Series")
        await keys(app, pilot, "escape", "▌ Series")
        await keys(app, pilot, "escape escape", "[ Add a folder ]")


async def test_only_a_first_start_asks_nothing_else(world: World) -> None:
    """The question who is watching comes without the welcome."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    world.store.run_now(set_setting, "ask_profile", "on")
    async with running(world) as (app, pilot):
        await seen(app, pilot, "Who is watching?", "Together with")
