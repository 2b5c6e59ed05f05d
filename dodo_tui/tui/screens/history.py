"""The history: what was watched, newest first, and what each provider answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from textual.app import ComposeResult

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.figures import ratio_text
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.domain.status import PROVIDER_NAMES, Tone
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.words import day_and_hour

_TONES = {
    DeliveryState.SENT: Tone.GOOD,
    DeliveryState.WAITING: Tone.WARN,
    DeliveryState.HELD: Tone.BAD,
    DeliveryState.REJECTED: Tone.BAD,
    DeliveryState.OFF: Tone.QUIET,
}


def history_row(entry: HistoryEntry, now: datetime) -> MenuRow:
    """One viewing or mark in one line; one of another year has its year in place of the hour."""
    label = episode_label(entry.season, entry.number, entry.one_season)
    done = "watched" if entry.watched_at else ratio_text(entry.ratio)
    told = [f"{PROVIDER_NAMES[name]} {state}" for name, state in entry.delivered.items()]
    tones = [_TONES[state] for state in entry.delivered.values()]
    return MenuRow(
        entry.play_id,
        f"{entry.title}  {label}".rstrip(),
        lead=day_and_hour(entry.started_at, now).ljust(12),
        status="   ".join([done, *told]),
        tone=tones[0] if tones else Tone.QUIET,
    )


class HistoryScreen(DodoScreen):
    """Plays, newest first."""

    NAME = "History"
    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield self.top_bar("history")
        yield ButtonRow(Button("show_statistics", "Statistics"))
        yield MenuList(
            empty_text="Nothing has been watched yet.",
            ok_hint="why?",
            menu_hint="details",
            of_things=True,
        )
        yield Foot()

    def on_mount(self) -> None:
        """Read the plays now and whenever the database changes."""
        self._entries: dict[str, HistoryEntry] = {}
        self.watch(self.dodo, "revision", self._read)

    def _read(self) -> None:
        self.refill(self._fill)

    async def read_plays(self) -> tuple[HistoryEntry, ...]:
        """What the list shows."""
        return await self.dodo.read_history()

    async def _fill(self) -> None:
        entries = await self.read_plays()
        self._entries = {entry.play_id: entry for entry in entries}
        self.query_one(MenuList).rows = tuple(history_row(entry, self.now) for entry in entries)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """A year of it to look at."""
        from dodo_tui.tui.screens.statistics import StatisticsScreen

        message.stop()
        self.app.push_screen(StatisticsScreen())

    @property
    def title_in_focus(self) -> str:
        """The title that was watched."""
        entry = self._entry
        return entry.media_id if entry is not None and self.query_one(MenuList).is_in_focus else ""

    @property
    def _entry(self) -> HistoryEntry | None:
        row = self.query_one(MenuList).row
        return self._entries.get(row.id) if row is not None else None

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of a viewing, what is behind it, and what can be done with its title."""
        entry = self._entry if isinstance(zone, MenuList) and zone.is_in_focus else None
        if entry is None:
            yield from super().deeds_in(zone, page)
            return
        from dodo_tui.tui.screens.card_menu import title_deeds

        label = episode_label(entry.season, entry.number, entry.one_season)
        name = f"{entry.title}  {label}".rstrip()
        yield Deed("why", "Why?", partial(self.dodo.show_why, entry.key), name)
        yield from title_deeds(self.dodo, entry.media_id, entry.title, page)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """What is behind it: the file, the match, and what each provider answered."""
        message.stop()
        self.dodo.show_why(self._entries[message.row.id].key)

    def on_menu_list_menu_wanted(self, message: MenuList.MenuWanted) -> None:
        """Open the title."""
        message.stop()
        self.dodo.show_title(self._entries[message.row.id].media_id)
