"""What every player adapter offers: it plays or watches, and yields `PlayerState` samples."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Protocol

from dodo_tui.domain.playback import PlayerState
from dodo_tui.values import dataclass

if TYPE_CHECKING:
    from dodo_tui.domain.tracks import Track, TrackKind


@dataclass(frozen=True, slots=True)
class PlayRequest:
    """What to play: addresses or paths in playing order, and how the first one begins."""

    paths: tuple[str, ...]
    start_seconds: float = 0.0
    title: str | None = None
    """Shown by the player as the first item's title, if given."""
    start_ratio: float | None = None
    """Where to begin, 0–1, when nobody but the player knows the duration; then seconds are 0."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What to do when somebody presses a key on the player's own window."""

    next_episode: Callable[[], None]
    previous_episode: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question on the picture, with two answers by the player's own keys."""

    text: str
    hint: str
    """What the keys do, in a few words."""
    accept: Callable[[], None]
    """OK was pressed."""
    decline: Callable[[], None]
    """Back was pressed."""


class Controls(Protocol):
    """What can be asked of a player that runs. Without one running, nothing happens."""

    async def pause(self, paused: bool) -> None:
        """Pause or resume; asking for the state it is in does nothing."""
        ...

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative."""
        ...

    async def step(self, items: int) -> bool:
        """Go on to the next item (1) or back to the previous one (-1) of the player's playlist.

        Answers whether there was one.
        """
        ...

    async def tracks(self) -> tuple[Track, ...]:
        """The sound and subtitle tracks of the current item."""
        ...

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a track; None switches that kind off.

        Raises:
            PlayerError: there is no such track.
        """
        ...

    async def change_volume(self, percent: float) -> None:
        """Louder by so many percent, softer if negative."""
        ...

    async def toggle_mute(self) -> None:
        """Sound off, or on again."""
        ...

    async def stop(self) -> None:
        """End the player in order; the last state still arrives."""
        ...


class Player(Controls, Protocol):
    """A player that dodo starts itself and drives until it ends.

    `play` yields a state whenever something changed, at most about once a second for the mere
    passing of time, and for each item one last state with `end` set and the last good position.
    It ends when the player has gone. Closing the iterator ends the player; so does cancelling the
    task that waits for its next state. Iterate it inside `contextlib.aclosing`.
    """

    def play(self, request: PlayRequest) -> AsyncGenerator[PlayerState, None]:
        """Start playing.

        Raises:
            PlayerMissingError: the program is not there.
            PlayerError: it could not be started or controlled.
        """
        ...

    async def play_next(self, request: PlayRequest) -> None:
        """Play something else in the same window, as a new item, in place of the current one."""
        ...

    async def hold(self, held: bool) -> None:
        """Whether the last picture stays when the last item ends, instead of the player's leaving.

        Let go of after the end, the player leaves.
        """
        ...

    async def show_prompt(self, prompt: Prompt | None) -> None:
        """Show a question on the picture until it is replaced, or None takes it away."""
        ...

    def listen_to_keys(self, keys: Keys) -> None:
        """Say what keys on the player's own window do; before `play`."""
        ...

    async def show_text(self, text: str, seconds: float) -> None:
        """Show a line on the picture for so long."""
        ...
