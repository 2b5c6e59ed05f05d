"""Why? Everything behind a film or an episode: file, match, viewings, answers, what waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult

from dodo_tui.domain.review import Corrected
from dodo_tui.domain.status import Tone
from dodo_tui.domain.why import Why
from dodo_tui.domain.why_sentences import Way, WhyLine, why_steps
from dodo_tui.tui.look import Look, look_of, shown
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import tone_glyph

_WAYS = {
    Way.REVIEW: "Fix match",
    Way.MATCH: "Fix match",
    Way.RETRY: "Try again",
    Way.RECONNECT: "Reconnect",
    Way.CONNECT: "Connect",
}
_LONGEST_SENTENCE = 1000
_WIDEST = 104
"""Columns of a sentence; the list is no wider."""
_MARGIN = 6
"""Columns for the marker, the sign before a sentence, and air."""


def why_rows(why: Why, width: int, look: Look) -> tuple[MenuRow, ...]:
    """The five steps as headings with their sentences, each in as many rows as it takes."""
    rows: list[MenuRow] = []
    for step in why_steps(why):
        rows.append(MenuRow(f"step:{step.name}", step.name, heading=True))
        for number, line in enumerate(step.lines):
            rows += _line_rows(f"{step.name}:{number}", line, width, look)
    return tuple(rows)


def _line_rows(row_id: str, line: WhyLine, width: int, look: Look) -> Iterator[MenuRow]:
    way = _WAYS[line.way] if line.way is not None else ""
    sign = "" if line.tone is Tone.QUIET else tone_glyph(line.tone, look)
    room = min(width, _WIDEST) - _MARGIN - (len(way) + 2 if way else 0)
    for part, text in enumerate(wrapped(shown(line.text, look, _LONGEST_SENTENCE), room)):
        yield MenuRow(
            f"{row_id}:{part}",
            text,
            lead=sign if part == 0 else "",
            status=way if part == 0 else "",
            tone=line.tone,
            enabled=line.way is not None,
        )


def wrapped(text: str, width: int) -> list[str]:
    """A sentence in lines of a width in cells; a word that is longer is cut."""
    width = max(width, 10)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        rest = word
        while cell_len(rest) > width:
            if line:
                lines.append(line)
                line = ""
            taken = _fitting(rest, width)
            lines.append(rest[:taken])
            rest = rest[taken:]
        longer = f"{line} {rest}" if line else rest
        if cell_len(longer) > width:
            lines.append(line)
            line = rest
        else:
            line = longer
    return [*lines, line] if line or not lines else lines


def _fitting(text: str, width: int) -> int:
    """How many characters at the beginning of a text fit."""
    taken = 0
    while taken < len(text) and cell_len(text[: taken + 1]) <= width:
        taken += 1
    return max(taken, 1)


class WhyScreen(DodoScreen):
    """The five steps, and the way out of each problem."""

    NAME = "Why?"
    DEFAULT_ZONE = "MenuList"

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._why: Why | None = None

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield Headline(id="name")
        yield Words(id="facts", classes="-quiet")
        yield ButtonRow(Button("details", "Details"), ok_hint="choose")
        yield MenuList(ok_hint="fix it", of_things=True)
        yield Foot()

    def on_mount(self) -> None:
        """Read it now and whenever the database changes."""
        self.query_one(ButtonRow).labels = self._buttons(None)
        self.watch(self.dodo, "revision", self._read)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        why = await self.dodo.read_why(self._key)
        if why is None:
            self.query_one("#facts", Words).text = "Nothing is known of it any more."
            return
        self._why = why
        self._key = why.key
        self.query_one("#name", Headline).text = f"Why?  {why.name}"
        self.query_one("#facts", Words).text = "Watched." if why.watched else "Not watched."
        row = self.query_one(ButtonRow)
        row.about = why.name
        row.labels = self._buttons(why)
        self.call_after_refresh(self._show_rows)

    def hints(self) -> Sequence[Hint]:
        """OK is named only where it does something."""
        hints = super().hints()
        menu = self.query_one(MenuList)
        if menu.has_focus and menu.row is not None and not menu.row.enabled:
            return [hint for hint in hints if hint[0] != "OK"]
        return hints

    def _show_rows(self) -> None:
        if self._why is not None:
            menu = self.query_one(MenuList)
            menu.rows = why_rows(self._why, menu.size.width, look_of(self))

    async def on_resize(self, event: events.Resize) -> None:
        """Another width breaks the sentences elsewhere."""
        del event
        self.call_after_refresh(self._show_rows)

    @staticmethod
    def _buttons(why: Why | None) -> tuple[Button, ...]:
        """The title, and what can be set right."""
        found = [Button("details", "Details")]
        if why is not None and why.files:
            found.append(Button("review", "Fix match"))
        if why is not None and why.rows:
            found.append(Button("retry", "Try again"))
        return tuple(found)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Go there, or do it."""
        message.stop()
        why = self._why
        if why is None:
            return
        match message.label.id:
            case "details":
                self.dodo.show_title(why.media_id)
            case "review":
                self.dodo.show_review_entry(why.files[0].file_id, self._follow)
            case "retry":
                for row in why.rows:
                    self.dodo.retry_row(row.row_id)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """The way out of a problem."""
        message.stop()
        line = self._line_of(message.row.id)
        if line is None:
            return
        match line.way:
            case Way.REVIEW | Way.MATCH if line.target:
                target = line.target
                subject = int(target) if target.isdecimal() else target
                self.dodo.show_review_entry(subject, self._follow)
            case Way.RETRY if line.target:
                self.dodo.retry_row(int(line.target))
            case Way.RECONNECT | Way.CONNECT:
                self.dodo.action_show_integrations()

    def _follow(self, done: Corrected) -> None:
        """The file turned out to be something else: tell of that."""
        self._key = done.key
        self._read()

    def _line_of(self, row_id: str) -> WhyLine | None:
        name, number, _ = row_id.rsplit(":", 2)
        steps = why_steps(self._why) if self._why is not None else ()
        lines = next((step.lines for step in steps if step.name == name), ())
        return lines[int(number)] if int(number) < len(lines) else None
