"""The library by six keys: filter, order, letters, and ten thousand titles."""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.browse import LibraryFilter, LibrarySort
from dodo_tui.storage.database import transaction
from dodo_tui.tui.widgets.menu_list import MenuList
from tests.tui.screens.support import World, gone, keys, press, running, seen


async def test_it_says_where_one_stands(world: World) -> None:
    """A film begun has a bar, a series under way is counted."""
    async with running(world, size=(100, 36)) as (app, pilot):
        screen = await keys(app, pilot, "l", "6 films   3 shows", "▌ Andor  2022")
        rows = screen.splitlines()
        inception = next(row for row in rows if "Inception" in row)
        assert "━" in inception
        assert "42 %  film" in inception
        assert "1 of 3  show" in next(row for row in rows if "Breaking Bad" in row)
        assert "  film" in next(row for row in rows if "Sintel" in row)


async def test_filters_are_tabs(world: World) -> None:
    """Up reaches the filters, each shows its titles at once; OK leads nowhere without titles."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "l", "6 films")
        await keys(app, pilot, "up up", "[ All ]", "OK to the titles")
        await keys(app, pilot, "right right", "[ Shows ]", "3 shows")
        screen = await gone(app, pilot, "Inception")
        assert "Breaking Bad" in screen
        await keys(app, pilot, "enter", "▌ Andor")
        await keys(app, pilot, "up up", "[ Shows ]", "OK to the titles")
        await keys(app, pilot, "right", "[ Watchlist ]", "The watchlist is empty.")
        await gone(app, pilot, "OK to the titles")
        await keys(app, pilot, "left left left", "6 films   3 shows")


async def test_the_order_turns_with_ok(world: World) -> None:
    """The hint says what comes next; the list begins at its beginning."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "l", "6 films")
        await keys(app, pilot, "up", "[ By name ]", "OK newest here first")
        await keys(app, pilot, "enter", "[ Newest here first ]", "OK newest films first")
        await keys(app, pilot, "enter", "[ Newest films first ]")
        await keys(app, pilot, "escape", "▌ Andor  2022", "Tears of Steel  2012")


async def test_letters_lead_through_it(world: World) -> None:
    """Right reaches the letters, they take the list along; OK or Left goes back to it."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "l", "6 films", "▌ Andor")
        await keys(app, pilot, "right", "▌ A", "OK to the list")
        await keys(app, pilot, "down down down down", "▌ M")
        await keys(app, pilot, "enter", "▌ The Matrix")
        await keys(app, pilot, "right up left", "▌ Inception")
        await keys(app, pilot, "S", "▌ Sintel")
        await keys(app, pilot, "escape", "▌ Andor", "Back to Home")


async def test_it_is_as_one_left_it(world: World) -> None:
    """Filter, order and title are remembered, from another screen as from another place."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "l", "6 films")
        await keys(app, pilot, "up up right", "[ Films ]", "6 films   0 shows")
        await keys(app, pilot, "down enter", "[ Newest here first ]")
        await keys(app, pilot, "down down", "▌ Charade")
        await keys(app, pilot, "enter", "Charade   1963", "Back to Library")
        await keys(app, pilot, "escape", "▌ Charade")
        await keys(app, pilot, "h", "Continue Watching")
        await keys(app, pilot, "l", "▌ Charade")
        assert app.library_place.filter is LibraryFilter.FILMS
        assert app.library_place.sort is LibrarySort.ADDED


async def test_ten_thousand_titles_scroll_as_ten_do(world: World) -> None:
    """No widget is made for a title, and holding an arrow goes exactly as far as it was held."""
    world.store.run_now(_fill, 10_000)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "l", "10 006 films", "▌ Andor")
        widgets = len(app.screen.query("*"))
        menu = app.screen.query_one(MenuList)
        await press(pilot, "down " * 120)
        assert menu.index == 120
        await press(pilot, "pagedown end")
        assert menu.index == len(menu.rows) - 1 == 10_008
        await press(pilot, "M")
        assert menu.row is not None
        assert menu.row.text.startswith("The Matrix")
        assert len(app.screen.query("*")) == widgets
        await seen(app, pilot, "▌ The Matrix")


def _fill(connection: sqlite3.Connection, count: int) -> None:
    """So many films on this device."""
    folder = connection.execute("SELECT path FROM folder").fetchone()[0]
    now = "2026-01-01T00:00:00.000Z"
    names = [f"Film {number:05}" for number in range(count)]
    with transaction(connection, durable=False):
        connection.executemany(
            "INSERT INTO media (id, kind, title, year, added_at) VALUES (?, 'movie', ?, 2000, ?)",
            [(f"local:{name}", name, now) for name in names],
        )
        connection.executemany(
            "INSERT INTO file (id, path, folder, size_bytes, modified_ns, match, decided_by, "
            "added_at) VALUES (?, ?, ?, 1, 1, 'none', 'name', ?)",
            [(9000 + i, name.encode(), folder, now) for i, name in enumerate(names)],
        )
        connection.executemany(
            "INSERT INTO file_part (file_id, part, key, media_id) VALUES (?, 0, ?, ?)",
            [(9000 + i, f"local:{name}", f"local:{name}") for i, name in enumerate(names)],
        )
