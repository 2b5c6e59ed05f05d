"""Playback: what plays, what follows, and when something counts."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from dodo_tui.config import Settings
from dodo_tui.domain.figures import ratio_text
from dodo_tui.domain.thresholds import FINISH_RATIO
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.toggle import toggle_text
from dodo_tui.tui.widgets.words import Words

AUTOPLAY = "autoplay_next"
COUNTDOWN = "autoplay_countdown_seconds"
REWIND = "resume_rewind_seconds"

_CHOICES = {COUNTDOWN: (5, 10, 15, 20, 30), REWIND: (0, 3, 5, 10, 30)}
_DEFAULTS = {AUTOPLAY: "on", COUNTDOWN: "15", REWIND: "0"}


def next_value(name: str, value: str) -> str:
    """What OK makes of a setting: the switch turned, or the next of the choices."""
    if name == AUTOPLAY:
        return "off" if value == "on" else "on"
    choices = [str(seconds) for seconds in _CHOICES[name]]
    index = choices.index(value) + 1 if value in choices else 0
    return choices[index % len(choices)]


def playback_rows(settings: Settings, kept: Mapping[str, str]) -> tuple[MenuRow, ...]:
    """What can be set, then the facts."""
    values = {**_DEFAULTS, **kept}
    goes_on = values[AUTOPLAY] == "on"
    rewind = values[REWIND]
    return (
        MenuRow(AUTOPLAY, "Play the next episode by itself", status=toggle_text(goes_on)),
        MenuRow(
            COUNTDOWN,
            "Time to decline it",
            status=f"{values[COUNTDOWN]} s",
            enabled=goes_on,
        ),
        MenuRow(
            REWIND,
            "Go back a little when resuming",
            status="off" if rewind == "0" else f"{rewind} s",
        ),
        MenuRow("", "Set in config.toml or by a variable", heading=True),
        MenuRow("player", "Player", status=settings.mpv, enabled=False),
        MenuRow("arguments", "Its arguments", status=settings.mpv_args or "none", enabled=False),
        MenuRow(
            "finish", "Counts as watched", status=f"at {ratio_text(FINISH_RATIO)}", enabled=False
        ),
    )


class PlaybackScreen(DodoScreen):
    """OK changes what is under the cursor; it holds for every dodo on this machine."""

    NAME = "Playback"
    DEFAULT_ZONE = "MenuList"

    def __init__(self) -> None:
        super().__init__()
        self._kept: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        """The settings."""
        yield Words("Playback", classes="-strong")
        yield MenuList(playback_rows(self.dodo.settings, {}), ok_hint="change")
        yield Foot()

    def on_mount(self) -> None:
        """Follow the database."""
        self.watch(self.dodo, "revision", lambda: self.refill(self._fill))

    async def _fill(self) -> None:
        self._kept = await self.dodo.remembered(*_DEFAULTS)
        self.query_one(MenuList).rows = playback_rows(self.dodo.settings, self._kept)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Change it."""
        message.stop()
        name = message.row.id
        value = self._kept.get(name, _DEFAULTS[name])
        self.dodo.remember(name, next_value(name, value))
