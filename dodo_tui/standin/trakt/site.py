"""Trakt as what a server serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dodo_tui.standin.messages import Request, Response
from dodo_tui.standin.site import WorldSite
from dodo_tui.standin.trakt.dispatch import dispatch
from dodo_tui.standin.trakt.world import World


class TraktSite(WorldSite[World]):
    """A `connection.Site` over a world."""

    def owner(self, request: Request) -> str | None:
        """Whose token a request carries, for the log."""
        token = request.bearer()
        user = None if token is None else self._world.accounts.owner(token)
        return None if user is None else user.name

    def answer(self, request: Request) -> Response:
        """Process a request; the lock is held."""
        return dispatch(request, self._world)

    def answer_lost(self, request: Request) -> None:
        """Nothing is made of it here."""

    @contextmanager
    def in_flight(self, request: Request, _is_abandoned: Callable[[], bool]) -> Iterator[None]:
        """Count a write among its user's unanswered ones while it runs."""
        who = self.owner(request)
        if who is None or request.method == "GET":
            yield
            return
        counts = self._world.writes_in_flight
        with self._world.lock:
            counts[who] = counts.get(who, 0) + 1
        try:
            yield
        finally:
            with self._world.lock:
                counts[who] -= 1
