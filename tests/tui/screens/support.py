"""The whole face over a real database in a folder of its own, with a provider and a player that
do what a test says, and a clock that stands still.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from dodo_tui.clock import Clock
from dodo_tui.config import Paths, Settings
from dodo_tui.demo.world import make_library, seed
from dodo_tui.domain.account import Account, Tokens, User
from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.engine.logind import Logind
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.services import Posters
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.protocol import Player
from dodo_tui.players.simulated import SimulatedPlayer
from dodo_tui.players.watching import Watcher
from dodo_tui.providers.catalogue import CatalogueEpisode, FileMatch, Found, TitleDetails
from dodo_tui.providers.changes import Change, KeptAnswers, Listing, ResumePoint, Snapshot
from dodo_tui.providers.errors import OfflineError, ProviderError
from dodo_tui.providers.facts import Answer, Fact, ListChange, Outcome, Rating, Unclear, Verb
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.protocol import Provider
from dodo_tui.providers.sign_in import DeviceCode, SignInStep
from dodo_tui.storage import accounts, files, lookups, queue, queued, sending
from dodo_tui.storage.credentials import TokenFile
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.shelves import library_cards
from dodo_tui.storage.store import Store
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.look import Look
from tests.support.catalogue import EmptyCatalogue
from tests.support.clock import FakeClock
from tests.tui.widgets.support import lines as lines

FILM_SECONDS = 6000.0
PATIENCE_SECONDS = 120.0
"""A safety net for a slow machine, not a measure."""


class HeldClock(FakeClock):
    """A clock that stands still: a wait ends when a test lets the time pass."""

    def __init__(self) -> None:
        super().__init__()
        self._waits: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has come so far."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits.append((self.elapsed + seconds, future))
        await future

    def advance(self, seconds: float) -> None:
        """Let time pass, and end the waits that are over."""
        super().advance(seconds)
        for until, future in self._waits:
            if until <= self.elapsed and not future.done():
                future.set_result(None)
        self._waits = [wait for wait in self._waits if not wait[1].done()]


class ScriptedProvider(EmptyCatalogue):
    """A Simkl whose sign-in and answers come from the test."""

    id = "simkl"
    name = "Simkl"
    batch_size = 50
    repeats_are_harmless = True

    def __init__(self) -> None:
        self.steps: asyncio.Queue[SignInStep | ProviderError] = asyncio.Queue()
        self.trouble: ProviderError | None = OfflineError("Simkl cannot be reached.")
        """Every call fails so, until it is None."""
        self.found: Sequence[Found] = ()
        """What a search comes upon."""
        self.there: Listing | None = None
        """What is on the list when it is asked for once more."""
        self.heard: list[tuple[str, str]] = []
        """What it was told: the verb and the title."""

    async def authorize(self) -> AsyncIterator[SignInStep]:
        """The steps of the test, as they come."""
        while True:
            step = await self.steps.get()
            if isinstance(step, ProviderError):
                raise step
            yield step

    async def user(self) -> User:
        """Anna."""
        return User("7", "Anna")

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """Note it, or fail."""
        self._fail()
        self.heard.append((verb.value, item.title))
        return Answer(Outcome.WATCHED if verb is Verb.STOP else Outcome.NOTED)

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """Note them, or fail."""
        self._fail()
        self.heard += [(fact.kind.value, fact.item.title) for fact in facts]
        return [Answer(Outcome.DONE)] * len(facts)

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Repeats are harmless."""
        return (False,) * len(unclear)

    async def resume_points(self) -> Sequence[ResumePoint]:
        """None."""
        self._fail()
        return ()

    async def snapshot(self) -> Snapshot:
        """Empty."""
        self._fail()
        return Snapshot("{}")

    async def changes(
        self, since: Snapshot | None, until: Snapshot, kept: KeptAnswers | None = None
    ) -> AsyncIterator[Change]:
        """None."""
        self._fail()
        changes: tuple[Change, ...] = ()
        for change in changes:
            yield change

    async def listed(self) -> Listing | None:
        """What the test has."""
        self._fail()
        return self.there

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Nothing to forget."""
        self._fail()

    async def rate(self, ratings: Sequence[Rating]) -> Sequence[Answer]:
        """Note them, or fail."""
        self._fail()
        self.heard += [("rate", rating.title.title) for rating in ratings]
        return [Answer(Outcome.DONE)] * len(ratings)

    async def set_lists(self, changes: Sequence[ListChange]) -> Sequence[Answer]:
        """Note them, or fail."""
        self._fail()
        self.heard += [("list", change.title.title) for change in changes]
        return [Answer(Outcome.DONE)] * len(changes)

    async def identify(self, file_name: str) -> FileMatch | None:
        """No idea."""
        self._fail()
        return None

    async def search(self, text: str, kind: Kind, year: int | None) -> Sequence[Found]:
        """What the test lets it come upon."""
        self._fail()
        return [hit for hit in self.found if hit.media.kind is kind]

    async def details(self, title: TitleRef) -> TitleDetails | None:
        """Nothing."""
        self._fail()
        return None

    async def episodes(self, title: TitleRef) -> Sequence[CatalogueEpisode]:
        """None."""
        self._fail()
        return ()

    async def revoke(self) -> None:
        """Done."""

    async def close(self) -> None:
        """Nothing is open."""

    def _fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble


class ScriptedServices:
    """The engine's way to the provider and the player of a test."""

    def __init__(self, clock: HeldClock, paths: Paths) -> None:
        self.simkl = ScriptedProvider()
        self.films: list[SimulatedPlayer] = []
        self.player_error: PlayerError | None = None
        self.posters: Posters | None = None
        self._clock = clock
        self._paths = paths

    def player(self) -> Player:
        """A player that pretends, or the reason why there is none."""
        if self.player_error is not None:
            raise self.player_error
        self.films.append(
            SimulatedPlayer(self._clock, default_duration_seconds=FILM_SECONDS, source="mpv")
        )
        return self.films[-1]

    def pictures(self) -> Posters | None:
        """No posters, unless a test has some."""
        return self.posters

    def watchers(self, clock: Clock) -> tuple[Watcher, ...]:
        """Nobody else plays."""
        return ()

    def logind(self) -> Logind | None:
        """Nobody says when this machine sleeps."""
        return None

    def provider(self, provider_id: str, profile_id: int) -> Provider:
        """Simkl, as the test has it."""
        return self.simkl

    def provider_to_sign_in(self, provider_id: str, profile_id: int) -> Provider:
        """The same."""
        return self.provider(provider_id, profile_id)

    def tokens(self, provider_id: str, profile_id: int) -> TokenFile:
        """Where tokens would be."""
        return TokenFile(self._paths.data, provider_id, profile_id)


