"""The remote: steers what plays, here or in another dodo of the same user."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from dodo_tui.engine.playing import Playing
from dodo_tui.engine.watching import Watching
from dodo_tui.players.errors import PlayerError

if TYPE_CHECKING:
    from dodo_tui.domain.queue import DeliveryState
    from dodo_tui.domain.tracks import Track, TrackKind
    from dodo_tui.engine.control.follower import Follower
    from dodo_tui.engine.on_air import Controller, OnAir

log = logging.getLogger(__name__)

_SOON_SECONDS = 0.2
_VOLUME_STEP_PERCENT = 5.0


class Steering(Watching, Playing, part=True):
    """Follows what plays elsewhere while nothing plays here; `on_air` is what a remote shows."""

    _follower: Follower | None = None
    _refusal: str | None = None
    """What the player said no to last; it is not said any longer than until the next key."""

    def follow_others(self) -> None:
        """Begin to look for what other dodos play; a face does, the daemon has no use for it."""
        from dodo_tui.engine.control.follower import Follower

        self._follower = Follower(self.paths.runtime, self.clock, self._others_changed)
        self._look_for_others()

    def _look_for_changes(self) -> None:
        """Once a second: also whether somebody else has begun or ended to play."""
        super()._look_for_changes()
        if self._follower is not None and self._follower.may_have_news:
            self._look_for_others()

    def _look_for_others(self) -> None:
        if self._follower is not None:
            self.run_worker(self._follower.look(), group="follow", exit_on_error=False)

    def _others_changed(self) -> None:
        super()._others_changed()
        if self._follower is not None and self.session is None and self.is_running:
            self.on_air = self._elsewhere
            self._forget_refusal()

    def _show_on_air(self, on_air: OnAir | None) -> None:
        """What plays here goes before what plays elsewhere."""
        super()._show_on_air(self._elsewhere if on_air is None else on_air)
        self._forget_refusal()

    def _forget_refusal(self) -> None:
        """A no of a player that plays no more is said no longer."""
        if self.on_air is None and self._refusal is not None and self.trouble == self._refusal:
            self._refusal = self.trouble = None

    @property
    def _elsewhere(self) -> OnAir | None:
        client = None if self._follower is None else self._follower.current
        return self.seen_on_air if client is None else client.on_air

    @property
    def controller(self) -> Controller | None:
        """The hands on what `on_air` shows."""
        if self.session is not None:
            return self.session
        return None if self._follower is None else self._follower.current

    async def stop_following(self) -> None:
        """Let go of the other dodos; what they play plays on."""
        follower, self._follower = self._follower, None
        if follower is not None:
            await follower.close()

    # -- keys of the remote ---------------------------------------------------------------------

    def toggle_pause(self) -> None:
        """Pause or resume what plays."""
        on_air = self.on_air
        if on_air is not None:
            paused = not on_air.playback.paused
            self._steer(lambda hands: hands.pause(paused))

    def seek(self, seconds: float) -> None:
        """Jump in what plays."""
        self._steer(lambda hands: hands.seek(seconds))

    def step(self, episodes: int) -> None:
        """Go to the next episode, or the previous one."""
        self._steer(lambda hands: hands.step(episodes))

    def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a sound or subtitle track; None switches that kind off."""
        self._steer(lambda hands: hands.select_track(kind, track_id))

    def change_volume(self, steps: int) -> None:
        """Louder by so many steps, softer if negative."""
        self._steer(lambda hands: hands.change_volume(steps * _VOLUME_STEP_PERCENT))

    def toggle_mute(self) -> None:
        """Sound off, or on again."""
        self._steer(lambda hands: hands.toggle_mute())

    def answer_offer(self, *, accepted: bool) -> None:
        """Play the offered episode now, or let nothing follow."""
        self._steer(lambda hands: hands.answer_offer(accepted))

    def stop_on_air(self) -> None:
        """Stop what plays, here or there."""
        self._steer(lambda hands: hands.stop())

    async def read_told(self, play_id: str) -> dict[str, tuple[str, DeliveryState]]:
        """By provider: the verb it took last of a viewing, and how it went."""
        from dodo_tui.storage.history import told_of

        return await self.store.run(told_of, play_id)

    async def read_tracks(self) -> tuple[Track, ...]:
        """The tracks of what plays; none if nothing does, or if nobody says."""
        hands = self.controller
        if hands is None:
            return ()
        try:
            return await hands.tracks()
        except PlayerError as error:
            self.trouble = str(error)
            return ()

    def _steer(self, act: Callable[[Controller], Awaitable[None]]) -> None:
        """Do something with what plays; what cannot be done is said."""

        async def steer() -> None:
            hands = self.controller
            if self.trouble == self._refusal:
                self.trouble = None
            if hands is None:
                if self.on_air is not None and self.on_air.is_watched:
                    from dodo_tui.engine.on_air import not_ours

                    self._refusal = self.trouble = not_ours(self.on_air)
                return
            try:
                await act(hands)
            except PlayerError as error:
                self._refusal = self.trouble = str(error)

        self.run_worker(steer(), group="steer", exit_on_error=False)
