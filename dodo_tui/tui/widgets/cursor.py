"""A zone with a cursor on one of several items: kept by id, never lost, never out of view."""

from __future__ import annotations

from typing import Unpack

from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.node import NodeOptions


class CursorZone(Zone):
    """The cursor of rows, lists and strips.

    A subclass says how many items there are (`item_count`), their ids (`item_id`), which of them
    may be under the cursor (`holds`), and what to tell when it moved (`highlight`). Items that
    scroll say how many are in view (`items_in_view`); 0 means all are.
    """

    def __init__(self, **node: Unpack[NodeOptions]) -> None:
        super().__init__(**node)
        self._index = 0
        self._first = 0
        """The first item in view."""

    # What a subclass says

    @property
    def item_count(self) -> int:
        """How many items there are."""
        return 0

    def item_id(self, index: int) -> str:  # noqa: ARG002 - a zone without items
        """What the cursor holds on to."""
        return ""

    def holds(self, index: int) -> bool:  # noqa: ARG002 - most items are alike
        """Whether the cursor may stand on an item."""
        return True

    @property
    def items_in_view(self) -> int:
        """How many whole items are seen at a time; 0 where nothing scrolls."""
        return 0

    def highlight(self) -> None:
        """Say which item is under the cursor now."""

    # Where it is

    @property
    def is_empty(self) -> bool:
        """Whether there is no item for the cursor."""
        return self.next_item(-1, 1) is None

    @property
    def index(self) -> int:
        """The place of the cursor, from 0."""
        return self._index

    @property
    def at_start(self) -> bool:
        """Whether the cursor is on the first item."""
        return self._index == (self.next_item(-1, 1) or 0)

    def next_item(self, start: int, step: int) -> int | None:
        """The next item that can hold the cursor; `start` is not looked at itself."""
        index, count = start + step, self.item_count
        while 0 <= index < count:
            if self.holds(index):
                return index
            index += step
        return None

    def nearest_item(self, index: int) -> int:
        """The item at a place or after it that can hold the cursor, else the one before it."""
        found = self.next_item(index - 1, 1)
        if found is None:
            found = self.next_item(index, -1)
        return found or 0

    # Moving it

    def step(self, by: int) -> bool:
        """Move by one item; False at the edge."""
        index = self.next_item(self._index, by)
        if index is None:
            return False
        self.set_index(index)
        return True

    def go_to(self, item_id: str) -> bool:
        """Put the cursor on an item; False if there is none with this id, or it cannot."""
        for index in range(self.item_count):
            if self.item_id(index) == item_id and self.holds(index):
                self.set_index(index)
                return True
        return False

    def to_start(self) -> bool:
        """Go to the first item."""
        if self.at_start:
            return False
        self.set_index(self.next_item(-1, 1) or 0)
        return True

    def to_end(self) -> None:
        """Go to the last item."""
        if (index := self.next_item(self.item_count, -1)) is not None:
            self.set_index(index)

    def set_index(self, index: int) -> None:
        """Go to an item by its place."""
        if index == self._index:
            return
        self._index = index
        self.keep_in_view()
        self.refresh()
        self.announce()

    def announce(self) -> None:
        """Tell the parent and the screen what is under the cursor."""
        self.highlight()
        self.moved()

    def keep_in_view(self) -> None:
        """Scroll no further than needed, and never past the last item."""
        in_view = self.items_in_view
        if not in_view:
            return
        first = min(max(self._first, self._index - in_view + 1), self._index)
        self._first = max(min(first, self.item_count - in_view), 0)

    def items_replaced(self, old_id: str | None, *, stay: bool = True) -> None:
        """Other items have come: keep the cursor with its item, and that where it was drawn.

        `old_id` is the item that was under the cursor; None if there was none. `stay` is False
        for a cursor nobody has moved yet: what is new at the front is seen.
        """
        slot = self._index - self._first
        index = None
        if old_id is not None and stay:
            index = next(
                (i for i in range(self.item_count) if self.item_id(i) == old_id and self.holds(i)),
                None,
            )
        if index is None:
            near = 0 if old_id is None or not stay else self._index
            index = self.nearest_item(min(near, max(self.item_count - 1, 0)))
        self._index = index
        self._first = max(index - slot, 0)
        self.keep_in_view()
        if (old_id is None) != self.is_empty:
            self.items_changed()
        if self.has_focus:
            self.announce()
