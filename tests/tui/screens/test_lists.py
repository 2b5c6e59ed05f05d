"""Ratings, lists and forgetting, by six keys."""

from __future__ import annotations

from datetime import timedelta

from dodo_tui.domain.ids import Key
from dodo_tui.domain.media import Episode
from dodo_tui.domain.queue import fact_words
from dodo_tui.storage import queued
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes
from dodo_tui.tracking import listing
from dodo_tui.tracking.marks import mark_watched
from dodo_tui.tui.title_questions import ask_about, ask_rating
from tests.tui.screens.support import World, gone, keys, lines, press, running, seen

FILM = "f2 down down enter"
SERIES = "right f2 down down enter"


def said(world: World) -> list[str]:
    """What waits to be told, in words."""
    rows = world.store.run_now(queued.all_facts, world.profile.id)
    return [fact_words(row) for row in rows]


def rate(world: World, title: str, rating: int | None) -> None:
    """A rating given before."""
    key = Key.parse(world.key_of(title))
    world.store.run_now(listing.rate, world.profile.id, key, rating, world.clock.now())


TO_RATE = "right right right"
TO_MORE = "right right right right"


async def test_a_title_is_rated(world: World) -> None:
    """Rate, up to the numbers, left or right, OK; the header says it."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, SERIES, "[ Resume")
        await keys(app, pilot, TO_RATE, "[ Rate ]")
        await keys(app, pilot, "enter", "No rating yet.", "[ Not now ]")
        await keys(app, pilot, "up right", "[ 8 ]")
        await keys(app, pilot, "enter", "rated 8", "[ Rate ]")
        await keys(app, pilot, "enter", "Your rating is 8 of 10.", "[ 8 ]", "Take it back")
        await press(pilot, "down enter")
        await gone(app, pilot, "rated 8")


async def test_a_second_ok_rates_nothing(world: World) -> None:
    """A key that is held too long does no harm, nor does Back."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, SERIES, "[ Resume")
        await keys(app, pilot, f"{TO_RATE} enter", "[ Not now ]")
        await press(pilot, "enter")
        await gone(app, pilot, "Not now")
        await keys(app, pilot, "enter", "[ Not now ]")
        await press(pilot, "up escape")
        await gone(app, pilot, "Not now")
        assert "rated" not in await seen(app, pilot, "[ Rate ]")


async def test_the_same_rating_again_is_not_told_again(world: World) -> None:
    """OK on it closes the scale."""
    world.connect()
    async with running(world) as (app, pilot):
        rate(world, "Breaking Bad", 6)
        await keys(app, pilot, SERIES, "[ Resume", "rated 6")
        before = said(world)
        await keys(app, pilot, f"{TO_RATE} enter", "[ 6 ]")
        await press(pilot, "enter")
        await gone(app, pilot, "[ 6 ]")
        assert said(world) == before


async def test_a_series_is_put_on_a_list_and_taken_off(world: World) -> None:
    """The header names the list; on hold it leaves Continue Watching."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, SERIES, "[ Resume")
        await keys(app, pilot, f"{TO_MORE} enter", "▌ Hide until played again", "Forget what")
        screen = await keys(app, pilot, "down down enter", "▌ Watchlist")
        for word in ("Watching", "On hold", "Dropped"):
            assert word in screen
        assert "Completed" not in screen
        assert "Take it off" not in screen
        await keys(app, pilot, "down down enter", "On hold", "[ More ]")
        assert [card.title for card in app.continue_watching] == ["Inception"]
        await keys(app, pilot, "enter", "List: On hold")
        await keys(app, pilot, "down down enter", "▌ On hold", "chosen", "Take it off the list")
        await press(pilot, "down down enter")
        await gone(app, pilot, "On hold")
        assert [card.title for card in app.continue_watching] == ["Inception", "Breaking Bad"]


async def test_a_film_goes_on_the_watchlist(world: World) -> None:
    """It is a row of Home, and names its list."""
    matrix = world.key_of("The Matrix")
    async with running(world) as (app, pilot):
        app.show_title(matrix)
        await seen(app, pilot, "[ Play")
        await keys(app, pilot, "right right right enter", "▌ Rate")
        screen = await keys(app, pilot, "down enter", "▌ Watchlist", "Dropped")
        assert "On hold" not in screen
        await press(pilot, "enter")
        await gone(app, pilot, "▌ Watchlist")
        await seen(app, pilot, "The Matrix   1999   Watchlist")


async def test_the_card_menu_rates_and_lists(world: World) -> None:
    """The same from Home, without opening the title."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "f2", "Hide until played again", "Rate", "List", "Forget what")
        await keys(app, pilot, "down down down down down enter", "No rating yet.")
        await press(pilot, "up right right enter")
        await gone(app, pilot, "No rating yet.")
        await keys(app, pilot, "f2", "Rated 9")


async def test_forgetting_asks(world: World) -> None:
    """Nothing is lost by a second OK; then the history is empty and the title still known."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, SERIES, "[ Resume")
        await keys(app, pilot, f"{TO_MORE} enter", "Forget what was watched")
        sentence = "Forget what was watched of Breaking Bad?"
        down = "down down down enter"
        await keys(app, pilot, down, sentence, "[ Keep it ]", "Rating and list stay.")
        await press(pilot, "enter")
        await gone(app, pilot, sentence)
        assert "1 of 3 known episodes watched." in await seen(app, pilot, "[ More ]")
        await keys(app, pilot, "enter", "Forget what was watched")
        await keys(app, pilot, down, "[ Keep it ]")
        await keys(app, pilot, "right", "[ Forget it here ]")
        await keys(app, pilot, "enter", "0 of 3 known episodes watched.")
        assert [card.title for card in app.continue_watching] == ["Inception"]


async def test_what_airs_next_is_said(world: World) -> None:
    """Beside what was seen, and at the episode; it is neither played nor marked."""
    show = world.key_of("Breaking Bad")
    airs_at = world.clock.now() + timedelta(days=3)

    def announce(connection: object) -> None:
        with transaction(connection, durable=False):  # type: ignore[arg-type]
            episode = Episode(Key.parse(f"{show}:9:1"), "The Return", airs_at)
            save_episodes(connection, [episode])  # type: ignore[arg-type]

    world.store.run_now(announce)
    async with running(world) as (app, pilot):
        day = f"airs {airs_at.astimezone():%a}"
        await keys(app, pilot, SERIES, f"S9 E1 {day}.", "[ Resume")
        screen = await keys(app, pilot, "down right", "[ Season 9 ]", "The Return")
        row = next(line for line in screen.splitlines() if "The Return" in line)
        assert day in row
        await keys(app, pilot, "down", "▌ E1  The Return")
        menu = await keys(app, pilot, "f2", "Fix match")
        assert "Mark watched" not in menu


async def test_a_watched_film_says_why_it_is_on_no_list(world: World) -> None:
    """There is nothing to choose, and the reason stands there."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, FILM, "[ Resume")
        await keys(app, pilot, "right right enter", "Mark unwatched", "Watched just now.")
        await keys(app, pilot, "right right enter", "Forget what was watched")
        await keys(app, pilot, "down enter", "A film that was watched is on no other list.")
        await press(pilot, "escape")
        await gone(app, pilot, "no other list")


async def test_it_is_said_where_a_rating_counts_as_a_viewing(world: World) -> None:
    """Of an unseen film with a Simkl account, and only there."""
    media_id = world.identify("Inception", "tt1375666")
    async with running(world) as (app, pilot):
        await keys(app, pilot, "e", "No rating yet.", "Inception")
        assert "counts as watched" not in "\n".join(lines(app))
        await keys(app, pilot, "escape", "Continue Watching")
        world.connect()
        await app.refresh_state()
        await keys(app, pilot, "e", "Once rated it counts as watched at Simkl, and then here.")
        await keys(app, pilot, "escape", "Continue Watching")
        now = world.clock.now()
        world.store.run_now(mark_watched, world.profile.id, Key.parse(media_id), now, now)
        ask_about(app, media_id, ask_rating)
        await seen(app, pilot, "No rating yet.", "Inception")
        assert "counts as watched" not in "\n".join(lines(app))