@dataclass
class World:
    """A household: its database, its clock, and what the outside does."""

    folder: Path
    settings: Settings
    clock: HeldClock = field(default_factory=HeldClock)

    def __post_init__(self) -> None:
        root = self.folder
        self.paths = Paths(
            config_file=root / "config.toml",
            data=root / "data",
            state=root / "state",
            cache=root / "cache",
            runtime=root / "run",
        )
        self.paths.make()
        self.store = Store.open(self.paths.database)
        self.profile = self.store.run_now(active_profile, None, self.clock.now())
        self.services = ScriptedServices(self.clock, self.paths)

    def parts(self) -> Parts:
        """What an app is made of."""
        return Parts(self.store, self.profile, self.settings, self.paths, self.services, self.clock)

    def app(self, look: Look = Look.FULL) -> DodoApp:
        """The face, in a look."""
        return FixedLookApp(self.parts(), look)

    def connect(self) -> Account:
        """Be signed in to Simkl as Anna."""
        self.services.tokens("simkl", self.profile.id).write(Tokens("secret"))
        return self.store.run_now(
            accounts.connect_account, self.profile.id, "simkl", User("7", "Anna"), self.clock.now()
        )

    def queue(self, key: str, kind: QueueKind = QueueKind.WATCHED, percent: float = 50.0) -> int:
        """Let a fact wait for an hour; answers the id of its row."""
        account = self.store.run_now(accounts.find_account, self.profile.id, "simkl")
        assert account is not None
        message = Message(kind, percent, self.clock.now() - timedelta(hours=1))
        self.store.run_now(_queue, account, key, message, self.clock.now())
        row = self.store.run_now(queued.all_facts, self.profile.id)[-1]
        self.store.run_now(
            sending.postpone, row, self.clock.now() + timedelta(hours=1), "Simkl cannot be reached."
        )
        return row.id

    def key_of(self, title: str) -> str:
        """The id of a title on this device."""
        cards = self.store.run_now(library_cards, self.profile.id, self.clock.now())
        return next(card.media_id for card in cards if card.title == title)

    def identify(self, title: str, imdb: str) -> str:
        """Say what a title really is; answers its id."""
        return self.store.run_now(_identify, self.key_of(title), imdb, self.clock.now())

    def suppose(self, title: str, *candidates: Candidate) -> None:
        """Let a title be one that may be something else."""
        self.store.run_now(_suppose, self.key_of(title), candidates)


def set_cursors(connection: sqlite3.Connection, account_id: int) -> None:
    """The account has been synced."""
    connection.execute("UPDATE account SET cursors = '{}' WHERE id = ?", (account_id,))


