"""What an adapter offers for players that dodo did not start: it watches them, all the time.

A watcher finds its players by itself, again after they were gone, and tells every sample through
one awaited function: who listens slowly slows it down, and nothing piles up. Trouble with a player
is never raised; it is said in the `report`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from dodo_tui.domain.playback import PlayerState
from dodo_tui.values import dataclass

Tell = Callable[[PlayerState], Awaitable[None]]
"""Takes one sample; awaited before the next is read."""


class Sight(StrEnum):
    """What a watcher sees.

    `OFF`: there is nothing to watch with (no bus, no address). `NONE`: no such player runs.
    `SEEN`: at least one player is watched. `REFUSED`: one is there and does not let itself be
    watched; the report says what to change.
    """

    OFF = "off"
    NONE = "none"
    SEEN = "seen"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Report:
    """How a watcher stands, for Settings and `dodo doctor`."""

    sight: Sight
    sentence: str
    """What is so."""
    next_step: str | None = None
    """What to do so that it can be watched, where something can be done."""


class Watcher(Protocol):
    """Watches all players of one kind."""

    id: str
    """`mpv`, `kodi`, `vlc`, `mpris`, `jellyfin`: the source of its samples."""
    name: str
    """As people say it."""

    def report(self) -> Report:
        """How it stands now."""
        ...

    async def watch(self, tell: Tell) -> None:
        """Watch until cancelled.

        Every sample bears the `session` of its player. A player that goes away gets a last sample
        with `end` for the item that it was playing, at its last good position.
        """
        ...
