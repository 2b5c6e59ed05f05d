"""The guide at the bottom of every screen of the tour."""

from __future__ import annotations

from textual.app import App, ComposeResult

from dodo_tui.demo.app import Guide
from dodo_tui.tui.widgets.button_row import ButtonRow
from dodo_tui.tui.widgets.words import Words


class _Stage(App[None]):
    """An app with a guide alone, which is not one of the tour's and asks for nothing."""

    def __init__(self, guide: Guide) -> None:
        super().__init__()
        self._guide = guide

    def compose(self) -> ComposeResult:
        """The guide."""
        yield self._guide

    def guide(self, guide: Guide) -> None:
        """Leave it as it is."""


async def test_a_guide_is_told_before_its_screen_is_there_and_after() -> None:
    """The tour looks around twice a second, also between a screen and its first line."""
    guide = Guide()
    guide.say("Press OK.", offline=True)
    async with _Stage(guide).run_test() as pilot:
        await pilot.pause()
        assert guide.query_one(Words).text == "Press OK."
        assert guide.query_one(ButtonRow).labels[0].text == "Go online"
        await guide.remove()
        guide.say("Done.", offline=False)
