"""An engine on a scripted world."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dodo_tui.config import Paths, Settings
from dodo_tui.domain.account import Tokens, User
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.queue import QueueRow
from dodo_tui.engine.app import EngineApp
from dodo_tui.engine.parts import Parts
from dodo_tui.storage import accounts, queued
from dodo_tui.storage.history import history
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from tests.engine.support import ScriptedPlayer, ScriptedServices, StillClock
from tests.support.clock import START

KEY = "tt1254207"


@dataclass
class World:
    """Everything an engine is made of, for tests to hold."""

    store: Store
    profile: Profile
    paths: Paths
    clock: StillClock
    services: ScriptedServices
    film: str

    def app(self) -> EngineApp:
        """A new engine."""
        settings = Settings(simkl_client_id="id")
        return EngineApp(
            Parts(self.store, self.profile, settings, self.paths, self.services, self.clock)
        )

    def connect(self, user: str = "Dodo") -> None:
        """Sign in behind everybody's back."""
        self.services.tokens("simkl", self.profile.id).write(Tokens("a", "r", None, "s"))
        who = User("7", user) if user else None
        self.store.run_now(accounts.connect_account, self.profile.id, "simkl", who, START)

    @property
    def player(self) -> ScriptedPlayer:
        """The newest player."""
        return self.services.players[-1]

    @property
    def plays(self) -> tuple[HistoryEntry, ...]:
        """The ledger."""
        return self.store.run_now(history, self.profile.id)

    @property
    def facts(self) -> tuple[QueueRow, ...]:
        """What waits or is held."""
        return self.store.run_now(queued.all_facts, self.profile.id)

    def rows(self) -> list[str]:
        """Every row of the queue, live ones included."""

        def read(connection: Any) -> list[str]:
            return [row[0] for row in connection.execute("SELECT kind FROM queue ORDER BY id")]

        return self.store.run_now(read)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A new dodo with one film."""
    paths = Paths(
        tmp_path / "config.toml",
        tmp_path / "data",
        tmp_path / "state",
        tmp_path / "cache",
        tmp_path / "run",
    )
    paths.make()
    film = tmp_path / f"Big Buck Bunny (2008) {{imdb-{KEY}}}.mkv"
    film.write_bytes(b"x")
    clock = StillClock()
    with contextlib.closing(Store.open(paths.database)) as store:
        profile = store.run_now(active_profile, None, START)
        services = ScriptedServices(paths, clock)
        yield World(store, profile, paths, clock, services, str(film))
