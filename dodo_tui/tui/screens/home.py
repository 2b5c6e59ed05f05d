"""Home: rows of cards, by sections. Another source of cards is another entry in `SECTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget
from textual.worker import Worker

from dodo_tui.domain.cards import Card, TitlePage
from dodo_tui.domain.figures import counted
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.status import Tone
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.home_view import glimpse
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import look_of
from dodo_tui.tui.nav.screen import Pane
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.stylesheets import stylesheet
from dodo_tui.tui.widgets.card_view import CardView, card_view
from dodo_tui.tui.widgets.glance import Glance, Glimpse
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import all_indicators, review_text

NO_LIBRARY = "No videos yet. Add a folder: Settings, Library folders."


class Section(NamedTuple):
    """A row of Home. It follows a reactive of the app whose value is a tuple of cards."""

    id: str
    title: str
    source: str
    """The name of the reactive."""
    plays: bool
    """Whether OK plays a card; else it opens the title."""
    empty_text: str = ""
    """What is said in place of cards; a section without it vanishes when it is empty."""
    status: Callable[[tuple[Card, ...]], str] = lambda _cards: ""
    """Words at the right of the header."""


def kinds_text(cards: tuple[Card, ...]) -> str:
    """`14 films   3 shows`."""
    films = sum(card.kind is Kind.MOVIE for card in cards)
    counts = ((films, "film"), (len(cards) - films, "show"))
    return "   ".join(counted(count, noun) for count, noun in counts if count)


SECTIONS = (
    Section(
        "continue",
        "Continue Watching",
        "continue_watching",
        plays=True,
        empty_text="What you begin to watch is kept here.",
    ),
    Section("next", "Up next", "up_next", plays=True),
    Section("watchlist", "Watchlist", "watchlist", plays=False, status=kinds_text),
    Section(
        "added",
        "Recently added",
        "library",
        plays=False,
        empty_text=NO_LIBRARY,
        status=kinds_text,
    ),
)
"""The rows, from top to bottom."""


class HomeScreen(DodoScreen):
    """Where dodo starts, and where Back leads."""

    CSS_PATH = stylesheet()  # the app has all of it
    NAME = "Home"
    DEFAULT_ZONE = "Shelf"
    LEAVE_HINT = "leave"

    def compose(self) -> ComposeResult:
        """Everything from the state as it is: nothing is painted twice."""
        yield self.top_bar("home")
        with Pane():
            for section in SECTIONS:
                yield self._shelf(section)
            yield Glance()
        yield Words(id="review", classes="-quiet")
        yield Foot()

    def _shelf(self, section: Section) -> Shelf:
        cards = self._cards(section)
        shelf = Shelf(
            section.title,
            cards,
            section.empty_text,
            describe=self._describe,
            picture=self.dodo.card_picture,
            ok_hint="play" if section.plays else "open",
            id=section.id,
        )
        shelf.display = bool(cards or section.empty_text)
        if section is SECTIONS[0]:
            shelf.set_reactive(Shelf.status, self._indicator())
            shelf.set_reactive(Shelf.status_hint, "why" if self.dodo.providers else "")
        else:
            shelf.set_reactive(Shelf.status, (section.status(cards), Tone.QUIET))
        return shelf

    def _describe(self, card: Card) -> CardView:
        return card_view(card, self.now)

    def _cards(self, section: Section) -> tuple[Card, ...]:
        cards: tuple[Card, ...] = getattr(self.dodo, section.source)
        return cards

    def on_mount(self) -> None:
        """Follow the state."""
        for section in SECTIONS:
            self.watch(self.dodo, section.source, self._filler(section), init=False)
        self.watch(self.dodo, "providers", self._show_indicator, init=False)
        self.watch(self.dodo, "sync", self._show_indicator, init=False)
        self.watch(self.dodo, "minute", self._show_indicator, init=False)
        self.watch(self.dodo, "to_review", self._show_review)
        self.watch(self.dodo, "revision", self._glance, init=False)
        self.call_after_refresh(self._glance)

    def _filler(self, section: Section) -> Callable[[], None]:
        """What keeps a row up to date."""

        def fill() -> None:
            cards = self._cards(section)
            shelf = self.query_one(f"#{section.id}", Shelf)
            was_bare = not any(each.cards for each in self.query(Shelf))
            shelf.display = bool(cards or section.empty_text)
            shelf.cards = cards
            if section is not SECTIONS[0]:
                shelf.status = (section.status(cards), Tone.QUIET)
            if was_bare and cards and isinstance(self.focused, Shelf):
                self.begin_anew()  # nobody chose to stand on the indicator: there was nothing else
            self._stay_with_played()

        return fill

    @property
    def default_zone(self) -> Widget | None:
        """The first row that has cards; the indicator only where there are none at all."""
        shelves = self.walk_children(Shelf)
        filled = (each for each in shelves if each.cards and each.display and each.focusable)
        return next(filled, None) or super().default_zone

    def _show_review(self) -> None:
        """A quiet line on files that wait for the user's word."""
        line = self.query_one("#review", Words)
        count = self.dodo.to_review
        line.display = bool(count)
        line.text = f"{review_text(count)}: Settings, Review" if count else ""

    def begin_anew(self) -> None:
        """Stand at the start of everything, as after the start."""
        for shelf in self.query(Shelf):
            shelf.to_start()
        if (top := self.default_zone) is not None:
            self.focus_zone(top)

    def go_back(self) -> None:
        """Back at the top of Home asks whether to leave."""
        self.app.call_later(self.app.run_action, "leave")

    # -- what is said about the card in focus ----------------------------------------------------

    def cursor_moved(self, zone: Zone) -> None:
        """Another card is in focus: say what it is about, all at once, as soon as that is read."""
        super().cursor_moved(zone)
        self._glance()

    async def on_resize(self, event: events.Resize) -> None:
        """There may be room now."""
        del event
        self.call_after_refresh(self._glance)

    def _glance(self) -> None:
        if self.query_one(Glance).has_room:
            _worker: Worker[None] = self.run_worker(
                self._read_about, group="glance", exclusive=True, exit_on_error=False
            )

    async def _read_about(self) -> None:
        zone = self.focused
        card = zone.card if isinstance(zone, Shelf) else None
        said = Glimpse()
        if card is not None:
            said = glimpse(card, await self.dodo.read_about(card.media_id), self.now)
        self.query_one(Glance).glimpse = said

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
        if self._played is None or not isinstance(focused, Shelf) or not self._plays(focused):
            return
        for shelf in (focused, *self.query(Shelf)):
            if shelf.go_to(self._played):
                if shelf is not focused:
                    self.focus_zone(shelf)
                return

    @staticmethod
    def _plays(shelf: Shelf) -> bool:
        return any(section.plays for section in SECTIONS if section.id == shelf.id)

    def _show_indicator(self) -> None:
        shelf = self.query_one(f"#{SECTIONS[0].id}", Shelf)
        shelf.status = self._indicator()
        shelf.status_hint = "why" if self.dodo.providers else ""

    def _indicator(self) -> tuple[str, Tone]:
        """Every provider that is connected, else that can be."""
        pairs = tuple(zip(self.dodo.providers, self.dodo.sync, strict=False))
        return all_indicators(pairs, self.now, look_of(self))

    # -- what the palette lists ------------------------------------------------------------------

    @property
    def _card(self) -> Card | None:
        """The card in focus."""
        zone = self.focused
        return zone.card if isinstance(zone, Shelf) and not zone.on_status else None

    @property
    def title_in_focus(self) -> str:
        """The card's."""
        return self._card.media_id if self._card is not None else ""

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of the card in focus, what its menu offers."""
        if zone.is_in_focus and (card := self._card) is not None:
            from dodo_tui.tui.screens.card_menu import card_deeds

            yield from card_deeds(self.dodo, card, page)
        yield from super().deeds_in(zone, page)

    # -- what is chosen --------------------------------------------------------------------------

    def on_shelf_chosen(self, message: Shelf.Chosen) -> None:
        """OK plays what is to be watched now; elsewhere it opens the title."""
        message.stop()
        if self._plays(message.shelf):
            self.dodo.open_card(message.card)
        else:
            self.dodo.show_title(message.card.media_id)

    def on_shelf_status_chosen(self, message: Shelf.StatusChosen) -> None:
        """OK on the indicator tells why it says what it says."""
        message.stop()
        self.dodo.show_sync()

    def on_shelf_menu_wanted(self, message: Shelf.MenuWanted) -> None:
        """Menu offers everything else."""
        message.stop()
        self.dodo.show_card_menu(message.card)
