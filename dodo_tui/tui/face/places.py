"""Where one can go: every screen by its name, and the questions that lie on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from dodo_tui.domain.cards import Card, TitlePage
from dodo_tui.engine.state import RemovalQuestion
from dodo_tui.tui.face.set_once import SetOnce

if TYPE_CHECKING:
    from dodo_tui.domain.browse import LibraryPlace
    from dodo_tui.domain.profile import Profile
    from dodo_tui.domain.review import Corrected, Subject
    from dodo_tui.tui.screens.base import DodoScreen

PLACES = {
    "home": "show_home",
    "library": "show_library",
    "history": "show_history",
    "settings": "show_settings",
    "now_playing": "show_now_playing",
    "person": "show_watchers",
}
"""The places of the top bar and the commands that lead there."""


def place(command_id: str) -> DodoScreen:
    """The screen behind a command; its module is imported when it is shown.

    Raises:
        ValueError: the command leads to no screen of its own.
    """
    match command_id:
        case "show_library":
            from dodo_tui.tui.screens.library import LibraryScreen

            return LibraryScreen()
        case "show_history":
            from dodo_tui.tui.screens.history import HistoryScreen

            return HistoryScreen()
        case "show_statistics":
            from dodo_tui.tui.screens.statistics import StatisticsScreen

            return StatisticsScreen()
        case "show_settings":
            from dodo_tui.tui.screens.settings import SettingsScreen

            return SettingsScreen()
        case "show_integrations":
            from dodo_tui.tui.screens.integrations import IntegrationsScreen

            return IntegrationsScreen()
        case "show_queue":
            from dodo_tui.tui.screens.queue import QueueScreen

            return QueueScreen()
        case "show_review":
            from dodo_tui.tui.screens.review import ReviewScreen

            return ReviewScreen()
        case "show_playback":
            from dodo_tui.tui.screens.playback import PlaybackScreen

            return PlaybackScreen()
        case "show_folders":
            from dodo_tui.tui.screens.folders import FoldersScreen

            return FoldersScreen()
        case "show_untracked":
            from dodo_tui.tui.screens.untracked import UntrackedScreen

            return UntrackedScreen()
        case "show_profiles":
            from dodo_tui.tui.screens.profiles import ProfilesScreen

            return ProfilesScreen()
        case "show_appearance":
            from dodo_tui.tui.screens.appearance import AppearanceScreen

            return AppearanceScreen()
        case "show_players":
            from dodo_tui.tui.screens.players import PlayersScreen

            return PlayersScreen()
        case "show_remote":
            from dodo_tui.tui.screens.remote import RemoteScreen

            return RemoteScreen()
        case "show_welcome":
            from dodo_tui.tui.screens.welcome import WelcomeScreen

            return WelcomeScreen()
        case "show_help":
            from dodo_tui.tui.screens.facts import HelpScreen

            return HelpScreen()
        case "show_about":
            from dodo_tui.tui.screens.facts import AboutScreen

            return AboutScreen()
        case _:
            raise ValueError(f"no place is called {command_id!r}")


class Places(SetOnce, part=True):
    """Opens screens; Back leads from each of them home."""

    _is_ready = False
    """Whether Home has been painted."""

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

    def go_home(self) -> None:
        """Close everything above Home."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def switch_profile(self, profile: Profile) -> None:
        """Let somebody else be watching: what was open was the other's, and they begin at Home.

        Who steers what plays goes on with it.
        """
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        steers = any(isinstance(screen, NowPlayingScreen) for screen in self.screen_stack)
        self._begins_anew = profile.id != self.profile.id and not steers
        super().switch_profile(profile)

    _begins_anew = False

    def watch_profile(self) -> None:
        """Whoever has been chosen is watching now."""
        if self._begins_anew:
            self._begins_anew = False
            self.call_later(self._begin_anew)

    def _begin_anew(self) -> None:
        from dodo_tui.tui.screens.home import HomeScreen

        self.go_home()
        self._library_place = None
        home = self.screen_stack[0]
        if isinstance(home, HomeScreen):
            home.begin_anew()

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
        self._go_to(place("show_library"))

    def action_show_history(self) -> None:
        """What was watched."""
        self._go_to(place("show_history"))

    def action_show_statistics(self) -> None:
        """A year of viewing."""
        self._go_to(place("show_statistics"))

    def action_show_queue(self) -> None:
        """What waits to be sent."""
        self._go_to(place("show_queue"))

    def action_show_review(self) -> None:
        """Files that dodo is not sure of."""
        self._go_to(place("show_review"))

    def action_show_settings(self) -> None:
        """Settings."""
        self._go_to(place("show_settings"))

    def action_show_playback(self) -> None:
        """What plays, what follows, and when something counts."""
        self._go_to(place("show_playback"))

    def action_show_folders(self) -> None:
        """Where the videos are."""
        self._go_to(place("show_folders"))

    def action_show_untracked(self) -> None:
        """What leaves no trace."""
        self._go_to(place("show_untracked"))

    def action_show_players(self) -> None:
        """What others start and dodo watches."""
        self._go_to(place("show_players"))

    def action_show_remote(self) -> None:
        """What each button is called and does."""
        self._go_to(place("show_remote"))

    def action_show_welcome(self) -> None:
        """The first steps, once more."""
        self._go_to(place("show_welcome"))

    def action_show_about(self) -> None:
        """What this is."""
        self._go_to(place("show_about"))

    def show_sync(self) -> None:
        """Why the sync indicator says what it says: the section of who stands worst."""
        from dodo_tui.tui.screens.integrations import IntegrationsScreen
        from dodo_tui.tui.words import worst_first

        pairs = tuple(zip(self.providers, self.sync, strict=False))
        self._go_to(IntegrationsScreen(next((each.id for each, _ in worst_first(pairs)), "")))

    def action_show_appearance(self) -> None:
        """Theme, density, motion and look."""
        self._go_to(place("show_appearance"))

    def action_show_integrations(self) -> None:
        """Simkl and Trakt."""
        self._go_to(place("show_integrations"))

    def action_show_watchers(self) -> None:
        """Who is watching."""
        from dodo_tui.tui.screens.watchers import WatchersScreen

        if not isinstance(self.screen, WatchersScreen):
            self.push_screen(WatchersScreen())

    def action_show_profiles(self) -> None:
        """The people of the household."""
        self._go_to(place("show_profiles"))

    def action_show_help(self) -> None:
        """What each key does."""
        self._go_to(place("show_help"))

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
        self, subject: Subject, on_done: Callable[[Corrected], None] | None = None
    ) -> None:
        """Say what a file or a title is; `on_done` is told what that came to."""
        from dodo_tui.tui.screens.review_entry import ReviewEntryScreen

        self.push_screen(ReviewEntryScreen(subject, on_done))

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

        self.show_review_entry(entry.subject, follow)

    def ask_first_sync(self, provider_id: str) -> None:
        """Ask what the first sync may do, where it has not been said yet."""
        from dodo_tui.tui.screens.first_sync import FirstSyncScreen

        if any(p.id == provider_id and p.first_sync_pending for p in self.providers):
            self.push_screen(FirstSyncScreen(provider_id))

    def ask_removals(self, provider_id: str) -> None:
        """Ask about titles that are missing at a provider, all at once."""
        from dodo_tui.tui.screens.removals import KEEP, REMOVE, RemovalsScreen

        for question in self.removals:
            if question.provider == provider_id:
                break
        else:
            return

        def answered(answer: str | None) -> None:
            if answer in (KEEP, REMOVE):
                self.answer_removals(question, remove=answer == REMOVE)

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

    def show_card_menu(
        self, card: Card, page: TitlePage | None = None, *, has_details: bool = True
    ) -> None:
        """What can be done with a card, or with a title beyond what its own screen offers.

        `has_details` is False where these are on the screen already.
        """
        from dodo_tui.tui.screens.card_menu import CardMenu

        self.push_screen(CardMenu(card, page, has_details=has_details))

    def open_card(self, card: Card) -> None:
        """OK on a card: play it if it is here, else show its title."""
        if card.playable:
            self.play(card.key)
        else:
            self.show_title(card.media_id)

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
