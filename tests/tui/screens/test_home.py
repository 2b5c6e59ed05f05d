"""Home, by six keys."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

from dodo_tui.domain.status import SyncState
from dodo_tui.players.errors import PlayerError
from dodo_tui.storage.accounts import save_sync_state
from dodo_tui.storage.catalogue import Detail, save_detail
from dodo_tui.storage.database import transaction
from dodo_tui.storage.settings import set_setting
from dodo_tui.tui.face.unmeant_keys import MOVED_SECONDS
from dodo_tui.tui.screens.home import HomeScreen
from dodo_tui.tui.widgets.glance import Glance, Glimpse
from dodo_tui.tui.widgets.shelf import Shelf
from tests.tui.screens.support import (
    FILM_SECONDS,
    PATIENCE_SECONDS,
    World,
    gone,
    keys,
    press,
    running,
    seen,
    set_cursors,
)


async def test_first_card_is_in_focus_at_once(world: World) -> None:
    """Home opens on the title touched last."""
    async with running(world) as (app, pilot):
        screen = await seen(app, pilot, "Continue Watching", "Up next", "Recently added")
        assert "▌Inception" in screen
        assert "OK play    Menu more    Back leave" in screen


async def test_ok_plays_and_stop_returns_to_the_card(world: World) -> None:
    """After playing one stands on the same card, and its bar has moved."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "right enter", "S1 E5", "0:36 / 1:40:00")
        world.clock.advance(3000)
        await seen(app, pilot, "50:36 / 1:40:00")
        await press(pilot, "down left left left left left right right right right enter")
        screen = await seen(app, pilot, "Continue Watching", "▌Breaking Bad", "50 min")
        assert "36 / 1:40" not in screen


async def test_card_that_moved_to_another_row_keeps_the_focus(world: World) -> None:
    """An episode of Up next is in Continue Watching once it was begun: so is the focus."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "down", "▌Andor")
        await keys(app, pilot, "enter", "0:00 / 1:40:00")
        world.clock.advance(FILM_SECONDS / 2)
        await seen(app, pilot, "50:00 / 1:40:00")
        await app.stop_playing()
        await seen(app, pilot, "▌Andor", "50 min")
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert isinstance(home.focused, Shelf)
        assert home.focused.id == "continue"


async def test_after_playing_the_user_may_go_on(world: World) -> None:
    """Once an arrow was pressed the card that was played pulls the focus no more."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "down enter", "0:00 / 1:40:00")
        world.clock.advance(3000)
        await seen(app, pilot, "50:00 / 1:40:00")
        await app.stop_playing()
        await seen(app, pilot, "▌Andor", "50 min")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "right", "▌Inception")
        await app.refresh_state()
        await seen(app, pilot, "▌Inception")


async def test_every_row_is_reached_and_back_climbs(world: World) -> None:
    """Down goes through the rows; Back goes to the row's start, to the top, then asks."""
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, "down down right right", "3 of 9")
        assert "Back to start" in screen
        assert "Back to top" in await keys(app, pilot, "escape", "1 of 9")
        assert "Back leave" in await keys(app, pilot, "escape", "▌Inception")
        await keys(app, pilot, "escape", "Leave dodo?", "[ Leave ]")


async def test_library_card_opens_its_title(world: World) -> None:
    """OK in the library shows the title, and Back returns to the same card."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "down down right", "▌Tears of Steel", "OK open")
        await keys(app, pilot, "enter", "Mark watched", "Back to Home")
        await keys(app, pilot, "escape", "▌Tears of Steel")


async def test_trouble_is_said_where_it_happens(world: World) -> None:
    """A missing player is one sentence on Home, with the way out."""
    sentence = "mpv was not found. Install it: sudo apt install mpv"
    world.services.player_error = PlayerError(sentence)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", sentence, "▌Inception")
        world.services.player_error = None
        await press(pilot, "enter")
        await gone(app, pilot, sentence)


async def test_the_bar_at_the_top_leads_everywhere(world: World) -> None:
    """Up from the first row reaches the places, and Back leads home."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "up up right enter", "6 films   3 shows")
        await keys(app, pilot, "escape", "Continue Watching")
        await keys(app, pilot, "right enter", "Breaking Bad  S1 E4")
        await keys(app, pilot, "up up right enter", "Integrations", "Library folders", "About")
        await keys(app, pilot, "escape", "Continue Watching")


