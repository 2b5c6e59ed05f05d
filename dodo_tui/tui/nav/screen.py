"""A screen made of zones: where arrows lead between them, and what Back does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, Unpack

from rich.style import Style
from textual import events
from textual.containers import ScrollableContainer, VerticalScroll
from textual.geometry import Region
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget

from dodo_tui.tui.keys import SCREEN_KEYS, Direction
from dodo_tui.tui.look import Look, look_of
from dodo_tui.tui.nav.spatial import abreast, neighbour
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.hint_bar import Hint, HintBar
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Role

_WIDTHS = [(0, "-xs"), (80, "-sm"), (120, "-md"), (200, "-lg")]
_HEIGHTS = [(0, "-short"), (36, "-tall"), (55, "-xtall")]


class Pane(VerticalScroll, can_focus=False, inherit_bindings=False):
    """A column of zones taller than the screen: it scrolls with the focus and takes no keys."""


class BackStep(StrEnum):
    """What Back would do now."""

    ROW_START = "to start"
    TOP = "to top"
    LEAVE = "leave"


class NavScreen(Screen[ScreenResultType], inherit_bindings=False):
    """A screen of zones that always has one of them in focus.

    Arrows move inside a zone and, at its edge, to the zone that lies there; back again returns
    to where one came from. Zones in the same `Pane` go before others.
    """

    BINDINGS = SCREEN_KEYS  # type: ignore[assignment]  # Textual's list is invariant
    COMPONENT_CLASSES = {role.value for role in Role}  # noqa: RUF012  # typed so in Textual
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    AUTO_FOCUS = ""  # `reassert_focus` does it: it knows zones that fill later

    DEFAULT_ZONE: ClassVar[str] = ""
    """A selector of the zone to start in: the first match that has something in it."""
    LEAVE_HINT: ClassVar[str] = "leave"
    """What Back does at the top, for the hint line."""
    BACK_CLIMBS: ClassVar[bool] = True
    """Whether Back first goes to the row's start and to the top."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """What is in focus. Textual paints the whole screen anew when it moves; zones do it alone."""

    def __init__(self, **node: Unpack[NodeOptions]) -> None:
        self._palettes: dict[Style, Mapping[Role, Style]] = {}  # Textual asks while it makes us
        super().__init__(**node)
        self._came_from: dict[tuple[Widget, Direction], Widget] = {}
        self._untouched = True

    # What a screen of the program fills in

    def go_back(self) -> None:
        """Back at the top of the screen: leave it."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()

    def want_menu(self) -> None:
        """Menu was pressed in a zone that has none of its own."""

    @property
    def menu_hint(self) -> str:
        """What Menu does in a zone that has none of its own; empty where it does nothing."""
        return ""

    def hints(self) -> Sequence[Hint]:
        """What the keys do now, for the hint line."""
        zone = self.focused
        hints = []
        if isinstance(zone, Zone):
            hints += [("OK", zone.ok_hint)] if zone.ok_hint else []
            menu = zone.menu_hint or self.menu_hint
            hints += [("Menu", menu)] if menu else []
        step = self.back_step
        return [*hints, ("Back", self.LEAVE_HINT if step is BackStep.LEAVE else step.value)]

    def cursor_moved(self, zone: Zone) -> None:
        """The cursor moved, or the focus. Extend it to show something about the item there."""
        del zone
        self.update_hints()

    def update_hints(self) -> None:
        """Say anew what the keys do; for a screen whose `hints` depend on more than the cursor."""
        if (line := self.query_one_optional(HintBar)) is not None:
            line.hints = tuple(self.hints())

    # Focus

    @property
    def is_untouched(self) -> bool:
        """Whether no key has been pressed on it yet."""
        return self._untouched

    @property
    def default_zone(self) -> Widget | None:
        """Where focus belongs if nothing else says so."""
        chain = self.focus_chain
        if self.DEFAULT_ZONE:
            wanted = set(self.query(self.DEFAULT_ZONE))
            for widget in chain:
                if widget in wanted:
                    return widget
        for widget in chain:
            if not isinstance(widget, Zone) or widget.LANDING:
                return widget
        return chain[0] if chain else None

    def focus_zone(self, widget: Widget) -> None:
        """Put a zone in focus and in view."""
        self.set_focus(widget, scroll_visible=False)
        self._bring_into_view(widget)

    def reassert_focus(self) -> None:
        """Give the focus to the default zone if nothing has it."""
        if not self.is_attached or not self.app.app_focus:
            return
        focused = self.focused
        if focused is not None and focused.focusable and focused.display:
            return
        if (widget := self.default_zone) is not None:
            self.focus_zone(widget)

    def zones_changed(self) -> None:
        """A zone came, went, filled or emptied; the focus may have to follow.

        Until the first key, it waits for the default zone to fill.
        """
        if self._untouched and self.focused is not None:
            widget = self.default_zone
            if widget is not None and widget is not self.focused:
                self.focus_zone(widget)
        self.reassert_focus()

    def watch_focused(self, focused: Widget | None) -> None:
        """Without a focus the remote is dead: find another as soon as the change is over."""
        if focused is None:
            self.call_next(self.reassert_focus)
        elif not isinstance(focused, Zone):
            self.update_hints()  # a zone tells by itself

    # Moving between zones

    def leave(self, origin: Widget, direction: Direction) -> bool:
        """Go from a zone to the one that lies in a direction; False if there is none."""
        self._untouched = False
        widget = self._beyond(origin, direction)
        if widget is None:
            return False
        self._came_from[widget, direction.opposite] = origin
        self.focus_zone(widget)
        return True

    def _beyond(self, origin: Widget, direction: Direction) -> Widget | None:
        """The zone that lies in a direction: in the same pane, else outside it."""
        pane = _pane_of(origin)
        others = [widget for widget in self.focus_chain if widget is not origin]
        aim = origin.cursor_region if isinstance(origin, Zone) else origin.region
        if pane is not None:
            inside = [widget for widget in others if _pane_of(widget) is pane]
            regions = [widget.region for widget in inside]
            found = self._pick(origin, origin.region, inside, regions, direction, aim)
            if found is not None:
                return found
            others = [widget for widget in others if _pane_of(widget) is not pane]
        start = origin.region if pane is None else origin.region.intersection(pane.region)
        regions = [_seen_region(widget) for widget in others]
        return self._pick(origin, start, others, regions, direction, aim)

    def _pick(
        self,
        origin: Widget,
        start: Region,
        others: list[Widget],
        regions: list[Region],
        direction: Direction,
        aim: Region,
    ) -> Widget | None:
        """Where one came from, if it is among the nearest; else by geometry."""
        back = self._came_from.get((origin, direction))
        if back in others and others.index(back) in abreast(start, regions, direction):
            return back
        index = neighbour(start, regions, direction, aim)
        return None if index is None else others[index]

    def _bring_into_view(self, widget: Widget) -> None:
        """Scroll the pane of a zone so far that the zone can be seen; to its top for the first."""
        pane = _pane_of(widget)
        if pane is None:
            return
        first = next((other for other in self.focus_chain if _pane_of(other) is pane), None)
        if first is widget:
            pane.scroll_to(y=0, animate=False, immediate=True)
        else:
            widget.scroll_visible(animate=False, immediate=True)

    # Back

    @property
    def back_step(self) -> BackStep:
        """What Back would do now."""
        if not self.BACK_CLIMBS:
            return BackStep.LEAVE
        zone = self.focused
        if isinstance(zone, Zone) and not zone.at_start:
            return BackStep.ROW_START
        top = self.default_zone
        if zone is not top or (isinstance(top, Zone) and not top.at_start):
            return BackStep.TOP
        return BackStep.LEAVE

    def action_back(self) -> None:
        """One step up the ladder: row start, top of the screen, the screen before."""
        self._untouched = False
        zone = self.focused
        match self.back_step:
            case BackStep.ROW_START:
                assert isinstance(zone, Zone)
                zone.to_start()
            case BackStep.TOP:
                top = self.default_zone
                if isinstance(top, Zone):
                    top.to_start()
                if top is not None:
                    self.focus_zone(top)
            case BackStep.LEAVE:
                self.go_back()

    def action_go(self, direction: str) -> None:
        """An arrow that the widget in focus did not want (a text field, or no focus at all)."""
        if self.focused is None:
            self.reassert_focus()
        elif not isinstance(self.focused, Zone):
            self.leave(self.focused, Direction(direction))

    # Life

    def palette(self, ground: Style) -> Mapping[Role, Style]:
        """The styles of the roles on a ground, for `paint`."""
        styles = self._palettes.get(ground)
        if styles is None:
            partial = self.get_component_rich_style
            styles = {role: ground + partial(role.value, partial=True) for role in Role}
            self._palettes[ground] = styles
        return styles

    def notify_style_update(self) -> None:
        """The theme or the style sheets changed."""
        self._palettes.clear()
        super().notify_style_update()

    def on_compose(self) -> None:
        """Tell the style sheets what may be drawn, and on how large a screen.

        Textual finds the size out by itself, but only after it has painted: then all is painted
        twice at the start.
        """
        width, height = self.app.size
        look = look_of(self)
        self.update_classes(
            {
                "-console": look is Look.CONSOLE,
                "-ascii": look is Look.ASCII,
                _class_for(width, _WIDTHS): True,
                _class_for(height, _HEIGHTS): True,
            },
            update=False,  # all is styled anew when the screen is shown, before it is painted
        )

    def on_key(self, event: events.Key) -> None:
        """From the first key on, the focus is where the user put it."""
        del event
        self._untouched = False

    async def on_resize(self, event: events.Resize) -> None:
        """Another size may have pushed what is in focus out of its pane.

        A size that was overtaken is passed over, and what follows goes by the app's queue: each
        layout tells a screen of its size once more, and two sizes between which something stands in
        the queue would bring each other back for ever.
        """
        if event.size != self.app.size:
            event.prevent_default()
            return
        self.app.call_after_refresh(self._show_focus)

    def _show_focus(self) -> None:
        if self.is_attached and (focused := self.focused) is not None and focused.is_attached:
            self._bring_into_view(focused)

    def _compositor_refresh(self) -> None:
        """Paint, unless a whole screen lies on top: coming back paints everything.

        Textual would paint that part of the screen on top, and forget what else was to be painted
        there at that moment.
        """
        if self.app.screen is self or self.app.screen.is_modal:
            super()._compositor_refresh()

    def on_screen_resume(self) -> None:
        """Coming back: the zone that had the focus may be gone by now."""
        self.call_next(self.reassert_focus)


def _class_for(cells: int, breakpoints: list[tuple[int, str]]) -> str:
    """The class of the largest breakpoint that is reached."""
    return max((least, name) for least, name in breakpoints if cells >= least)[1]


def _pane_of(widget: Widget) -> ScrollableContainer | None:
    """The innermost scrolling container a widget is in."""
    for node in widget.ancestors:
        if isinstance(node, ScrollableContainer):
            return node
    return None


def _seen_region(widget: Widget) -> Region:
    """The part of a widget that its pane shows."""
    pane = _pane_of(widget)
    return widget.region if pane is None else widget.region.intersection(pane.region)
