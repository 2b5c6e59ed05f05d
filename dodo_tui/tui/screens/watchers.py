"""Who is watching: one person, several together, or nobody that is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.audience import Privacy
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import Tone
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.toggle import toggle_text
from dodo_tui.tui.widgets.words import Words

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

_NEXT_PRIVACY = {
    Privacy.OFF: Privacy.ONCE,
    Privacy.ONCE: Privacy.ON,
    Privacy.ON: Privacy.OFF,
}
_PRIVACY_WORDS = {
    Privacy.OFF: "off",
    Privacy.ONCE: "for the next viewing",
    Privacy.ON: "until switched off",
}


def watcher_rows(
    people: tuple[Profile, ...], profile: Profile, company: tuple[Profile, ...], privacy: Privacy
) -> tuple[MenuRow, ...]:
    """The people, who of the others watches along, private mode, and the way to the profiles."""
    rows = [
        MenuRow(
            f"switch-{person.id}",
            person.name,
            status="watching" if person.id == profile.id else "",
            tone=Tone.GOOD,
            colour=person.colour,
        )
        for person in people
    ]
    others = [person for person in people if person.id != profile.id]
    if others:
        along = {person.id for person in company}
        rows.append(MenuRow("", "Together with", heading=True))
        rows += [
            MenuRow(
                f"with-{person.id}",
                person.name,
                status=toggle_text(person.id in along),
                colour=person.colour,
            )
            for person in others
        ]
    rows.append(MenuRow("", "For a guest", heading=True))
    tone = Tone.QUIET if privacy is Privacy.OFF else Tone.WARN
    rows.append(MenuRow("private", "Private", status=_PRIVACY_WORDS[privacy], tone=tone))
    return (*rows, MenuRow("show_profiles", "Profiles"))


class WatchersScreen(DodoModal):
    """OK on a person switches to them; on the others it ticks, and it turns private mode."""

    LEAVE_HINT = "close"

    def compose(self) -> ComposeResult:
        """The question and the rows."""
        with Vertical(classes="panel"):
            yield Words("Who is watching?", classes="-strong")
            yield MenuList(self._rows(), ok_hint="choose", classes="-short-list")
            yield Words(id="note", classes="-quiet")
        yield HintBar()

    def on_mount(self) -> None:
        """Follow the state, and stand on whoever is watching."""
        self.query_one(MenuList).go_to(f"switch-{self.dodo.profile.id}")
        for name in ("people", "profile", "company", "privacy"):
            self.watch(self.dodo, name, self._follow, init=False)
        self._follow()

    def _rows(self) -> tuple[MenuRow, ...]:
        dodo = self.dodo
        return watcher_rows(dodo.people, dodo.profile, dodo.company, dodo.privacy)

    def _follow(self) -> None:
        self.query_one(MenuList).rows = self._rows()
        note = self.query_one("#note", Words)
        note.text = self._note()
        note.display = bool(note.text)

    def _note(self) -> str:
        """What holds from the next viewing on; what plays stays with whoever began it."""
        dodo = self.dodo
        if dodo.now_playing is not None:
            return "What plays now stays with whoever started it."
        if dodo.privacy is not Privacy.OFF:
            return "Private: it plays, and nothing is recorded or sent."
        if dodo.company:
            return "What you watch together goes to everybody's history."
        return ""

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Switch, tick or turn."""
        message.stop()
        dodo, row_id = self.dodo, message.row.id
        if not row_id.startswith(("with-", "private")):
            self.dismiss()
        do_with_audience(dodo, row_id)


def do_with_audience(app: DodoApp, row_id: str) -> None:
    """Do what a row of `watcher_rows` says."""
    action, _, number = row_id.partition("-")
    person = next((each for each in app.people if str(each.id) == number), None)
    match action:
        case "switch" if person is not None:
            app.switch_profile(person)
        case "with" if person is not None:
            along = app.company
            without = tuple(each for each in along if each.id != person.id)
            app.set_company(without if without != along else (*along, person))
        case "private":
            app.set_privacy(_NEXT_PRIVACY[app.privacy])
        case "show_profiles":
            app.action_show_profiles()


def audience_deeds(app: DodoApp) -> Iterator[Deed]:
    """Whom to let watch, and private mode, for the palette."""
    for row in watcher_rows(app.people, app.profile, app.company, app.privacy):
        do = partial(do_with_audience, app, row.id)
        match row.id.partition("-")[0]:
            case "switch" if row.id != f"switch-{app.profile.id}":
                yield Deed(row.id, "Watch as", do, row.text)
            case "with":
                is_along = any(row.id == f"with-{person.id}" for person in app.company)
                yield Deed(row.id, "Watch without" if is_along else "Watch with", do, row.text)
            case "private":
                yield Deed(row.id, row.text, do, row.status)
