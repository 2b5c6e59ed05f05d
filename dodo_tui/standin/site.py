"""What a server serves of any provider's state."""

from __future__ import annotations

from threading import RLock
from typing import Generic, Protocol, TypeVar

from dodo_tui.standin.clock import Clock


class _Settings(Protocol):
    """What a server wants to know of a stand-in's settings."""

    latency_seconds: float
    """How long every answer takes, in real seconds."""


class _World(Protocol):
    """What every stand-in's state has."""

    clock: Clock
    """Where every time comes from."""
    lock: RLock
    """Held while a request is looked at or processed."""

    @property
    def settings(self) -> _Settings:
        """Limits and shapes."""
        ...


WorldT = TypeVar("WorldT", bound=_World)


class WorldSite(Generic[WorldT]):
    """The part of a `connection.Site` that is the same over every world."""

    def __init__(self, world: WorldT) -> None:
        self._world = world

    @property
    def clock(self) -> Clock:
        """Where every time comes from."""
        return self._world.clock

    @property
    def lock(self) -> RLock:
        """Held while a request is looked at or processed."""
        return self._world.lock

    @property
    def latency_seconds(self) -> float:
        """How long every answer takes, in real seconds."""
        return self._world.settings.latency_seconds
