"""Writing with six keys: a grid of letters, which a keyboard can do without.

`Letters` is the zone; `AskText` is a small screen around it that gives the text.
"""

from __future__ import annotations

from typing import NamedTuple, Unpack

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.domain.text import clean_text
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import Look, look_of, shown
from dodo_tui.tui.nav.modal import NavModal
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint
from dodo_tui.tui.widgets.words import Words

MOST_CHARACTERS = 40
"""A name of a person, or words to search for."""

_COLUMNS = 10
_CELL = 4
"""Columns of a letter: itself between brackets or blanks, and one between it and the next."""

_PLAIN = "abcdefghijklmnopqrstuvwxyz'-.&0123456789"
_ACCENTS = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýßčćđłńřšťžğ"


def pages(look: Look) -> tuple[tuple[str, ...], ...]:
    """The letters, in pages of rows: the plain ones, and the accents that a look can draw."""
    accents = "".join(letter for letter in _ACCENTS if shown(letter, look) == letter)
    return tuple(page for page in (_rows_of(_PLAIN), _rows_of(accents)) if page)


def _rows_of(letters: str) -> tuple[str, ...]:
    """Whole rows only: every place of the grid has a letter."""
    whole = len(letters) // _COLUMNS * _COLUMNS
    return tuple(letters[at : at + _COLUMNS] for at in range(0, whole, _COLUMNS))


_GRID_TOP = 2
"""Lines above the letters: the text, and air."""


class Spot(NamedTuple):
    """A place of the cursor: a letter, or an action in the row after the last letters."""

    row: int
    column: int


