"""What goes wrong inside: a mistake in a screen, a window that is too small."""

from __future__ import annotations

import pytest

from dodo_tui.players.errors import PlayerError
from dodo_tui.storage.errors import StorageError, Trouble
from dodo_tui.storage.profiles import add_profile
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.face.troubles import READING_SECONDS
from dodo_tui.tui.screens.card_menu import CardMenu
from dodo_tui.tui.screens.history import HistoryScreen
from dodo_tui.tui.screens.home import HomeScreen
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.screens.palette import Palette
from dodo_tui.tui.screens.profiles import ProfileMenu
from dodo_tui.tui.screens.queue import QueueScreen
from dodo_tui.tui.screens.title import TitleScreen
from dodo_tui.tui.screens.tracks_menu import TracksMenu
from dodo_tui.tui.widgets.menu_list import MenuList
from tests.tui.screens.support import World, gone, keys, press, running, seen

CALM = "Something went wrong here. The rest works"
MISTAKE = "a mistake made by a test"


def fail(*_: object) -> None:
    """A mistake."""
    raise RuntimeError(MISTAKE)


@pytest.mark.parametrize("where", ["compose", "on_mount", "_read"])
async def test_a_screen_that_cannot_open_leaves_the_rest_usable(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """One calm sentence on Home, the traceback in the log, and every other place works."""
    monkeypatch.setattr(HistoryScreen, where, fail)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(app, pilot, "y", CALM, "Continue Watching", "Back leave")
        await keys(app, pilot, "right", "▌Breaking Bad")
        await keys(app, pilot, "l", "6 films")
        await keys(app, pilot, "escape", "Continue Watching")
        assert app.mistakes >= 1
    assert MISTAKE in caplog.text
    assert app.return_code != 1


async def test_a_mistake_in_a_key_leaves_the_rest_usable(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action that fails is said on the screen; the next key works."""
    monkeypatch.setattr(MenuList, "choose", fail)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(app, pilot, "s", "About")
        await keys(app, pilot, "enter", CALM, "Continue Watching")
        await keys(app, pilot, "right", "▌Breaking Bad")
    assert MISTAKE in caplog.text
    assert app.return_code != 1


async def test_a_mistake_while_drawing_leaves_the_rest_usable(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that cannot be drawn does not take the program with it."""
    monkeypatch.setattr(MenuList, "render_line", fail)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "s")
        await seen(app, pilot, CALM, "Continue Watching")
        await keys(app, pilot, "right", "▌Breaking Bad")
    assert MISTAKE in caplog.text


async def test_a_mistake_in_home_brings_a_new_home(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Home itself fails it is made anew."""
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        home = app.screen
        monkeypatch.setattr(HomeScreen, "on_shelf_chosen", fail)
        await keys(app, pilot, "enter", CALM, "Continue Watching")
        monkeypatch.undo()
        assert app.screen is not home
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await app.stop_playing()
    assert MISTAKE in caplog.text


async def test_reading_that_fails_is_said(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of a screen does not fail in silence."""
    for screen in (QueueScreen, TitleScreen):
        monkeypatch.setattr(screen, "_fill", _fail_later)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(app, pilot, "u", "Queue", CALM)
        await keys(app, pilot, "escape", "Continue Watching")
    assert MISTAKE in caplog.text


@pytest.mark.parametrize(
    ("modal", "pressed"), [(Palette, "ctrl+p"), (CardMenu, "f2"), (TracksMenu, "b")]
)
async def test_a_list_on_top_that_cannot_be_read_says_so(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    modal: type[DodoModal],
    pressed: str,
) -> None:
    """Like the screen below it, and it can be left."""
    monkeypatch.setattr(modal, "_fill", _fail_later)
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.play(next(card.key for card in app.continue_watching if card.playable))
        await seen(app, pilot, "Left/Right")
        await keys(app, pilot, f"escape h {pressed}", CALM)
        assert isinstance(app.screen, modal)
        await keys(app, pilot, "escape", "Continue Watching")
        await app.stop_playing()
    assert MISTAKE in caplog.text


async def test_a_list_on_top_says_what_the_database_cannot_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no mistake of dodo's own, and has a sentence already."""

    async def full(*_: object) -> None:
        raise StorageError(Trouble.FULL, "The disk is full.")

    monkeypatch.setattr(Palette, "_fill", full)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "ctrl+p", "The disk is full.")


async def test_a_question_that_cannot_be_prepared_says_so(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is deleted, and one stands where one was."""
    monkeypatch.setattr(DodoApp, "belongings", _fail_later)
    world.store.run_now(add_profile, "Ben", world.clock.now())
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await seen(app, pilot, "Continue Watching")
        app.action_show_profiles()
        await keys(app, pilot, "down enter end enter", CALM)
        assert isinstance(app.screen, ProfileMenu)
        await keys(app, pilot, "escape escape escape", "Continue Watching")
        assert [person.name for person in app.people] == ["Me", "Ben"]
    assert MISTAKE in caplog.text


async def _fail_later(*_: object) -> None:
    raise RuntimeError(MISTAKE)


async def test_mistakes_without_end_end_the_program(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Home that can never be shown gives up with one sentence and exit code 1."""
    app = world.app()
    with pytest.raises(RuntimeError, match=MISTAKE):
        async with app.run_test(size=(80, 24)) as pilot:
            monkeypatch.setattr(HomeScreen, "compose", fail)
            monkeypatch.setattr(HomeScreen, "on_shelf_chosen", fail)
            await press(pilot, "enter")
            await pilot.pause()
    assert app.return_code == 1


async def test_a_tiny_window_says_so_and_recovers(world: World) -> None:
    """20x5 says "too small"; with room again one stands on the same card."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "right", "▌Breaking Bad")
        await pilot.resize_terminal(20, 5)
        await seen(app, pilot, "too small")
        await press(pilot, "down enter right left m")
        await pilot.resize_terminal(80, 24)
        screen = await gone(app, pilot, "too small")
        assert "▌Breaking Bad" in screen
        assert app.now_playing is None


async def test_a_tiny_window_still_lets_one_leave(world: World) -> None:
    """Back asks and OK leaves, however small the window."""
    async with running(world, (20, 5)) as (app, pilot):
        await seen(app, pilot, "too small")
        await keys(app, pilot, "escape", "Leave dodo?")
        await press(pilot, "enter")
        await app.workers.wait_for_complete()
        assert app._exit


@pytest.mark.parametrize("size", [(80, 24), (100, 36), (120, 36), (240, 67), (42, 13)])
async def test_resizing_while_something_is_open(world: World, size: tuple[int, int]) -> None:
    """Any size, with a menu open: nothing is lost, and Back returns to the card."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "right f2", "Details")
        await pilot.resize_terminal(*size)
        await seen(app, pilot, "Details")
        await keys(app, pilot, "escape", "▌Breaking Bad" if size[0] >= 60 else "▌ Breaking Bad")


async def test_what_was_said_goes_with_a_key_once_it_could_be_read(world: World) -> None:
    """A sentence stays until somebody presses a key after having had the time to read it."""
    world.services.player_error = PlayerError("mpv is not here.")
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "mpv is not here.")
        await keys(app, pilot, "right", "▌Breaking Bad", "mpv is not here.")
        world.clock.advance(READING_SECONDS)
        await seen(app, pilot, "mpv is not here.")
        await press(pilot, "left")
        await gone(app, pilot, "mpv is not here.")


async def test_what_still_goes_wrong_stays_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is no news of the past: no key takes the sentence away."""
    async with running(world) as (app, pilot):
        app.trouble = "The disk is full."
        monkeypatch.setattr(app, "_storage_trouble", app.trouble)
        world.clock.advance(READING_SECONDS)
        await press(pilot, "right")
        await seen(app, pilot, "▌Breaking Bad", "The disk is full.")
