"""Title, by six keys."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.players.errors import PlayerError
from dodo_tui.storage.progress import save_progress
from dodo_tui.tui.screens.title import TitleScreen
from tests.tui.screens.scenes.statistics import two_years
from tests.tui.screens.support import World, gone, keys, press, running, seen

BREAKING_BAD = "right f2 down down enter"


async def test_series_offers_where_one_stopped(world: World) -> None:
    """The first button resumes the unfinished episode; every episode says where one stands."""
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, BREAKING_BAD, "[ Resume S1 E5 at 0:36 ]", "Season 1")
        assert "1 of 3 known episodes watched." in screen
        assert "watched" in next(line for line in screen.splitlines() if "E4  " in line)
        assert "2 min left" in next(line for line in screen.splitlines() if "E5  " in line)


@pytest.mark.parametrize(
    ("position", "length", "ratio", "home", "button"),
    [
        (10.0, 5400.0, None, "90 min", "[ Play S1 E2 ]"),
        (10.0, 90.0, None, "──  2 min", "[ Resume S1 E2 at 0:10 ]"),
        (0.0, None, 0.42, "42 %", "[ Resume S1 E2 at 42 % ]"),
    ],
)
async def test_home_and_title_say_the_same_of_an_episode(
    world: World,
    position: float,
    length: float | None,
    ratio: float | None,
    home: str,
    button: str,
) -> None:
    """A short look is not begun; what was begun before the one it follows is."""
    andor = world.key_of("Andor")
    begun = Progress(
        world.profile.id,
        f"{andor}:1:2",
        position,
        length,
        position / length if length else ratio,
        world.clock.now() - timedelta(days=3),
        Origin.IMPORT,
    )
    world.store.run_now(save_progress, begun)
    async with running(world, (120, 40)) as (app, pilot):
        screen = await seen(app, pilot, "Andor", home)
        assert ("Up next" in screen) is ("Play" in button)
        app.show_title(andor)
        await seen(app, pilot, button)


async def test_ok_on_an_episode_plays_it(world: World) -> None:
    """Down reaches the episodes, and OK plays the one in focus."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, BREAKING_BAD, "[ Resume")
        await keys(app, pilot, "down down down", "▌ E6", "OK play")
        await keys(app, pilot, "enter", "S1 E6", "0:00 / 1:40:00")


async def test_from_start_ignores_the_position(world: World) -> None:
    """`From start` begins at the beginning."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, BREAKING_BAD, "[ Resume")
        await keys(app, pilot, "right enter", "S1 E5", "0:00 / 1:40:00")


async def test_marking_a_film_watched_and_taking_it_back(world: World) -> None:
    """The button turns into its opposite, and the line says when it was watched."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "f2 down down enter", "[ Resume at 0:50 ]")
        await keys(app, pilot, "right right", "[ Mark watched ]")
        await keys(app, pilot, "enter", "Watched just now.", "[ Mark unwatched ]")
        await press(pilot, "enter")
        await gone(app, pilot, "Watched just now.")


async def test_a_series_of_unknown_episodes_is_not_marked(world: World) -> None:
    """Which episode was watched cannot be said of it; nothing offers to."""
    two_years(world)
    async with running(world) as (app, pilot):
        app.show_title("tt5000000")
        screen = await seen(app, pilot, "Severance", "[ Rate ]", "More")
        assert "Mark" not in screen


async def test_a_title_that_is_identified_while_it_is_open_stays_open(world: World) -> None:
    """Its id is another one from then on; what is done with it is done with that."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, BREAKING_BAD, "[ Resume", "Not identified", "Season 1")
        world.identify("Breaking Bad", "tt0903747")
        await app.refresh_state()
        await gone(app, pilot, "Not identified")
        await seen(app, pilot, "[ Resume S1 E5", "Season 1", "1 of 3 known episodes watched.")
        screen = app.screen
        assert isinstance(screen, TitleScreen)
        assert screen.media_id == "tt0903747"


async def test_a_title_that_is_gone_offers_nothing(world: World) -> None:
    """It says so, and Back leads out."""
    async with running(world) as (app, pilot):
        app.show_title("tt9999999")
        await seen(app, pilot, "This title is not known any more.", "Back to Home")
        await keys(app, pilot, "enter down up escape", "Continue Watching")


async def test_a_missing_player_is_said_here_too(world: World) -> None:
    """Playing from a title says why it cannot, on this screen."""
    sentence = "mpv was not found. Install it: sudo apt install mpv"
    world.services.player_error = PlayerError(sentence)
    async with running(world) as (app, pilot):
        await keys(app, pilot, BREAKING_BAD, "[ Resume")
        await keys(app, pilot, "enter", sentence, "Season 1")


async def test_what_it_may_be_can_be_accepted(world: World) -> None:
    """An unsure match is a button away from being sure; the title keeps its place."""
    key = world.key_of("The Matrix")
    world.suppose("The Matrix", Candidate("tt0133093", Kind.MOVIE, "The Matrix", 1999))
    async with running(world) as (app, pilot):
        app.show_title(key)
        await seen(app, pilot, "Perhaps The Matrix (1999).", "It is The Matrix (1999)")
        await keys(app, pilot, "right right", "[ It is The Matrix (1999) ]")
        await press(pilot, "enter")
        screen = await gone(app, pilot, "Perhaps")
        assert "Not identified" not in screen
        assert "The Matrix   1999" in screen
        assert world.key_of("The Matrix") == "tt0133093"


async def test_hiding_and_showing_again(world: World) -> None:
    """A hidden title is gone from Continue Watching, and comes back by the same way."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "f2 down down enter", "[ Resume at 0:50 ]")
        await keys(app, pilot, "right right right right", "[ More ]")
        await keys(app, pilot, "enter", "▌ Hide until played again")
        await keys(app, pilot, "enter", "[ More ]")
        await keys(app, pilot, "enter", "▌ Show again")
        assert [card.title for card in app.continue_watching] == ["Breaking Bad"]
        await keys(app, pilot, "enter", "[ More ]")
        await keys(app, pilot, "enter", "▌ Hide until played again")
        assert [card.title for card in app.continue_watching] == ["Inception", "Breaking Bad"]


async def test_title_that_is_gone_says_so(world: World) -> None:
    """A title that another process has removed leaves a sentence, and Back works."""
    async with running(world) as (app, pilot):
        app.show_title("tt9999999")
        await seen(app, pilot, "This title is not known any more.", "Back to Home")
        await keys(app, pilot, "escape", "Continue Watching")


async def test_seasons_are_tabs(world: World) -> None:
    """Down reaches the seasons and Right shows the next at once; at first it is where one is."""
    series = world.identify("Breaking Bad", "tt0903747")
    for season, number in ((1, 7), (2, 1), (0, 1)):
        world.store.run_now(_add_episode, series, season, number)
    async with running(world) as (app, pilot):
        app.show_title(series)
        await seen(app, pilot, "[ Resume S1 E5 at 0:36 ]", "Season 2", "Specials", "E7")
        await keys(app, pilot, "down", "[ Season 1 ]", "OK to the episodes")
        screen = await keys(app, pilot, "right", "[ Season 2 ]", "E1  Chapter 1", "airs Mon")
        assert "E7" not in screen
        await keys(app, pilot, "enter", "▌ E1  Chapter 1", "Back to top")
        await keys(app, pilot, "escape", "[ Resume")
        await app.refresh_state()
        await seen(app, pilot, "E1  Chapter 1")


def _add_episode(connection: sqlite3.Connection, series: str, season: int, number: int) -> None:
    connection.execute(
        "INSERT INTO episode (media_id, season, number, key, title, aired_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            series,
            season,
            number,
            f"{series}:{season}:{number}",
            f"Chapter {number}",
            "2026-11-23T20:00:00.000Z" if season == 2 else None,
        ),
    )
