"""Sentences: plain text from anywhere, as the look can draw it."""

from __future__ import annotations

from typing import Unpack

from textual.content import Content
from textual.widgets import Static

from dodo_tui.tui.look import look_of, shown
from dodo_tui.tui.widgets.node import NodeOptions

_LONGEST = 4000
"""Characters of a description that are kept."""


class Words(Static):
    """A paragraph or a few lines. Never markup; wraps at the width it is given.

    The classes `-strong`, `-quiet`, `-good`, `-busy`, `-warn` and `-bad` colour it.
    """

    def __init__(self, text: str = "", **node: Unpack[NodeOptions]) -> None:
        super().__init__("", markup=False, **node)
        self._text = text

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            if self.is_attached:
                self.say_again()

    def on_mount(self) -> None:
        """The look is the app's."""
        self.say_again()

    def say_again(self) -> None:
        """Write the text as the look can draw it: it came, or there is another look."""
        look = look_of(self)
        lines = (shown(line, look, _LONGEST) for line in self._text[:_LONGEST].splitlines())
        self.update(Content("\n".join(lines)))
