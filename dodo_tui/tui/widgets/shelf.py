"""A row of cards under a header: one widget, however many cards there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import GLYPHS, Look, fit, is_desk, look_of, shown
from dodo_tui.tui.widgets.card_view import (
    GAP,
    LIST_BELOW,
    CardView,
    card_height,
    card_lines,
    card_row,
    card_view,
    card_width,
    picture_size,
)
from dodo_tui.tui.widgets.cursor import CursorZone
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
_LIST_ROWS = 4
"""How many rows a shelf has at most where it is a list."""

_Manner = tuple[int, int, Look, Style]
"""How cards are drawn: width, height, look, ground."""

Picture = Callable[[Card, int, int], Sequence[Line]]
"""The lines of a card's picture for so many columns and rows; none where there is no picture.

A picture that comes later is shown after `Shelf.draw_anew`.
"""


class Shelf(CursorZone):
    """A title, a status at the right, and cards that scroll by whole ones.

    Only the cards in view are drawn. The cursor stays with its card, by key, when the cards
    change. Without cards the shelf says one quiet sentence and focus skips it. Where `status_hint`
    says what OK does on the status, Up leads from the cards to it. On a screen too narrow for cards
    the shelf is a short list.
    """

    cards: reactive[tuple[Card, ...]] = reactive((), init=False, layout=False)
    """The cards, each with a key of its own."""
    title: reactive[str] = reactive("", init=False)
    status: reactive[tuple[str, Tone]] = reactive(("", Tone.QUIET), init=False)
    """Words at the right of the header, and how they are coloured."""
    status_hint: reactive[str] = reactive("", init=False)
    """What OK does on the status; empty where it cannot be chosen."""
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

    class StatusChosen(Message):
        """OK was pressed on the status."""

        def __init__(self, shelf: Shelf) -> None:
            super().__init__()
            self.shelf = shelf

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
        picture: Picture | None = None,
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
        self._card_hints = (ok_hint, menu_hint)
        self._describe = describe
        self._picture = picture
        self._visited = False
        self._on_status = False

    # What is in it

    @property
    def item_count(self) -> int:
        """How many cards there are."""
        return len(self.cards)

    def item_id(self, index: int) -> str:
        """A card is known by its key."""
        return self.cards[index].key

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a card nor a status to choose."""
        return not self.cards and not self.status_hint

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        return self.cards[self._index] if self.cards and not self.on_status else None

    @property
    def on_status(self) -> bool:
        """Whether the cursor is on the status in the header."""
        return bool(self.status_hint) and (self._on_status or not self.cards)

    @property
    def ok_hint(self) -> str:  # type: ignore[override]  # what OK does depends on the cursor
        """What OK does here."""
        return self.status_hint if self.on_status else self._card_hints[0]

    @property
    def menu_hint(self) -> str:  # type: ignore[override]
        """What Menu does here."""
        return "" if self.on_status else self._card_hints[1]

    def go_to(self, item_id: str) -> bool:
        """Put the cursor on the card with a key; False if there is none."""
        if not super().go_to(item_id):
            return False
        self._leave_status()
        return True

    def watch_cards(self, old: tuple[Card, ...], new: tuple[Card, ...]) -> None:
        """Keep the cursor with its card and the card where it was drawn."""
        self._drawn.clear()
        key = old[self._index].key if old else None
        self.refresh(layout=bool(old) != bool(new) or self.is_list)
        self.items_replaced(key, stay=self._visited)

    def watch_status_hint(self) -> None:
        """The status can be chosen now, or no longer."""
        self.items_changed()

    # Cursor

    @property
    def at_start(self) -> bool:
        """Whether the cursor is on the first card, or on the status above no cards."""
        return self._index == 0 and not (self.on_status and self.cards)

    @property
    def cursor_region(self) -> Region:
        """The card under the cursor, on the screen."""
        if self.on_status:
            return Region(self.region.x, self.region.y, self.region.width, _HEADER)
        slot = self._index - self._first
        if self.is_list:
            return Region(self.region.x, self.region.y + _HEADER + slot, self.region.width, 1)
        width = self._card_width
        x = self.region.x + slot * (width + GAP)
        return Region(x, self.region.y, width, self.region.height)

    def move(self, direction: Direction) -> bool:
        """Left and Right go from card to card; Up to the status, where that can be chosen."""
        if self.on_status:
            return direction is Direction.DOWN and self._leave_status()
        forward = Direction.DOWN if self.is_list else Direction.RIGHT
        if direction is forward:
            return self.step(1)
        if direction is forward.opposite and self.step(-1):
            return True
        if direction is Direction.UP and self.status_hint:
            self._on_status = True
            self.refresh()
            self.moved()
            return True
        return False

    def to_start(self) -> bool:
        """Go to the first card."""
        return self._leave_status() or super().to_start()

    def _leave_status(self) -> bool:
        """Back from the status to the cards; False if the cursor was there."""
        if not self.on_status or not self.cards:
            return False
        self._on_status = False
        self.refresh()
        self.announce()
        return True

    def choose(self) -> None:
        """Post `Chosen`, or `StatusChosen`."""
        if self.on_status:
            self.post_message(self.StatusChosen(self))
        elif (card := self.card) is not None:
            self.post_message(self.Chosen(self, card))

    def deeds(self) -> Iterator[Deed]:
        """What OK does on the status; cards are the screen's."""
        if self.status_hint:
            words = f"{self.status_hint[:1].upper()}{self.status_hint[1:]}?"
            yield Deed("status", words, self._choose_status, self.status[0])

    def _choose_status(self) -> None:
        self.post_message(self.StatusChosen(self))

    def want_menu(self) -> None:
        """Post `MenuWanted`."""
        if (card := self.card) is not None:
            self.post_message(self.MenuWanted(self, card))

    def focus_changed(self) -> None:
        """Redraw, and say which card is in focus."""
        super().focus_changed()
        if self.has_focus:
            self._visited = True
            self.highlight()
        else:
            self._on_status = False

    def on_click(self, event: events.Click) -> None:
        """A click goes to a card; a click on the card in focus is OK."""
        if event.y < _HEADER:
            if self.status_hint:
                self.post_message(self.StatusChosen(self))
            return
        step = event.y - _HEADER if self.is_list else event.x // (self._card_width + GAP)
        index = self._first + step
        if index >= len(self.cards):
            return
        if index == self._index and event.chain > 1:
            self.choose()
        else:
            self.set_index(index)

    def on_resize(self) -> None:
        """Another width has room for another number of cards."""
        self.keep_in_view()
        self.refresh()

    def highlight(self) -> None:
        """Post `Highlighted`."""
        if (card := self.card) is not None:
            self.post_message(self.Highlighted(self, card))

    @property
    def items_in_view(self) -> int:
        """How many whole cards there is room for."""
        if self.is_list:
            return _LIST_ROWS
        return max(1, (self.size.width + GAP) // (self._card_width + GAP))

    def draw_anew(self, *, layout: bool = False) -> None:
        """Draw the cards anew: a picture has come; with `layout` they may be of another size."""
        self._drawn.clear()
        self.refresh(layout=layout)

    # Drawing

    @property
    def is_list(self) -> bool:
        """Whether the screen is too narrow for cards."""
        return self.size.width < LIST_BELOW

    @property
    def _has_pictures(self) -> bool:
        """Whether cards are drawn with pictures in this terminal."""
        return self._picture is not None and getattr(self.app, "gallery", None) is not None

    @property
    def _card_width(self) -> int:
        return card_width(self.size.width, is_desk(self))

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002
        viewport: Size,
        width: int,
    ) -> int:
        """A header and a row of cards, or a header and a sentence."""
        if self.cards and width < LIST_BELOW:
            return _HEADER + min(len(self.cards), _LIST_ROWS)
        if self.cards:
            pictures = self._has_pictures
            return _HEADER + card_height(viewport.height, is_desk(self), pictures)
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
        if self.is_list:
            return self._list_line(self._first + y - _HEADER, width, look)
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
        words, role = shown(words, look), TONE_ROLES[tone]
        left: Line = [(title, Role.STRONG if self.has_focus else Role.QUIET)]
        if self.has_focus and self.on_status:
            words, role = f"{GLYPHS[look].marker} {words}", Role.FOCUS
        elif self.has_focus and len(self.cards) > self.items_in_view:
            left.append((f"  {self._index + 1} of {len(self.cards)}", Role.QUIET))
        return two_columns(left, words, role, width, look)

    def _list_line(self, index: int, width: int, look: Look) -> Strip:
        if index >= len(self.cards):
            return paint(self, [], width)
        line = card_row(self._describe(self.cards[index]), width, look, self._is_lit(index))
        return paint(self, line, width)

    def _is_lit(self, index: int) -> bool:
        return self.has_focus and index == self._index and not self.on_status

    def _segments(self, index: int, manner: _Manner) -> list[list[Segment]]:
        """The lines of a card; a row is drawn line by line, so they are kept for a while."""
        focused = self._is_lit(index)
        segments = self._drawn.get((index, focused))
        if segments is None:
            width, height, look, ground = manner
            card = self.cards[index]
            columns, rows = picture_size(width, height) if self._has_pictures else (0, 0)
            picture = self._picture(card, columns, rows) if self._picture and columns else ()
            lines = card_lines(self._describe(card), width, height, look, focused, picture)
            segments = [segments_of(line, self, ground) for line in lines]
            self._drawn[index, focused] = segments
        return segments

    def notify_style_update(self) -> None:
        """The theme or the style sheets changed."""
        self._drawn.clear()
        super().notify_style_update()
