"""The shelf."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import on
from textual.app import ComposeResult
from textual.pilot import Pilot

from dodo_tui.domain.cards import Card
from dodo_tui.domain.status import Tone
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.card_view import CardView, card_view
from dodo_tui.tui.widgets.shelf import Shelf
from tests.tui.widgets.support import Stage, card, deck, lines, press, stage, text


class Listener(NavScreen[None]):
    """A shelf, and what it says."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf
        self.heard: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        """The shelf alone."""
        yield self.shelf

    @on(Shelf.Chosen)
    @on(Shelf.MenuWanted)
    @on(Shelf.Highlighted)
    def _hear(self, message: Shelf.OfCard) -> None:
        self.heard.append((type(message).__name__, message.card.key))

    @on(Zone.Leave)
    def _hear_leave(self, message: Zone.Leave) -> None:
        self.heard.append(("Leave", message.direction.value))


async def test_a_shelf_shows_a_header_and_cards() -> None:
    """Title, place in the row, status at the right; two and a half cards in 80 columns."""
    shelf = Shelf("Continue Watching", deck(9))
    app = stage(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        shelf.status = ("up to date, 2 min ago", Tone.GOOD)
        await pilot.pause()
        rows = lines(app)
        assert rows[0].startswith(" Continue Watching  1 of 9 ")
        assert rows[0].endswith("  up to date, 2 min ago")
        assert rows[1].count("╭") == 2
        assert rows[1].count("╮") == 1
        assert rows[1].startswith(" ┏") and "┓" in rows[1]
        assert "Card0" in rows[2] and "Card1" in rows[2] and "Card2" in rows[2]
        assert "Card3" not in rows[2]


async def test_ok_menu_and_edges_are_told() -> None:
    """OK and Menu carry the card; an arrow at the edge says so."""
    screen = Listener(Shelf("Row", deck(2)))
    app = Stage(lambda: screen)
    async with app.run_test() as pilot:
        await press(pilot, "enter right space f2 right up ctrl+j")
        assert screen.heard == [
            ("Highlighted", "card0"),
            ("Chosen", "card0"),
            ("Highlighted", "card1"),
            ("Chosen", "card1"),
            ("MenuWanted", "card1"),
            ("Leave", Direction.RIGHT.value),
            ("Leave", Direction.UP.value),
            ("Chosen", "card1"),
        ]


async def test_the_row_scrolls_by_whole_cards_and_keeps_the_cursor_in_view() -> None:
    """At every step the card in focus is drawn whole."""
    shelf = Shelf("Row", deck(12))
    app = stage(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        for index in range(1, 12):
            await press(pilot, "right")
            frame = lines(app)[1]
            assert shelf.index == index
            assert "┏" in frame and "┓" in frame
            assert f"▌Card{index} " in lines(app)[2]
        assert not lines(app)[1].endswith("─")
        await press(pilot, "home")
        assert f"▌Card{0} " in lines(app)[2]
        await press(pilot, "end")
        assert shelf.index == 11


async def test_the_cursor_stays_with_its_card() -> None:
    """A sync that reorders, adds or takes away cards does not move the user."""
    shelf = Shelf("Row", deck(6))
    app = stage(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "right right right")
        before = lines(app)[2].index("Card3")
        shelf.cards = (card("new1"), card("new2"), *deck(6))
        await pilot.pause()
        assert shelf.card is not None
        assert shelf.card.key == "card3"
        assert lines(app)[2].index("Card3") == before
        shelf.cards = tuple(reversed(deck(6)))
        assert shelf.card.key == "card3"
        shelf.cards = tuple(replace(item, title="Renamed") for item in deck(6))
        assert shelf.card.key == "card3"


async def test_when_its_card_goes_the_cursor_stays_in_its_place() -> None:
    """The next card comes under the cursor; at the end, the last one."""
    shelf = Shelf("Row", deck(4))
    app = stage(shelf)
    async with app.run_test() as pilot:
        await press(pilot, "right right")
        shelf.cards = tuple(item for item in deck(4) if item.key != "card2")
        assert shelf.card is not None
        assert shelf.card.key == "card3"
        shelf.cards = deck(1)
        assert shelf.card.key == "card0"


async def test_an_empty_shelf_says_one_quiet_sentence() -> None:
    """It takes two lines, no focus, and fills later."""
    shelf = Shelf("Watchlist", (), empty_text="Nothing here yet.")
    app = stage(shelf, Shelf("Other", deck(1)))
    async with app.run_test() as pilot:
        assert lines(app)[:4] == [" Watchlist", " Nothing here yet.", "", " Other"]
        assert not shelf.has_focus
        shelf.cards = deck(2)
        await pilot.pause()
        assert "Card0" in lines(app)[2]
        assert "Nothing here yet." not in text(app)


async def test_a_row_in_focus_is_marked_and_no_other() -> None:
    """Exactly one card has the marker, whichever row has the focus."""
    app = stage(Shelf("One", deck(3, "a")), Shelf("Two", deck(3, "b")))
    async with app.run_test() as pilot:
        for keys, title in (("right", "A1"), ("down", "B0"), ("up", "A1")):
            await press(pilot, keys)
            assert text(app).count("▌") == 1
            assert f"▌{title} " in text(app)


async def test_only_the_cards_in_view_are_described() -> None:
    """Ten thousand cards cost what ten cost."""
    described: set[str] = set()

    def describe(item: Card) -> CardView:
        described.add(item.key)
        return card_view(item)

    shelf = Shelf("Row", deck(10_000), describe=describe)
    app = stage(shelf)
    async with app.run_test(size=(240, 67)) as pilot:
        await press(pilot, "right right")
        assert len(described) <= 8
        await press(pilot, "end")
        assert shelf.index == 9_999
        assert len(described) <= 16


async def test_a_narrow_or_tiny_screen_shows_what_it_can() -> None:
    """Any size draws, and the cursor can still be moved."""
    for size in ((20, 6), (1, 1), (40, 10), (59, 20)):
        shelf = Shelf("A long title of a row", deck(5))
        app = stage(shelf)
        async with app.run_test(size=size) as pilot:
            await press(pilot, "down down up")
            assert shelf.index == 1


async def test_resizing_keeps_the_cursor_in_view() -> None:
    """From a television to a phone."""
    shelf = Shelf("Row", deck(20))
    app = stage(shelf)
    async with app.run_test(size=(240, 67)) as pilot:
        await press(pilot, ["right"] * 5)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "▌Card5 " in text(app)


async def _click_second(pilot: Pilot[None], shelf: Shelf) -> None:
    await pilot.click(shelf, offset=(40, 3))
    await pilot.pause()


async def test_a_click_goes_to_a_card() -> None:
    """With a mouse over SSH."""
    shelf = Shelf("Row", deck(3))
    app = stage(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        await _click_second(pilot, shelf)
        assert shelf.index == 1


async def test_go_to_finds_a_card_by_key() -> None:
    """For a screen that opens at a title."""
    shelf = Shelf("Row", deck(30))
    app = stage(shelf)
    async with app.run_test() as pilot:
        assert shelf.go_to("card17")
        assert not shelf.go_to("nothing")
        await pilot.pause()
        assert "▌Card17 " in text(app)


@pytest.mark.parametrize("status", ["", "[red]x[/]", "y" * 500])
async def test_no_status_breaks_the_header(status: str) -> None:
    """A status that is too long gives way to the title."""
    shelf = Shelf("Continue Watching", deck(1))
    app = stage(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        shelf.status = (status, Tone.BAD)
        await pilot.pause()
        assert lines(app)[0].startswith(" Continue Watching")
        assert len(lines(app)[0]) <= 79
