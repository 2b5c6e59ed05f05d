"""A row of cards under a header: one widget, however many cards there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.domain.cards import Card
from dodo_tui.domain.status import Tone
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import Look, fit, look_of, shown
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.card_view import (
    GAP,
    CardView,
    card_height,
    card_lines,
    card_view,
    card_width,
)
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import (
    TONE_ROLES,
    Line,
    Role,
    ground_of,
    paint,
    segments_of,
    two_columns,
)

_HEADER = 1
_MOST_DRAWN = 60

_Manner = tuple[int, int, Look, Style]
"""How cards are drawn: width, height, look, ground."""


class Shelf(Zone):
    """A title, a status at the right, and cards that scroll by whole ones.

    Only the cards in view are drawn. The cursor stays with its card, by key, when the cards
    change. Without cards the shelf says one quiet sentence and focus skips it.
    """

    cards: reactive[tuple[Card, ...]] = reactive((), init=False, layout=False)
    """The cards, each with a key of its own."""
    title: reactive[str] = reactive("", init=False)
    status: reactive[tuple[str, Tone]] = reactive(("", Tone.QUIET), init=False)
    """Words at the right of the header, and how they are coloured."""
    empty_text: reactive[str] = reactive("", init=False)
    """The sentence shown in place of cards."""

    class OfCard(Message):
        """Something about a card of this shelf."""

        def __init__(self, shelf: Shelf, card: Card) -> None:
            super().__init__()
            self.shelf = shelf
            self.card = card

        @property
        def control(self) -> Shelf:
            """The shelf, for `@on` selectors."""
            return self.shelf

    class Chosen(OfCard):
        """OK was pressed on a card."""

    class MenuWanted(OfCard):
        """Menu was pressed on a card."""

    class Highlighted(OfCard):
        """The cursor came to a card, or the focus to the shelf."""

    def __init__(
        self,
        title: str = "",
        cards: tuple[Card, ...] = (),
        empty_text: str = "",
        describe: Callable[[Card], CardView] = card_view,
        ok_hint: str = "play",
        menu_hint: str = "more",
        **node: Unpack[NodeOptions],
    ) -> None:
        # Textual asks to forget what is drawn while it makes us.
        self._drawn: dict[tuple[int, bool], list[list[Segment]]] = {}
        self._manner: _Manner | None = None
        super().__init__(**node)
        self.set_reactive(Shelf.title, title)
        self.set_reactive(Shelf.cards, cards)
        self.set_reactive(Shelf.empty_text, empty_text)
        self.ok_hint = ok_hint
        self.menu_hint = menu_hint
        self._describe = describe
        self._visited = False
        self._index = 0
        self._first = 0

    # What is in it

    @property
    def is_empty(self) -> bool:
        """Whether there are no cards."""
        return not self.cards

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        return self.cards[self._index] if self.cards else None

    @property
    def index(self) -> int:
        """The place of the cursor, from 0."""
        return self._index

    def go_to(self, key: str) -> bool:
        """Put the cursor on the card with a key; False if there is none."""
        for index, card in enumerate(self.cards):
            if card.key == key:
                self._set_index(index)
                return True
        return False

    def watch_cards(self, old: tuple[Card, ...], new: tuple[Card, ...]) -> None:
        """Keep the cursor with its card and the card where it was drawn."""
        self._drawn.clear()
        slot = self._index - self._first
        key = old[self._index].key if old else None
        index = next((i for i, card in enumerate(new) if card.key == key), None)
        if not self._visited:
            index = 0  # nobody has chosen a card here: what is new at the front is seen
        self._index = min(self._index, max(len(new) - 1, 0)) if index is None else index
        self._first = max(self._index - slot, 0)
        self._keep_in_view()
        self.refresh(layout=bool(old) != bool(new))
        if bool(old) != bool(new):
            self.items_changed()
        if self.has_focus:
            self._announce()

    # Cursor

    @property
    def at_start(self) -> bool:
        """Whether the cursor is on the first card."""
        return self._index == 0

    @property
    def cursor_region(self) -> Region:
        """The card under the cursor, on the screen."""
        width = self._card_width
        x = self.region.x + (self._index - self._first) * (width + GAP)
        return Region(x, self.region.y, width, self.region.height)

    def move(self, direction: Direction) -> bool:
        """Left and Right go from card to card."""
        match direction:
            case Direction.LEFT if self._index > 0:
                self._set_index(self._index - 1)
            case Direction.RIGHT if self._index < len(self.cards) - 1:
                self._set_index(self._index + 1)
            case _:
                return False
        return True

    def to_start(self) -> bool:
        """Go to the first card."""
        if self.at_start:
            return False
        self._set_index(0)
        return True

    def to_end(self) -> None:
        """Go to the last card."""
        self._set_index(max(len(self.cards) - 1, 0))

    def choose(self) -> None:
        """Post `Chosen`."""
        if (card := self.card) is not None:
            self.post_message(self.Chosen(self, card))

    def want_menu(self) -> None:
        """Post `MenuWanted`."""
        if (card := self.card) is not None:
            self.post_message(self.MenuWanted(self, card))

    def focus_changed(self) -> None:
        """Redraw, and say which card is in focus."""
        super().focus_changed()
        if self.has_focus:
            self._visited = True
            self._highlight()

    def on_click(self, event: events.Click) -> None:
        """A click goes to a card; a click on the card in focus is OK."""
        index = self._first + event.x // (self._card_width + GAP)
        if event.y < _HEADER or index >= len(self.cards):
            return
        if index == self._index and event.chain > 1:
            self.choose()
        else:
            self._set_index(index)

    def on_resize(self) -> None:
        """Another width has room for another number of cards."""
        self._keep_in_view()
        self.refresh()

    def _set_index(self, index: int) -> None:
        if index == self._index:
            return
        self._index = index
        self._keep_in_view()
        self.refresh()
        self._announce()

    def _announce(self) -> None:
        self._highlight()
        self.moved()

    def _highlight(self) -> None:
        if (card := self.card) is not None:
            self.post_message(self.Highlighted(self, card))

    def _keep_in_view(self) -> None:
        """Scroll by whole cards, no further than needed, and never past the last."""
        whole = self._whole_cards
        first = min(max(self._first, self._index - whole + 1), self._index)
        self._first = max(min(first, len(self.cards) - whole), 0)

    # Drawing

    @property
    def _card_width(self) -> int:
        return card_width(self.size.width)

    @property
    def _whole_cards(self) -> int:
        return max(1, (self.size.width + GAP) // (self._card_width + GAP))

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002
        viewport: Size,
        width: int,  # noqa: ARG002
    ) -> int:
        """A header and a row of cards, or a header and a sentence."""
        if self.cards:
            return _HEADER + card_height(viewport.height)
        return _HEADER + bool(self.empty_text)

    def render_line(self, y: int) -> Strip:
        """The header, then the cards in view."""
        width = self.size.width
        look = look_of(self)
        if y == 0:
            return paint(self, self._header(width, look), width)
        if not self.cards:
            sentence = fit(shown(self.empty_text, look), width, look) if y == 1 else ""
            return paint(self, [(sentence, Role.QUIET)], width)
        ground = ground_of(self)
        cell = self._card_width
        manner = (cell, self.size.height - _HEADER, look, ground)
        if manner != self._manner or len(self._drawn) > _MOST_DRAWN:
            self._drawn.clear()
            self._manner = manner
        last = min(self._first + width // (cell + GAP) + 1, len(self.cards))
        gap = Segment(" " * GAP, ground)
        segments: list[Segment] = []
        for index in range(self._first, last):
            segments += self._segments(index, manner)[y - _HEADER]
            segments.append(gap)
        drawn = Strip(segments, (last - self._first) * (cell + GAP))
        return drawn.adjust_cell_length(width, ground)

    def _header(self, width: int, look: Look) -> Line:
        title = fit(shown(self.title, look), max(width * 2 // 3, 1), look)
        words, tone = self.status
        left: Line = [(title, Role.STRONG if self.has_focus else Role.QUIET)]
        if self.has_focus and len(self.cards) > self._whole_cards:
            left.append((f"  {self._index + 1} of {len(self.cards)}", Role.QUIET))
        return two_columns(left, shown(words, look), TONE_ROLES[tone], width, look)

    def _segments(self, index: int, manner: _Manner) -> list[list[Segment]]:
        """The lines of a card; a row is drawn line by line, so they are kept for a while."""
        focused = self.has_focus and index == self._index
        segments = self._drawn.get((index, focused))
        if segments is None:
            width, height, look, ground = manner
            lines = card_lines(self._describe(self.cards[index]), width, height, look, focused)
            segments = [segments_of(line, self, ground) for line in lines]
            self._drawn[index, focused] = segments
        return segments

    def notify_style_update(self) -> None:
        """The theme or the style sheets changed."""
        self._drawn.clear()
        super().notify_style_update()
