"""What can be done now, by name: the palette, and letters that act on what is in focus."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, cast

from textual._context import active_message_pump

from dodo_tui.tui.commands import COMMANDS, PALETTE, Command, Needs
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.face.set_once import SetOnce
from dodo_tui.tui.screens.base import DodoScreen

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

_OF_EPISODES = {Needs.PREVIOUS, Needs.NEXT}
_OF_WHAT_PLAYS = {Needs.ON_AIR, Needs.STEERED, Needs.RUNNING}


class Commanding(SetOnce, part=True):
    """Carries out commands that are chosen by their names."""

    def action_command_palette(self) -> None:
        """Every command; questions have their answers, and no palette."""
        screen = self.screen
        if isinstance(screen, DodoScreen) and not screen.is_too_small:
            from dodo_tui.tui.screens.palette import Palette

            self.push_screen(Palette(screen))

    def deeds_anywhere(self, *, has_folders: bool) -> Iterator[Deed]:
        """What can be done now wherever one is; places come as commands that only lead there."""
        from dodo_tui.tui.account_questions import account_deeds
        from dodo_tui.tui.screens.watchers import audience_deeds

        for command in COMMANDS:
            if command is PALETTE or (command.needs is Needs.FOLDERS and not has_folders):
                continue
            if self.can(command.needs):
                do = partial(self.do_command, command)
                yield Deed(command.id, command.name, do, self._about(command))
        app = cast("DodoApp", self)
        yield from audience_deeds(app)
        yield from account_deeds(app)

    def can(self, needs: Needs) -> bool:
        """Whether what a command needs is there now, as far as the state tells."""
        on_air = self.on_air
        if needs is Needs.ACCOUNT:
            return any(provider.connected for provider in self.providers)
        if needs is Needs.FOCUS:
            return False  # the screen offers it, of what is in focus there
        if needs in (Needs.NOTHING, Needs.FOLDERS):
            return True
        if on_air is None or (on_air.is_watched and needs is not Needs.ON_AIR):
            return False
        if needs is Needs.RUNNING and on_air.playback.end is not None:
            return False
        return needs in _OF_WHAT_PLAYS or bool(self._neighbour(needs))

    def _neighbour(self, needs: Needs) -> str:
        """The episode before or after what plays; empty where there is none."""
        on_air = self.on_air
        if on_air is None or needs not in _OF_EPISODES:
            return ""
        return on_air.previous if needs is Needs.PREVIOUS else on_air.next

    def _about(self, command: Command) -> str:
        """What a command acts on now, where that is not plain from its name."""
        if command.needs in _OF_WHAT_PLAYS and self.on_air is not None:
            playback = self.on_air.playback
            return f"{playback.title}  {playback.label}".rstrip()
        if command.needs is Needs.ACCOUNT:
            return ", ".join(each.name for each in self.providers if each.connected)
        return self._neighbour(command.needs)

    def do_command(self, command: Command) -> object:
        """Do what the key of a command does."""
        return getattr(self, f"action_{command.id}")()

    def carry_out(self, deed: Deed) -> None:
        """Do it, as from a key: what it asks for is answered to the app, whatever closes then."""
        token = active_message_pump.set(self)
        try:
            result = deed.do()
        finally:
            active_message_pump.reset(token)
        if isawaitable(result):
            self.run_worker(result, group="deed", exit_on_error=False)

    def action_do_here(self, deed_id: str) -> None:
        """Do it to what is in focus, if it can be done there."""
        screen = self.screen
        if isinstance(screen, DodoScreen):
            self.run_worker(
                self._do_here(screen, deed_id), group="here", exclusive=True, exit_on_error=False
            )

    async def _do_here(self, screen: DodoScreen, deed_id: str) -> None:
        page = await self.read_title(screen.title_in_focus) if screen.title_in_focus else None
        for deed in screen.deeds(page):
            if deed.id == deed_id and screen.is_current:
                self.carry_out(deed)
                return
