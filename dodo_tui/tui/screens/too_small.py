"""What covers a screen whose window is too small."""

from __future__ import annotations

from textual.strip import Strip

from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import fit, look_of
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import SMALLEST
from dodo_tui.tui.widgets.paint import Role, paint


class TooSmall(Zone):
    """Covers a screen whose window is too small, and holds the focus meanwhile."""

    LANDING = False
    ok_hint = ""

    def move(self, direction: Direction) -> bool:
        """Nothing that cannot be seen is reached."""
        del direction
        return True

    def page(self, direction: Direction) -> bool:
        """Nothing that cannot be seen is reached."""
        return self.move(direction)

    def render_line(self, y: int) -> Strip:
        """One sentence, in as many lines as it takes."""
        width = self.size.width
        texts = ("too small", f"needs {SMALLEST[0]}x{SMALLEST[1]}")
        text = fit(texts[y], width, look_of(self)) if y < len(texts) else ""
        return paint(self, [(text, Role.TEXT if y else Role.STRONG)], width)