def _identify(connection: sqlite3.Connection, local: str, imdb: str, now: datetime) -> str:
    known = find_media(connection, local)
    assert known is not None
    with transaction(connection, durable=False):
        media_id = str(save_media(connection, replace(known, ids=Ids(imdb=imdb)), now))
        files.settle_title(connection, media_id, files.DecidedBy.USER)
    return media_id


def _suppose(
    connection: sqlite3.Connection, media_id: str, candidates: Sequence[Candidate]
) -> None:
    with transaction(connection, durable=False):
        lookups.save_candidates(connection, media_id, candidates)


def _queue(
    connection: sqlite3.Connection, account: Account, key: str, message: Message, now: datetime
) -> None:
    with transaction(connection, durable=False):
        queue.add_message(connection, account.id, key, None, message, now)


def sample_world(folder: Path) -> World:
    """The demo's household: six films, three series, a film begun, a series under way."""
    library = folder / "Videos"
    make_library(library, None)
    world = World(folder, Settings(simkl_client_id="client", library=(str(library),)))
    seed(world.store, world.settings, world.profile.id, world.clock)
    return world


def empty_world(folder: Path) -> World:
    """A household that has just installed dodo."""
    return World(folder, Settings())


class FixedLookApp(DodoApp):
    """The face in one look, whatever terminal the tests run in."""

    def __init__(self, parts: Parts, look: Look) -> None:
        environment = {
            "DODO_LOOK": look.value,
            "TERM": "xterm-256color" if look is Look.FULL else "linux",
        }
        super().__init__(parts, environment)


@contextlib.asynccontextmanager
async def running(
    world: World, size: tuple[int, int] = (80, 24), look: Look = Look.FULL
) -> AsyncIterator[tuple[DodoApp, Pilot[None]]]:
    """The face at work; at the end nothing may have failed in it."""
    app = world.app(look)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot
        assert app.mistakes == 0
        app.cancel_sign_in()
        await app.stop_playing()


async def press(pilot: Pilot[None], pressed: str) -> None:
    """Press keys, given in one string with blanks between, each on what it is meant for.

    A person looks before pressing: a screen that still reads is given the time to say what it read.
    """
    for key in pressed.split():
        await at_rest(pilot)
        await pilot.press(key)
    await at_rest(pilot)


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until nothing that will be on the screen is being read."""
    app = pilot.app
    assert isinstance(app, DodoApp)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pilot.pause()
            while is_reading(app):
                await pilot.pause()
    except TimeoutError:
        raise AssertionError(f"never at rest: {under_way(app)}") from None


def under_way(app: DodoApp) -> str:
    """What an app is doing, and its screen: for a wait that was in vain."""
    doing = ", ".join(f"{worker.group} {worker.state.name.lower()}" for worker in app.workers)
    return "\n".join((f"{type(app.screen).__name__}: {doing}", *lines(app)))


def is_reading(app: DodoApp) -> bool:
    """Whether something that will be on a screen is being read or drawn."""
    return any(
        worker.group in ("fill", "plot", "glance") and not worker.is_finished
        for worker in app.workers
    )


async def seen(app: DodoApp, pilot: Pilot[None], *texts: str) -> str:
    """Wait until texts are on the screen; answers all of it."""
    return await until(
        app, pilot, lambda screen: all(text in screen for text in texts), repr(texts)
    )


async def gone(app: DodoApp, pilot: Pilot[None], text: str) -> str:
    """Wait until a text is no longer on the screen; answers all that is."""
    return await until(app, pilot, lambda screen: text not in screen, f"no {text!r}")


async def until(
    app: DodoApp, pilot: Pilot[None], is_there: Callable[[str], bool], what: str
) -> str:
    """Wait for what the screen shows."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                await pilot.pause()
                screen = "\n".join(lines(app))
                if is_there(screen):
                    return screen
    except TimeoutError:
        raise AssertionError(f"never seen: {what}\n" + "\n".join(lines(app))) from None


async def keys(app: DodoApp, pilot: Pilot[None], pressed: str, *texts: str) -> str:
    """Press keys, then wait until texts are on the screen; answers all of it."""
    await press(pilot, pressed)
    return await seen(app, pilot, *texts)


def device_code(world: World, user_code: str = "AB12C") -> DeviceCode:
    """What Simkl gives to sign in with."""
    return DeviceCode(
        user_code=user_code,
        address="https://simkl.com/pin",
        direct_address=f"https://simkl.com/pin/{user_code}",
        expires_at=world.clock.now() + timedelta(minutes=15),
        interval_seconds=5.0,
        secret="s",
    )
