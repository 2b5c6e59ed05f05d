"""What every player adapter offers: it plays or watches, and yields `PlayerState` samples."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from dodo_tui.domain.playback import PlayerState


class PlayerError(Exception):
    """A player cannot do what it was asked; the text is one sentence for the user."""


class PlayerMissingError(PlayerError):
    """The player's program is not installed; the text says which package to install."""


@dataclass(frozen=True, slots=True)
class PlayRequest:
    """What to play: addresses or paths in playing order, and how the first one begins."""

    paths: tuple[str, ...]
    start_seconds: float = 0.0
    title: str | None = None
    """Shown by the player as the first item's title, if given."""
    start_ratio: float | None = None
    """Where to begin, 0–1, when nobody but the player knows the duration; then seconds are 0."""


class Player(Protocol):
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

    async def pause(self, paused: bool) -> None:
        """Pause or resume; asking for the state it is in does nothing."""
        ...

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative."""
        ...

    async def step(self, items: int) -> None:
        """Go on to the next item (1) or back to the previous one (-1) of the playlist."""
        ...

    async def show_text(self, text: str, seconds: float) -> None:
        """Show a line on the picture for so long."""
        ...

    async def stop(self) -> None:
        """End the player in order; the last state still arrives."""
        ...

    def undelivered(self) -> tuple[PlayerState, ...]:
        """The states that an iterator closed or cancelled early did not deliver, oldest first.

        Among them is the last state of the item that was playing then.
        """
        ...
