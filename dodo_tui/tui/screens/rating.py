"""Rating a title: ten numbers, and a way to take the rating back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from dodo_tui.domain.lists import BEST_RATING, WORST_RATING
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.words import Words

_FIRST_SHOWN = 7
"""Where one stands among the numbers while there is no rating."""

_KEEP = "keep"
_TAKE_BACK = "take_back"


class RatingScreen(DodoModal):
    """Left and Right choose, OK gives.

    A title without a rating opens on "Not now": a second OK, or a key held too long, rates nothing.
    One that has a rating opens on it, and giving it again changes nothing.
    """

    def __init__(self, key: str, title: str, rating: int | None, counting: str = "") -> None:
        """`counting` is who will take the title for watched because it is rated, by name."""
        super().__init__()
        self._key = key
        self._title = title
        self._rating = rating
        self._counting = counting

    def compose(self) -> ComposeResult:
        """The title, the numbers, the way out."""
        numbers = [Button(str(n), str(n)) for n in range(WORST_RATING, BEST_RATING + 1)]
        scale = ButtonRow(*numbers, ok_hint="rate", id="scale")
        scale.go_to(str(self._rating or _FIRST_SHOWN))
        out = Button(_TAKE_BACK, "Take it back") if self._rating else Button(_KEEP, "Not now")
        rated = f"Your rating is {self._rating} of 10." if self._rating else "No rating yet."
        with Vertical(classes="panel"):
            yield Headline(self._title)
            yield Words(rated, classes="-quiet")
            if self._counting:
                words = f"Once rated it counts as watched at {self._counting}, and then here."
                yield Words(words, classes="-quiet")
            yield scale
            yield ButtonRow(out, id="out")
        yield HintBar()

    @property
    def default_zone(self) -> Widget | None:
        """Where nothing is done by mistake."""
        return self.query_one("#scale" if self._rating else "#out")

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Give the rating, or take it back."""
        message.stop()
        app, chosen = self.dodo, message.label.id
        self.dismiss()
        if chosen == _TAKE_BACK:
            app.rate(self._key, None)
        elif chosen != _KEEP and int(chosen) != self._rating:
            app.rate(self._key, int(chosen))
