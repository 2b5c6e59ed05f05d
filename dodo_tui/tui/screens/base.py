"""What every screen of dodo has: the app's type, the top bar, and the foot."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget
from textual.worker import Worker

from dodo_tui.domain.audience import Privacy
from dodo_tui.domain.cards import TitlePage
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.nav.screen import BackStep, NavScreen
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.stylesheets import OTHER_SCREENS
from dodo_tui.tui.widgets.hint_bar import Hint, HintBar
from dodo_tui.tui.widgets.top_bar import Tab, TopBar
from dodo_tui.tui.widgets.words import Words

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

TABS = (
    Tab("home", "Home"),
    Tab("library", "Library"),
    Tab("history", "History"),
    Tab("settings", "Settings"),
)

BUSY_AFTER_SECONDS = 0.2
"""What takes longer says so."""

SMALLEST = (40, 12)
"""Columns and rows below which nothing sensible can be shown."""


def is_too_small(size: Size) -> bool:
    """Whether a window has no room for anything sensible."""
    return size.width < SMALLEST[0] or size.height < SMALLEST[1]


class Trouble(Words):
    """What went wrong, as long as it is said; hidden until there is something."""

    def __init__(self) -> None:
        super().__init__(id="trouble", classes="-warn")

    def on_mount(self) -> None:
        """Follow it."""
        self.watch(self.app, "trouble", self._say)

    def _say(self, trouble: str | None) -> None:
        self.text = trouble or ""
        self.display = bool(trouble)


class Foot(Vertical):
    """The last lines of a screen: trouble, if there is some; what the app adds; the hints."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Trouble()
        yield from cast("DodoApp", self.app).extras()
        yield HintBar()


