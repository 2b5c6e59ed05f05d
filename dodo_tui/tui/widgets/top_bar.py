"""The line at the top: where one is, where one can go, who is watching, and the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from textual.reactive import reactive
from textual.strip import Strip

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.look import Look, fit, look_of, shown
from dodo_tui.tui.widgets.label_strip import Label, LabelStrip
from dodo_tui.tui.widgets.node import NodeOptions
from dodo_tui.tui.widgets.paint import Line, Role, paint, width_of
from dodo_tui.tui.widgets.person import marks

Tab = Label
"""A place: an id and its name."""

_BRAND = "dodo"
_APART = "  "
_LONGEST_PERSON = 24
"""Cells of a name, or of several people's."""

PLAYING = "now_playing"
"""The id of the place where what plays is steered."""

PERSON = "person"
"""The id of the label that says who is watching."""


class TopBar(LabelStrip):
    """`dodo   Home  Library  History  Settings      Anna   20:41`. Posts `TopBar.Chosen`.

    Who is watching stands at the right and is the last of the labels. The time comes from outside:
    nothing here keeps a timer.
    """

    LANDING = False

    current: reactive[str] = reactive("", init=False)
    """The id of the place that is shown."""
    person: reactive[str] = reactive("", init=False)
    colours: reactive[tuple[str, ...]] = reactive((), init=False)
    """The colours of the people who watch, for the marks before their names."""
    is_private: reactive[bool] = reactive(False, init=False)
    """Whether nothing is recorded: who is watching stands out then."""
    clock: reactive[str] = reactive("", init=False)
    plays: reactive[bool] = reactive(False, init=False)
    """Whether something plays: then there is a place to steer it."""

    class Chosen(LabelStrip.Chosen):
        """OK was pressed on a place, or on who is watching."""

    def __init__(
        self,
        *tabs: Tab,
        current: str = "",
        person: str = "",
        colours: tuple[str, ...] = (),
        clock: str = "",
        **node: Unpack[NodeOptions],
    ) -> None:
        super().__init__(*tabs, *_person(person), ok_hint="go there", **node)
        self.set_reactive(TopBar.current, current)
        self.set_reactive(TopBar.person, person)
        self.set_reactive(TopBar.colours, colours)
        self.set_reactive(TopBar.clock, clock)
        self.go_to(current)

    def deeds(self) -> Iterator[Deed]:
        """None of its own: each place is a command."""
        return iter(())

    @property
    def at_start(self) -> bool:
        """The start is the place that is shown: Back leads there first."""
        label = self.label
        return label is None or label.id == self.current or not self.current

    def to_start(self) -> bool:
        """Go to the place that is shown."""
        return not self.at_start and self.go_to(self.current)

    def watch_current(self, current: str) -> None:
        """The cursor starts at the place that is shown."""
        self.go_to(current)

    def watch_person(self, person: str) -> None:
        """Somebody else is watching."""
        self.labels = (*self.labels[: self._flowing], *_person(person))

    def watch_plays(self, plays: bool) -> None:
        """A place comes after the others, or goes."""
        places = tuple(tab for tab in self.labels[: self._flowing] if tab.id != PLAYING)
        own = (Label(PLAYING, "Now playing"),) if plays else ()
        self.labels = (*places, *own, *self.labels[self._flowing :])

    def focus_changed(self) -> None:
        """Coming back to the bar starts at the place that is shown."""
        if not self.has_focus and self.is_attached:
            self.go_to(self.current)
        super().focus_changed()

    @property
    def _origin(self) -> int:
        return len(_BRAND) + 2

    @property
    def _flowing(self) -> int:
        return len(self.labels) - sum(label.id == PERSON for label in self.labels)

    def _columns(self, look: Look) -> list[tuple[int, int]]:
        columns = super()._columns(look)
        if len(columns) > self._flowing:
            facts = self._facts(look)
            start = self.size.width - width_of(facts)
            columns[-1] = (start, start + width_of(facts[:-1]))
        return columns

    def render_line(self, y: int) -> Strip:
        """The line. On a narrow screen who is watching is left out, unless it is in focus."""
        width = self.size.width
        if y:
            return paint(self, [], width)
        look = look_of(self)
        facts = self._facts(look)
        places = super()._columns(look)[: self._flowing]
        has_room = not places or places[-1][1] + width_of(facts) <= width
        if not has_room and not self._is_on_person:
            facts = []
        left: Line = [(f"{_BRAND}  ", Role.ACCENT)]
        left += self._labels_line(width - self._origin - width_of(facts), look)
        gap = max(width - width_of(left) - width_of(facts), 0)
        return paint(self, [*left, (" " * gap, Role.QUIET), *facts], width)

    @property
    def _is_on_person(self) -> bool:
        label = self.label
        return self.has_focus and label is not None and label.id == PERSON

    def _facts(self, look: Look) -> Line:
        """Who is watching, and the time; the last piece is the time's."""
        clock = shown(self.clock, look)
        facts: Line = []
        if self.person:
            name = fit(shown(self.person, look), _LONGEST_PERSON, look)
            role = Role.WARN if self.is_private else Role.QUIET
            people = [(" ", Role.QUIET), *marks(self, *self.colours)] if self.colours else []
            facts = [(" ", Role.QUIET), *people, (f" {name}  ", role)]
            if self._is_on_person:
                facts = [
                    ("[", Role.ACCENT), *people, (f" {name} ", Role.FOCUS), ("]", Role.ACCENT)
                ]  # fmt: skip
        return [*facts, (f"{_APART}{clock}" if clock else "", Role.QUIET)]

    def _resting(self, label: Label) -> Role:
        return Role.STRONG if label.id == self.current else Role.QUIET


def _person(person: str) -> tuple[Label, ...]:
    return (Label(PERSON, person),) if person else ()
