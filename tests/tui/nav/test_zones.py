"""Screens of zones: focus, memory between zones, Back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.widgets import Input

from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import Look
from dodo_tui.tui.nav.screen import NavScreen, Pane
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.widgets.toggle import Toggle
from dodo_tui.tui.widgets.top_bar import Tab, TopBar
from tests.tui.widgets.support import SIX_KEYS, Stage, deck, press, stage, text


class Mixed(NavScreen[None]):
    """One of everything."""

    DEFAULT_ZONE = "#first"

    def __init__(self) -> None:
        super().__init__()
        self.left: list[Direction] = []
        self.went_back = 0

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopBar(Tab("home", "Home"), Tab("library", "Library"), current="home", clock="20:41")
        with Pane():
            yield Shelf("First", deck(8, "a"), id="first")
            yield Shelf("Empty", (), empty_text="Nothing here.", id="empty")
            yield Shelf("Second", deck(3, "b"), id="second")
            with Horizontal(id="both"):
                yield MenuList(tuple(MenuRow(f"r{i}", f"Row {i}") for i in range(5)), id="menu")
                yield ButtonRow(Button("x", "Play"), Button("y", "Mark"), id="buttons")
            yield Input(id="field")
            yield Toggle("Sync by itself", id="toggle")
            yield Shelf("Last", deck(40, "c"), id="last")
        yield HintBar()

    def on_zone_leave(self, message: Zone.Leave) -> None:
        """Remember where somebody wanted to go."""
        self.left.append(message.direction)

    def go_back(self) -> None:
        """Remember that somebody wanted to leave."""
        self.went_back += 1


Mixed.CSS = """
#both { height: 6; margin-bottom: 1; }
#menu { width: 1fr; height: 5; }
#buttons { width: 1fr; }
Input { height: 3; }
"""


def focused(app: Stage) -> str:
    """The id of what is in focus."""
    assert app.focused is not None
    return app.focused.id or type(app.focused).__name__


def has_focus(app: Stage) -> bool:
    """Whether anything is in focus."""
    return app.focused is not None


def fully_visible(app: Stage) -> bool:
    """Whether the cursor of what is in focus is on the screen."""
    widget = app.focused
    assert widget is not None
    region = widget.cursor_region if isinstance(widget, Zone) else widget.region
    shown = Region(0, 0, app.size.width, app.size.height)
    for node in widget.ancestors:
        if isinstance(node, Pane):
            shown = node.region
    return shown.intersection(region).area > 0 and shown.y <= region.y < shown.bottom


async def test_the_default_zone_has_the_focus_and_arrows_move_between_zones() -> None:
    """Down goes through all zones from top to bottom, skipping the empty one."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        path = [focused(app)]
        for _ in range(12):
            await press(pilot, "down")
            if path[-1] != focused(app):
                path.append(focused(app))
        assert path == ["first", "second", "menu", "field", "toggle", "last"]
        for _ in range(14):
            await press(pilot, "up")
            if path[-1] != focused(app):
                path.append(focused(app))
        assert path[6:] == ["toggle", "field", "menu", "second", "first", "TopBar"]


async def test_zones_side_by_side_are_entered_sideways_and_left_the_way_one_came() -> None:
    """Right enters the zone beside; Left goes back; Down and Up remember which of two it was."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "down down")
        assert focused(app) == "menu"
        await press(pilot, "right")
        assert focused(app) == "buttons"
        await press(pilot, "down")
        assert focused(app) == "field"
        await press(pilot, "up")
        assert focused(app) == "buttons"
        await press(pilot, "left")
        assert focused(app) == "menu"


async def test_each_zone_keeps_its_cursor() -> None:
    """Going away and coming back finds the same card."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        shelf = app.screen.query_one("#first", Shelf)
        await press(pilot, "right right down right up")
        assert focused(app) == "first"
        assert shelf.index == 2
        assert app.screen.query_one("#second", Shelf).index == 1


async def test_an_edge_with_nothing_beyond_is_told_to_the_owner() -> None:
    """Left at the left edge moves nothing and posts `Leave`."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "left")
        screen = app.screen
        assert isinstance(screen, Mixed)
        assert focused(app) == "first"
        assert screen.left == [Direction.LEFT]


@pytest.mark.parametrize("key", ["escape", "backspace"])
async def test_back_climbs_to_the_start_to_the_top_and_out(key: str) -> None:
    """Item, row start, top of the screen, the screen before: one step each."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, Mixed)
        await press(pilot, "right down right right")
        assert "Back to start" in text(app)
        await press(pilot, key)
        assert (focused(app), screen.query_one("#second", Shelf).index) == ("second", 0)
        assert "Back to top" in text(app)
        await press(pilot, key)
        assert (focused(app), screen.query_one("#first", Shelf).index) == ("first", 0)
        assert "Back leave" in text(app)
        assert screen.went_back == 0
        await press(pilot, key)
        assert screen.went_back == 1


