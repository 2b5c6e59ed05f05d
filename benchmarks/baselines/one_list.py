"""A plain Textual program with a list: what moving a cursor costs at least with stock widgets."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, OptionList

TEXT = "Row 1"
ROWS = 500


class OneList(App[None]):
    """A header, five hundred rows of two lines, a footer."""

    BINDINGS = [("q", "quit", "Leave"), ("r", "refresh", "Sync now")]  # noqa: RUF012 - as Textual types it

    def compose(self) -> ComposeResult:
        """Header, list, footer."""
        yield Header()
        yield OptionList(*(f"Row {number}\n  with a second line" for number in range(1, ROWS + 1)))
        yield Footer()


if __name__ == "__main__":
    OneList().run()
