"""A question on top of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.tui.nav.modal import NavModal
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.words import Words


class Question(NavModal[str | None]):
    """One sentence and two or three answers. Gives the id of the answer, None for Back.

    `default` is in focus at first: a second OK, or a key held too long, must do no harm there.
    """

    def __init__(
        self,
        sentence: str,
        answers: Sequence[Button],
        default: str,
        detail: str = "",
        **node: Unpack[NodeOptions],
    ) -> None:
        super().__init__(**node)
        self._sentence = sentence
        self._detail = detail
        self._answers = tuple(answers)
        self._default = default

    def compose(self) -> ComposeResult:
        """The sentence, what goes with it, the answers."""
        buttons = ButtonRow(*self._answers)
        buttons.go_to(self._default)
        with Vertical(classes="panel"):
            yield Words(self._sentence, classes="-strong")
            if self._detail:
                yield Words(self._detail, classes="-quiet", id="detail")
            yield buttons
        yield HintBar()

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """An answer."""
        message.stop()
        self.dismiss(message.label.id)


def whole_row(text: str, heading: str) -> Question:
    """All of what a list had no room for."""
    close = Button("close", "Close", hint="close")
    return Question(heading, (close,), "close", text, classes="-whole")
