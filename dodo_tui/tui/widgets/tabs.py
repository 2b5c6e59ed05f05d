"""Parts of a screen side by side, of which one is shown: filters, seasons."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.widgets.button_row import ButtonRow
from dodo_tui.tui.widgets.label_strip import Label, LabelStrip
from dodo_tui.tui.widgets.paint import Role

Tab = Label
"""A part: an id and its name."""


class Tabs(ButtonRow):
    """`Season 1   [ Season 2 ]   Specials`. The one under the cursor is shown: no OK is needed.

    Posts `Tabs.Changed` whenever another one is. Without the focus the one that is shown is bold.
    """

    class Changed(LabelStrip.Chosen):
        """Another part is to be shown."""

    class Chosen(LabelStrip.Chosen):
        """OK: on to what is shown."""

    @property
    def current(self) -> str:
        """The id of what is shown; empty where there is nothing."""
        label = self.label
        return label.id if label is not None else ""

    def highlight(self) -> None:
        """Show what is under the cursor, whether it was the user or the data that moved it."""
        if (label := self.label) is not None and label.id != self._shown:
            self._shown = label.id
            self.post_message(self.Changed(self, label))

    _shown = ""

    def show(self, tab_id: str) -> None:
        """Put the cursor on a part without saying so: whoever asks shows it."""
        self._shown = tab_id
        self.go_to(tab_id)

    def deeds(self) -> Iterator[Deed]:
        """Each of the others; a single part needs no choosing."""
        for label in self.labels:
            if label.enabled and label.id != self.current:
                name, show = f"Show {label.text}", partial(self.go_to, label.id)
                yield Deed(label.id, name, show, self.about)

    def allow_focus(self) -> bool:
        """A single part needs no choosing: it is a heading."""
        return super().allow_focus() and self.item_count > 1

    def _resting(self, label: Label) -> Role:
        return Role.STRONG if label.id == self.current else Role.QUIET
