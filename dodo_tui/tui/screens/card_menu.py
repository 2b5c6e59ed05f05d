"""What can be done with a film or an episode, as a small list on top of a screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.cards import Card, CardState, resume_seconds
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.media import episode_label
from dodo_tui.tui.screens.base import DodoModal, Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.words import clock_text


def card_rows(card: Card) -> tuple[MenuRow, ...]:
    """What can be done with a card, the likeliest first."""
    rows = []
    start = resume_seconds(card.position_seconds, card.duration_seconds)
    is_single = card.kind is Kind.MOVIE or card.number is not None
    if card.playable and is_single:
        if card.state is CardState.IN_PROGRESS and start:
            rows.append(MenuRow("play", f"Resume at {clock_text(start)}"))
            rows.append(MenuRow("from_start", "From start"))
        else:
            rows.append(MenuRow("play", "Play"))
    rows.append(MenuRow("details", "Details"))
    if is_single:
        if card.state is CardState.WATCHED:
            rows.append(MenuRow("unwatched", "Mark unwatched"))
        else:
            rows.append(MenuRow("watched", "Mark watched"))
    if card.state in (CardState.IN_PROGRESS, CardState.UP_NEXT):
        rows.append(MenuRow("hide", "Hide until played again"))
    return tuple(rows)


class CardMenu(DodoModal):
    """The list; it does what is chosen and closes."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.card = card

    def compose(self) -> ComposeResult:
        """The title, and what can be done."""
        is_anime = self.card.kind is Kind.ANIME
        label = episode_label(self.card.season, self.card.number, one_season=is_anime)
        with Vertical(classes="panel"):
            yield Headline(f"{self.card.title}  {label}".strip())
            yield MenuList(card_rows(self.card), ok_hint="do it", classes="-short-list")
        yield HintBar()

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Do it."""
        message.stop()
        app, card = self.dodo, self.card
        self.dismiss()
        match message.row.id:
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
