"""What plays, wherever it was started: what a remote shows and what it can do."""

from __future__ import annotations

from typing import Protocol

from dodo_tui.domain.playback import Playback
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """The next episode, which will begin by itself unless somebody declines."""

    name: str
    """`Breaking Bad S1 E6`."""
    seconds_left: int

    @property
    def words(self) -> str:
        """The same on the picture, on every screen and in the command line."""
        return f"Next: {self.name} in {self.seconds_left} s"


@dataclass(frozen=True, slots=True)
class OnAir:
    """A viewing as a remote sees it."""

    playback: Playback
    device: str
    """What the machine that plays is called; of what is only watched, the player."""
    is_here: bool
    """Whether this process plays it."""
    previous: str = ""
    """The episode before, `S1 E4`; empty where there is none on this device."""
    next: str = ""
    """The episode after."""
    offer: Offer | None = None
    is_watched: bool = False
    """Whether it plays in a player that dodo only watches, and nobody here can steer."""


def not_ours(on_air: OnAir | None) -> str:
    """Why what plays cannot be steered, and what can."""
    if on_air is None:
        return "Nothing plays any more."
    return f"It plays in {on_air.device}: use its own keys."


class Controller(Protocol):
    """The hands on what plays: the same for this process's player and for another's.

    Every method raises `PlayerError`, a sentence for the user, when it cannot be done.
    """

    async def pause(self, paused: bool) -> None:
        """Pause or resume."""
        ...

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative."""
        ...

    async def step(self, episodes: int) -> None:
        """Go to the next episode (1) or the previous one (-1)."""
        ...

    async def tracks(self) -> tuple[Track, ...]:
        """The sound and subtitle tracks."""
        ...

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a track; None switches that kind off."""
        ...

    async def change_volume(self, percent: float) -> None:
        """Louder, or softer if negative."""
        ...

    async def toggle_mute(self) -> None:
        """Sound off, or on again."""
        ...

    async def answer_offer(self, accepted: bool) -> None:
        """Play the offered episode now, or let nothing follow."""
        ...

    async def stop(self) -> None:
        """End what plays."""
        ...
