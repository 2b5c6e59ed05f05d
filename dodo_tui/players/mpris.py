"""Watching players on the session bus (MPRIS2): VLC, mpv with its plugin, Celluloid, Haruna, …

The bus says when something changes, but never a position and never whether a film ran to its end.
So a player is read when it says that something changed, and every two seconds while it plays.
Browsers publish themselves, too: only players that are known to be players are watched.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dodo_tui.bus import BUS, HOW_TO_LISTEN, ask_bus, call, disconnected
from dodo_tui.clock import Clock
from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.players.addresses import path_of
from dodo_tui.players.mpv.launch import is_own
from dodo_tui.players.numbers import seconds_of, speed_of
from dodo_tui.players.polled import Moment, Polled, Reading, end, read
from dodo_tui.players.watching import Report, Sight, Tell

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

log = logging.getLogger(__name__)

PLAYERS = ("vlc", "mpv", "celluloid", "haruna", "smplayer", "totem", "dragonplayer", "kaffeine")
"""What is watched when the user has not said otherwise: programs that show films."""

_PREFIX = "org.mpris.MediaPlayer2."
_OBJECT = "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"

MOST_PLAYERS = 32
"""More than any desktop runs."""

PLAYING_SECONDS = 2.0
IDLE_SECONDS = 30.0
"""How often players are read while one plays, and while none does (signals come at once)."""

_SIGNALS_SECONDS = 0.25
"""Signals come in swarms; one reading serves all of them."""

_NO_BUS_SECONDS = 60.0
_PER_SECOND = 1e6
"""MPRIS: times are microseconds."""

_STATUS = {"Playing": PlayerStatus.PLAYING, "Paused": PlayerStatus.PAUSED}


def bus_address(environment: Mapping[str, str]) -> str | None:
    """Where the session bus is: as told, else where systemd puts it; None: there is none."""
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime, "bus").is_socket():
        return f"unix:path={runtime}/bus"
    return None


class MprisWatcher:
    """Watches the known players of the session bus."""

    id = "mpris"
    name = "Players on the desktop"

    def __init__(
        self,
        clock: Clock,
        environment: Mapping[str, str] = os.environ,
        players: Sequence[str] = PLAYERS,
    ) -> None:
        """`players`: the bus names that are watched, without `org.mpris.MediaPlayer2.`."""
        self._clock = clock
        self._environment = environment
        self._players = frozenset(players)
        self._report = Report(Sight.OFF, "Not looked yet.")
        self._polled: dict[str, Polled] = {}
        self._own: dict[str, bool] = {}

    def report(self) -> Report:
        """Which players are there."""
        return self._report

    async def watch(self, tell: Tell) -> None:
        """Watch until cancelled; without a bus look again now and then."""
        while True:
            while (address := bus_address(self._environment)) is None:
                self._report = Report(Sight.OFF, "There is no desktop session here.")
                await self._clock.sleep(_NO_BUS_SECONDS)
            try:
                from dbus_fast.errors import DBusFastError
            except ImportError:
                sentence = "The session bus is not listened to."
                self._report = Report(Sight.OFF, sentence, HOW_TO_LISTEN)
                return
            try:
                await self._watch_bus(address, tell)
            except (DBusFastError, OSError, EOFError) as error:
                self._report = Report(Sight.OFF, "The session bus does not answer.")
                log.info("the session bus: %s", error)
            finally:
                await self._let_go(list(self._polled), tell)
            await self._clock.sleep(_NO_BUS_SECONDS)

    async def _watch_bus(self, address: str, tell: Tell) -> None:
        """One connection to the bus, until it breaks.

        Raises:
            OSError, EOFError, DBusFastError: it cannot be used.
        """
        from dbus_fast.aio import MessageBus

        bus = await MessageBus(bus_address=address).connect()
        changed = asyncio.Event()
        gone = asyncio.create_task(disconnected(bus))
        try:
            bus.add_message_handler(lambda message: _note(message, changed))
            for rule in (
                f"type='signal',path='{_OBJECT}'",
                f"type='signal',sender='{BUS}',member='NameOwnerChanged',"
                "arg0namespace='org.mpris.MediaPlayer2'",
            ):
                await ask_bus(bus, "AddMatch", rule)
            while not gone.done():
                changed.clear()
                await self._read_all(bus, tell)
                await self._wait(gone, changed)
            raise EOFError("it went away")
        finally:
            gone.cancel()
            bus.disconnect()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await gone

    async def _wait(self, gone: asyncio.Task[None], changed: asyncio.Event) -> None:
        await self._clock.sleep(_SIGNALS_SECONDS)
        plays = any(
            polled.last is not None and polled.last.status is PlayerStatus.PLAYING
            for polled in self._polled.values()
        )
        seconds = PLAYING_SECONDS if plays else IDLE_SECONDS
        pause = asyncio.create_task(self._clock.sleep(seconds))
        news = asyncio.create_task(_until(changed))
        try:
            await asyncio.wait({gone, pause, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pause.cancel()
            news.cancel()

    async def _read_all(self, bus: MessageBus, tell: Tell) -> None:
        """Read every known player once; those that went away are let go.

        All at the same time: one that hangs holds up no other.
        """
        owners = await self._owners(bus)
        names = sorted(set(owners.values()))
        self._report = (
            Report(Sight.SEEN, f"Watching {', '.join(names)}.")
            if names
            else Report(Sight.NONE, "No player runs on the desktop.")
        )
        await self._let_go([owner for owner in self._polled if owner not in owners], tell)
        done = await asyncio.gather(
            *[self._read(bus, owner, name, tell) for owner, name in owners.items()],
            return_exceptions=True,
        )
        for problem in done:
            if problem is not None:
                raise problem

    async def _read(self, bus: MessageBus, owner: str, name: str, tell: Tell) -> None:
        """Read one player, if it answers."""
        properties = await _properties(bus, owner)
        if properties is None:
            return
        polled = self._polled.get(owner) or Polled(self.id, f"{name} {owner}")
        reading = reading_of(properties)
        if reading is None:
            polled, states = end(polled, self._moment(), End.CLOSED)
        else:
            polled, states = read(polled, reading, self._moment())
        self._polled[owner] = polled
        await _tell_all(states, tell)

    async def _owners(self, bus: MessageBus) -> dict[str, str]:
        """The known players: their unique names on the bus, and what they are called.

        Whoever takes a thousand names is read as often as `MOST_PLAYERS` of them.
        """
        answer = await ask_bus(bus, "ListNames")
        owners: dict[str, str] = {}
        names = frozenset(map(str, answer[0])) if answer else frozenset()
        self._own = {owner: own for owner, own in self._own.items() if owner in names}
        known = [name for name in names if self._player_named(name)]
        for bus_name in sorted(known, key=lambda name: (len(name), name))[:MOST_PLAYERS]:
            player = self._player_named(bus_name)
            owner = await ask_bus(bus, "GetNameOwner", bus_name)
            if owner and not await self._is_own(bus, str(owner[0])):
                owners[str(owner[0])] = player
        return owners

    def _player_named(self, bus_name: str) -> str:
        """The known player that has such a name; empty if it is none."""
        player = bus_name.removeprefix(_PREFIX).split(".")[0]
        return player if bus_name.startswith(_PREFIX) and player in self._players else ""

    async def _is_own(self, bus: MessageBus, owner: str) -> bool:
        """Whether it is an mpv that a dodo has started, and so follows and records itself."""
        if owner not in self._own:
            pid = await ask_bus(bus, "GetConnectionUnixProcessID", owner)
            self._own[owner] = pid is not None and is_own(_command_line(pid[0]))
        return self._own[owner]

    async def _let_go(self, owners: Sequence[str], tell: Tell) -> None:
        for owner in owners:
            _, states = end(self._polled.pop(owner), self._moment(), End.LOST)
            await _tell_all(states, tell)

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic())


def reading_of(properties: Mapping[str, object]) -> Reading | None:
    """What the properties of a player say; None: it plays nothing that can be named.

    MPRIS: times are microseconds; `mpris:length` is -1 until VLC knows it.
    """
    status = _STATUS.get(str(properties.get("PlaybackStatus")))
    metadata = properties.get("Metadata")
    if status is None or not isinstance(metadata, Mapping):
        return None
    address = metadata.get("xesam:url")
    if not isinstance(address, str) or not address:
        return None
    return Reading(
        identity=f"{metadata.get('mpris:trackid')} {address}",
        path=path_of(address),
        status=status,
        position_seconds=seconds_of(properties.get("Position"), _PER_SECOND),
        duration_seconds=seconds_of(metadata.get("mpris:length"), _PER_SECOND),
        speed=speed_of(properties.get("Rate")),
    )


def _command_line(pid: object) -> bytes:
    """The arguments of a process; empty where nobody may see them."""
    try:
        return Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return b""


async def _tell_all(states: tuple[PlayerState, ...], tell: Tell) -> None:
    for state in states:
        await tell(state)


def _note(message: Message, changed: asyncio.Event) -> None:
    """Any signal of a player or about one: look again."""
    from dbus_fast import MessageType

    if message.message_type is MessageType.SIGNAL:
        changed.set()


async def _properties(bus: MessageBus, owner: str) -> dict[str, object] | None:
    """All properties of a player, plain; None if it does not answer."""
    answer = await call(
        bus, owner, _OBJECT, "org.freedesktop.DBus.Properties", "GetAll", "s", [_PLAYER]
    )
    plain = _plain(answer[0]) if answer else None
    return plain if isinstance(plain, dict) else None


async def _until(changed: asyncio.Event) -> None:
    await changed.wait()


def _plain(value: object) -> object:
    """A value of the bus without its variants."""
    from dbus_fast import Variant

    if isinstance(value, Variant):
        return _plain(value.value)
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return value
