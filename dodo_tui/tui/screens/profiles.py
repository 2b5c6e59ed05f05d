"""The people of the household: made, named, coloured, deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.profile import Profile, belongings_words, next_colour
from dodo_tui.domain.status import Tone
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.widgets.button_row import Button
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.toggle import toggle_text
from dodo_tui.tui.widgets.words import Words

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

_ADD = "add"
_ASK = "ask"


def profile_rows(
    people: tuple[Profile, ...], profile: Profile, asks_at_start: bool
) -> tuple[MenuRow, ...]:
    """Everybody, then what can be done with all of them."""
    rows = [
        MenuRow(
            str(person.id),
            person.name,
            status="watching" if person.id == profile.id else "",
            tone=Tone.GOOD,
            colour=person.colour,
        )
        for person in people
    ]
    rows.append(MenuRow(_ADD, "Add somebody"))
    if len(people) > 1:
        rows.append(
            MenuRow(_ASK, "Ask who is watching at the start", status=toggle_text(asks_at_start))
        )
    return tuple(rows)


class ProfilesScreen(DodoScreen):
    """Each person has a history, resume points and accounts of their own."""

    NAME = "Profiles"
    DEFAULT_ZONE = "MenuList"

    asks_at_start = False
    _added: str | None = None
    """The name of somebody who was just made, to stand on."""

    def compose(self) -> ComposeResult:
        """Everybody."""
        yield Words("Profiles", classes="-strong")
        yield Words(
            "Each person has a history, resume points and accounts of their own.",
            classes="-quiet",
        )
        yield MenuList(
            profile_rows(self.dodo.people, self.dodo.profile, asks_at_start=False),
            ok_hint="open",
        )
        yield Foot()

    def on_mount(self) -> None:
        """Follow the people."""
        self.watch(self.dodo, "revision", lambda: self.refill(self._fill))

    async def _fill(self) -> None:
        self.asks_at_start = await self.dodo.asks_at_start()
        rows = self.query_one(MenuList)
        rows.rows = profile_rows(self.dodo.people, self.dodo.profile, self.asks_at_start)
        newest = next((p for p in self.dodo.people if p.name == self._added), None)
        if newest is not None and rows.go_to(str(newest.id)):
            self._added = None

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of the person in focus, what their menu offers; and the rows that name nobody."""
        people = {str(person.id): person for person in self.dodo.people}
        if isinstance(zone, MenuList) and zone.is_in_focus and zone.row is not None:
            person = people.get(zone.row.id)
            if person is not None:
                for row in person_rows(self.dodo, person):
                    do = partial(do_with_person, self.dodo, person, row.id)
                    name = row.text.removesuffix(f" {person.name}")
                    yield Deed(row.id, name, do, person.name)
        yield from (deed for deed in super().deeds_in(zone, page) if deed.id not in people)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Open a person, make one, or turn the switch."""
        message.stop()
        match message.row.id:
            case "add":
                self.app.push_screen(AskText("What is their name?", capitals=True), self._add)
            case "ask":
                self.dodo.set_asks_at_start(not self.asks_at_start)
            case row_id:
                person = next((p for p in self.dodo.people if str(p.id) == row_id), None)
                if person is not None:
                    self.app.push_screen(ProfileMenu(person))

    def _add(self, name: str | None) -> None:
        if name:
            self._added = name
            self.dodo.add_profile(name)


class ProfileMenu(DodoModal):
    """What can be done with one person."""

    def __init__(self, person: Profile) -> None:
        super().__init__()
        self.person = person

    def compose(self) -> ComposeResult:
        """The name, and what can be done."""
        with Vertical(classes="panel"):
            yield Headline(self.person.name, self.person.colour)
            yield MenuList(self._rows(), ok_hint="do it", classes="-short-list")
        yield HintBar()

    def on_mount(self) -> None:
        """Follow a change of name or colour."""
        self.watch(self.dodo, "people", self._follow, init=False)

    def _follow(self) -> None:
        for person in self.dodo.people:
            if person.id == self.person.id:
                self.person = person
        headline = self.query_one(Headline)
        headline.text, headline.colour = self.person.name, self.person.colour
        self.query_one(MenuList).rows = self._rows()

    def _rows(self) -> tuple[MenuRow, ...]:
        return person_rows(self.dodo, self.person)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Do it."""
        message.stop()
        if message.row.id == _switch(self.person):
            self.dismiss()
        do_with_person(self.dodo, self.person, message.row.id, self.dismiss)


def person_rows(app: DodoApp, person: Profile) -> tuple[MenuRow, ...]:
    """What can be done with one person."""
    rows = [
        MenuRow("rename", "Rename"),
        MenuRow("colour", "Colour", status=person.colour),
    ]
    if person.id != app.profile.id:
        rows.insert(0, MenuRow(_switch(person), f"Watch as {person.name}"))
    if len(app.people) > 1:
        rows.append(MenuRow("remove", "Delete"))
    return tuple(rows)


def _switch(person: Profile) -> str:
    """As `watchers.watcher_rows` calls it: the palette lists it once."""
    return f"switch-{person.id}"


def do_with_person(
    app: DodoApp,
    person: Profile,
    row_id: str,
    removed: Callable[[], object] = lambda: None,
) -> None:
    """Do what a row of `person_rows` says; `removed` is called once the person is to go."""

    def rename(name: str | None) -> None:
        if name and name != person.name:
            app.rename_profile(person, name)

    match row_id.partition("-")[0]:
        case "switch":
            app.switch_profile(person)
        case "rename":
            app.push_screen(AskText("What is the name?", person.name, capitals=True), rename)
        case "colour":
            app.set_profile_colour(person, next_colour(person.colour))
        case "remove":
            app.run_worker(
                _ask_remove(app, person, removed), group="ask", exclusive=True, exit_on_error=False
            )


async def _ask_remove(app: DodoApp, person: Profile, removed: Callable[[], object]) -> None:
    """Say what goes before anything does."""
    goes = belongings_words(await app.belongings(person))

    def answered(answer: str | None) -> None:
        if answer == "delete":
            removed()
            app.remove_profile(person)

    answers = (Button("delete", "Delete"), Button("keep", "Keep"))
    detail = f"{goes} This cannot be undone. What is at Simkl or Trakt stays there."
    app.push_screen(Question(f"Delete {person.name}?", answers, "keep", detail), answered)
