"""Home: Continue Watching, Up next and the library, as rows of cards."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from dodo_tui.domain.status import ProviderStatus, SyncStatus, Tone
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import look_of
from dodo_tui.tui.nav.screen import Pane
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.words import indicator_text

NO_LIBRARY = "No videos yet. Add a folder:  dodo library add ~/Videos"


class HomeScreen(DodoScreen):
    """Where dodo starts, and where Back leads."""

    NAME = "Home"
    DEFAULT_ZONE = "Shelf"
    LEAVE_HINT = "leave"

    def compose(self) -> ComposeResult:
        """Everything from the state as it is: nothing is painted twice."""
        app = self.dodo
        yield self.top_bar("home")
        with Pane():
            yield Shelf(
                "Continue Watching",
                app.continue_watching,
                "What you begin to watch is kept here.",
                id="continue",
            )
            yield Shelf("Up next", app.up_next, "The next episode of what you watch.", id="next")
            yield Shelf("Watchlist", app.watchlist, ok_hint="open", id="watchlist")
            yield Shelf("Library", app.library, NO_LIBRARY, ok_hint="open", id="library")
        yield Foot()

    def on_mount(self) -> None:
        """Follow the state."""
        app = self.dodo
        self.watch(app, "continue_watching", self._set_continue, init=False)
        self.watch(app, "up_next", self._set_next, init=False)
        self.watch(app, "library", self._set_library, init=False)
        self.watch(app, "watchlist", self._set_watchlist)
        self.watch(app, "providers", self._show_indicator)
        self.watch(app, "sync", self._show_indicator, init=False)

    def go_back(self) -> None:
        """Back at the top of Home asks whether to leave."""
        self.app.call_later(self.app.run_action, "leave")

    def _set_continue(self) -> None:
        self.query_one("#continue", Shelf).cards = self.dodo.continue_watching
        self._stay_with_played()

    def _set_next(self) -> None:
        self.query_one("#next", Shelf).cards = self.dodo.up_next
        self._stay_with_played()

    def _set_watchlist(self) -> None:
        shelf = self.query_one("#watchlist", Shelf)
        shelf.display = bool(self.dodo.watchlist)
        shelf.cards = self.dodo.watchlist

    def _set_library(self) -> None:
        self.query_one("#library", Shelf).cards = self.dodo.library

    # -- the card that was played ----------------------------------------------------------------

    _played: str | None = None

    def note_played(self, key: str) -> None:
        """Remember which card is being played: its viewing may move it to another row."""
        self._played = key

    def on_key(self, event: events.Key) -> None:
        """The user has gone on: nothing pulls the focus about any more."""
        if event.key in set(Direction):
            self._played = None

    def on_screen_resume(self) -> None:
        """Back from playing: stand on the same card."""
        self._stay_with_played()

    def _stay_with_played(self) -> None:
        """Put the focus on the card that was played, if it went to another row."""
        focused = self.focused
        if self._played is None or not isinstance(focused, Shelf) or focused.id == "library":
            return
        for shelf in (focused, *self.query(Shelf)):
            if shelf.go_to(self._played):
                if shelf is not focused:
                    self.focus_zone(shelf)
                return

    def _show_indicator(self) -> None:
        self.query_one("#continue", Shelf).status = self._indicator()

    def _indicator(self) -> tuple[str, Tone]:
        """The first provider that is connected, or Simkl."""
        pairs: list[tuple[ProviderStatus, SyncStatus]] = list(
            zip(self.dodo.providers, self.dodo.sync, strict=False)
        )
        if not pairs:
            return "", Tone.QUIET
        provider, sync = next((pair for pair in pairs if pair[0].connected), pairs[0])
        return indicator_text(provider, sync, self.now, look_of(self))

    def on_shelf_chosen(self, message: Shelf.Chosen) -> None:
        """OK plays; in the library it opens the title."""
        message.stop()
        if message.shelf.id in ("library", "watchlist"):
            self.dodo.show_title(message.card.media_id)
        else:
            self.dodo.open_card(message.card)

    def on_shelf_menu_wanted(self, message: Shelf.MenuWanted) -> None:
        """Menu offers everything else."""
        message.stop()
        self.dodo.show_card_menu(message.card)
