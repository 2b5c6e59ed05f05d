"""The queue: what waits to be told, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from textual.app import ComposeResult

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.queue import NamedFact, QueueRow, QueueState, fact_words
from dodo_tui.domain.status import PROVIDER_NAMES, Tone
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import day_and_hour, shortened


def queue_row(fact: NamedFact, now: datetime) -> MenuRow:
    """One row in two lines: what it tells whom, and why it is still here."""
    row = fact.row
    when = day_and_hour(row.happened_at, now)
    held = row.state is QueueState.HELD
    return MenuRow(
        str(row.id),
        fact.name,
        status=f"{PROVIDER_NAMES[row.provider]}: {fact_words(row)}, {when}",
        tone=Tone.BAD if held else Tone.WARN,
        detail=f"{row.last_error or 'Waits for its turn.'}{_next_try(row, now)}",
    )


def _next_try(row: QueueRow, now: datetime) -> str:
    """When a row that is not due yet is told by itself."""
    if row.state is QueueState.HELD or row.not_before <= now:
        return ""
    local = row.not_before.astimezone()
    is_today = local.date() == now.astimezone().date()
    at = f"{local:%H:%M}" if is_today else day_and_hour(row.not_before, now)
    return f" Next try at {at}."


_ANSWERS = (
    Button("retry", "Try again"),
    Button("discard", "Discard"),
    Button("why", "Why?"),
)
"""What can be done with a row."""


class QueueScreen(DodoScreen):
    """What waits and what is held."""

    NAME = "Queue"
    DEFAULT_ZONE = "MenuList, ButtonRow"

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield self.top_bar("")
        yield Words("Queue", classes="-strong")
        yield ButtonRow(Button("sync_now", "Sync now"))
        yield MenuList(
            empty_text="Nothing waits to be sent.",
            two_lines=True,
            ok_hint="choose what to do",
            of_things=True,
        )
        yield Foot()

    def on_mount(self) -> None:
        """Read the rows now and whenever the database changes."""
        self._keys: dict[str, str] = {}
        self.watch(self.dodo, "revision", self._read)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        facts = await self.dodo.read_queue()
        self._keys = {str(fact.row.id): fact.row.key for fact in facts}
        self.query_one(MenuList).rows = tuple(queue_row(fact, self.now) for fact in facts)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Send everything now; an account that was never synced asks first."""
        message.stop()
        self.dodo.action_sync_now()

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Ask what to do with a row."""
        message.stop()
        row = message.row
        key = self._keys.get(row.id)
        if key is None:
            return

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._do_with(int(row.id), key, answer)

        question = Question(shortened(row.text), _ANSWERS, "retry", f"{row.status}. {row.detail}")
        self.app.push_screen(question, answered)

    def _do_with(self, row_id: int, key: str, answer: str) -> None:
        """Do it with a fact about `key`, which may have been sent meanwhile."""
        match answer:
            case "retry":
                self.dodo.retry_row(row_id)
            case "discard":
                self.dodo.discard_row(row_id)
            case "why":
                self.dodo.show_why(key)

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of a row, what the question on it offers."""
        if not isinstance(zone, MenuList):
            yield from super().deeds_in(zone, page)
        elif zone.is_in_focus and (row := zone.row) is not None and row.id in self._keys:
            do_with = partial(self._do_with, int(row.id), self._keys[row.id])
            for answer in _ANSWERS:
                yield Deed(answer.id, answer.text, partial(do_with, answer.id), row.text)
