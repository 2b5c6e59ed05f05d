"""The library: every title on this device or on the watchlist, as one long list."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.cards import Card
from dodo_tui.domain.ids import Kind
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.home import NO_LIBRARY
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words

_KIND_WORDS = {Kind.MOVIE: "film", Kind.SHOW: "show", Kind.ANIME: "anime"}


def _words(card: Card, is_planned: bool) -> str:
    """What a title is, and where it stands: `film, watchlist, not on this device`."""
    words = [_KIND_WORDS[card.kind]]
    words += ["watchlist"] if is_planned else []
    words += [] if card.playable else ["not on this device"]
    return ", ".join(words)


class LibraryScreen(DodoScreen):
    """Every title, by name."""

    NAME = "Library"
    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield self.top_bar("library")
        yield Words(id="count", classes="-quiet")
        yield MenuList(empty_text=NO_LIBRARY)
        yield Foot()

    def on_mount(self) -> None:
        """Read the titles now and whenever the database changes."""
        self.watch(self.dodo, "revision", self._read)
        self.watch(self.dodo, "scan", self._show_scan)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        here = await self.dodo.read_library()
        planned = {card.media_id: card for card in await self.dodo.read_watchlist()}
        cards = (planned | {card.media_id: card for card in here}).values()
        self.query_one(MenuList).rows = tuple(
            MenuRow(
                card.media_id,
                f"{card.title}  {card.year}" if card.year else card.title,
                status=_words(card, card.media_id in planned),
            )
            for card in sorted(cards, key=lambda card: (card.title.casefold(), card.year or 0))
        )
        films = sum(card.kind is Kind.MOVIE for card in cards)
        shows = len(cards) - films
        self._counts = "   ".join(
            f"{count} {word}" if count == 1 else f"{count} {word}s"
            for count, word in ((films, "film"), (shows, "show"))
        )
        self._show_scan()

    _counts = ""

    def _show_scan(self) -> None:
        scan = self.dodo.scan
        words = self._counts
        if scan is not None and scan.running:
            words = f"Looking for files: {scan.files_seen} seen"
        elif scan is not None and scan.problems:
            words = f"{self._counts}   {scan.problems[0]}"
        self.query_one("#count", Words).text = words

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Open a title."""
        message.stop()
        self.dodo.show_title(message.row.id)
