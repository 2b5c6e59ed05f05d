"""The floor of every Textual program: an app with one label."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label

TEXT = "One label and nothing else"


class OneLabel(App[None]):
    """Says one thing."""

    def compose(self) -> ComposeResult:
        """The label."""
        yield Label(TEXT)


if __name__ == "__main__":
    OneLabel().run()
