"""A screen that lies under a whole one paints nothing, and takes nothing from the one on top."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from dodo_tui.tui.nav.screen import NavScreen


class Painted(Widget):
    """Counts how often its line was painted."""

    DEFAULT_CSS = "Painted { height: 1; width: 20; margin: 0; }"

    def __init__(self, margin_top: int) -> None:
        super().__init__()
        self.styles.margin = (margin_top, 0, 0, 0)
        self.times = 0

    def render_line(self, y: int) -> Strip:
        """Its only line."""
        del y
        self.times += 1
        return Strip.blank(self.size.width)


class Below(NavScreen[None]):
    """Its widget is in the first row."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Painted(0)


class Above(NavScreen[None]):
    """Its widget is further down."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Painted(9)


class Two(App[None]):
    """Two screens, one on top of the other."""


async def test_what_changes_below_is_nothing_to_the_screen_on_top() -> None:
    """It would be painted in part, and what else has changed on it not; coming back paints all."""
    app = Two()
    async with app.run_test(size=(40, 20)) as pilot:
        below_screen, above_screen = Below(), Above()
        for screen in (below_screen, above_screen):
            await app.push_screen(screen)
            await pilot.pause()
        below, above = below_screen.query_one(Painted), above_screen.query_one(Painted)
        above_screen._on_timer_update()  # until nothing is to be painted
        before, under = above.times, below.times
        for screen, widget in ((below_screen, below), (above_screen, above)):
            widget.refresh()
            screen._dirty_widgets.add(widget)
        below_screen._on_timer_update()
        assert not above_screen._repaint_required
        above_screen._on_timer_update()
        assert (above.times, below.times) == (before + 1, under)
        await app.pop_screen()
        await pilot.pause()
        assert below.times > under