async def test_back_from_the_top_bar_goes_to_the_top_of_the_content() -> None:
    """Back never leaves a screen from its tabs."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "up right escape")
        assert focused(app) == "TopBar"
        await press(pilot, "escape")
        assert focused(app) == "first"


async def test_backspace_deletes_in_a_text_field_and_escape_leaves_it() -> None:
    """In a text field Backspace is not Back, and Left and Right are the field's."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        field = app.screen.query_one("#field", Input)
        field.focus()
        await press(pilot, "a b backspace left right")
        assert (field.value, focused(app)) == ("a", "field")
        await press(pilot, "escape")
        assert focused(app) == "first"


async def test_focus_waits_for_the_default_zone_until_a_key_is_pressed() -> None:
    """A screen may open empty; when its first row fills, that is where the focus belongs."""
    first, second = Shelf("First", id="first"), Shelf("Second", deck(2), id="second")
    app = stage(first, second)
    async with app.run_test() as pilot:
        assert focused(app) == "second"
        first.cards = deck(3)
        await pilot.pause()
        assert focused(app) == "first"


async def test_after_a_key_nothing_takes_the_focus_away() -> None:
    """Whoever has begun to move is left alone."""
    first, second = Shelf("First", id="first"), Shelf("Second", deck(2), id="second")
    app = stage(first, second)
    async with app.run_test() as pilot:
        await press(pilot, "right")
        first.cards = deck(3)
        await pilot.pause()
        assert focused(app) == "second"


async def test_focus_survives_the_zone_that_had_it() -> None:
    """Emptied, hidden, disabled or removed: another zone takes over; when all go and one comes
    back, that one does.
    """
    shelves = [Shelf(str(number), deck(2), id=f"s{number}") for number in range(4)]
    app = stage(*shelves)
    async with app.run_test(size=(80, 40)) as pilot:
        assert focused(app) == "s0"
        shelves[0].cards = ()
        await pilot.pause()
        assert app.focused not in (None, shelves[0])
        shelves[1].display = False
        await pilot.pause()
        assert app.focused not in (None, *shelves[:2])
        shelves[2].disabled = True
        await pilot.pause()
        assert app.focused is shelves[3]
        await shelves[3].remove()
        await pilot.pause()
        assert not has_focus(app)
        await press(pilot, "down enter up")
        shelves[0].cards = deck(1)
        await pilot.pause()
        assert app.focused is shelves[0]


async def test_coming_back_to_a_screen_restores_the_zone_and_the_item() -> None:
    """A question on top takes the focus and gives it back."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "down right")
        answers = (Button("yes", "Yes"), Button("no", "No"))
        app.push_screen(Question("Sure?", answers, default="no"))
        await press(pilot, "up down left right enter")
        assert focused(app) == "second"
        assert app.screen.query_one("#second", Shelf).index == 1


async def test_the_mouse_cannot_take_the_focus_away() -> None:
    """A click on nothing leaves a zone in focus."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.click(HintBar)
        await pilot.pause()
        assert app.focused is not None


async def test_keys_in_a_burst_go_where_the_focus_is_by_then() -> None:
    """Keys that wait while a zone is left belong to the next zone."""
    app = Stage(Mixed)
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("down", "right", "up", "right", "down"):
            app.simulate_key(key)
        await pilot.pause()
        await pilot.pause()
        assert focused(app) == "second"
        assert app.screen.query_one("#first", Shelf).index == 1
        assert app.screen.query_one("#second", Shelf).index == 1


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    keys=st.lists(
        st.sampled_from([*SIX_KEYS, "space", "ctrl+j", "backspace", "home", "end", "f2", "[", "A"]),
        max_size=25,
    ),
    size=st.sampled_from([(80, 24), (120, 36), (60, 18)]),
    look=st.sampled_from(Look),
)
async def test_whatever_is_pressed_something_visible_is_in_focus(
    keys: list[str], size: tuple[int, int], look: Look
) -> None:
    """Six keys, pressed at random: the focus is never lost and never out of view."""
    app = Stage(Mixed, look)
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            assert app.focused is not None
        await pilot.pause()
        assert fully_visible(app), focused(app)


async def test_a_size_that_has_passed_is_not_laid_out() -> None:
    """What arrives late does not undo what the terminal has become meanwhile, again and again."""
    async with Stage(Mixed).run_test(size=(80, 24)) as pilot:
        late = Size(80, 25)
        pilot.app.screen.post_message(events.Resize(late, late))
        await pilot.pause()
        assert pilot.app.screen.outer_size == (80, 24)
        await pilot.resize_terminal(80, 25)
        assert pilot.app.screen.outer_size == (80, 25)