async def test_the_first_cards_of_all_are_in_focus(new_world: World, tmp_path: Path) -> None:
    """Where there was nothing but the indicator, nobody chose to stand on it."""
    folder = tmp_path / "Videos"
    folder.mkdir()
    (folder / "Alien (1979).mkv").write_bytes(b"x" * 2000)
    async with running(new_world) as (app, pilot):
        await keys(app, pilot, "down s", "▌ Integrations")
        app.add_folder(str(folder))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not app.library:
                await pilot.pause()
        await keys(app, pilot, "escape", "▌Alien", "OK open    Menu more    Back leave")


async def test_empty_home_says_what_to_do(new_world: World) -> None:
    """Without anything to show, each row says why, and the keys still work."""
    async with running(new_world) as (app, pilot):
        await seen(
            app, pilot, "Add a folder: Settings, Library folders.", "Simkl, Trakt  - not set up"
        )
        await keys(app, pilot, "enter", "Integrations", "Queue", "Back to Home")
        await keys(app, pilot, "escape up", "OK go there")


async def test_the_indicator_says_what_waits(world: World) -> None:
    """The header of Continue Watching counts what has not been sent."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    async with running(world) as (app, pilot):
        await seen(app, pilot, "not synced yet, 1 waiting")
        await keys(
            app, pilot, "up", "▌ Simkl  ○ not synced yet, 1 waiting", "OK why", "Back to start"
        )
        await keys(app, pilot, "enter", "○ not synced yet", "[ First sync ]", "Back to Home")
        await keys(app, pilot, "escape", "▌ Simkl", "Back to start")
        await keys(app, pilot, "escape", "▌Inception", "Back leave")


async def test_the_indicator_grows_older_by_itself(world: World) -> None:
    """Somebody looks at Home for a while, and at Integrations after that, and touches nothing."""
    account = world.connect()
    world.store.run_now(set_setting, "auto_sync", "off")
    world.store.run_now(set_cursors, account.id)
    world.store.run_now(save_sync_state, account.id, SyncState.IDLE, None, world.clock.now())
    async with running(world) as (app, pilot):
        await seen(app, pilot, "up to date, just now")
        world.clock.advance(5 * 60)
        await seen(app, pilot, "up to date, 5 min ago")
        await keys(app, pilot, "i", "up to date, 5 min ago")
        world.clock.advance(60)
        await seen(app, pilot, "up to date, 6 min ago")


async def test_what_was_added_last_says_that_it_was_watched(world: World) -> None:
    """The card, and the words about it; of a series how much of it."""
    async with running(world, (120, 40)) as (app, pilot):
        app.mark(world.key_of("Sintel"), watched=True)
        screen = await seen(app, pilot, "watched", "1 of 3")
        assert "Watched just now." not in screen
        await keys(app, pilot, "down down", "▌Sintel", "Watched just now.")
        await keys(app, pilot, "right", "▌Tears of Steel", "Not watched yet.")
        await keys(app, pilot, "right", "▌Andor", "1 of 3 episodes watched.")


ABOUT = Detail("A thief who works in dreams.", ("Thriller",), None, None)


async def test_room_to_spare_tells_about_the_card_in_focus(world: World) -> None:
    """On a large screen the last lines say what is in focus, as soon as it is."""
    world.store.run_now(_describe, world.key_of("Inception"), world.clock.now())
    async with running(world, (120, 40)) as (app, pilot):
        await seen(
            app, pilot, "Inception   2010   2 min   Thriller", "A thief who works in dreams."
        )
        await seen(app, pilot, "Stopped at 0:50, 3 h ago, 2 min left.")
        await keys(app, pilot, "right", "Breaking Bad   S1 E5")
        await gone(app, pilot, "A thief")
        await keys(app, pilot, "down", "Next to watch.")


async def test_no_row_gives_up_its_place_for_it(world: World) -> None:
    """Where the rows fill the screen nothing else is said, and nothing is read."""
    world.store.run_now(_describe, world.key_of("Inception"), world.clock.now())
    async with running(world) as (app, pilot):
        await seen(app, pilot, "Continue Watching", "Recently added")
        screen = await keys(app, pilot, "down up", "▌Inception")
        assert "A thief" not in screen
        assert app.screen.query_one(Glance).glimpse == Glimpse()


def _describe(connection: sqlite3.Connection, media_id: str, now: datetime) -> None:
    with transaction(connection, durable=False):
        save_detail(connection, media_id, ABOUT, now)
