"""Simkl as what a server serves: its world, the rules watched, and its routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dodo_tui.standin.messages import Request, Response
from dodo_tui.standin.simkl.conduct import CACHED
from dodo_tui.standin.simkl.dispatch import dispatch
from dodo_tui.standin.simkl.world import InFlight, Member, World
from dodo_tui.standin.site import WorldSite


class SimklSite(WorldSite[World]):
    """A `connection.Site` over a world."""

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
