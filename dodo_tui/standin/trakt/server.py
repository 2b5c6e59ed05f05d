"""The stand-in for Trakt: its state, and the handles to steer it."""

from __future__ import annotations

import random
from collections.abc import Mapping

from dodo_tui.standin.catalogue import Catalogue
from dodo_tui.standin.clock import Clock, SystemClock
from dodo_tui.standin.loopback import LoopbackServer
from dodo_tui.standin.trakt.accounts import App
from dodo_tui.standin.trakt.dispatch import AUTH
from dodo_tui.standin.trakt.settings import Settings
from dodo_tui.standin.trakt.site import TraktSite
from dodo_tui.standin.trakt.world import Person, World
from dodo_tui.standin.violations import Violation

DEFAULT_APPS: Mapping[str, str | None] = {"demo-trakt": "demo-secret"}
"""The client ids a stand-in knows when it is not told, with their secrets."""


class TraktStandIn(LoopbackServer):
    """A Trakt on `http://127.0.0.1`, for a `with` block or between `start()` and `stop()`.

    All of it may be used from any thread.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        port: int = 0,
        apps: Mapping[str, str | None] = DEFAULT_APPS,
        catalogue: Catalogue | None = None,
        settings: Settings | None = None,
        seed: int | None = None,
    ) -> None:
        """Prepare a stand-in; nothing listens yet.

        `catalogue` is another stand-in's, so that both know the same titles; `settings` are kept
        and may be changed while it runs; `seed` makes codes and tokens the same in every run.
        """
        self.settings = settings if settings is not None else Settings()
        """Limits and shapes; may be changed at any time."""
        self.world = World(
            clock if clock is not None else SystemClock(),
            self.settings,
            random.Random(seed),  # noqa: S311 - codes of a stand-in guard nothing
            catalogue,
        )
        """The state, to seed and to look into."""
        for client_id, secret in apps.items():
            self.world.accounts.apps[client_id] = App(client_id, secret)
        super().__init__("trakt-stand-in", TraktSite(self.world), port)

    @property
    def auth_url(self) -> str:
        """Where the sign-in's own host is."""
        return self.url + AUTH

    @property
    def violations(self) -> list[Violation]:
        """What clients did that they must not, oldest first."""
        with self.world.lock:
            return list(self.world.violations)

    def on_listening(self, url: str) -> None:
        """Know where the page for codes is."""
        self.world.base_url = url

    def approve(self, user_code: str, user: str = "Dodo") -> None:
        """Approve a sign-in for a user, as its page does; LookupError for an unknown code."""
        with self.world.lock:
            self.world.accounts.approve(user_code, user)

    def decline(self, user_code: str) -> None:
        """Decline a sign-in."""
        with self.world.lock:
            self.world.accounts.decline(user_code)

    def person(self, name: str = "Dodo") -> Person:
        """A person who uses Trakt on another device."""
        with self.world.lock:
            return Person(self.world, self.world.accounts.user(name))
