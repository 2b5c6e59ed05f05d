"""Keys for what plays, and the remote that opens when something begins to."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from dodo_tui.tui.face.posters import Posters
from dodo_tui.tui.screens.home import HomeScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from dodo_tui.domain.tracks import TrackKind
    from dodo_tui.engine.on_air import Controller, OnAir


class Steering(Posters, part=True):
    """Steers what plays, here or in another dodo."""

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

    def action_subtitles(self) -> None:
        """Choose the subtitles of what plays."""
        from dodo_tui.domain.tracks import TrackKind

        self._choose_track(TrackKind.SUBTITLES)

    def action_sound(self) -> None:
        """Choose the sound of what plays."""
        from dodo_tui.domain.tracks import TrackKind

        self._choose_track(TrackKind.AUDIO)

    def _choose_track(self, kind: TrackKind) -> None:
        from dodo_tui.tui.screens.tracks_menu import TracksMenu

        async def choose(hands: Controller) -> None:
            del hands  # the menu asks for the tracks itself
            await self.push_screen(TracksMenu(kind))

        self._steer(choose)

    def watch_on_air(self, on_air: OnAir | None) -> None:
        """Show the remote when something begins to play here, and close it when nothing plays.

        What plays elsewhere is shown to somebody who has just opened dodo and touched nothing.
        """
        if on_air is None and not self._shown_play_id:
            return
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        showing = isinstance(self.screen, NowPlayingScreen)
        if on_air is None:
            if isinstance(self._whole_screen, NowPlayingScreen):
                self.screen_was_closed()
                self.run_worker(self._close_remote(), group="remote", exit_on_error=False)
        elif on_air.playback.end is None and on_air.playback.play_id != self._shown_play_id:
            is_new = not self._shown_play_id
            self._shown_play_id = on_air.playback.play_id
            if not showing and (on_air.is_here or (is_new and self._is_untouched)):
                self.push_screen(NowPlayingScreen())

    async def _close_remote(self) -> None:
        """Close the remote and the menus on top of it."""
        from dodo_tui.tui.screens.now_playing import NowPlayingScreen

        while any(isinstance(screen, NowPlayingScreen) for screen in self.screen_stack):
            await self.pop_screen()

    @property
    def _whole_screen(self) -> Screen[object]:
        """What one looks at, below menus and questions."""
        return next(screen for screen in reversed(self.screen_stack) if not screen.is_modal)

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
