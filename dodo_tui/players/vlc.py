"""Watching VLC over its HTTP interface, where it is not on a session bus.

VLC says nothing by itself and forgets everything at a stop, so it is asked every two seconds while
it plays. Its interface speaks to this machine alone and wants a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.domain.playback import End, PlayerStatus
from dodo_tui.players.addresses import path_of
from dodo_tui.players.http import HttpError, JsonClient
from dodo_tui.players.numbers import number_of, seconds_of, speed_of
from dodo_tui.players.polled import Moment, Polled, Reading, Step, end, last_heard, read
from dodo_tui.players.watching import Report, Sight, Tell

PLAYING_SECONDS = 2.0
IDLE_SECONDS = 10.0
GONE_SECONDS = 30.0
"""How often it is asked while it plays, while it does not, and while it is not there."""

HOW_TO = "In VLC: Preferences, All, Main interfaces: Web; below it, Lua: a password."

_MAX_DEPTH = 20
_MOST_FAILURES = 3
"""A film is over after so many answers that did not come: one hiccup is none."""

_STATUS = {"playing": PlayerStatus.PLAYING, "paused": PlayerStatus.PAUSED}


@dataclass(frozen=True, slots=True)
class VlcPlace:
    """Where VLC's web interface is."""

    host: str = "127.0.0.1"
    port: int = 8080
    password: str = field(default="", repr=False)


def configured_place(vlcrc: Path) -> VlcPlace | None:
    """What VLC's own settings say of its web interface; None without a password."""
    try:
        with vlcrc.open("rb") as file:
            text = file.read(1024 * 1024).decode("utf-8", "replace")
    except OSError:
        return None
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator and name in ("http-password", "http-port", "http-host"):
            values[name] = value.strip()
    password, port = values.get("http-password", ""), values.get("http-port", "8080")
    if not password or not port.isdecimal() or not 0 < int(port) < 65536:
        return None
    return VlcPlace(values.get("http-host") or "127.0.0.1", int(port), password)


class VlcWatcher:
    """Watches one VLC."""

    id = "vlc"
    name = "VLC"

    def __init__(self, place: VlcPlace | None, clock: Clock) -> None:
        """`place` None: VLC's web interface is not set up; the report says how to."""
        self._client = None if place is None else _client(place)
        self._clock = clock
        self._polled = Polled(self.id, "vlc")
        self._path: tuple[str, str] = ("", "")
        self._failures = 0
        self._report = Report(Sight.NONE, "VLC does not run.")
        if place is None:
            self._report = Report(Sight.OFF, "VLC's web interface is not set up.", HOW_TO)

    def report(self) -> Report:
        """Whether it answers."""
        return self._report

    async def watch(self, tell: Tell) -> None:
        """Watch until cancelled."""
        if self._client is None:
            return
        try:
            while True:
                seconds = await self._look(self._client, tell)
                await self._clock.sleep(seconds)
        finally:
            await self._hand_out(end(self._polled, self._moment(), End.LOST), tell)
            await self._client.close()

    async def _look(self, client: JsonClient, tell: Tell) -> float:
        """Ask once; answers after how long to ask again."""
        try:
            reading = await self._reading(client)
        except HttpError as error:
            self._failures += 1
            if self._polled.last is not None and self._failures < _MOST_FAILURES:
                return PLAYING_SECONDS
            if error.status in (401, 403):
                self._report = Report(Sight.REFUSED, "VLC refuses the password.", HOW_TO)
            else:
                self._report = Report(Sight.NONE, "VLC does not run.")
            heard = last_heard(self._polled, self._moment(), PLAYING_SECONDS)
            await self._hand_out(end(self._polled, heard, End.LOST), tell)
            return GONE_SECONDS
        self._failures = 0
        self._report = Report(Sight.SEEN, "Watching VLC.")
        if reading is None:
            await self._hand_out(end(self._polled, self._moment(), End.CLOSED), tell)
            return IDLE_SECONDS
        await self._hand_out(read(self._polled, reading, self._moment()), tell)
        return PLAYING_SECONDS

    async def _reading(self, client: JsonClient) -> Reading | None:
        """What VLC plays; None: nothing.

        Raises:
            HttpError: it does not answer, or not as VLC does.
        """
        status = _object(await client.get("/requests/status.json"))
        playing = _STATUS.get(str(status.get("state")))
        item = status.get("currentplid")
        if playing is None or not isinstance(item, int) or item < 0:
            return None
        identity = f"{item} {_file_name(status)}"
        if self._path[0] != identity:
            playlist = await client.get("/requests/playlist.json")
            self._path = (identity, path_of(_address_of(playlist, item) or _file_name(status)))
        length, seconds = seconds_of(status.get("length")), seconds_of(status.get("time"))
        position = number_of(status.get("position"))
        if length and position is not None:
            seconds = seconds_of(position * length)
        rate = speed_of(status.get("rate"))
        return Reading(identity, self._path[1], playing, seconds, length, speed=rate)

    async def _hand_out(self, step: Step, tell: Tell) -> None:
        self._polled, states = step
        for state in states:
            await tell(state)

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic())


def _client(place: VlcPlace) -> JsonClient:
    host = f"[{place.host}]" if ":" in place.host else place.host
    return JsonClient(f"http://{host}:{place.port}", password=place.password)


def _object(value: object) -> Mapping[str, object]:
    """An answer that must be an object.

    Raises:
        HttpError: it is none.
    """
    if not isinstance(value, dict):
        raise HttpError("its answer makes no sense", 200)
    return value


def _file_name(status: Mapping[str, object]) -> str:
    """The file's name as VLC knows it, deep in what it knows of the item."""
    value: object = status
    for name in ("information", "category", "meta", "filename"):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _address_of(node: object, item: int, depth: int = 0) -> str | None:
    """The address of an item in the tree of the playlist. Its `current` mark stays after a stop."""
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return None
    if str(node.get("id")) == str(item) and isinstance(node.get("uri"), str):
        return str(node["uri"])
    children = node.get("children")
    for child in children if isinstance(children, list) else ():
        found = _address_of(child, item, depth + 1)
        if found is not None:
            return found
    return None
