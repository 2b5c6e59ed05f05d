"""Buttons, switches, tabs, hints, bars, sentences, questions."""

from __future__ import annotations

import pytest
from textual import on
from textual.app import ComposeResult

from dodo_tui.tui.look import GLYPHS, Look
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.label_strip import LabelStrip
from dodo_tui.tui.widgets.paragraph import Paragraph
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.widgets.toggle import Toggle, toggle_text
from dodo_tui.tui.widgets.top_bar import Tab, TopBar
from dodo_tui.tui.widgets.words import Words
from tests.tui.widgets.support import HOSTILE, Stage, deck, lines, press, stage, text

PLACES = (Tab("home", "Home"), Tab("library", "Library"), Tab("settings", "Settings"))


class Strips(NavScreen[None]):
    """Tabs, buttons and a switch, and what they say."""

    DEFAULT_ZONE = "ButtonRow"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopBar(*PLACES, current="home", person="Anna", clock="20:41")
        yield ButtonRow(
            Button("resume", "Resume"), Button("off", "Off", enabled=False), Button("more", "More")
        )
        yield Toggle("Sync by itself", True)
        yield HintBar()

    @on(TopBar.Chosen)
    @on(ButtonRow.Chosen)
    def _hear(self, message: LabelStrip.Chosen) -> None:
        self.heard.append(message.label.id)

    @on(Toggle.Changed)
    def _hear_toggle(self, message: Toggle.Changed) -> None:
        self.heard.append(message.value)


async def test_buttons_are_chosen_and_what_is_off_is_passed_over() -> None:
    """Left and Right go among the buttons that can be chosen."""
    app = Stage(Strips)
    async with app.run_test(size=(80, 10)) as pilot:
        screen = app.screen
        assert isinstance(screen, Strips)
        assert "[ Resume ]  Off    More" in text(app)
        await press(pilot, "enter right enter left enter")
        assert screen.heard == ["resume", "more", "resume"]


async def test_a_switch_is_turned_and_the_hint_says_so() -> None:
    """OK turns it over; what OK would do next is said."""
    app = Stage(Strips)
    async with app.run_test(size=(80, 10)) as pilot:
        screen = app.screen
        assert isinstance(screen, Strips)
        await press(pilot, "down")
        assert "▌ [x] Sync by itself" in text(app)
        assert "OK turn off" in text(app)
        await press(pilot, "enter")
        assert "▌ [ ] Sync by itself" in text(app)
        assert "OK turn on" in text(app)
        assert screen.heard == [False]
        assert (toggle_text(True), toggle_text(False)) == ("[x]", "[ ]")


async def test_the_top_bar_shows_places_person_and_time() -> None:
    """On one line; the time is what it is told."""
    app = Stage(Strips)
    async with app.run_test(size=(80, 10)) as pilot:
        top = app.screen.query_one(TopBar)
        assert lines(app)[0].split() == ["dodo", "Home", "Library", "Settings", "Anna", "20:41"]
        top.clock = "20:42"
        await pilot.pause()
        assert lines(app)[0].endswith("20:42")


async def test_the_cursor_of_the_top_bar_starts_at_the_place_that_is_shown() -> None:
    """Also after having been elsewhere; Back leads there first."""
    app = Stage(Strips)
    async with app.run_test(size=(80, 10)) as pilot:
        screen = app.screen
        assert isinstance(screen, Strips)
        top = screen.query_one(TopBar)
        await press(pilot, "up right enter right")
        assert screen.heard == ["library"]
        assert "[ Settings ]" in text(app)
        await press(pilot, "down up")
        assert "[ Home ]" in text(app)
        await press(pilot, "right")
        top.current = "library"
        await press(pilot, "right escape")
        assert top.label is not None
        assert top.label.id == "library"


async def test_buttons_that_have_no_room_scroll_into_view() -> None:
    """In a narrow column the one in focus is whole, and an ellipsis says that there are others."""
    row = ButtonRow(*(Button(str(i), f"Button {i}") for i in range(8)))
    app = stage(row)
    async with app.run_test(size=(40, 5)) as pilot:
        for index in range(8):
            line = lines(app)[0]
            assert f"[ Button {index} ]" in line
            assert line.startswith(" …") == ("Button 0" not in line)
            await press(pilot, "right")


