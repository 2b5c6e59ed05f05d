"""Simkl as what a server serves: its world, the rules watched, and its routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from dodo_tui.standin.clock import Clock
from dodo_tui.standin.dispatch import dispatch
from dodo_tui.standin.messages import Request, Response
from dodo_tui.standin.violations import CACHED
from dodo_tui.standin.world import InFlight, Member, World


class SimklSite:
    """A `connection.Site` over a world."""

    def __init__(self, world: World) -> None:
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

    def owner(self, request: Request) -> str | None:
        """Whose token a request carries, for the log."""
        member = self._member(request)
        return None if member is None else member.user.name

    def answer(self, request: Request) -> Response:
        """Process a request; the lock is held."""
        return dispatch(request, self._world)

    def answer_lost(self, request: Request) -> None:
        """Asking again for what never came is no offence."""
        self._world.watch.answer_lost(request)

    @contextmanager
    def in_flight(self, request: Request, is_abandoned: Callable[[], bool]) -> Iterator[None]:
        """Count a request among its user's unanswered ones while it runs."""
        world, owner = self._world, self._member(request)
        with world.lock:
            world.watch.arrival(
                request,
                world.clock.now(),
                in_flight=0 if owner is None else owner.calls_in_flight(),
                writes_in_flight=0 if owner is None else owner.calls_in_flight(writes_only=True),
            )
        if owner is None or CACHED.match(request.path) is not None:
            yield
            return
        call = InFlight(request.is_write, is_abandoned)
        with world.lock:
            owner.in_flight.append(call)
        try:
            yield
        finally:
            with world.lock:
                owner.in_flight.remove(call)

    def _member(self, request: Request) -> Member | None:
        token = request.bearer()
        user = None if token is None else self._world.accounts.owner(token)
        return None if user is None else self._world.member(user)
