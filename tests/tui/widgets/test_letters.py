"""Writing with six keys, and with a keyboard."""

from __future__ import annotations

import pytest

from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import Look, shown
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.widgets.letters import MOST_CHARACTERS, AskText, Letters, pages
from tests.tui.widgets.support import HOSTILE, Stage, press, stage, text


class Asking(Stage):
    """An app that asks for a name, and keeps the answers."""

    def __init__(self, look: Look = Look.FULL, name: str = "") -> None:
        super().__init__(NavScreen, look)
        self.answers: list[str | None] = []
        self._begun = name

    def on_mount(self) -> None:
        """Ask."""
        self.push_screen(AskText("Who?", self._begun, capitals=True), self.answers.append)

    def on_key(self) -> None:
        """What the letters did not want comes here."""

    def action_letter(self) -> None:
        """A shortcut that must not fire while somebody writes."""
        raise AssertionError("a letter was taken for a shortcut")

    BINDINGS = [("h", "letter"), ("q", "letter"), ("m", "letter")]  # noqa: RUF012


async def test_a_name_is_written_with_arrows_and_ok() -> None:
    """Words begin with a capital by themselves; Done gives the text."""
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter")  # A
        await press(pilot, "down right right right enter enter")  # nn
        await press(pilot, "up left left left enter")  # a
        assert "Anna_" in text(app)
        await press(pilot, "down down down down right right right right enter")
        assert app.answers == ["Anna"]


async def test_a_keyboard_needs_no_grid() -> None:
    """Letters are text and no shortcuts, Space is a blank, and Enter is the end."""
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "J o space h q m x backspace enter")
        assert app.answers == ["Jo hqm"]


async def test_back_leaves_without_an_answer() -> None:
    """Escape at once; Backspace when there is nothing left to delete."""
    app = Asking(name="A")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "backspace")
        assert app.answers == []
        await press(pilot, "backspace")
        assert app.answers == [None]


async def test_nothing_written_is_no_answer() -> None:
    """Blanks are nothing, too."""
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "space space enter")
        assert app.answers == [None]


@pytest.mark.parametrize("look", Look)
async def test_every_letter_is_reached_and_written_as_it_looks(look: Look) -> None:
    """Also in a look that has few letters: what stands there is what is written."""
    letters = Letters()
    app = stage(letters, look=look)
    async with app.run_test(size=(80, 24)):
        for number, page in enumerate(pages(look)):
            for row in page:
                for column, letter in enumerate(row):
                    letters.text = ""
                    letters.choose()
                    assert letters.text == letter == shown(letter, look)
                    letters.move(Direction.RIGHT if column + 1 < len(row) else Direction.DOWN)
                _go(letters, Direction.LEFT)
            if number + 1 < len(pages(look)):
                letters.move(Direction.RIGHT)
                letters.choose()  # the other page
                _go(letters, Direction.UP)
                _go(letters, Direction.LEFT)


def _go(letters: Letters, direction: Direction) -> None:
    """As far as it goes."""
    while letters.move(direction):
        pass


async def test_a_text_has_an_end_and_no_surprises() -> None:
    """However much is pasted, and whatever it is."""
    letters = Letters()
    app = stage(letters)
    async with app.run_test(size=(40, 12)) as pilot:
        for hostile in HOSTILE:
            letters.add(hostile)
            await pilot.pause()
        assert len(letters.text) <= MOST_CHARACTERS
        assert letters.text.isprintable()
        assert "\x1b" not in text(app)
