"""A household over real sockets: an engine, a stand-in Simkl with two users, and one clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot

from dodo_tui.config import Paths, Settings
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.profile import Profile
from dodo_tui.engine.app import EngineApp
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.services import RealServices
from dodo_tui.engine.state import SignInPhase
from dodo_tui.players.protocol import Player
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import queued
from dodo_tui.storage.history import history
from dodo_tui.storage.profiles import active_profile, add_profile
from dodo_tui.storage.store import Store
from tests.engine.support import ScriptedPlayer, StillClock, eventually
from tests.support.clock import START

MATRIX = "tt0133093"
INCEPTION = "tt1375666"
NAMES = {MATRIX: "The Matrix (1999)", INCEPTION: "Inception (2010)"}
_SHORT_SECONDS = 5.0
"""Polls and pauses between calls end at once; whoever waits longer waits for the test."""


class ImpatientClock(StillClock):
    """Time that stands still, but for the short waits of whoever talks to a server."""

    async def sleep(self, seconds: float) -> None:
        """Pass a short time at once, and wait for the test to pass a long one."""
        if seconds > _SHORT_SECONDS:
            await super().sleep(seconds)
            return
        await asyncio.sleep(0)
        await self.advance(seconds)


class ScriptedPlayers(RealServices):
    """The real Simkl client, and players that do what a test says."""

    def __init__(self, settings: Settings, paths: Paths, clock: StillClock) -> None:
        super().__init__(settings, paths, clock)
        self.players: list[ScriptedPlayer] = []
        self._still = clock

    def player(self) -> Player:
        """A new one."""
        self.players.append(ScriptedPlayer(self._still))
        return self.players[-1]


@dataclass
class Household:
    """Anna and Ben, their television, and Simkl."""

    folder: Path
    simkl: StandIn
    clock: ImpatientClock
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        names = ("data", "state", "cache", "run")
        self.paths = Paths(self.folder / "config.toml", *(self.folder / name for name in names))
        self.paths.make()
        self.store = Store.open(self.paths.database)
        self.anna = self.store.run_now(active_profile, None, START)
        self.ben = self.store.run_now(add_profile, "Ben", START)
        self.settings = Settings(
            simkl_client_id="demo-v2",
            simkl_api_url=self.simkl.url,
            auto_sync=False,
            watch_players=False,
        )
        self.services = ScriptedPlayers(self.settings, self.paths, self.clock)

    def film(self, key: str, folder: Path = Path()) -> str:
        """A file that says what it is."""
        path = self.folder / folder / f"{NAMES[key]} {{imdb-{key}}}.mkv"
        path.write_bytes(b"x")
        return str(path)

    def unknown_film(self) -> str:
        """A file that nobody has heard of."""
        path = self.folder / "Home Movie.mkv"
        path.write_bytes(b"x")
        return str(path)

    @contextlib.asynccontextmanager
    async def engine(self) -> AsyncIterator[tuple[EngineApp, Pilot[None]]]:
        """A dodo that runs; at the end what plays is stopped."""
        parts = Parts(self.store, self.anna, self.settings, self.paths, self.services, self.clock)
        app = EngineApp(parts)
        async with app.run_test() as pilot:
            yield app, pilot
            await app.stop_playing()

    async def sign_in(self, app: EngineApp, pilot: Pilot[None], user: str) -> None:
        """Whoever is watching signs in as this user of Simkl."""
        app.begin_sign_in("simkl")
        await eventually(pilot, lambda: app.sign_in and app.sign_in.code)
        assert app.sign_in is not None
        assert app.sign_in.code is not None
        self.simkl.approve(app.sign_in.code.user_code, user)
        await eventually(pilot, lambda: app.sign_in and app.sign_in.phase is SignInPhase.CONNECTED)
        app.cancel_sign_in()

    async def switch(self, app: EngineApp, pilot: Pilot[None], profile: Profile) -> None:
        """Let somebody else be watching."""
        app.switch_profile(profile)
        await eventually(pilot, lambda: app.profile.id == profile.id)

    async def begin(
        self, app: EngineApp, pilot: Pilot[None], key: str | None, target: str | None = None
    ) -> ScriptedPlayer:
        """Play a film, up to its first sample; one that nobody knows where there is no key."""
        before = len(self.services.players)
        app.play(target or (self.film(key) if key else self.unknown_film()))
        await eventually(pilot, lambda: len(self.services.players) > before)
        player = self.services.players[-1]
        await eventually(pilot, lambda: player.request)
        player.tell(10)
        await eventually(pilot, lambda: app.now_playing and app.now_playing.position_seconds == 10)
        return player

    async def watch(self, player: ScriptedPlayer, app: EngineApp, pilot: Pilot[None]) -> None:
        """Let it run to its end."""
        await self.clock.advance(5700)
        player.tell(5710)
        await eventually(pilot, lambda: app.now_playing and app.now_playing.watched_at)
        await app.stop_playing()

    async def delivered(self, app: EngineApp, pilot: Pilot[None]) -> None:
        """Everything that can be sent has been."""
        app.delivery.wake()
        await app.delivery.idle()
        await pilot.pause()

    def plays(self, profile: Profile) -> tuple[HistoryEntry, ...]:
        """The ledger of somebody."""
        return self.store.run_now(history, profile.id)

    def waiting(self) -> list[str]:
        """Every fact of every account, signed in or not, that was not sent."""
        return self.store.run_now(
            lambda connection: [
                str(row[0])
                for row in connection.execute(
                    "SELECT key FROM queue WHERE kind NOT IN ('start', 'pause') ORDER BY id"
                )
            ]
        )

    def unsent(self, profile: Profile) -> int:
        """How many facts wait for the accounts of somebody that are signed in."""
        return len(self.store.run_now(queued.all_facts, profile.id))