async def test_new_buttons_keep_the_cursor_by_id() -> None:
    """`Resume` may become `From start` while one looks at it."""
    row = ButtonRow(Button("a", "A"), Button("b", "B"))
    app = stage(row)
    async with app.run_test() as pilot:
        await press(pilot, "right")
        row.labels = (Button("new", "New"), Button("a", "A"), Button("b", "Be"))
        await pilot.pause()
        assert "[ Be ]" in text(app)
        row.labels = (Button("a", "A"),)
        await pilot.pause()
        assert "[ A ]" in text(app)


async def test_hints_never_wrap_and_the_way_out_goes_last() -> None:
    """Where there is no room, hints in the middle are left out."""
    hints = HintBar(("OK", "play"), ("Menu", "more and more and more"), ("Back", "to top"))
    app = stage(Shelf("Row", deck(1)), hints)
    async with app.run_test(size=(60, 12)) as pilot:
        hints.hints = (("OK", "play"), ("Menu", "more and more and more"), ("Back", "to top"))
        await pilot.pause()
        assert lines(app)[11] == " OK play    Menu more and more and more    Back to top"
        await pilot.resize_terminal(30, 12)
        hints.hints = (("OK", "play"), ("Menu", "more and more and more"), ("Back", "to top"))
        await pilot.pause()
        assert lines(app)[11] == " OK play    Back to top"


@pytest.mark.parametrize(
    ("ratio", "width", "full"),
    [
        (0.0, 10, 0),
        (0.001, 10, 1),
        (0.5, 10, 5),
        (0.999, 10, 9),
        (1.0, 10, 10),
        (0.5, 0, 0),
        (-3.0, 4, 0),
        (9.0, 4, 4),
        (float("nan"), 4, 0),
        (0.5, 1, 0),
    ],
)
def test_a_bar_is_empty_or_full_only_where_that_is_true(
    ratio: float, width: int, full: int
) -> None:
    """Begun is at least one cell; only complete is complete."""
    for look in Look:
        parts = bar(ratio, width, look)
        assert (len(parts[0]), sum(map(len, parts))) == (full, width)


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_sentences_are_never_markup(hostile: str) -> None:
    """A server's error body is text, wherever it goes."""
    words = Words(hostile)
    app = stage(words, Shelf("Row", deck(1)))
    async with app.run_test(size=(80, 24)) as pilot:
        words.text = f"so: {hostile}"
        await pilot.pause()
        assert text(app).lstrip().startswith("so:")
        assert "\x1b" not in text(app)
        if "[red]" in hostile:
            assert "[red]markup[/]" in text(app)


async def test_a_question_gives_the_answer() -> None:
    """The default is in focus, arrows stay inside, OK answers."""
    app = stage(Shelf("Row", deck(2)))
    async with app.run_test() as pilot:
        answers: list[str | None] = []
        buttons = (Button("remove", "Remove"), Button("keep", "Keep"))
        for keys in ("enter", "left enter", "up down tab left left enter", "escape", "backspace"):
            app.push_screen(Question("Remove it?", buttons, default="keep"), answers.append)
            await press(pilot, keys)
        assert answers == ["keep", "remove", "remove", None, None]


async def test_a_question_shows_its_sentence_and_detail() -> None:
    """And what Back does."""
    app = stage(Shelf("Row", deck(2)), HintBar())
    async with app.run_test() as pilot:
        app.push_screen(
            Question("[b]Leave[/] dodo?", (Button("a", "Leave"),), "a", detail="2 wait.")
        )
        await pilot.pause()
        assert "[b]Leave[/] dodo?" in text(app)
        assert "2 wait." in text(app)
        assert "[ Leave ]" in text(app)


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("words", HOSTILE)
async def test_a_paragraph_ends_well(words: str, look: Look) -> None:
    """No more lines than it may have, and an ellipsis where it is cut."""
    paragraph = Paragraph(2)
    app = stage(paragraph, look=look)
    async with app.run_test(size=(40, 8)) as pilot:
        paragraph.styles.height = "auto"
        rest = "and a sentence that is longer than two lines of forty cells are, by far"
        paragraph.text = f"{words} {rest}"
        await pilot.pause()
        shown_lines = [line for line in lines(app) if line]
        assert len(shown_lines) == 2
        assert shown_lines[-1].endswith((GLYPHS[look].ellipsis, "far"))
