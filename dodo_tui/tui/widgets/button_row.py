"""Actions side by side, as one zone."""

from __future__ import annotations

from textual.geometry import Size
from textual.strip import Strip

from dodo_tui.tui.look import look_of
from dodo_tui.tui.widgets.label_strip import Label, LabelStrip
from dodo_tui.tui.widgets.paint import paint

Button = Label
"""An action: an id, a text of a few words, and whether it can be chosen now."""


class ButtonRow(LabelStrip):
    """`[ Resume S2 E3 at 18:02 ]  From start   Mark watched`. Posts `ButtonRow.Chosen`."""

    class Chosen(LabelStrip.Chosen):
        """OK was pressed on a button."""

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """All buttons, for a row with `width: auto`."""
        columns = self._columns(look_of(self))
        return columns[-1][1] if columns else 0

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        if y:
            return paint(self, [], width)
        return paint(self, self._labels_line(width, look_of(self)), width)
