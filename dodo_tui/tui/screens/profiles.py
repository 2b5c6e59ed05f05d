"""The people of the household: made, named, coloured, deleted."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.profile import Profile, belongings_words, next_colour
from dodo_tui.domain.status import Tone
from dodo_tui.tui.screens.base import DodoModal, DodoScreen, Foot, Headline
from dodo_tui.tui.widgets.button_row import Button
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.toggle import toggle_text
from dodo_tui.tui.widgets.words import Words

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
        rows = [
            MenuRow("rename", "Rename"),
            MenuRow("colour", "Colour", status=self.person.colour),
        ]
        if self.person.id != self.dodo.profile.id:
            rows.insert(0, MenuRow("switch", f"Watch as {self.person.name}"))
        if len(self.dodo.people) > 1:
            rows.append(MenuRow("remove", "Delete"))
        return tuple(rows)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Do it."""
        message.stop()
        dodo, person = self.dodo, self.person
        match message.row.id:
            case "switch":
                self.dismiss()
                dodo.switch_profile(person)
            case "rename":
                self.app.push_screen(
                    AskText("What is the name?", person.name, capitals=True), self._rename
                )
            case "colour":
                dodo.set_profile_colour(person, next_colour(person.colour))
            case _:
                self.run_worker(self._ask_remove(), group="ask", exclusive=True)

    def _rename(self, name: str | None) -> None:
        if name and name != self.person.name:
            self.dodo.rename_profile(self.person, name)

    async def _ask_remove(self) -> None:
        """Say what goes before anything does."""
        dodo, person = self.dodo, self.person
        goes = belongings_words(await dodo.belongings(person))

        def answered(answer: str | None) -> None:
            if answer == "delete":
                self.dismiss()
                dodo.remove_profile(person)

        answers = (Button("delete", "Delete"), Button("keep", "Keep"))
        detail = f"{goes} This cannot be undone. What is at Simkl or Trakt stays there."
        self.app.push_screen(Question(f"Delete {person.name}?", answers, "keep", detail), answered)
