"""A title: what it is, where one stands in it, and its episodes season by season."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from dodo_tui.domain.cards import Card, CardState, TitlePage
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.title_questions import ask_rating
from dodo_tui.tui.title_view import (
    buttons,
    episode_rows,
    facts,
    header,
    main_card,
    overview,
    season_to_show,
    seasons,
)
from dodo_tui.tui.widgets.button_row import ButtonRow
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.paragraph import Paragraph
from dodo_tui.tui.widgets.poster import Poster
from dodo_tui.tui.widgets.tabs import Tabs
from dodo_tui.tui.widgets.words import Words

_OVERVIEW_LINES = 2


class TitleScreen(DodoScreen):
    """Everything about one title."""

    DEFAULT_ZONE = "#actions"

    def __init__(self, media_id: str) -> None:
        super().__init__()
        self.media_id = media_id
        self._page: TitlePage | None = None

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered; side by side where there is room."""
        if self.dodo.gallery is not None:
            yield Poster(self.dodo.title_picture)
        yield Headline(id="name")
        with Container(id="columns"):
            with Vertical(id="about"):
                yield Paragraph(_OVERVIEW_LINES, id="overview")
                yield Words(id="facts", classes="-quiet")
                yield ButtonRow(ok_hint="choose", id="actions")
            with Vertical(id="episodes"):
                yield Tabs(ok_hint="to the episodes", id="seasons")
                yield MenuList(ok_hint="play", menu_hint="more", of_things=True)
        yield Foot()

    def on_mount(self) -> None:
        """Read the title now and whenever the database changes; learn what is missing of it."""
        self.query_one("#overview").display = False
        self.query_one("#episodes").display = False
        self.watch(self.dodo, "revision", self._read)
        self.dodo.look_up(self.media_id)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        page = await self.dodo.read_title(self.media_id)
        if page is None:
            self._page = None
            self.query_one("#facts", Words).text = "This title is not known any more."
            self.query_one("#actions", ButtonRow).labels = ()
            self.query_one("#episodes").display = False
            return
        is_first = self._page is None
        self._page = page
        self.media_id = page.card.media_id
        self.query_one("#name", Headline).text = header(page)
        about = self.query_one("#overview", Paragraph)
        about.text = overview(page)
        about.display = bool(about.text)
        self.query_one("#facts", Words).text = "\n".join(facts(page, self.now))
        if (poster := self.query_one_optional(Poster)) is not None:
            poster.subject = (page.card.media_id, page.card.title)
        actions = self.query_one("#actions", ButtonRow)
        actions.about = self.query_one("#seasons", Tabs).about = page.card.title
        actions.labels = buttons(page, self.now)
        self._fill_episodes(page, is_first)

    def _fill_episodes(self, page: TitlePage, is_first: bool) -> None:
        self.query_one("#episodes").display = bool(page.episodes)
        tabs = self.query_one("#seasons", Tabs)
        tabs.labels = seasons(page)
        if is_first or not tabs.current:
            tabs.show(season_to_show(page, self.now))
        self._show_season(page, tabs.current)
        card = main_card(page, self.now)
        if is_first and card is not None:
            self.query_one(MenuList).go_to(card.key)

    def _show_season(self, page: TitlePage, season: str) -> None:
        self.query_one(MenuList).rows = episode_rows(page, season, self.now)

    def on_tabs_changed(self, message: Tabs.Changed) -> None:
        """Show another season."""
        message.stop()
        if self._page is not None:
            self._show_season(self._page, message.label.id)

    def on_tabs_chosen(self, message: Tabs.Chosen) -> None:
        """OK goes on to what is shown."""
        message.stop()
        menu = self.query_one(MenuList)
        if not menu.is_empty:
            self.focus_zone(menu)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Play it, mark it, or show what else can be done."""
        message.stop()
        if self._page is None or (card := main_card(self._page, self.now)) is None:
            return
        match message.label.id:
            case "play":
                self.dodo.play(card.key)
            case "from_start":
                self.dodo.play(card.key, from_start=True)
            case "mark":
                self.dodo.mark(card.key, watched=card.state is not CardState.WATCHED)
            case "accept":
                self.run_worker(self._accept(), group="accept", exit_on_error=False)
            case "rate":
                ask_rating(self.dodo, self._page)
            case "more":
                self.dodo.show_card_menu(self._page.card, self._page)

    @property
    def title_in_focus(self) -> str:
        """None: all about the title has been read already."""
        return ""

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of the buttons, what is under More, too; of an episode, what its menu offers."""
        page = self._page
        if page is None:
            return
        from dodo_tui.tui.screens.card_menu import card_deeds, do_with_card, more_rows

        if isinstance(zone, MenuList):
            row = zone.row if zone.is_in_focus else None
            if row is not None and (card := self._card_of(row)) is not None:
                yield from card_deeds(self.dodo, card, page, has_details=False)
            return
        card = main_card(page, self.now) if zone.id == "actions" else None
        own = {} if card is None else {deed.id: deed for deed in card_deeds(self.dodo, card, page)}
        for deed in super().deeds_in(zone, page):
            deed_id = deed.id
            if deed_id == "mark":  # one button, so that the focus stays on it
                deed_id = "watched" if "watched" in own else "unwatched"
            yield own.get(deed_id, deed)  # of its episode, called as where that is in focus
        if zone.id == "actions":
            for more in more_rows(page):
                do = partial(do_with_card, self.dodo, page.card, more.id)
                yield Deed(more.id, more.text, do, page.card.title)

    def follow(self, media_id: str) -> None:
        """The title turned out to be another: show that."""
        self.media_id = media_id
        self._read()

    async def _accept(self) -> None:
        """The user says what it is: from now on the title has its real id."""
        self.media_id = await self.dodo.accept_candidate(self.media_id)
        await self._fill()

    def _card_of(self, row: MenuRow) -> Card | None:
        episodes = self._page.episodes if self._page else ()
        return next((e.card for e in episodes if e.card.key == row.id), None)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Play an episode, or say what else can be done with it."""
        message.stop()
        card = self._card_of(message.row)
        if card is not None and card.playable:
            self.dodo.play(card.key)
        elif card is not None:
            self.dodo.show_card_menu(card, has_details=False)

    def on_menu_list_menu_wanted(self, message: MenuList.MenuWanted) -> None:
        """Everything that can be done with an episode."""
        message.stop()
        if (card := self._card_of(message.row)) is not None:
            self.dodo.show_card_menu(card, has_details=False)
