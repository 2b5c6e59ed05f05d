"""The face: the engine with screens, driven by six keys. Its concerns are in `tui.face`."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping

from textual import events
from textual.driver import Driver
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from dodo_tui.engine.parts import Parts
from dodo_tui.engine.preferences import read_preferences
from dodo_tui.tui.appearance import PREFIX, look_for, read_appearance
from dodo_tui.tui.commands import bindings
from dodo_tui.tui.driver import CouchDriver
from dodo_tui.tui.face.commanding import Commanding
from dodo_tui.tui.face.mistakes import Mistakes
from dodo_tui.tui.face.places import Places
from dodo_tui.tui.face.steering import Steering
from dodo_tui.tui.screens.base import is_too_small
from dodo_tui.tui.screens.home import HomeScreen
from dodo_tui.tui.stylesheets import OTHER_SCREENS, stylesheet
from dodo_tui.tui.themes import use_theme

_LOOK_FOR_TERMINAL_SECONDS = 2.0


class DodoApp(Commanding, Places, Steering, Mistakes, inherit_bindings=False):
    """dodo on a screen."""

    TITLE = "dodo"
    CSS_PATH = stylesheet("tokens", "widgets", "home")
    BINDINGS = bindings()
    ENABLE_COMMAND_PALETTE = False  # Textual's: dodo has its own, see `Commanding`
    PAUSE_GC_ON_SCROLL = True

    def __init__(self, parts: Parts, environment: Mapping[str, str] = os.environ) -> None:
        """Choose the look and theme for this terminal; the rest is the engine's."""
        self._environment = environment
        self.appearance = read_appearance(read_preferences(parts, PREFIX), environment)
        self.look = look_for(self.appearance, environment)
        theme = self._theme_for(self.appearance)
        super().__init__(parts, ansi_color=theme.ansi)
        self._has_theme = True
        use_theme(self, theme)
        self._tell_time()
        self.animation_level = "none"

    def on_ready(self) -> None:
        """Home is painted: from now on there is garbage."""
        gc.enable()
        for sheet in OTHER_SCREENS:
            self.stylesheet.read(sheet)
        self.stylesheet.parse()
        self.follow_others()
        self.run_worker(self.greet(), group="start", exit_on_error=False)
        self._is_ready = True

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
        self.measure_again()
