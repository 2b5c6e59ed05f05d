"""Players on a real session bus: mpv with its plugin, and what a bus may bring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from dodo_tui import bus as dbus
from dodo_tui.clock import SystemClock
from dodo_tui.domain.playback import End, PlayerStatus
from dodo_tui.players import mpris
from dodo_tui.players.mpris import MprisWatcher, bus_address, reading_of
from dodo_tui.players.mpv.launch import make_socket_place
from dodo_tui.players.watching import Sight
from tests.players.conftest import HEADLESS, SAFETY_SECONDS, Videos
from tests.players.programs import running, session_bus
from tests.players.watch import Watch
from tests.support.programs import MPRIS_PLUGIN

PLUGIN = f"--script={MPRIS_PLUGIN}"


@pytest.fixture
def bus() -> Iterator[dict[str, str]]:
    """A session bus, as the environment names it."""
    with session_bus() as address:
        yield {"DBUS_SESSION_BUS_ADDRESS": address}


@pytest.fixture
async def watching(bus: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watch]:
    """A watcher of that bus that reads often."""
    monkeypatch.setattr(mpris, "PLAYING_SECONDS", 0.2)
    monkeypatch.setattr(mpris, "_SIGNALS_SECONDS", 0.05)
    seen = Watch(MprisWatcher(SystemClock(), bus))
    yield seen
    await seen.stop()


@pytest.mark.needs("mpv-mpris")
async def test_mpv_is_seen_through_its_plugin(
    watching: Watch, bus: dict[str, str], videos: Videos
) -> None:
    """With its path, its length and where it is; killed, it ends where it was."""
    async with running(
        "mpv", *HEADLESS, "--no-terminal", PLUGIN, "--start=20", videos.long, environment=bus
    ) as process:
        await watching.until_plays(videos.long, 20)
        await watching.until(lambda told: told[-1].duration_seconds is not None)
        assert watching.watcher.report().sight is Sight.SEEN
        assert watching.told[-1].duration_seconds == pytest.approx(60, abs=1)
        process.kill()
        ended = await watching.until_ended()
    assert ended.end is End.LOST
    assert (ended.position_seconds or 0) >= 20


async def test_an_mpv_of_dodos_own_is_left_to_it(
    watching: Watch, bus: dict[str, str], videos: Videos, tmp_path: Path
) -> None:
    """Also a private one, which is in no ledger: dodo knows its own by their sockets."""
    own = make_socket_place(tmp_path).path
    async with (
        running(
            "mpv", *HEADLESS, "--no-terminal", PLUGIN, f"--input-ipc-server={own}", videos.short,
            environment=bus,
        ),
        running("mpv", *HEADLESS, "--no-terminal", PLUGIN, videos.long, environment=bus),
    ):  # fmt: skip
        await watching.until_plays(videos.long)
        clock = SystemClock()
        async with asyncio.timeout(SAFETY_SECONDS):
            while len(await _names_on(bus)) < 2:
                await clock.sleep(0.05)
        told = len(watching.told)
        await watching.until(lambda all_told: len(all_told) > told + 2)
    assert {state.path for state in watching.told} == {videos.long}


async def _names_on(bus: dict[str, str]) -> list[str]:
    """The players on a bus."""
    link = await MessageBus(bus_address=bus["DBUS_SESSION_BUS_ADDRESS"]).connect()
    try:
        answer = await link.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="ListNames",
            )
        )
    finally:
        link.disconnect()
    assert answer is not None
    return [name for name in answer.body[0] if name.startswith("org.mpris.MediaPlayer2.mpv")]


async def test_the_bus_goes_away(bus: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody logs out: it is said, and nothing breaks."""
    monkeypatch.setattr(mpris, "_NO_BUS_SECONDS", 0.05)
    environment: dict[str, str] = {}
    watcher = MprisWatcher(SystemClock(), environment)
    seen = Watch(watcher)
    with session_bus() as address:
        environment["DBUS_SESSION_BUS_ADDRESS"] = address
        await _until(watcher, "No player runs on the desktop.")
    await _until(watcher, "The session bus does not answer.")
    await seen.stop()


async def _until(watcher: MprisWatcher, sentence: str) -> None:
    clock = SystemClock()
    async with asyncio.timeout(SAFETY_SECONDS):
        while watcher.report().sentence != sentence:
            await clock.sleep(0.02)


