"""The face: the engine with screens, driven by six keys."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment, Segments
from textual import events
from textual._context import active_message_pump
from textual.app import SystemCommand
from textual.driver import Driver
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, Theme
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from dodo_tui.domain.cards import Card, TitlePage
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.preferences import read_preferences
from dodo_tui.engine.state import RemovalQuestion
from dodo_tui.tui.appearance import (
    AUTO,
    PREFIX,
    Appearance,
    Density,
    kept_as,
    look_for,
    read_appearance,
)
from dodo_tui.tui.commands import COMMANDS, bindings
from dodo_tui.tui.couch import CouchApp
from dodo_tui.tui.driver import CouchDriver
from dodo_tui.tui.look import Look
from dodo_tui.tui.screens.base import is_too_small
from dodo_tui.tui.screens.home import HomeScreen
from dodo_tui.tui.stylesheets import stylesheet
from dodo_tui.tui.themes import THEMES, choose_theme, use_theme
from dodo_tui.tui.widgets.paint import Line

if TYPE_CHECKING:
    from dodo_tui.domain.browse import LibraryPlace
    from dodo_tui.domain.review import Corrected
    from dodo_tui.engine.on_air import OnAir
    from dodo_tui.tui.pictures.gallery import Gallery

log = logging.getLogger(__name__)

_MOST_MISTAKES = 5
"""After so many the face gives up: going on would only repeat them."""

PLACES = {
    "home": "show_home",
    "library": "show_library",
    "history": "show_history",
    "settings": "show_settings",
    "now_playing": "show_now_playing",
    "person": "show_watchers",
}
"""The places of the top bar and the commands that lead there."""


_SCAN_AFTER_SECONDS = 3.0
_LOOK_FOR_TERMINAL_SECONDS = 2.0
_LOOK_FOR_POSTERS_SECONDS = 30.0


class DodoApp(CouchApp, inherit_bindings=False):
    """dodo on a screen."""

    TITLE = "dodo"
    CSS_PATH = stylesheet("tokens", "widgets", "screens")
    BINDINGS = bindings()
    ENABLE_COMMAND_PALETTE = True
    PAUSE_GC_ON_SCROLL = True
    look: Look

    def __init__(self, parts: Parts, environment: Mapping[str, str] = os.environ) -> None:
        """Choose the look and theme for this terminal; the rest is the engine's."""
        self._environment = environment
        self.appearance = read_appearance(read_preferences(parts, PREFIX), environment)
        self.look = look_for(self.appearance, environment)
        theme = self._theme_for(self.appearance)
        super().__init__(parts, ansi_color=theme.ansi)
        use_theme(self, theme)
        self._tell_time()
        self.animation_level = "none"

    @property
    def library_place(self) -> LibraryPlace:
        """Where one was in the library."""
        if self._library_place is None:
            from dodo_tui.domain.browse import LibraryPlace

            self._library_place = LibraryPlace()
        return self._library_place

    @library_place.setter
    def library_place(self, place: LibraryPlace) -> None:
        self._library_place = place

    _library_place: LibraryPlace | None = None

    # -- appearance -----------------------------------------------------------------------------

    @property
    def desk(self) -> bool:
        """Whether much is shown at a time, for somebody who sits close by."""
        return self.appearance.density is Density.DESK

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing is to move by itself."""
        return self.appearance.reduced_motion

    @property
    def look_given(self) -> bool:
        """Whether the environment says what may be drawn."""
        return bool(self._environment.get("DODO_LOOK"))

    def _theme_for(self, appearance: Appearance) -> Theme:
        """The theme that was chosen, if there is such a one and the terminal can show it."""
        wanted = None
        if appearance.theme != AUTO:
            known = {**BUILTIN_THEMES, **{theme.name: theme for theme in THEMES}}
            wanted = known.get(appearance.theme)
        return choose_theme(self.look, self._environment, wanted)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of the roles, for themes that know nothing of them."""
        theme = self.current_theme
        if "dodo-text" in theme.variables:
            return {}
        from dodo_tui.tui.contrast import role_variables

        return role_variables(theme)

    def use_appearance(self, appearance: Appearance) -> None:
        """Look like this from now on, without keeping it."""
        from dodo_tui.tui.dressing import dress

        self.appearance = appearance
        self.look = look_for(appearance, self._environment)
        dress(self, self._theme_for(appearance))

    def keep_appearance(self, appearance: Appearance) -> None:
        """Look like this from now on, also after the next start."""
        self.use_appearance(appearance)
        self.keep_preferences(kept_as(appearance, self._environment))

    def on_ready(self) -> None:
        """Home is painted: from now on there is garbage."""
        gc.enable()
        self.follow_others()
        self.run_worker(self.greet(), group="start", exit_on_error=False)
        self._is_ready = True
        if self.scans_at_start:
            self.set_timer(_SCAN_AFTER_SECONDS, self.scan_library)

    _is_ready = False

    scans_at_start = False
    """Whether the media folders are looked through soon after the first picture."""

    def get_driver_class(self) -> type[Driver]:
        """The driver that stands a terminal that goes away."""
        from textual.drivers.linux_driver import LinuxDriver

        driver = super().get_driver_class()
        return CouchDriver if driver is LinuxDriver else driver

    def on_mount(self) -> None:
        """Notice a terminal that went away without a signal."""
        if isinstance(self._driver, CouchDriver):
            self.set_interval(_LOOK_FOR_TERMINAL_SECONDS, self._look_for_terminal)

    def _look_for_terminal(self) -> None:
        if isinstance(self._driver, CouchDriver) and self._driver.is_gone:
            self._leave_soon()

    wall_clock: reactive[str] = reactive("")
    """The time as it is shown: `20:41`."""

    def _tell_time(self) -> None:
        self.wall_clock = f"{self.clock.now().astimezone():%H:%M}"

    def _look_for_changes(self) -> None:
        """What comes every second anyway also keeps the clock."""
        super()._look_for_changes()
        self._tell_time()

    def get_default_screen(self) -> Screen[None]:
        """Home."""
        return HomeScreen()

    def extras(self) -> tuple[Widget, ...]:
        """What every screen shows besides its own; the demo has a guide."""
        return ()

    def on_resize(self, event: events.Resize) -> None:
        """Let the style sheets know when there is hardly any room."""
        self.set_class(is_too_small(event.size), "-tiny")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette offers what the menus offer."""
        del screen
        for command in COMMANDS:
            yield SystemCommand(command.name, "", getattr(self, f"action_{command.id}"))

    # -- places ---------------------------------------------------------------------------------

    def go_home(self) -> None:
        """Close everything above Home."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def _go_to(self, screen: Screen[None]) -> None:
        """Show a place, directly above Home: Back leads home from everywhere."""
        if type(self.screen) is not type(screen):
            self.go_home()
            self.push_screen(screen)

    def action_show_home(self) -> None:
        """Home."""
        self.go_home()

    def action_show_library(self) -> None:
        """Every title."""
        from dodo_tui.tui.screens.library import LibraryScreen

        self._go_to(LibraryScreen())

    def action_show_history(self) -> None:
        """What was watched."""
        from dodo_tui.tui.screens.history import HistoryScreen

        self._go_to(HistoryScreen())

    def action_show_statistics(self) -> None:
        """A year of viewing."""
        from dodo_tui.tui.screens.statistics import StatisticsScreen

        self._go_to(StatisticsScreen())

    def action_show_queue(self) -> None:
        """What waits to be sent."""
        from dodo_tui.tui.screens.queue import QueueScreen

        self._go_to(QueueScreen())

    def action_show_review(self) -> None:
        """Files that dodo is not sure of."""
        from dodo_tui.tui.screens.review import ReviewScreen

        self._go_to(ReviewScreen())

    def action_show_settings(self) -> None:
        """Settings."""
        from dodo_tui.tui.screens.settings import SettingsScreen

        self._go_to(SettingsScreen())

    def show_sync(self) -> None:
        """Why the sync indicator says what it says."""
        from dodo_tui.tui.screens.integrations import IntegrationsScreen

        self._go_to(IntegrationsScreen(section="sync"))

    def action_show_appearance(self) -> None:
        """Theme, density, motion and look."""
        from dodo_tui.tui.screens.appearance import AppearanceScreen

        self._go_to(AppearanceScreen())

    def action_show_integrations(self) -> None:
        """Simkl and Trakt."""
        from dodo_tui.tui.screens.integrations import IntegrationsScreen

        self._go_to(IntegrationsScreen())

    def action_show_watchers(self) -> None:
        """Who is watching."""
        from dodo_tui.tui.screens.watchers import WatchersScreen

        if not isinstance(self.screen, WatchersScreen):
            self.push_screen(WatchersScreen())

    def action_show_profiles(self) -> None:
        """The people of the household."""
        from dodo_tui.tui.screens.profiles import ProfilesScreen

        self._go_to(ProfilesScreen())

    def action_show_help(self) -> None:
        """What each key does."""
        from dodo_tui.tui.screens.facts import HelpScreen

        self._go_to(HelpScreen())

    def action_show_now_playing(self) -> None:
        """What plays here."""
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        if self.on_air is not None and not isinstance(self.screen, NowPlayingScreen):
            self.push_screen(NowPlayingScreen())

    def show_title(self, media_id: str) -> None:
        """Everything about a title."""
        from dodo_tui.tui.screens.title import TitleScreen

        self.push_screen(TitleScreen(media_id))

    def show_why(self, key: str) -> None:
        """Everything behind a film, an episode or a title."""
        from dodo_tui.tui.screens.why import WhyScreen

        self.push_screen(WhyScreen(key))

    def show_review_entry(
        self, file_id: int, on_done: Callable[[Corrected], None] | None = None
    ) -> None:
        """Say what a file is; `on_done` is told what that came to."""
        from dodo_tui.tui.screens.review_entry import ReviewEntryScreen

        self.push_screen(ReviewEntryScreen(file_id, on_done))

    async def fix_match(self, key: str) -> None:
        """Say what the file of something is; an open title screen follows."""
        from dodo_tui.tui.screens.title import TitleScreen

        entry = await self.read_file_of(key)
        if entry is None:
            return

        def follow(done: Corrected) -> None:
            for screen in self.screen_stack:
                if isinstance(screen, TitleScreen) and screen.media_id == entry.media_id:
                    screen.follow(done.media_id)

        self.show_review_entry(entry.file_id, follow)

    def ask_first_sync(self, provider_id: str) -> None:
        """Ask what the first sync may do, where it has not been said yet."""
        from dodo_tui.tui.screens.first_sync import FirstSyncScreen

        if any(p.id == provider_id and p.first_sync_pending for p in self.providers):
            self.push_screen(FirstSyncScreen(provider_id))

    def ask_removals(self, provider_id: str) -> None:
        """Ask about titles that are missing at a provider, all at once."""
        from dodo_tui.tui.screens.removals import KEEP, REMOVE, RemovalsScreen

        def answered(answer: str | None) -> None:
            if answer in (KEEP, REMOVE):
                self.answer_removals(provider_id, remove=answer == REMOVE)

        for question in self.removals:
            if question.provider == provider_id:
                self.push_screen(RemovalsScreen(question), answered)

    def watch_removals(
        self, old: tuple[RemovalQuestion, ...], new: tuple[RemovalQuestion, ...]
    ) -> None:
        """A sync that has to ask does so once; afterwards Integrations has the question.

        Never over a film, nor over another question.
        """
        fresh = [question for question in new if question not in old]
        is_free = self._is_ready and self.now_playing is None and not self.screen.is_modal
        if fresh and is_free:
            self.ask_removals(fresh[0].provider)

    def show_card_menu(self, card: Card, page: TitlePage | None = None) -> None:
        """What can be done with a card, or with a title beyond what its own screen offers."""
        from dodo_tui.tui.screens.card_menu import CardMenu

        self.push_screen(CardMenu(card, page))

    def open_card(self, card: Card) -> None:
        """OK on a card: play it if it is here, else show its title."""
        if card.playable:
            self.play(card.key)
        else:
            self.show_title(card.media_id)

    # -- pictures -------------------------------------------------------------------------------

    _gallery: Gallery | None = None
    _gallery_for: tuple[Look, str] | None = None
    """The look and the wish by which the gallery was chosen."""

    @property
    def gallery(self) -> Gallery | None:
        """The posters, None where none are drawn; decided when the first one is asked for."""
        wanted = (self.look, self.settings.pictures or self.picture_wish or "")
        if self._gallery_for != wanted:
            self._gallery_for = wanted
            self._gallery = self._new_gallery(wanted[1])
        return self._gallery

    def _new_gallery(self, wanted: str) -> Gallery | None:
        from dodo_tui.tui.pictures.choice import Drawing, choose_drawing, has_decoder, read_wish

        drawing = choose_drawing(self._environment, self.look, read_wish(wanted))
        if drawing is Drawing.NONE or not has_decoder():
            return None
        from dodo_tui.tui.pictures.gallery import Gallery

        return Gallery(self, drawing, self.show_pictures)

    def card_picture(self, card: Card, columns: int, rows: int) -> Sequence[Line]:
        """The poster of a card's title or its tile; nothing where none are drawn."""
        return self.title_picture(card.media_id, card.title, columns, rows)

    def title_picture(self, media_id: str, title: str, columns: int, rows: int) -> Sequence[Line]:
        """The poster of a title or its tile; nothing where none are drawn."""
        gallery = self.gallery
        return gallery.picture(media_id, title, columns, rows) if gallery else ()

    def show_pictures(self) -> None:
        """A picture has come: draw what shows pictures anew, in the cells that it has already."""
        from dodo_tui.tui.widgets.poster import Poster
        from dodo_tui.tui.widgets.shelf import Shelf

        for screen in self.screen_stack:
            for shelf in screen.query(Shelf):
                shelf.show_pictures()
            for poster in screen.query(Poster):
                poster.refresh()
            for shelf in screen.query(Shelf):
                shelf.forget_drawn()

    def choose_pictures(self, wish: str) -> None:
        """Draw pictures otherwise from now on, and remember it (see `Wish`)."""
        from dodo_tui.tui.widgets.shelf import Shelf

        self.keep_picture_wish(wish)
        for screen in self.screen_stack:
            for shelf in screen.query(Shelf):
                shelf.forget_drawn()

    def write_to_terminal(self, sequence: str) -> None:
        """Send the terminal something that shows nothing, in order with what is painted."""
        if self._driver is not None:
            self._driver.write(sequence)

    def watch_pictures(self) -> None:
        """A poster was fetched."""
        if self._gallery is not None:
            self._gallery.look_again(fetch=False)

    def watch_revision(self) -> None:
        """Titles may have got a poster; a film that plays changes the database all the time."""
        now = self.clock.monotonic()
        if self._gallery is not None and now - self._posters_at >= _LOOK_FOR_POSTERS_SECONDS:
            self._posters_at = now
            self._gallery.look_again(fetch=True)

    _posters_at = float("-inf")

    # -- playing --------------------------------------------------------------------------------

    def play(self, target: str, *, from_start: bool = False) -> None:
        """Play, and let Home stand on the same card afterwards."""
        home = self.screen_stack[0]
        if isinstance(home, HomeScreen):
            home.note_played(target)
        super().play(target, from_start=from_start)

    def action_play_pause(self) -> None:
        """Pause or resume what plays."""
        self.toggle_pause()

    async def action_stop(self) -> None:
        """Stop what plays."""
        if self.session is None:
            self.stop_on_air()
        else:
            await self.stop_playing()

    def action_seek_back(self) -> None:
        """Jump back; on its own screen several presses add up."""
        self._seek_by_key(-1)

    def action_seek_forward(self) -> None:
        """Jump forward; on its own screen several presses add up."""
        self._seek_by_key(1)

    def _seek_by_key(self, step: int) -> None:
        from dodo_tui.domain.seeking import Seeking
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        if isinstance(self.screen, NowPlayingScreen):
            self.screen.press_seek(step)
        else:
            self.seek(Seeking().press(step, 0.0).seconds)

    def action_previous_episode(self) -> None:
        """Go to the episode before."""
        self.step(-1)

    def action_next_episode(self) -> None:
        """Go to the episode after."""
        self.step(1)

    def action_softer(self) -> None:
        """Turn the sound down."""
        self.change_volume(-1)

    def action_louder(self) -> None:
        """Turn the sound up."""
        self.change_volume(1)

    def action_mute(self) -> None:
        """Turn the sound off, or on again."""
        self.toggle_mute()

    def action_sync_now(self) -> None:
        """Sync now; an account that was never synced asks first what that may do."""
        from dodo_tui.tui.screens.first_sync import FirstSyncScreen

        self.sync_now()
        pending = [provider.id for provider in self.providers if provider.first_sync_pending]
        if pending and not isinstance(self.screen, FirstSyncScreen):
            self.ask_first_sync(pending[0])

    def action_scan_library(self) -> None:
        """Look for new files."""
        self.scan_library()

    def watch_on_air(self, on_air: OnAir | None) -> None:
        """Show the remote when something begins to play here, and close it when nothing plays.

        What plays elsewhere is shown to somebody who has just opened dodo and touched nothing.
        """
        if on_air is None and not self._shown_play_id:
            return
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        showing = isinstance(self.screen, NowPlayingScreen)
        if on_air is None:
            if any(isinstance(screen, NowPlayingScreen) for screen in self.screen_stack):
                self.run_worker(self._close_remote(), group="remote", exit_on_error=False)
        elif on_air.playback.end is None and on_air.playback.play_id != self._shown_play_id:
            is_new = not self._shown_play_id
            self._shown_play_id = on_air.playback.play_id
            if not showing and (on_air.is_here or (is_new and self._is_untouched)):
                self.push_screen(NowPlayingScreen())

    async def _close_remote(self) -> None:
        """Close the remote and what lies on top of it."""
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        while any(isinstance(screen, NowPlayingScreen) for screen in self.screen_stack):
            await self.pop_screen()

    @property
    def _is_untouched(self) -> bool:
        """Whether Home is shown and nobody has pressed a key yet."""
        return isinstance(self.screen, HomeScreen) and self.screen.is_untouched

    _shown_play_id = ""

    @contextlib.asynccontextmanager
    async def screen_handed_over(self) -> AsyncIterator[None]:
        """On a bare console mpv takes the terminal and gives it back, whatever happened."""
        with self.suspend():
            yield
        self.refresh(repaint=True, layout=True)
        if self._gallery is not None:
            self._gallery.forget()

    # -- mistakes of our own --------------------------------------------------------------------

    mistakes = 0
    """How many exceptions nobody caught."""

    async def _dispatch_message(self, message: Message) -> None:
        """A mistake in an action of the app must not end the app."""
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001 - logged whole, and said
            self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """Log it, say so, and go on from Home; give up only when it goes on and on."""
        self.mistakes += 1
        log.critical("a mistake of dodo's own", exc_info=error)
        if self.mistakes > _MOST_MISTAKES or not self.is_running:
            super()._handle_exception(error)
            return
        pump = active_message_pump.get(None)
        screen = pump.screen if isinstance(pump, Widget) and pump.is_attached else None
        self.call_later(self._go_on_without, screen)

    async def _go_on_without(self, broken: Screen[object] | None) -> None:
        """Close the screen that failed; a new Home where Home itself did."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if broken is self.screen:
            # Textual gives the first screen no callback, and switching away from it takes one off.
            self.screen._push_result_callback(self, None)  # noqa: SLF001
            await self.switch_screen(HomeScreen())
        self._say_mistake()

    def _say_mistake(self) -> None:
        self.trouble = f"Something went wrong here. The rest works; details are in {self.paths.log}"

    def _fatal_error(self) -> None:
        """One sentence in place of a traceback: that is in the log."""
        sentence = f"dodo: This is a mistake in dodo; details are in {self.paths.log}.\n"
        self._exit_renderables.append(Segments([Segment(sentence)]))
        self._close_messages_no_wait()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of the app or of a screen failed: it must not be in silence."""
        if event.state is WorkerState.ERROR:
            log.critical("a mistake of dodo's own", exc_info=event.worker.error)
            self.mistakes += 1
            self._say_mistake()

    # -- leaving --------------------------------------------------------------------------------

    async def action_leave(self) -> None:
        """Ask once, with Leave in focus."""
        from dodo_tui.tui.widgets.button_row import Button
        from dodo_tui.tui.widgets.question import Question

        detail = "What plays will be stopped." if self.now_playing is not None else ""

        def answered(answer: str | None) -> None:
            if answer == "leave":
                self.run_worker(self.leave(), group="leave", exit_on_error=False)

        buttons = (Button("leave", "Leave"), Button("stay", "Stay"))
        self.push_screen(Question("Leave dodo?", buttons, "leave", detail), answered)
