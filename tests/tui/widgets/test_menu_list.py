"""The vertical list."""

from __future__ import annotations

import pytest
from textual import on
from textual.app import ComposeResult

from dodo_tui.domain.status import Tone
from dodo_tui.tui.look import Look
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from tests.tui.widgets.support import HOSTILE, Stage, lines, press, stage, text


def rows(count: int) -> tuple[MenuRow, ...]:
    """So many rows."""
    return tuple(
        MenuRow(f"r{i}", f"Row {i}", lead=f"E{i}", status=f"{i} min") for i in range(count)
    )


GROUPS = (
    MenuRow("g1", "Simkl", heading=True),
    MenuRow("a", "Account", status="Anna", tone=Tone.GOOD),
    MenuRow("b", "Sync now"),
    MenuRow("g2", "Playback", heading=True),
    MenuRow("c", "Player", enabled=False),
)


class Listener(NavScreen[None]):
    """A list, and what it says."""

    def __init__(self, menu: MenuList) -> None:
        super().__init__()
        self.menu = menu
        self.heard: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        """The list alone."""
        yield self.menu

    @on(MenuList.Chosen)
    @on(MenuList.MenuWanted)
    def _hear(self, message: MenuList.OfRow) -> None:
        self.heard.append((type(message).__name__, message.row.id))

    @on(Zone.Leave)
    def _hear_leave(self, message: Zone.Leave) -> None:
        self.heard.append(("Leave", message.direction.value))


async def test_text_stands_left_and_status_right() -> None:
    """Two columns, with numbers in a column of their own."""
    app = stage(MenuList(rows(3)))
    async with app.run_test(size=(40, 10)):
        assert lines(app)[:3] == [
            " ▌ E0  Row 0                    0 min",
            "   E1  Row 1                    1 min",
            "   E2  Row 2                    2 min",
        ]


async def test_the_cursor_passes_over_headings_and_does_not_wrap() -> None:
    """Up at the first row and Down at the last leave the list."""
    screen = Listener(MenuList(GROUPS))
    app = Stage(lambda: screen)
    async with app.run_test() as pilot:
        await press(pilot, "up enter down down f2 enter down left")
        assert screen.heard == [
            ("Leave", "up"),
            ("Chosen", "a"),
            ("MenuWanted", "c"),
            ("Leave", "down"),
            ("Leave", "left"),
        ]


async def test_the_cursor_stays_with_its_row() -> None:
    """By id, through any change; when the row goes, near its place."""
    menu = MenuList(rows(10))
    app = stage(menu)
    async with app.run_test() as pilot:
        await press(pilot, "down down down")
        menu.rows = (MenuRow("new", "New"), *reversed(rows(10)))
        assert menu.row is not None
        assert menu.row.id == "r3"
        menu.rows = rows(2)
        assert menu.row.id == "r1"


async def test_a_list_may_empty_and_fill() -> None:
    """Without a row there is nothing to do; with one again, the focus is back."""
    menu = MenuList(rows(3))
    app = stage(menu)
    async with app.run_test() as pilot:
        menu.rows = (GROUPS[0],)
        assert menu.is_empty
        await press(pilot, "down enter up f2 home end")
        menu.rows = GROUPS
        await pilot.pause()
        assert menu.row is not None
        assert menu.row.id == "a"
        assert menu.has_focus


async def test_a_long_list_scrolls_and_says_that_there_is_more() -> None:
    """Arrows at the right edge; the heading above the first row comes back into view."""
    menu = MenuList((MenuRow("h", "All of them", heading=True), *rows(50)))
    app = stage(menu)
    async with app.run_test(size=(40, 10)) as pilot:
        assert lines(app)[9].endswith("↓")
        await press(pilot, ["down"] * 20)
        assert "▌ E20" in text(app)
        assert lines(app)[0].endswith("↑")
        await press(pilot, "end")
        assert "▌ E49" in text(app)
        assert "↓" not in text(app)
        await press(pilot, "home")
        assert lines(app)[0] == " All of them"


async def test_page_keys_move_by_what_is_in_view() -> None:
    """Channel up and down on a remote."""
    menu = MenuList(rows(50))
    app = stage(menu)
    async with app.run_test(size=(40, 10)) as pilot:
        await press(pilot, "pagedown")
        assert menu.row is not None
        assert menu.row.id == "r9"
        await press(pilot, "pagedown pageup pageup pageup")
        assert menu.row.id == "r0"


async def test_two_lines_a_row_show_the_detail() -> None:
    """For the queue: what, and why."""
    entries = tuple(
        MenuRow(f"q{i}", f"Film {i}", detail=f"offline since 20:3{i}") for i in range(5)
    )
    app = stage(MenuList(entries, two_lines=True))
    async with app.run_test(size=(40, 6)) as pilot:
        assert lines(app)[:2] == [" ▌ Film 0", "   offline since 20:30"]
        await press(pilot, "down down down")
        assert "▌ Film 3" in text(app)
        assert "offline since 20:33" in text(app)


async def test_nothing_to_show_is_said() -> None:
    """One quiet sentence."""
    app = stage(MenuList((), empty_text="Nothing waits."))
    async with app.run_test():
        assert lines(app)[0].strip() == "Nothing waits."


async def test_hostile_rows_stay_in_their_lines() -> None:
    """Whatever a title says, each row is one line and the status keeps its column."""
    menu = MenuList(tuple(MenuRow(str(i), bad, status="x") for i, bad in enumerate(HOSTILE)))
    app = stage(menu)
    async with app.run_test(size=(60, 24)):
        rows_shown = [line for line in lines(app) if line.endswith("x")]
        assert len(rows_shown) >= len(HOSTILE)


@pytest.mark.parametrize("look", Look)
async def test_second_lines_stand_by_their_rows(look: Look) -> None:
    """A heading stands right above what it is about; without shades a detail is set further in."""
    menu = MenuList(
        (
            MenuRow("a", "First", detail="its detail"),
            MenuRow("h", "Something else", heading=True),
            MenuRow("b", "Second", detail="more"),
        ),
        two_lines=True,
    )
    app = stage(menu, look=look)
    async with app.run_test(size=(40, 10)):
        shown = [line.rstrip()[1:] for line in lines(app)[:6]]
        inset = "  " if look is Look.FULL else "    "
        assert shown[1:4] == [f"{inset}its detail", "", "Something else"]
        assert shown[4:] == ["  Second", f"{inset}more"]
