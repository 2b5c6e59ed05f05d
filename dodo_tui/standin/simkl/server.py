"""The stand-in for Simkl: its state, and the handles to steer it."""

from __future__ import annotations

import random
from collections.abc import Mapping

from dodo_tui.standin.clock import Clock, SystemClock
from dodo_tui.standin.loopback import LoopbackServer
from dodo_tui.standin.simkl.accounts import Generation
from dodo_tui.standin.simkl.scrobbling import WatchingNow
from dodo_tui.standin.simkl.settings import Settings
from dodo_tui.standin.simkl.site import SimklSite
from dodo_tui.standin.simkl.world import Person, World
from dodo_tui.standin.violations import Violation

DEFAULT_CLIENTS: Mapping[str, Generation] = {"demo-v2": "v2", "demo-v1": "v1"}
"""The client ids a stand-in knows when it is not told."""


class StandIn(LoopbackServer):
    """A Simkl on `http://127.0.0.1`, for a `with` block or between `start()` and `stop()`.

    All of it may be used from any thread.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        port: int = 0,
        client_ids: Mapping[str, Generation] = DEFAULT_CLIENTS,
        auto_approve_after_seconds: float | None = None,
        faithful_limits: bool = True,
        settings: Settings | None = None,
        seed: int | None = None,
    ) -> None:
        """Prepare a stand-in; nothing listens yet.

        `port` 0 takes any free one; `settings` are kept and may be changed while it runs; `seed`
        makes codes and tokens the same in every run.
        """
        self.settings = settings if settings is not None else Settings()
        """Limits and shapes; may be changed at any time."""
        if auto_approve_after_seconds is not None:
            self.settings.auto_approve_after_seconds = auto_approve_after_seconds
        self.settings.faithful_limits = self.settings.faithful_limits and faithful_limits
        self.world = World(
            clock if clock is not None else SystemClock(),
            self.settings,
            random.Random(seed),  # noqa: S311 - codes of a stand-in guard nothing
        )
        """The state, to seed and to look into."""
        for client_id, generation in client_ids.items():
            self.world.accounts.add_client(client_id, generation)
        super().__init__("simkl-stand-in", SimklSite(self.world), port)

    @property
    def violations(self) -> list[Violation]:
        """What clients did against the usage rules, oldest first."""
        with self.world.lock:
            return list(self.world.watch.violations)

    def on_listening(self, url: str) -> None:
        """Know where the approval page is."""
        self.world.base_url = url

    def approve(self, user_code: str, user: str = "Dodo") -> None:
        """Approve a sign-in for a user, as its page does; LookupError for an unknown code."""
        with self.world.lock:
            self.world.accounts.approve(user_code, user)

    def decline(self, user_code: str) -> None:
        """Decline a sign-in, which its app cannot tell from waiting."""
        with self.world.lock:
            self.world.accounts.decline(user_code)

    def waiting_code(self) -> str | None:
        """The newest code that waits to be approved."""
        with self.world.lock:
            sign_in = self.world.accounts.latest_sign_in()
            return None if sign_in is None else sign_in.user_code

    def person(self, name: str = "Dodo") -> Person:
        """A person who uses Simkl on another device."""
        return self.world.user(name)

    def watching_now(self, user: str = "Dodo") -> WatchingNow | None:
        """What a user is shown to be watching; None once the remaining runtime is over."""
        return self.world.user(user).watching_now()
