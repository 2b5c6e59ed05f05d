"""What lies on top of a screen of dodo."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from dodo_tui.tui.nav.modal import NavModal

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp


class DodoModal(NavModal[None]):
    """A small screen on top of one of dodo's."""

    @property
    def dodo(self) -> DodoApp:
        """The app, with its type."""
        return cast("DodoApp", self.app)
