"""The line at the top: where one is, where one can go, who is watching, and the time."""

from __future__ import annotations

from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.tui.look import look_of, shown
from dodo_tui.tui.widgets.label_strip import Label, LabelStrip
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, two_columns

Tab = Label
"""A place: an id and its name."""

_BRAND = "dodo"
_APART = "    "


class TopBar(LabelStrip):
    """`dodo   Home  Library  History  Settings      Anna   20:41`. Posts `TopBar.Chosen`.

    The time comes from outside: nothing here keeps a timer.
    """

    LANDING = False

    current: reactive[str] = reactive("", init=False)
    """The id of the place that is shown."""
    person: reactive[str] = reactive("", init=False)
    clock: reactive[str] = reactive("", init=False)

    class Chosen(LabelStrip.Chosen):
        """OK was pressed on a place."""

    def __init__(
        self,
        *tabs: Tab,
        current: str = "",
        person: str = "",
        clock: str = "",
        **node: Unpack[NodeOptions],
    ) -> None:
        super().__init__(*tabs, ok_hint="go there", **node)
        self.set_reactive(TopBar.current, current)
        self.set_reactive(TopBar.person, person)
        self.set_reactive(TopBar.clock, clock)
        self.go_to(current)

    @property
    def at_start(self) -> bool:
        """The start is the place that is shown: Back leads there first."""
        label = self.label
        return label is None or label.id == self.current or not self.current

    def to_start(self) -> bool:
        """Go to the place that is shown."""
        return not self.at_start and self.go_to(self.current)

    def watch_current(self, current: str) -> None:
        """The cursor starts at the place that is shown."""
        self.go_to(current)

    def focus_changed(self) -> None:
        """Coming back to the bar starts at the place that is shown."""
        if not self.has_focus and self.is_attached:
            self.go_to(self.current)
        super().focus_changed()

    @property
    def _origin(self) -> int:
        return len(_BRAND) + 2

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        if y:
            return paint(self, [], width)
        look = look_of(self)
        left: Line = [(f"{_BRAND}  ", Role.ACCENT)]
        left += self._labels_line(width - self._origin, look)
        facts = (shown(text, look) for text in (self.person, self.clock) if text)
        return paint(self, two_columns(left, _APART.join(facts), Role.QUIET, width, look), width)

    def _resting(self, label: Label) -> Role:
        return Role.STRONG if label.id == self.current else Role.QUIET
