"""A zone: one focusable widget that moves a cursor of its own and hands on at its edges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import ZONE_KEYS, Direction

if TYPE_CHECKING:
    from dodo_tui.tui.nav.screen import NavScreen


class Zone(Widget, can_focus=True, can_focus_children=False, inherit_bindings=False):
    """A part of a screen with a cursor inside: a row, a list, some buttons, a switch.

    A subclass says how its cursor moves (`move`), what OK does (`choose`), where its start is
    (`to_start`, `at_start`), whether there is anything in it (`is_empty`), and what of all that
    the palette lists (`deeds`).
    """

    BINDINGS = ZONE_KEYS  # type: ignore[assignment]  # Textual's list is invariant

    LANDING: ClassVar[bool] = True
    """Whether a screen may open with its focus here."""

    ok_hint: str = "open"
    """What OK does here, for the hint line; empty where it does nothing."""
    menu_hint: str = ""
    """What Menu does here; empty where it does nothing."""

    class Leave(Message):
        """An arrow was pressed at an edge of the zone and nothing lies beyond."""

        def __init__(self, zone: Zone, direction: Direction) -> None:
            super().__init__()
            self.zone = zone
            self.direction = direction

        @property
        def control(self) -> Zone:
            """The zone, for `@on` selectors."""
            return self.zone

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that could be in focus; focus skips it then."""
        return False

    @property
    def at_start(self) -> bool:
        """Whether the cursor is where Back would take it."""
        return True

    @property
    def cursor_region(self) -> Region:
        """The cursor on the screen; what stands below or beside it is where an arrow leads."""
        return self.region

    def move(self, direction: Direction) -> bool:  # noqa: ARG002  # a zone of one item
        """Move the cursor by one; False at the edge."""
        return False

    def choose(self) -> None:
        """Do what OK does on the item under the cursor."""

    def want_menu(self) -> None:
        """Ask for the menu of the item under the cursor."""

    def deeds(self) -> Iterable[Deed]:
        """What OK does on its items, each by name; of things that are alike, the one in focus."""
        return ()

    @property
    def is_in_focus(self) -> bool:
        """Whether it is in focus on its screen, also while something lies on top of that."""
        return self.is_attached and self.screen.focused is self

    def to_start(self) -> bool:
        """Take the cursor to the first item; False if it was there."""
        return False

    def to_end(self) -> None:
        """Take the cursor to the last item."""

    def page(self, direction: Direction) -> bool:  # noqa: ARG002  # most have none
        """Move the cursor by a page; False if the zone has no pages that way."""
        return False

    def allow_focus(self) -> bool:
        """A zone with nothing in it is skipped."""
        return self.can_focus and not self.is_empty

    def focus_changed(self) -> None:
        """Redraw for the focus that came or went, and tell the screen."""
        self.refresh()
        if self.has_focus:
            self.moved()

    def moved(self) -> None:
        """Tell the screen that the cursor moved, so that it can say what the keys do now."""
        if (screen := self._nav_screen) is not None:
            screen.cursor_moved(self)

    def items_changed(self) -> None:
        """Tell the screen that there is something in here now, or no longer."""
        if (screen := self._nav_screen) is not None:
            screen.zones_changed()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the focus, and no more.

        Textual would work out the styles anew (1 ms twice for each move). Zones draw their focus
        themselves: a `:focus` rule in a style sheet has no effect on them.
        """
        del has_focus
        self.focus_changed()

    def on_mount(self) -> None:
        """A screen without a focus may have one now."""
        self.items_changed()

    def action_go(self, direction: str) -> None:
        """Move the cursor, or go on to the next zone."""
        self._go(Direction(direction))

    def action_choose(self) -> None:
        """OK."""
        self.choose()

    def action_menu(self) -> None:
        """Menu: the zone's own, else the screen's if that has one."""
        screen = self._nav_screen
        if self.menu_hint or screen is None or not screen.menu_hint:
            self.want_menu()
        else:
            screen.want_menu()

    def action_jump(self, where: int) -> None:
        """Home and End."""
        if where < 0:
            self.to_start()
        else:
            self.to_end()

    def action_page(self, where: int) -> None:
        """Page up and down: by a page inside, else to the next zone."""
        direction = Direction.UP if where < 0 else Direction.DOWN
        if not self.page(direction):
            self._leave(direction)

    def _go(self, direction: Direction) -> None:
        if not self.move(direction):
            self._leave(direction)

    def _leave(self, direction: Direction) -> None:
        # At once, not by a message: the next key may already be waiting, and is this zone's or
        # the next one's by what happens here.
        screen = self._nav_screen
        if screen is None or not screen.leave(self, direction):
            self.post_message(self.Leave(self, direction))

    @property
    def _nav_screen(self) -> NavScreen[object] | None:
        from dodo_tui.tui.nav.screen import NavScreen  # the screen knows zones, not the reverse

        if not self.is_attached:
            return None
        screen = self.screen
        return screen if isinstance(screen, NavScreen) else None
