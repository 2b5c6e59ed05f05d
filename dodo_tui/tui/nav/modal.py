"""A screen of zones that asks something on top of another one."""

from __future__ import annotations

from rich.console import RenderableType
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, ScreenResultType

from dodo_tui.tui.nav.dimming import Dimmed
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.stylesheets import OTHER_SCREENS


class NavModal(NavScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen of zones on top of another; the focus stays in it, and Back leaves it at once."""

    CSS_PATH = OTHER_SCREENS
    BACK_CLIMBS = False
    LEAVE_HINT = "cancel"

    def render(self) -> RenderableType:
        """The screen below, darker."""
        below = super().render()
        if isinstance(below, BackgroundScreen):
            return Dimmed(below.screen, below.color)
        return below
