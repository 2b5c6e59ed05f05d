"""Labels side by side, one of them under a cursor: the base of buttons and tabs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Unpack

from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, Look, look_of, shown
from dodo_tui.tui.widgets.cursor import CursorZone
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role

_PAD = 2


class Label(NamedTuple):
    """One of the labels. `id` is what the cursor holds on to."""

    id: str
    text: str
    enabled: bool = True
    """Whether it can be chosen; the cursor passes over what cannot."""
    hint: str = ""
    """What OK does on it, where that is not what it does on the others."""
    is_menu: bool = False
    """Whether it only opens a list of what else can be done: the palette has that itself."""


class LabelStrip(CursorZone):
    """A zone of labels in one line. The one in focus stands in brackets, so that none moves."""

    labels: reactive[tuple[Label, ...]] = reactive((), init=False)

    class Chosen(Message):
        """OK was pressed on a label."""

        def __init__(self, strip: LabelStrip, label: Label) -> None:
            super().__init__()
            self.strip = strip
            self.label = label

        @property
        def control(self) -> LabelStrip:
            """The zone, for `@on` selectors."""
            return self.strip

    def __init__(
        self,
        *labels: Label,
        ok_hint: str = "choose",
        about: str = "",
        **node: Unpack[NodeOptions],
    ) -> None:
        """`about` is what the labels are about, where they do not say it themselves."""
        super().__init__(**node)
        self.set_reactive(LabelStrip.labels, labels)
        self._ok_hint = ok_hint
        self.about = about
        self._index = self.nearest_item(0)

    @property
    def ok_hint(self) -> str:  # type: ignore[override]  # what OK does depends on the cursor
        """What OK does on the label under the cursor."""
        return (self.label.hint if self.label is not None else "") or self._ok_hint

    @property
    def item_count(self) -> int:
        """How many labels there are."""
        return len(self.labels)

    def item_id(self, index: int) -> str:
        """A label is known by its id."""
        return self.labels[index].id

    def holds(self, index: int) -> bool:
        """The cursor passes over what cannot be chosen."""
        return self.labels[index].enabled

    @property
    def label(self) -> Label | None:
        """The label under the cursor."""
        return None if self.is_empty else self.labels[self._index]

    def watch_labels(self, old: tuple[Label, ...], new: tuple[Label, ...]) -> None:
        """Keep the cursor with its label."""
        del new
        was_empty = not any(label.enabled for label in old)
        self.items_replaced(None if was_empty else old[self._index].id)
        self.refresh(layout=True)

    @property
    def cursor_region(self) -> Region:
        """The label under the cursor, on the screen."""
        start, end = self._columns(look_of(self))[self._index]
        return Region(self.region.x + start, self.region.y, end - start, 1)

    def move(self, direction: Direction) -> bool:
        """Left and Right go from label to label."""
        return not direction.is_vertical and self.step(-1 if direction is Direction.LEFT else 1)

    def choose(self) -> None:
        """Post `Chosen`."""
        if (label := self.label) is not None:
            self.post_message(self.Chosen(self, label))

    def deeds(self) -> Iterator[Deed]:
        """Every label that can be chosen."""
        for label in self.labels:
            if label.enabled and not label.is_menu:
                yield Deed(label.id, label.text, partial(self._choose_named, label.id), self.about)

    def _choose_named(self, label_id: str) -> None:
        """Choose it as it is by now, if there still is such a one."""
        for label in self.labels:
            if label.id == label_id and label.enabled:
                self.post_message(self.Chosen(self, label))

    def on_click(self, event: events.Click) -> None:
        """A click chooses a label."""
        for index, (start, end) in enumerate(self._columns(look_of(self))):
            if start <= event.x < end and self.labels[index].enabled:
                self.set_index(index)
                self.choose()

    @property
    def _origin(self) -> int:
        """The column of the first label."""
        return 0

    def _columns(self, look: Look) -> list[tuple[int, int]]:
        """Where each label begins and ends."""
        columns = []
        x = self._origin
        for label in self.labels:
            end = x + cell_len(shown(label.text, look)) + 2 * _PAD
            columns.append((x, end))
            x = end
        return columns

    def _cell(self, index: int, look: Look) -> Line:
        """One label with its brackets or the blanks in their place."""
        label = self.labels[index]
        text = shown(label.text, look)
        if self.has_focus and index == self._index:
            return [("[", Role.ACCENT), (f" {text} ", Role.FOCUS), ("]", Role.ACCENT)]
        return [(f"  {text}  ", self._resting(label) if label.enabled else Role.FAINT)]

    @property
    def _flowing(self) -> int:
        """How many of the labels stand one after the other; the rest has a place of its own."""
        return len(self.labels)

    def _window(self, width: int, look: Look) -> tuple[int, int]:
        """The first label and the one after the last, for the cursor to be in view."""
        columns = self._columns(look)[: self._flowing]
        index = min(self._index, max(len(columns) - 1, 0))
        if columns and columns[-1][1] - columns[0][0] > width:
            width -= 2 * len(GLYPHS[look].ellipsis)
        first = 0
        while first < index and columns[index][1] - columns[first][0] > width:
            first += 1
        last = len(columns)
        while last > index + 1 and columns[last - 1][1] - columns[first][0] > width:
            last -= 1
        return first, last

    def _labels_line(self, width: int, look: Look) -> Line:
        """The labels that have room."""
        first, last = self._window(width, look)
        ellipsis = GLYPHS[look].ellipsis
        line: Line = [(ellipsis, Role.QUIET)] if first else []
        for index in range(first, last):
            line += self._cell(index, look)
        return [*line, (ellipsis, Role.QUIET)] if last < self._flowing else line

    def _resting(self, label: Label) -> Role:
        """The role of a label that is not in focus."""
        del label
        return Role.TEXT
