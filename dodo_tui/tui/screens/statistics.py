"""Statistics: a year of viewing to look at, and the plays of a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from textual.app import ComposeResult

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.figures import counted, in_thousands
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.statistics import (
    MONTHS,
    ShowTally,
    Statistics,
    hours_text,
    length_sentence,
    local_day,
)
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.look import look_of
from dodo_tui.tui.nav.screen import Pane
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.history import HistoryScreen
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.plot import HeatMap, MonthBars, Plot
from dodo_tui.tui.widgets.words import Words

_READ_AGAIN_SECONDS = 60.0
"""A film that plays changes the database all the time; its year may wait a little."""

_BAR_CELLS = 16


class StatisticsScreen(DodoScreen):
    """A year: days, months, shows. Left and Right turn it, Up and Down go from part to part."""

    NAME = "Statistics"
    DEFAULT_ZONE = "HeatMap"

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        today = local_day(self.now)
        yield self.top_bar("history")
        yield Headline(id="totals")
        yield Words(id="sources", classes="-quiet")
        with Pane():
            yield HeatMap("A year of viewing", today)
            yield MonthBars("Hours by month", today)
            yield MenuList(of_things=True)
        yield Foot()

    _seen: Statistics | None = None
    _year = 0
    _read_at = float("-inf")

    def on_mount(self) -> None:
        """Read this year; again when the database changes, but not all the time."""
        self._year = local_day(self.now).year
        self.watch(self.dodo, "revision", self._follow)

    def _follow(self) -> None:
        if self.dodo.clock.monotonic() - self._read_at >= _READ_AGAIN_SECONDS:
            self._read_at = self.dodo.clock.monotonic()
            self.refill(self._fill)

    async def _fill(self) -> None:
        seen = await self.dodo.read_statistics(self._year)
        self._seen = seen
        year, total = seen.year, seen.year.total
        facts = [f"{year.year}"]
        if year.is_empty:
            facts.append("Nothing was watched in this year.")
        else:
            facts.append(hours_text(total.seconds))
            facts += [counted(total.films, "film")] if total.films else []
            facts += [counted(total.episodes, "episode")] if total.episodes else []
            facts.append(f"{counted(year.viewing_days, 'day')}, {year.longest_run} in a row")
        self.query_one("#totals", Headline).text = "    ".join(facts)
        sources = [length_sentence(year)]
        if seen.undated:
            sources.append(
                f"{in_thousands(seen.undated)} more watched at a time that is not known."
            )
        words = self.query_one("#sources", Words)
        words.text = " ".join(sources).strip()
        words.display = bool(words.text)
        self.query_one(HeatMap).seen = year
        self.query_one(MonthBars).seen = year
        menu = self.query_one(MenuList)
        menu.rows = self._show_rows(seen)
        menu.display = bool(year.shows)
        self.update_hints()

    def _show_rows(self, seen: Statistics) -> tuple[MenuRow, ...]:
        """The most watched shows, each with a bar beside the first one's."""
        shows = seen.year.shows
        most = max((show.seconds for show in shows), default=0.0) or 1.0
        rows = [MenuRow("shows", "Most watched shows", heading=True)]
        for show in shows:
            full, empty = bar(show.seconds / most, _BAR_CELLS, look_of(self))
            words = f"{show.title}  {counted(show.episodes, 'episode')}"
            rows.append(MenuRow(show.media_id, words, hours_text(show.seconds), full + empty))
        return tuple(rows)

    # -- turning the year -------------------------------------------------------------------------

    def hints(self) -> Sequence[Hint]:
        """What the keys do now; Left and Right turn the year where there is another one."""
        hints = list(super().hints())
        seen = self._seen
        if isinstance(self.focused, (Plot, MenuList)) and seen is not None:
            years = [
                str(year)
                for year in (self._year - 1, self._year + 1)
                if seen.first_year <= year <= seen.last_year
            ]
            if years:
                hints.insert(0, ("Left, Right", " or ".join(years)))
        return hints

    @property
    def title_in_focus(self) -> str:
        """The show under the cursor."""
        menu = self.query_one(MenuList)
        return menu.row.id if menu.is_in_focus and menu.row is not None else ""

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of a show, what can be done with it."""
        media_id = self.title_in_focus if isinstance(zone, MenuList) else ""
        show = next((s for s in self._shows if s.media_id == media_id), None)
        if show is None:
            yield from super().deeds_in(zone, page)
        else:
            from dodo_tui.tui.screens.card_menu import title_deeds

            yield from title_deeds(self.dodo, media_id, show.title, page)

    def deeds(self, page: TitlePage | None = None) -> Iterator[Deed]:
        """The years beside this one, too."""
        yield from super().deeds(page)
        seen = self._seen
        for step in (-1, 1):
            if seen is not None and seen.first_year <= self._year + step <= seen.last_year:
                do = partial(self.turn, step)
                yield Deed(f"turn{step}", f"Show {self._year + step}", do, self.NAME)

    @property
    def _shows(self) -> Sequence[ShowTally]:
        return self._seen.year.shows if self._seen is not None else ()

    def turn(self, step: int) -> bool:
        """Show another year; False if nothing is known of it."""
        seen = self._seen
        if seen is None or not seen.first_year <= self._year + step <= seen.last_year:
            return False
        self._year += step
        self.refill(self._fill)
        return True

    def on_plot_turned(self, message: Plot.Turned) -> None:
        """Turn the year; the months go on from the end or the beginning."""
        message.stop()
        if self.turn(message.step) and isinstance(message.plot, MonthBars):
            message.plot.go_to(12 if message.step < 0 else 1)

    def on_zone_leave(self, message: Zone.Leave) -> None:
        """Left and Right turn the year in the list of shows as well."""
        if isinstance(message.zone, MenuList) and not message.direction.is_vertical:
            message.stop()
            self.turn(-1 if message.direction is Direction.LEFT else 1)

    # -- what lies behind -------------------------------------------------------------------------

    def on_month_bars_chosen(self, message: MonthBars.Chosen) -> None:
        """The plays of a month."""
        message.stop()
        self.app.push_screen(MonthScreen(self._year, message.month))

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """A show."""
        message.stop()
        self.dodo.show_title(message.row.id)


class MonthScreen(HistoryScreen):
    """What was watched in a month, newest first."""

    NAME = "month"

    def __init__(self, year: int, month: int) -> None:
        super().__init__()
        self._year = year
        self._month = month

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield self.top_bar("history")
        yield Headline(f"{MONTHS[self._month - 1]} {self._year}")
        yield MenuList(
            empty_text="Nothing was watched in this month.",
            ok_hint="why?",
            menu_hint="details",
            of_things=True,
        )
        yield Foot()

    async def read_plays(self) -> tuple[HistoryEntry, ...]:
        """The plays of the month."""
        return await self.dodo.read_month(self._year, self._month)