def test_where_the_bus_is(tmp_path: Path) -> None:
    """As told; else nowhere without systemd's socket."""
    assert bus_address({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}) == "unix:path=/x"
    assert bus_address({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    assert bus_address({}) is None


PLAYING: dict[str, object] = {
    "PlaybackStatus": "Playing",
    "Position": 5_000_000,
    "Rate": 1.0,
    "Metadata": {
        "mpris:trackid": "/1",
        "mpris:length": 60_000_000,
        "xesam:url": "file:///films/A%20Film%20%2B.mkv",
    },
}


def test_what_the_properties_say() -> None:
    """Microseconds and addresses as seconds and paths."""
    reading = reading_of(PLAYING)
    assert reading is not None
    assert reading.path == "/films/A Film +.mkv"
    assert (reading.position_seconds, reading.duration_seconds) == (5.0, 60.0)
    assert reading.status is PlayerStatus.PLAYING


@pytest.mark.parametrize(
    "changes",
    [
        {"PlaybackStatus": "Stopped"},
        {"PlaybackStatus": 7},
        {"Metadata": {}},
        {"Metadata": "none"},
        {"Metadata": {"xesam:url": ""}},
        {"Metadata": {"xesam:url": ["file:///x.mkv"]}},
    ],
)
def test_what_names_nothing_is_nothing(changes: dict[str, object]) -> None:
    """Browsers' tabs, players at rest, and nonsense."""
    assert reading_of({**PLAYING, **changes}) is None


@pytest.mark.parametrize("length", [-1, 0, "long", None, float("nan"), True])
def test_a_length_that_is_none_is_unknown(length: object) -> None:
    """VLC says -1 at first."""
    metadata = {"xesam:url": "file:///x.mkv", "mpris:length": length}
    reading = reading_of({**PLAYING, "Metadata": metadata, "Rate": -3, "Position": "x"})
    assert reading is not None
    assert not reading.duration_seconds
    assert reading.position_seconds is None
    assert reading.speed == 1.0


@pytest.mark.parametrize("address", ["file://elsewhere/x.mkv", "http://x/y.mkv", "file://[/x"])
def test_addresses_that_are_no_paths_stay(address: str) -> None:
    """Another machine's file, a stream, nonsense."""
    reading = reading_of({**PLAYING, "Metadata": {"xesam:url": address}})
    assert reading is not None
    assert reading.path == address


class Face:
    """A player's face on a bus: says where it is, or never answers."""

    def __init__(self, name: str, *, hangs: bool) -> None:
        self.name, self.hangs = name, hangs
        self._bus: MessageBus | None = None

    async def appear(self, address: str) -> None:
        """Be there, by its name."""
        self._bus = await MessageBus(bus_address=address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name(f"org.mpris.MediaPlayer2.{self.name}")

    def vanish(self) -> None:
        """Be gone."""
        if self._bus is not None:
            self._bus.disconnect()

    def _answer(self, message: Message) -> Message | bool:
        if message.member != "GetAll":
            return False
        if self.hangs:
            return True
        metadata = {
            "xesam:url": Variant("s", f"file:///films/{self.name}.mkv"),
            "mpris:length": Variant("x", 60_000_000),
        }
        properties = {
            "PlaybackStatus": Variant("s", "Playing"),
            "Position": Variant("x", 5_000_000),
            "Metadata": Variant("a{sv}", metadata),
        }
        return Message.new_method_return(message, "a{sv}", [properties])


@pytest.fixture
async def faces(bus: dict[str, str]) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Makes players appear on the bus."""
    made: list[Face] = []

    async def appear(*names: str, hangs: bool) -> None:
        for name in names:
            made.append(Face(name, hangs=hangs))
            await made[-1].appear(bus["DBUS_SESSION_BUS_ADDRESS"])

    yield appear
    for face in made:
        face.vanish()


async def test_players_that_never_answer_hold_up_no_other(
    bus: dict[str, str],
    faces: Callable[..., Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However long they would be waited for, the one that plays is read."""
    monkeypatch.setattr(dbus, "_ANSWER_SECONDS", 3600.0)
    await faces(*[f"vlc.hung{number}" for number in range(12)], hangs=True)
    await faces("mpv", hangs=False)
    await faces(*[f"celluloid.hung{number}" for number in range(12)], hangs=True)
    seen = Watch(MprisWatcher(SystemClock(), bus))
    await seen.until_plays("/films/mpv.mkv", 5)
    await seen.stop()


async def test_of_a_thousand_players_few_are_read(
    bus: dict[str, str],
    faces: Callable[..., Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No more of them are read than anybody has; a name that says nothing but the player first."""
    monkeypatch.setattr(mpris, "MOST_PLAYERS", 4)
    await faces(*[f"mpv.instance{number}" for number in range(12)], hangs=False)
    await faces("vlc", hangs=False)
    seen = Watch(MprisWatcher(SystemClock(), bus))
    await seen.until(lambda told: len({state.session for state in told}) == 4)
    await seen.until(lambda told: len(told) > 8)
    await seen.stop()
    assert len({state.session for state in seen.told}) == 4
    assert "/films/vlc.mkv" in {state.path for state in seen.told}
