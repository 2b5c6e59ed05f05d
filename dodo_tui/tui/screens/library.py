"""The library: every title on this device or on the watchlist, filtered, sorted, by letter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from dodo_tui.domain.browse import LibraryFilter, LibrarySort, LibraryTitle
from dodo_tui.domain.cards import TitlePage
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.library_view import library_rows
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.home import NO_LIBRARY
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.landmarks import Landmarks
from dodo_tui.tui.widgets.menu_list import MenuList
from dodo_tui.tui.widgets.tabs import Tab, Tabs
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import looking_text

_TABS = tuple(Tab(each.value, each.value.capitalize()) for each in LibraryFilter)
_SORTS = {
    LibrarySort.NAME: "By name",
    LibrarySort.ADDED: "Newest here first",
    LibrarySort.YEAR: "Newest films first",
    LibrarySort.WATCHED: "Last watched first",
}
_EMPTY = {
    LibraryFilter.ALL: NO_LIBRARY,
    LibraryFilter.FILMS: "No films.",
    LibraryFilter.SHOWS: "No shows.",
    LibraryFilter.WATCHLIST: "The watchlist is empty. Put titles on it under More.",
}


class LibraryScreen(DodoScreen):
    """Every title. Filter, order and place are remembered as long as dodo runs."""

    NAME = "Library"
    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        place = self.dodo.library_place
        yield self.top_bar("library")
        tabs = Tabs(*_TABS, ok_hint="to the titles", about=self.NAME, id="filter")
        tabs.show(place.filter.value)
        yield tabs
        with Horizontal(id="order"):
            yield ButtonRow(Button("sort", _SORTS[place.sort]), id="sort")
            yield Words(id="count", classes="-quiet")
        with Horizontal(id="titles"):
            yield MenuList(of_things=True)
            yield Landmarks()
        yield Foot()

    def on_mount(self) -> None:
        """Read the titles now and whenever the database changes."""
        self._titles: tuple[LibraryTitle, ...] = ()
        self._marks: dict[str, str] = {}
        self._mark_of: dict[str, str] = {}
        self.watch(self.dodo, "revision", self._read)
        self.watch(self.dodo, "scan", self._show_scan)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        self._titles = await self.dodo.read_titles()
        await self._arrange()

    async def _arrange(self) -> None:
        """Show the titles as filter and order have it; the work is done beside the screen's."""
        place = self.dodo.library_place
        found = await asyncio.to_thread(library_rows, self._titles, place)
        menu = self.query_one(MenuList)
        menu.empty_text = _EMPTY[place.filter]
        was_empty = menu.is_empty
        menu.rows = found.rows
        if was_empty and place.media_id:
            menu.go_to(place.media_id)
        self._marks, self._mark_of = found.landmarks, found.mark_of
        marks = self.query_one(Landmarks)
        marks.marks = tuple(found.landmarks)
        marks.display = len(found.landmarks) > 1
        self._show_mark()
        self._counts = found.counts
        self._show_scan()
        self.update_hints()

    _counts = ""

    def _show_scan(self) -> None:
        scan = self.dodo.scan
        words = self._counts
        if scan is not None and scan.running:
            words = looking_text(scan.files_seen)
        elif scan is not None and scan.problems:
            words = f"{self._counts}   {scan.problems[0]}"
        self.query_one("#count", Words).text = words

    # -- filter and order ------------------------------------------------------------------------

    def hints(self) -> list[Hint]:
        """On the order, OK says what comes next; where there are no titles, it leads nowhere."""
        hints = list(super().hints())
        focused = self.focused
        if focused is not None and focused.id == "filter" and self.query_one(MenuList).is_empty:
            hints = [hint for hint in hints if hint[0] != "OK"]
        if focused is not None and focused.id == "sort":
            following = _SORTS[self.dodo.library_place.sort.following]
            hints[0] = ("OK", following[0].lower() + following[1:])
        return hints

    def on_tabs_changed(self, message: Tabs.Changed) -> None:
        """Show other titles."""
        message.stop()
        place = self.dodo.library_place
        self.dodo.library_place = replace(place, filter=LibraryFilter(message.label.id))
        self.refill(self._arrange)

    def on_tabs_chosen(self, message: Tabs.Chosen) -> None:
        """OK goes on to what is shown."""
        message.stop()
        menu = self.query_one(MenuList)
        if not menu.is_empty:
            self.focus_zone(menu)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """The next order, from its beginning."""
        message.stop()
        self._sort_by(self.dodo.library_place.sort.following)

    def _sort_by(self, sort: LibrarySort) -> None:
        self.dodo.library_place = replace(self.dodo.library_place, sort=sort)
        self.query_one("#sort", ButtonRow).labels = (Button("sort", _SORTS[sort]),)
        self.update_hints()
        self.refill(self._from_the_top)

    async def _from_the_top(self) -> None:
        await self._arrange()
        self.query_one(MenuList).to_start()

    # -- letters ---------------------------------------------------------------------------------

    def on_landmarks_reached(self, message: Landmarks.Reached) -> None:
        """The list goes along."""
        message.stop()
        self._go_to_mark(message.mark)

    def on_landmarks_left(self, message: Landmarks.Left) -> None:
        """Back to the list, at the letter."""
        message.stop()
        self.focus_zone(self.query_one(MenuList))

    def on_key(self, event: events.Key) -> None:
        """A capital letter goes to its titles."""
        letter = event.character or ""
        if len(letter) == 1 and letter.isupper() and letter in self._marks:
            event.stop()
            event.prevent_default()
            self._go_to_mark(letter)

    def _go_to_mark(self, mark: str) -> None:
        if (media_id := self._marks.get(mark)) is not None:
            self.query_one(MenuList).go_to(media_id)

    def _show_mark(self) -> None:
        row = self.query_one(MenuList).row
        if row is not None and (mark := self._mark_of.get(row.id)):
            self.query_one(Landmarks).show(mark)

    # -- titles ----------------------------------------------------------------------------------

    def cursor_moved(self, zone: Zone) -> None:
        """Remember where one is."""
        super().cursor_moved(zone)
        row = self.query_one(MenuList).row
        if row is not None and isinstance(zone, MenuList):
            self.dodo.library_place = replace(self.dodo.library_place, media_id=row.id)
            self._show_mark()

    @property
    def title_in_focus(self) -> str:
        """The one under the cursor."""
        menu = self.query_one(MenuList)
        return menu.row.id if menu.is_in_focus and menu.row is not None else ""

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """Of a title, what can be done with it; every order by its name."""
        if zone.id == "sort":
            now = self.dodo.library_place.sort
            for sort in LibrarySort:
                if sort is not now:
                    sort_id = "sort" if sort is now.following else f"sort-{sort}"
                    do = partial(self._sort_by, sort)
                    yield Deed(sort_id, f"Order: {_SORTS[sort].lower()}", do, self.NAME)
        elif isinstance(zone, MenuList):
            if zone.is_in_focus and (row := zone.row) is not None:
                from dodo_tui.tui.screens.card_menu import title_deeds

                yield from title_deeds(self.dodo, row.id, row.text, page)
        else:
            yield from super().deeds_in(zone, page)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Open a title."""
        message.stop()
        self.dodo.show_title(message.row.id)
