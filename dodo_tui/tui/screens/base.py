"""What every screen of dodo has: the app's type, and the top bar's places."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.widgets.top_bar import Tab, TopBar

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

TABS = (
    Tab("home", "Home"),
    Tab("library", "Library"),
    Tab("history", "History"),
    Tab("settings", "Settings"),
)


class DodoScreen(NavScreen[None]):
    """A screen of dodo."""

    LEAVE_HINT = "back"

    @property
    def dodo(self) -> DodoApp:
        """The app, with its type."""
        return cast("DodoApp", self.app)

    def on_mount(self) -> None:
        """Add what the app shows on every screen."""
        for widget in self.dodo.extras():
            self.mount(widget)

    @property
    def now(self) -> datetime:
        """The time, from the app's clock."""
        return self.dodo.clock.now()

    def top_bar(self, current: str) -> TopBar:
        """The bar with the places, this one marked."""
        return TopBar(*TABS, current=current, person=self.dodo.profile.name)

    def on_top_bar_chosen(self, message: TopBar.Chosen) -> None:
        """Go to another place."""
        from dodo_tui.tui.app import PLACES

        message.stop()
        self.dodo.call_later(self.dodo.run_action, PLACES[message.label.id])
