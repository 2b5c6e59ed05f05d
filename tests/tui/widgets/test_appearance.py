"""What may be drawn, and that focus is seen without colours."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import ComposeResult
from textual.widget import Widget

from dodo_tui.domain.status import Tone
from dodo_tui.tui.look import CONSOLE_CHARACTERS, Look
from dodo_tui.tui.nav.screen import NavScreen, Pane
from dodo_tui.tui.themes import DODO_CONSOLE, DODO_DARK, choose_theme
from dodo_tui.tui.widgets.big_text import BigText
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.qr import QrCode
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.widgets.toggle import Toggle
from dodo_tui.tui.widgets.top_bar import Tab, TopBar
from dodo_tui.tui.widgets.words import Words
from tests.tui.widgets.support import HOSTILE, Stage, card, deck, lines, press, stage, text

SIZES = [(80, 24), (120, 36), (240, 67)]


class Everything(NavScreen[None]):
    """Each widget, with each hostile text in it."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopBar(*(Tab(str(i), bad[:20]) for i, bad in enumerate(HOSTILE)), person=HOSTILE[4])
        with Pane():
            for index, bad in enumerate(HOSTILE):
                shelf = Shelf(bad, (card("a", bad, episode_title=bad), *deck(4)), id=f"s{index}")
                yield shelf
            yield Shelf("Empty", (), empty_text=HOSTILE[11])
            rows = tuple(MenuRow(str(i), bad, bad, bad) for i, bad in enumerate(HOSTILE))
            yield MenuList(rows)
            yield ButtonRow(*(Button(str(i), bad) for i, bad in enumerate(HOSTILE)))
            yield Toggle(HOSTILE[11], True)
            for bad in HOSTILE:
                yield Words(bad)
            yield BigText("5G6JAH")
            yield BigText(HOSTILE[4])
            yield QrCode("https://simkl.com/pin/5G6JAH")
        yield HintBar()


Everything.CSS = "MenuList { height: 12; }"


async def _seen_while_walking(app: Stage, size: tuple[int, int]) -> set[str]:
    """All characters that are drawn on the way from the top to the bottom."""
    seen: set[str] = set()
    async with app.run_test(size=size) as pilot:
        for index, shelf in enumerate(app.screen.query(Shelf)):
            shelf.status = (HOSTILE[index % len(HOSTILE)], list(Tone)[index % len(Tone)])
        for _ in range(len(HOSTILE) * 2 + 8):
            await pilot.press("down")
            seen |= set(text(app))
        pane = app.screen.query_one(Pane)
        pane.scroll_end(animate=False)
        await pilot.pause()
        seen |= set(text(app))
        app.push_screen(Question(HOSTILE[11], (Button("a", HOSTILE[4]),), "a", detail=HOSTILE[0]))
        await pilot.pause()
        seen |= set(text(app))
    return seen


@pytest.mark.parametrize("size", SIZES)
async def test_the_console_look_draws_only_what_the_console_fonts_have(
    size: tuple[int, int],
) -> None:
    """Every widget, whatever it is given to show."""
    seen = await _seen_while_walking(Stage(Everything, Look.CONSOLE), size)
    assert seen - CONSOLE_CHARACTERS - {"\n"} == set()
    assert {"═", "█", "▶"} <= seen


async def test_the_ascii_look_draws_only_ascii() -> None:
    """For terminals without UTF-8."""
    seen = await _seen_while_walking(Stage(Everything, Look.ASCII), (80, 24))
    assert all(character.isascii() for character in seen)


@pytest.mark.parametrize("size", SIZES)
async def test_every_row_is_as_wide_as_the_screen(size: tuple[int, int]) -> None:
    """Nothing spills over, and nothing is left undrawn, with any text."""
    app = Stage(Everything, Look.FULL)
    async with app.run_test(size=size):
        for strip in app.screen._compositor.render_strips():
            assert strip.cell_length == size[0]