class Letters(Zone):
    """A text, and the letters to write it with. OK adds the letter under the cursor.

    A keyboard's letters are added wherever the cursor is, and take it to Done, so that Enter is
    the end of what was typed. Backspace deletes while there is something to delete.
    """

    text: reactive[str] = reactive("", init=False)

    class Changed(Message):
        """The text is another one."""

        def __init__(self, letters: Letters, text: str) -> None:
            super().__init__()
            self.letters = letters
            self.text = text

        @property
        def control(self) -> Letters:
            """The zone, for `@on` selectors."""
            return self.letters

    class Done(Changed):
        """The text is written. It may be empty."""

    def __init__(
        self, text: str = "", *, capitals: bool = False, **node: Unpack[NodeOptions]
    ) -> None:
        """`capitals`: words begin with a capital letter by themselves, as names do."""
        super().__init__(**node)
        self.set_reactive(Letters.text, text[:MOST_CHARACTERS])
        self._capitals = capitals
        self._shift: bool | None = None
        """What the user chose for the next letter; None: what fits."""
        self._page = 0
        self._spot = Spot(0, 0)

    # What is written

    @property
    def is_upper(self) -> bool:
        """Whether the next letter is a capital."""
        if self._shift is not None:
            return self._shift
        return self._capitals and (not self.text or self.text[-1] in " -")

    def add(self, characters: str) -> None:
        """Write characters at the end of the text; what cannot be shown is left out."""
        room = MOST_CHARACTERS - len(self.text)
        kept = "".join(character for character in characters if character.isprintable())[:room]
        self._shift = None
        if kept:
            self._say(self.text + kept)

    def delete(self) -> bool:
        """Take the last character back; False if there is none."""
        if not self.text:
            return False
        self._shift = None
        self._say(self.text[:-1])
        return True

    def _say(self, text: str) -> None:
        self.text = text
        self.post_message(self.Changed(self, text))
        self.moved()

    def on_key(self, event: events.Key) -> None:
        """A keyboard writes by itself; the rest are the keys of every zone."""
        character = event.character
        if event.key == "backspace" and self.delete():
            event.stop()
        elif character is not None and event.is_printable:
            event.stop()
            self.add(character)
            self._go_to_done()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is one line."""
        event.stop()
        self.add(clean_text(event.text, MOST_CHARACTERS))
        self._go_to_done()

    def _go_to_done(self) -> None:
        self._move_to(Spot(len(self._letter_rows), len(self._actions) - 1))

    # Cursor

    @property
    def ok_hint(self) -> str:  # type: ignore[override]  # what OK does depends on the cursor
        """What OK would do."""
        if self._spot.row < len(self._letter_rows):
            return "write"
        action = self._actions[self._spot.column]
        return {"delete": "delete", "done": "done", "space": "write"}.get(action, "change")

    @property
    def _letter_rows(self) -> tuple[str, ...]:
        return pages(look_of(self))[self._page]

    @property
    def _actions(self) -> tuple[str, ...]:
        """The row below the letters."""
        more = ("page",) if len(pages(look_of(self))) > 1 else ()
        return ("shift", *more, "space", "delete", "done")

    @property
    def at_start(self) -> bool:
        """Always: Back leaves, it does not walk through letters."""
        return True

    @property
    def cursor_region(self) -> Region:
        """The letter or action under the cursor, on the screen."""
        y = self.region.y + _GRID_TOP + self._spot.row
        if self._spot.row < len(self._letter_rows):
            return Region(self.region.x + self._spot.column * _CELL, y, _CELL - 1, 1)
        start, end = self._action_columns(look_of(self))[self._spot.column]
        return Region(self.region.x + start, y, end - start, 1)

    def move(self, direction: Direction) -> bool:
        """From letter to letter; between letters and actions to what stands nearest."""
        row, column = self._spot
        on_actions = row == len(self._letter_rows)
        if not direction.is_vertical:
            column += 1 if direction is Direction.RIGHT else -1
            if not 0 <= column < (len(self._actions) if on_actions else _COLUMNS):
                return False
            return self._move_to(Spot(row, column))
        down = direction is Direction.DOWN
        if (row == 0 and not down) or (on_actions and down):
            return False
        if on_actions:
            start, end = self._action_columns(look_of(self))[column]
            near = min((start + end) // 2 // _CELL, _COLUMNS - 1)
            return self._move_to(Spot(row - 1, near))
        if down and row + 1 == len(self._letter_rows):
            return self._move_to(Spot(row + 1, self._action_below(column)))
        return self._move_to(Spot(row + (1 if down else -1), column))

    def _action_below(self, column: int) -> int:
        middle = column * _CELL + 1
        columns = self._action_columns(look_of(self))
        return min(range(len(columns)), key=lambda index: abs(sum(columns[index]) / 2 - middle))

    def _move_to(self, spot: Spot) -> bool:
        if spot != self._spot:
            self._spot = spot
            self.refresh()
            self.moved()
        return True

    def choose(self) -> None:
        """Write the letter under the cursor, or do what the action says."""
        row, column = self._spot
        if row < len(self._letter_rows):
            self.add(self._letter(row, column))
            return
        match self._actions[column]:
            case "shift":
                self._shift = not self.is_upper
            case "page":
                self._page = 1 - self._page
                self._spot = Spot(len(self._letter_rows), column)
                self.refresh(layout=True)
            case "space":
                self.add(" ")
            case "delete":
                self.delete()
            case _:
                self.post_message(self.Done(self, clean_text(self.text, MOST_CHARACTERS)))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click is OK on what is under it."""
        row = event.y - _GRID_TOP
        if 0 <= row < len(self._letter_rows) and event.x // _CELL < _COLUMNS:
            self._move_to(Spot(row, event.x // _CELL))
            self.choose()
        elif row == len(self._letter_rows):
            for index, (start, end) in enumerate(self._action_columns(look_of(self))):
                if start <= event.x < end:
                    self._move_to(Spot(row, index))
                    self.choose()

    # Drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The text, the letters, the actions."""
        return _GRID_TOP + len(self._letter_rows) + 1

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as the wider of letters and actions."""
        return max(_COLUMNS * _CELL, self._action_columns(look_of(self))[-1][1])

    def render_line(self, y: int) -> Strip:
        """The text, a row of letters, or the actions."""
        width = self.size.width
        look = look_of(self)
        if y == 0:
            return paint(self, self._text_line(width, look), width)
        row = y - _GRID_TOP
        line: Line = []
        if 0 <= row < len(self._letter_rows):
            for column in range(_COLUMNS):
                spot = Spot(row, column)
                line += [*self._cell(shown(self._letter(row, column), look), spot), _AIR]
        elif row == len(self._letter_rows):
            for column, words in enumerate(self._action_words(look)):
                line += [*self._cell(words, Spot(row, column)), _AIR]
        return paint(self, line, width)

    def _text_line(self, width: int, look: Look) -> Line:
        """The end of the text, and where the next letter goes."""
        text = shown(self.text, look, MOST_CHARACTERS) if self.text.strip() else ""
        text += " " if self.text.endswith(" ") else ""
        while cell_len(text) > width - 1:
            text = text[1:]
        return [(text, Role.STRONG), ("_", Role.ACCENT)]

    def _cell(self, words: str, spot: Spot) -> Line:
        if self.has_focus and spot == self._spot:
            return [("[", Role.ACCENT), (words, Role.FOCUS), ("]", Role.ACCENT)]
        return [(f" {words} ", Role.TEXT if spot.row < len(self._letter_rows) else Role.QUIET)]

    def _letter(self, row: int, column: int) -> str:
        letter = self._letter_rows[row][column]
        upper = letter.upper()
        return upper if self.is_upper and len(upper) == 1 else letter

    def _action_words(self, look: Look) -> tuple[str, ...]:
        shift = "abc" if self.is_upper else "ABC"
        page = () if len(pages(look)) == 1 else ("àéü" if self._page == 0 else "abc",)
        return (shift, *page, "Space", "Delete", "Done")

    def _action_columns(self, look: Look) -> list[tuple[int, int]]:
        """Where each action begins and ends."""
        columns = []
        x = 0
        for words in self._action_words(look):
            end = x + cell_len(words) + 2
            columns.append((x, end))
            x = end + 1
        return columns


_AIR = (" ", Role.QUIET)


class AskText(NavModal[str | None]):
    """One sentence and a text to write. Gives the text, None for Back or for nothing written."""

    LEAVE_HINT = "cancel"

    def __init__(
        self,
        sentence: str,
        text: str = "",
        detail: str = "",
        *,
        capitals: bool = False,
        **node: Unpack[NodeOptions],
    ) -> None:
        super().__init__(**node)
        self._sentence = sentence
        self._detail = detail
        self._letters = Letters(text, capitals=capitals)

    def compose(self) -> ComposeResult:
        """The sentence, what goes with it, the letters."""
        with Vertical(classes="panel"):
            yield Words(self._sentence, classes="-strong")
            if self._detail:
                yield Words(self._detail, classes="-quiet")
            yield self._letters
        yield HintBar()

    def on_letters_done(self, message: Letters.Done) -> None:
        """It is written."""
        message.stop()
        self.dismiss(message.text or None)