class DodoScreen(NavScreen[None]):
    """A screen of dodo."""

    CSS_PATH = OTHER_SCREENS
    NAME: ClassVar[str] = ""
    """What it is called where Back leads to it."""
    LEAVE_HINT = "close"

    @property
    def dodo(self) -> DodoApp:
        """The app, with its type."""
        return cast("DodoApp", self.app)

    def on_mount(self) -> None:
        """Say what Back does, also where nothing can be in focus, and who is watching."""
        self.update_hints()
        for name in ("profile", "company", "privacy"):
            self.watch(self.dodo, name, self._show_person, init=False)
        self._show_person()

    def _show_person(self) -> None:
        if (bar := self.query_one_optional(TopBar)) is not None:
            bar.person = self.dodo.audience_words
            bar.colours = self.dodo.audience_colours
            bar.is_private = self.dodo.privacy is not Privacy.OFF

    def refill(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Read what the screen shows, instead of a reading that is under way.

        A screen that is covered by another one reads when it is seen again.
        """
        if self._is_covered:
            self._to_read = work
            return
        self._to_read = None
        _worker: Worker[None] = self.run_worker(
            partial(self._read_patiently, work), group="fill", exclusive=True, exit_on_error=False
        )

    _to_read: Callable[[], Coroutine[None, None, None]] | None = None

    times_read: Reactive[int] = Reactive(0, repaint=False)
    """How often it has been filled: who lists what is in it looks again."""

    async def _read_patiently(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Read, and say that it takes its time if it does."""
        timer = self.set_timer(BUSY_AFTER_SECONDS, self._say_busy)
        try:
            await self.dodo.with_trouble_said(work)
        finally:
            timer.stop()
            self.times_read += 1
            if (line := self.query_one_optional(HintBar)) is not None:
                line.busy = False

    def _say_busy(self) -> None:
        if (line := self.query_one_optional(HintBar)) is not None:
            line.busy = True

    @property
    def _is_covered(self) -> bool:
        """Whether another whole screen lies on top."""
        stack = self.app.screen_stack
        if self not in stack:
            return False
        return any(not screen.is_modal for screen in stack[stack.index(self) + 1 :])

    def on_screen_resume(self) -> None:
        """Seen again: read what has changed meanwhile."""
        if self._to_read is not None:
            self.refill(self._to_read)

    @property
    def now(self) -> datetime:
        """The time, from the app's clock."""
        return self.dodo.clock.now()

    def top_bar(self, current: str) -> TopBar:
        """The bar with the places, this one marked."""
        bar = TopBar(
            *TABS,
            current=current,
            person=self.dodo.audience_words,
            colours=self.dodo.audience_colours,
            clock=self.dodo.wall_clock,
        )
        self.watch(self.dodo, "wall_clock", lambda clock: setattr(bar, "clock", clock), init=False)
        self.watch(self.dodo, "on_air", lambda on_air: setattr(bar, "plays", on_air is not None))
        return bar

    def hints(self) -> Sequence[Hint]:
        """What the keys do now; Back says where it leads."""
        hints = list(super().hints())
        below = self._below
        if below is not None and self.back_step is BackStep.LEAVE and self.LEAVE_HINT == "close":
            hints[-1] = ("Back", f"to {below.NAME}" if below.NAME else "close")
        return hints

    @property
    def _below(self) -> DodoScreen | None:
        """The screen that Back leads to."""
        stack = self.app.screen_stack
        if self not in stack:
            return None
        index = stack.index(self) - 1
        screen = stack[index] if index >= 0 else None
        return screen if isinstance(screen, DodoScreen) else None

    def on_top_bar_chosen(self, message: TopBar.Chosen) -> None:
        """Go to another place, or change who is watching."""
        from dodo_tui.tui.face.places import PLACES

        message.stop()
        self.dodo.call_later(self.dodo.run_action, PLACES[message.label.id])

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Reading for this screen failed: the app says so."""
        self.dodo.on_worker_state_changed(event)

    # -- Menu, where what is in focus has none ---------------------------------------------------

    @property
    def menu_hint(self) -> str:
        """Menu opens the palette."""
        return "" if self.is_too_small else "commands"

    def want_menu(self) -> None:
        """Every command."""
        if self.menu_hint:
            self.app.call_later(self.app.run_action, "command_palette")

    # -- what the palette lists ------------------------------------------------------------------

    @property
    def title_in_focus(self) -> str:
        """The title that what is in focus belongs to; empty where it is about none."""
        return ""

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """What can be done in a zone; extend it where the zone cannot know.

        `page` is all about `title_in_focus`, as soon as that is read.
        """
        del page
        yield from zone.deeds()

    def deeds(self, page: TitlePage | None = None) -> Iterator[Deed]:
        """What can be done here: first with what is in focus, then with the rest of the screen."""
        focused = self.focused
        zones = [zone for zone in self.focus_chain if isinstance(zone, Zone)]
        zones.sort(key=lambda zone: zone is not focused)
        for zone in zones:
            yield from self.deeds_in(zone, page)

    # -- a window that is too small --------------------------------------------------------------

    _before_small: Widget | None = None

    @property
    def is_too_small(self) -> bool:
        """Whether the window has no room for anything sensible."""
        return is_too_small(self.app.size)

    @property
    def back_step(self) -> BackStep:
        """What Back would do now; without anything to see it only leaves."""
        return BackStep.LEAVE if self.is_too_small else super().back_step

    async def on_resize(self, event: events.Resize) -> None:
        """Say so where the window is too small, and come back whole."""
        del event
        cover = self.query_one_optional("TooSmall")
        if self.is_too_small and cover is None:
            from dodo_tui.tui.screens.too_small import TooSmall

            self._before_small = self.focused
            cover = TooSmall()
            await self.mount(cover)
            self.set_focus(cover, scroll_visible=False)
        elif not self.is_too_small and cover is not None:
            await cover.remove()
            if self._before_small is not None and self._before_small.is_attached:
                self.focus_zone(self._before_small)
            self.reassert_focus()