def _focusable() -> list[Widget]:
    rows = (MenuRow("a", "A"), MenuRow("b", "B"))
    return [
        Shelf("Row", deck(2)),
        MenuList(rows),
        ButtonRow(Button("a", "A"), Button("b", "B")),
        Toggle("Switch"),
        TopBar(Tab("a", "A"), Tab("b", "B"), current="a"),
    ]


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("index", range(5))
async def test_focus_is_seen_without_any_colour(look: Look, index: int) -> None:
    """The text alone tells whether a zone is in focus, and where its cursor is."""
    zone = _focusable()[index]
    other = ButtonRow(Button("other", "Other"))
    app = stage(zone, other, look=look)
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.set_focus(other)
        await pilot.pause()
        without = text(app)
        app.screen.set_focus(zone)
        await pilot.pause()
        with_focus = text(app)
        assert without.replace("[ Other ]", "  Other  ") != with_focus
        if index != 3:
            await press(pilot, "down" if index == 1 else "right")
            assert text(app) != with_focus


def _styles_of(app: Stage, words: str) -> list[Segment]:
    strips = app.screen._compositor.render_strips()
    return [segment for strip in strips for segment in strip if words in segment.text]


@pytest.mark.parametrize("look", [Look.CONSOLE, Look.ASCII])
async def test_with_few_colours_focus_is_reversed(look: Look) -> None:
    """Reverse video is what sixteen colours show from across the room."""
    app = stage(Shelf("Row", deck(2)), look=look)
    async with app.run_test(size=(80, 24)):
        (segment,) = _styles_of(app, "Card0")
        assert segment.style is not None
        assert segment.style.reverse
        assert segment.style.bold


@pytest.mark.parametrize("look", Look)
async def test_without_colours_focus_is_reversed(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`NO_COLOR` takes the colours, not the focus."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = stage(Shelf("Row", deck(2)), look=look)
    async with app.run_test(size=(80, 24)):
        (segment,) = _styles_of(app, "Card0")
        assert segment.style is not None
        assert segment.style.reverse
        (quiet,) = _styles_of(app, "Card1")
        assert quiet.style is not None
        assert not quiet.style.reverse


async def test_the_console_theme_uses_the_eight_normal_colours() -> None:
    """Bright ones are not shown by every console; strength is bold."""
    app = Stage(Everything, Look.CONSOLE)
    async with app.run_test(size=(120, 36)):
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                assert segment.style is not None
                for color in (segment.style.color, segment.style.bgcolor):
                    assert color is None or color.is_default or (color.number or 0) < 8


@pytest.mark.parametrize(
    ("look", "environment", "theme"),
    [
        (Look.FULL, {"TERM": "xterm-256color"}, DODO_DARK),
        (Look.FULL, {"TERM": "foot", "COLORTERM": "truecolor"}, DODO_DARK),
        (Look.FULL, {"TERM": "xterm-kitty"}, DODO_DARK),
        (Look.FULL, {"TERM": "xterm"}, DODO_CONSOLE),
        (Look.FULL, {"TERM": "screen"}, DODO_CONSOLE),
        (Look.CONSOLE, {"TERM": "linux"}, DODO_CONSOLE),
        (Look.ASCII, {"TERM": "xterm-256color"}, DODO_CONSOLE),
    ],
)
def test_the_theme_follows_the_colours(
    look: Look, environment: dict[str, str], theme: object
) -> None:
    """Few colours need the console's theme, whatever glyphs there are."""
    assert choose_theme(look, environment) is theme


async def test_one_grid_from_top_to_bottom() -> None:
    """Brand, header, card frames, list markers and hints begin in the same column."""
    app = stage(
        TopBar(Tab("a", "A"), current="a"),
        Shelf("Row", deck(2)),
        MenuList((MenuRow("a", "A"),)),
        HintBar(),
    )
    async with app.run_test(size=(120, 36)):
        starts = {len(line) - len(line.lstrip()) for line in lines(app) if line}
        assert starts <= {2, 4}
