"""One file in review: what it may be, a search for a title, and the ways to say what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from textual.app import ComposeResult

from dodo_tui.domain.cards import Candidate, TitlePage
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.review import (
    Choice,
    Corrected,
    Correction,
    Place,
    Reach,
    ReviewEntry,
    Scope,
    Subject,
    TitleSearch,
)
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.review_questions import PlaceScreen, ScopeScreen
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import shortened

_KIND_WORDS = {Kind.MOVIE: "film", Kind.SHOW: "show", Kind.ANIME: "anime"}
NO_FILE = "imported by its name; no file of it is here"

_LONGEST_START = 30
"""A title longer than this is no help to begin a search with."""

OnDone = Callable[[Corrected], None]
"""Told when something has been settled."""


def titled(title: str, year: int | None) -> str:
    """`The Matrix (1999)`."""
    return f"{shortened(title)} ({year})" if year else shortened(title)


def places_text(places: Sequence[Place]) -> str:
    """`S1 E1`, or `S1 E1, S1 E2` for a file that holds two."""
    return ", ".join(episode_label(place.season, place.number) for place in places)


def thought_of(entry: ReviewEntry) -> str:
    """What dodo takes a file for, in a few words."""
    where = places_text(entry.places)
    if entry.sure:
        name = f"{titled(entry.title, entry.year)} {where}".strip()
        return f"{name}, as you said" if entry.by_user else name
    if entry.by_user:
        return "no film and no episode, as you said"
    if entry.candidates:
        best = entry.candidates[0]
        return f"perhaps {titled(best.title, best.year)} {where}".strip()
    return f"by its name {titled(entry.title, entry.year)} {where}".strip()


def entry_rows(entry: ReviewEntry, found: TitleSearch) -> tuple[MenuRow, ...]:
    """What a file may be, and what else can be said of it."""
    rows: list[MenuRow] = []
    if found.found:
        rows.append(MenuRow("found", f"Found for “{shortened(found.text)}”", heading=True))
        rows += [_candidate_row(f"f{n}", each) for n, each in enumerate(found.found)]
    if entry.candidates:
        rows.append(MenuRow("maybe", "It may be", heading=True))
        rows += [_candidate_row(f"c{n}", each) for n, each in enumerate(entry.candidates)]
    rows.append(MenuRow("else", "Something else", heading=True))
    rows.append(
        MenuRow("search", "Search by title", detail="Write it with the arrows or a keyboard")
    )
    if entry.sure and entry.kind is not Kind.MOVIE:
        rows.append(
            MenuRow("place", "Another episode of it", detail="Its season or number is wrong")
        )
    if entry.by_user:
        rows.append(
            MenuRow("back", "As its name says", detail="What you said of it before is taken back")
        )
    if not (entry.by_user and not entry.sure):
        rows.append(
            MenuRow(
                "never",
                "Not a film or an episode",
                detail="It plays, is never sent, and is not asked about again",
            )
        )
    return tuple(rows)


def _candidate_row(row_id: str, candidate: Candidate) -> MenuRow:
    return MenuRow(
        row_id,
        titled(candidate.title, candidate.year),
        status=_KIND_WORDS[candidate.kind],
        detail=candidate.why[:1].upper() + candidate.why[1:],
    )


class ReviewEntryScreen(DodoScreen):
    """One file: what it may be, a search, and the ways to say so."""

    NAME = "file"
    DEFAULT_ZONE = "MenuList"

    def __init__(self, subject: Subject, on_done: OnDone | None = None) -> None:
        super().__init__()
        self._subject = subject
        self._on_done = on_done
        self._entry: ReviewEntry | None = None
        self._reach: Reach | None = None
        self._searched = False

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield Headline(id="name")
        yield Words(id="facts", classes="-quiet")
        yield Words(id="searching", classes="-busy")
        yield MenuList(two_lines=True, ok_hint="it is this")
        yield Foot()

    def on_mount(self) -> None:
        """Read the file, and follow the database and the search."""
        self._say_searching("")
        self.watch(self.dodo, "revision", self._read)
        self.watch(self.dodo, "title_search", self._follow_search, init=False)

    def cursor_moved(self, zone: Zone) -> None:
        """OK means one thing on a title and another below."""
        if isinstance(zone, MenuList) and zone.row is not None:
            zone.ok_hint = "it is this" if zone.row.id[1:].isdigit() else "choose"
        super().cursor_moved(zone)

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of what it may be, that it is this; everything else is done to the file."""
        entry = self._entry
        if entry is None or not isinstance(zone, MenuList):
            yield from super().deeds_in(zone, page)
            return
        for deed in zone.deeds():
            if deed.id[1:].isdigit():
                do = partial(self._choose, self._candidate_of(deed.id))
                yield Deed(deed.id, "It is this", do, deed.name)
            else:
                yield replace(deed, about=entry.file_name)

    def _say_searching(self, words: str) -> None:
        line = self.query_one("#searching", Words)
        line.text = words
        line.display = bool(words)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        entry = await self.dodo.read_review_entry(self._subject)
        if entry is None:
            self.query_one("#facts", Words).text = "This is not known any more."
            return
        self._entry = entry
        self.query_one("#name", Headline).text = entry.file_name
        where = f"In {entry.folder}" if entry.folder else NO_FILE[:1].upper() + NO_FILE[1:]
        self.query_one("#facts", Words).text = f"{where}\nNow: {thought_of(entry)}"
        self._show_rows()
        if self._reach is None:
            self._reach = await self.dodo.read_reach(self._subject)

    def _show_rows(self) -> None:
        if self._entry is None:
            return
        menu = self.query_one(MenuList)
        found = (self._searched and self.dodo.title_search) or TitleSearch()
        menu.rows = entry_rows(self._entry, found)

    def _follow_search(self, search: TitleSearch) -> None:
        """Say how a search goes; put the cursor on what it found."""
        if not self._searched:
            return
        words = ""
        if search.running:
            words = f"Looking for “{shortened(search.text)}”"
        elif search.trouble is not None:
            words = search.trouble
        elif not search.found:
            words = f"Nothing is called “{shortened(search.text)}”."
        self._say_searching(words)
        self._show_rows()
        if search.found:
            self.query_one(MenuList).go_to("f0")

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Say it, as soon as it is known how far that could reach."""
        message.stop()
        saying = self._say(message.row.id)
        self.run_worker(saying, group="say", exclusive=True, exit_on_error=False)

    async def _say(self, row_id: str) -> None:
        if self._reach is None:
            self._reach = await self.dodo.read_reach(self._subject)
        entry = self._entry
        if entry is None or not self.is_current:
            return
        if row_id == "back":
            self._carry_out(Correction(entry.subject, Scope.FILE, None, takes_back=True))
        elif row_id == "search":
            self._ask_title(entry)
        elif row_id == "never":
            self._ask_scope(None, None, "no film and no episode")
        elif row_id == "place":
            choice = Choice(entry.kind, entry.title, entry.year, Ids(), entry.media_id)
            self._ask_place(choice, entry.places[0] if entry.places else None)
        else:
            self._take(self._candidate_of(row_id))

    def _candidate_of(self, row_id: str) -> Candidate:
        """What a row of `entry_rows` stands for, as long as no other search has come to an end."""
        search = self.dodo.title_search or TitleSearch()
        candidates = self._entry.candidates if self._entry is not None else ()
        return (search.found if row_id[0] == "f" else candidates)[int(row_id[1:])]

    def _choose(self, candidate: Candidate) -> None:
        """It is this, whatever has been found meanwhile."""
        self.run_worker(
            self._say_it_is(candidate), group="say", exclusive=True, exit_on_error=False
        )

    async def _say_it_is(self, candidate: Candidate) -> None:
        if self._reach is None:
            self._reach = await self.dodo.read_reach(self._subject)
        if self.is_current:
            self._take(candidate)

    def _ask_title(self, entry: ReviewEntry) -> None:
        def written(text: str | None) -> None:
            if text:
                self._searched = True
                is_episode = self._reach is not None and self._reach.named is not None
                self.dodo.search_title(text, is_episode=is_episode)

        speaks = not entry.sure and len(entry.title) <= _LONGEST_START
        detail = f"For {shortened(entry.file_name, 56)}"
        start = entry.title if speaks else ""
        self.app.push_screen(AskText("Search by title", start, detail), written)

    def _take(self, candidate: Candidate) -> None:
        """A title was chosen; an episode needs its number."""
        choice = Choice(
            candidate.kind, candidate.title, candidate.year, candidate.ids, candidate.media_id
        )
        named = self._reach.named if self._reach is not None else None
        if choice.kind is not Kind.MOVIE and named is None:
            self._ask_place(choice, None)
        else:
            self._ask_scope(choice, None, titled(choice.title, choice.year))

    def _ask_place(self, choice: Choice, now: Place | None) -> None:
        def picked(place: Place | None) -> None:
            if place is not None:
                name = f"{titled(choice.title, choice.year)} {places_text([place])}"
                self._ask_scope(choice, place, name)

        self.app.push_screen(PlaceScreen(titled(choice.title, choice.year), now), picked)

    def _ask_scope(self, choice: Choice | None, place: Place | None, name: str) -> None:
        """Ask how far the word reaches, where there is more than this file."""
        reach = self._reach
        if reach is None:
            return

        def chosen(scope: Scope | None) -> None:
            if scope is not None:
                self._carry_out(Correction(self._subject, scope, choice, place))

        scopes = reach.scopes(choice)
        if len(scopes) == 1:
            chosen(scopes[0])
            return
        default = reach.default(choice, renumbers=place is not None)
        shift = None if place is None or reach.named is None else (reach.named, place)
        self.app.push_screen(ScopeScreen(name, reach, scopes, default, shift), chosen)

    def _carry_out(self, correction: Correction) -> None:
        self.run_worker(self._correct(correction), group="correct", exit_on_error=False)

    async def _correct(self, correction: Correction) -> None:
        done = await self.dodo.correct(correction)
        if done is None:
            return
        if self._on_done is not None:
            self._on_done(done)
        if self.is_current:
            self.dismiss()
