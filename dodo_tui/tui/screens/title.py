"""A title: what it is, where one stands in it, and its episodes."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.cards import (
    Candidate,
    Card,
    CardState,
    EpisodeState,
    TitlePage,
    resume_seconds,
)
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.status import Tone
from dodo_tui.tui.screens.base import DodoScreen, Foot, Headline
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.card_view import card_view
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.poster import Poster
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import ago, clock_text, shortened

_NOT_HERE = "not on this device"


def episode_rows(page: TitlePage) -> tuple[MenuRow, ...]:
    """The episodes under a heading for each season; specials last."""
    rows: list[MenuRow] = []
    season: int | None = None
    for episode in page.episodes:
        card = episode.card
        if card.season != season:
            season = card.season
            heading = "Specials" if season == 0 else f"Season {season}"
            rows.append(MenuRow(f"season:{season}", heading, heading=True))
        status, tone = _episode_status(episode)
        lead = f"E{card.number}"
        rows.append(
            MenuRow(card.key, card.episode_title or f"Episode {card.number}", lead, status, tone)
        )
    return tuple(rows)


def _episode_status(episode: EpisodeState) -> tuple[str, Tone]:
    card = episode.card
    if card.state is CardState.IN_PROGRESS:
        return f"{card_view(card).note} left" if card.duration_seconds else "begun", Tone.BUSY
    if card.waiting:
        return "waiting to send", Tone.WARN
    if episode.watched:
        return "watched", Tone.GOOD
    if not card.playable:
        return _NOT_HERE, Tone.QUIET
    return "", Tone.QUIET


def main_card(page: TitlePage) -> Card | None:
    """What OK on the first button plays: what is unfinished, else what is next, else the first."""
    if page.card.kind is Kind.MOVIE or not page.episodes:
        return page.card
    begun = [e.card for e in page.episodes if e.card.state is CardState.IN_PROGRESS]
    if begun:
        return max(begun, key=lambda card: card.updated_at.timestamp() if card.updated_at else 0)
    watched = [index for index, episode in enumerate(page.episodes) if episode.watched]
    following = page.episodes[watched[-1] + 1 :] if watched else page.episodes
    regular = [episode for episode in following if episode.card.season != 0]
    for episode in regular:
        if not episode.watched:
            return episode.card
    return page.episodes[0].card


def buttons(page: TitlePage) -> tuple[Button, ...]:
    """What can be done with the title as it stands."""
    card = main_card(page)
    if card is None:
        return ()
    label = episode_label(card.season, card.number, one_season=card.kind is Kind.ANIME)
    start = resume_seconds(card.position_seconds, card.duration_seconds)
    found = []
    if card.playable and card.state is CardState.IN_PROGRESS and start:
        found.append(Button("play", f"Resume {label} at {clock_text(start)}".replace("  ", " ")))
        found.append(Button("from_start", "From start"))
    elif card.playable:
        found.append(Button("play", f"Play {label}".strip()))
    if card.state is CardState.WATCHED:
        found.append(Button("mark", "Mark unwatched"))
    else:
        found.append(Button("mark", f"Mark {label} watched".replace("  ", " ")))
    if page.candidate is not None:
        found.append(Button("accept", f"It is {candidate_text(page.candidate)}"))
    found.append(Button("hide", "Hide"))
    return tuple(found)


def candidate_text(candidate: Candidate) -> str:
    """What an unsure title may be: `The Matrix (1999)`."""
    title = shortened(candidate.title)
    return f"{title} ({candidate.year})" if candidate.year else title


class TitleScreen(DodoScreen):
    """Everything about one title."""

    DEFAULT_ZONE = "ButtonRow"

    def __init__(self, media_id: str) -> None:
        super().__init__()
        self.media_id = media_id
        self._page: TitlePage | None = None

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        if self.dodo.gallery is not None:
            yield Poster(self.dodo.title_picture)
        yield Headline(id="name")
        yield Words(id="facts", classes="-quiet")
        yield ButtonRow(ok_hint="choose")
        yield MenuList(ok_hint="play", menu_hint="more")
        yield Foot()

    def on_mount(self) -> None:
        """Read the title now and whenever the database changes."""
        self.watch(self.dodo, "revision", self._read)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        page = await self.dodo.read_title(self.media_id)
        if page is None:
            self.query_one("#facts", Words).text = "This title is not known any more."
            return
        self._page = page
        year = f"  {page.card.year}" if page.card.year else ""
        self.query_one("#name", Headline).text = f"{page.card.title}{year}"
        self.query_one("#facts", Words).text = self._facts(page)
        if (poster := self.query_one_optional(Poster)) is not None:
            poster.subject = (page.card.media_id, page.card.title)
        self.query_one(ButtonRow).labels = buttons(page)
        menu = self.query_one(MenuList)
        menu.rows = episode_rows(page)
        menu.display = bool(page.episodes)

    def _facts(self, page: TitlePage) -> str:
        """One line on where one stands, and how sure the match is."""
        facts = []
        if page.episodes:
            seen = sum(episode.watched for episode in page.episodes)
            facts.append(f"{seen} of {len(page.episodes)} known episodes watched.")
        elif page.card.state is CardState.WATCHED:
            facts.append(f"Watched {ago(page.card.updated_at, self.now)}.")
        elif not page.card.playable:
            facts.append("Not on this device.")
        if page.card.waiting:
            facts.append("Waiting to be sent.")
        if page.candidate is not None:
            facts.append(f"Perhaps {candidate_text(page.candidate)}. It is sent once you say so.")
        elif page.is_local:
            facts.append("Not identified: it plays and is remembered here, and is not sent.")
        return "\n".join(facts)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Play it, or mark it."""
        message.stop()
        if self._page is None or (card := main_card(self._page)) is None:
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
            case "hide":
                self.dodo.hide(card.key)
                self.dismiss()

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
            self.dodo.show_card_menu(card)

    def on_menu_list_menu_wanted(self, message: MenuList.MenuWanted) -> None:
        """Everything that can be done with an episode."""
        message.stop()
        if (card := self._card_of(message.row)) is not None:
            self.dodo.show_card_menu(card)
