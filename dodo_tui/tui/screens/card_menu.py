"""What can be done with a film, an episode or a title, as a small list on top of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.cards import (
    Card,
    CardState,
    Obstacle,
    TitlePage,
    is_resumable,
    obstacle,
)
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.lists import status_word
from dodo_tui.tui.commands import PALETTE
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.title_questions import ask_about, ask_forget, ask_list, ask_rating
from dodo_tui.tui.widgets.card_view import place_text
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp


def card_rows(
    card: Card, now: datetime, page: TitlePage | None = None, *, has_details: bool = True
) -> tuple[MenuRow, ...]:
    """What can be done with a card, the likeliest first. `page` tells what the title has so far."""
    rows = []
    if card.playable and card.is_single:
        if is_resumable(card):
            rows.append(MenuRow("play", f"Resume at {place_text(card)}"))
            rows.append(MenuRow("from_start", "From start"))
        else:
            rows.append(MenuRow("play", "Play"))
    if has_details:
        rows.append(MenuRow("details", "Details"))
    if card.is_single and card.state is CardState.WATCHED:
        rows.append(MenuRow("unwatched", "Mark unwatched"))
    elif card.is_single and obstacle(card, now) is not Obstacle.NOT_OUT:
        rows.append(MenuRow("watched", "Mark watched"))
    is_here = card.playable or (page is not None and is_on_device(page))
    return (*rows, *title_rows(page, can_hide=card.state in _SHOWN, is_here=is_here))


_SHOWN = (CardState.IN_PROGRESS, CardState.UP_NEXT)


def title_rows(page: TitlePage | None, *, can_hide: bool, is_here: bool) -> tuple[MenuRow, ...]:
    """What can be done with a title as a whole."""
    rows = []
    if page is not None and page.is_hidden:
        rows.append(MenuRow("unhide", "Show again"))
    elif can_hide:
        rows.append(MenuRow("hide", "Hide until played again"))
    rows.append(MenuRow("rate", rating_text(page)))
    rows.append(MenuRow("list", list_text(page)))
    if page is not None and has_history(page):
        rows.append(MenuRow("forget", "Forget what was watched"))
    if is_here:
        rows.append(MenuRow("review", "Fix match"))
    rows.append(MenuRow("why", "Why?"))
    return tuple(rows)


def rating_text(page: TitlePage | None) -> str:
    """`Rate`, or `Rated 8`."""
    return f"Rated {page.rating}" if page is not None and page.rating else "Rate"


def list_text(page: TitlePage | None) -> str:
    """`List`, or the list it is on: `List: On hold`."""
    return f"List: {status_word(page.status)}" if page is not None and page.status else "List"


def has_history(page: TitlePage) -> bool:
    """Whether something of a title was watched or begun."""
    cards = (page.card, *(episode.card for episode in page.episodes))
    seen = (CardState.IN_PROGRESS, CardState.WATCHED)
    return any(card.state in seen for card in cards)


def is_on_device(page: TitlePage) -> bool:
    """Whether a file of a title is here."""
    return any(card.playable for card in (page.card, *(each.card for each in page.episodes)))


def can_be_on_home(page: TitlePage) -> bool:
    """Whether a title may be in Continue Watching or Up next: a film only while it is begun."""
    if page.card.kind is Kind.MOVIE:
        return page.card.state is CardState.IN_PROGRESS
    return has_history(page)


def more_rows(page: TitlePage) -> tuple[MenuRow, ...]:
    """What can be done with a title beyond what the buttons of its screen offer."""
    return title_rows(page, can_hide=can_be_on_home(page), is_here=is_on_device(page))


class CardMenu(DodoModal):
    """The list; it does what is chosen and closes."""

    def __init__(
        self, card: Card, page: TitlePage | None = None, *, has_details: bool = True
    ) -> None:
        """`page`: opened on the title's own screen; what that offers itself is left out."""
        super().__init__()
        self._has_details = has_details
        self.card = card
        self._is_about_title = page is not None
        self._page = page

    def compose(self) -> ComposeResult:
        """The title, and what can be done."""
        with Vertical(classes="panel"):
            yield Headline(card_name(self.card))
            yield MenuList(self._rows(), ok_hint="do it", classes="-short-list")
        yield HintBar()

    def on_mount(self) -> None:
        """Learn what the title has so far; what can be done meanwhile stays where it is."""
        if self._page is None:
            self.refill(self._fill)

    async def _fill(self) -> None:
        self._page = await self.dodo.read_title(self.card.media_id)
        self.query_one(MenuList).rows = self._rows()

    def _rows(self) -> tuple[MenuRow, ...]:
        return (*self._own_rows(), MenuRow(PALETTE.id, PALETTE.name))

    def _own_rows(self) -> tuple[MenuRow, ...]:
        if self._is_about_title and self._page is not None:
            return more_rows(self._page)
        now = self.dodo.clock.now()
        return card_rows(self.card, now, self._page, has_details=self._has_details)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Do it."""
        message.stop()
        app = self.dodo
        self.dismiss()
        if message.row.id == PALETTE.id:
            app.carry_out(Deed(PALETTE.id, PALETTE.name, app.action_command_palette))
        else:
            do_with_card(app, self.card, message.row.id)


def do_with_card(app: DodoApp, card: Card, row_id: str) -> None:
    """Do what a row of `card_rows` says."""
    match row_id:
        case "play":
            app.play(card.key)
        case "from_start":
            app.play(card.key, from_start=True)
        case "details":
            app.show_title(card.media_id)
        case "watched":
            app.mark(card.key, watched=True)
        case "unwatched":
            app.mark(card.key, watched=False)
        case "hide":
            app.hide(card.key)
        case "unhide":
            app.unhide(card.key)
        case "rate":
            ask_about(app, card.media_id, ask_rating)
        case "list":
            ask_about(app, card.media_id, ask_list)
        case "forget":
            ask_forget(app, card.media_id)
        case "review":
            app.run_worker(app.fix_match(card.key), group="fix", exit_on_error=False)
        case "why":
            app.show_why(card.key)


_OF_EPISODE = ("play", "from_start", "watched", "unwatched", "why")
"""What is done with an episode, and not with its title."""


def card_name(card: Card) -> str:
    """`Severance  S2 E3`."""
    return f"{card.title}  {card.label}".strip()


def card_deeds(
    app: DodoApp, card: Card, page: TitlePage | None, *, has_details: bool = True
) -> Iterator[Deed]:
    """What the menu of a card offers, for the palette."""
    for row in card_rows(card, app.clock.now(), page, has_details=has_details):
        about = card_name(card) if row.id in _OF_EPISODE else card.title
        yield Deed(row.id, row.text, partial(do_with_card, app, card, row.id), about)


def title_deeds(app: DodoApp, media_id: str, title: str, page: TitlePage | None) -> Iterator[Deed]:
    """What can be done with a title that a list names: before it was read, that is to open it."""
    from dodo_tui.tui.title_view import main_card

    if page is None:
        yield Deed("details", "Details", partial(app.show_title, media_id), title)
        return
    card, now = page.card, app.clock.now()
    episode = main_card(page, now)
    of_episode: list[Deed] = []
    if episode is not None and episode is not card:
        of_episode = [
            Deed(row.id, row.text, partial(do_with_card, app, episode, row.id), card_name(episode))
            for row in card_rows(episode, now, page)
            if row.id in _OF_EPISODE
        ]
    yield from (deed for deed in of_episode if deed.id != "why")
    yield from card_deeds(app, card, page)
    # A letter does the first that is called so, and the title is what is in focus.
    yield from (deed for deed in of_episode if deed.id == "why")
