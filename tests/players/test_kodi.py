"""Kodi's JSON-RPC: the real Kodi, and servers that say what a real one might."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import AsyncIterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.clock import SystemClock
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.playback import Content, End, PlayerStatus
from dodo_tui.players import kodi
from dodo_tui.players.kodi import KodiPlace, KodiWatcher, Objects
from tests.players.conftest import SAFETY_SECONDS
from tests.players.test_numbers import HUGE
from tests.players.watch import Watch
from tests.support.clock import FakeClock


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask often and try again soon."""
    monkeypatch.setattr(kodi, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(kodi, "FIRST_RETRY_SECONDS", 0.2)
    monkeypatch.setattr(kodi, "LONGEST_RETRY_SECONDS", 0.2)


@pytest.fixture
def place() -> KodiPlace:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return KodiPlace(port=int(probe.getsockname()[1]))


@pytest.fixture
async def watching(place: KodiPlace) -> AsyncIterator[Watch]:
    """A watcher of that place."""
    seen = Watch(KodiWatcher(place, SystemClock()))
    yield seen
    await seen.stop()


class Recorded:
    """Kodi 20.1 as it was recorded: it says its notices in their order and answers its calls."""

    def __init__(self, transcript: Path) -> None:
        self.left = deque(json.loads(line) for line in transcript.read_text().splitlines())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; it ends with the transcript."""
        objects = Objects()
        self._notify(writer)
        while self.left and (chunk := await reader.read(65536)):
            for call in objects.feed(chunk):
                self._answer(call, writer)
                await writer.drain()
        writer.close()

    def _answer(self, call: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        expected = self.left.popleft()
        assert call["method"] == expected["call"]
        assert call["params"] == expected["params"]
        answer = {"jsonrpc": "2.0", "id": call["id"], "result": expected["result"]}
        writer.write(json.dumps(answer).encode())
        self._notify(writer)

    def _notify(self, writer: asyncio.StreamWriter) -> None:
        while self.left and "notice" in self.left[0]:
            writer.write(json.dumps(self.left.popleft()["notice"]).encode())


async def test_the_real_kodi_as_it_was_recorded(watching: Watch, place: KodiPlace) -> None:
    """A film with a pause and a jump to its end, the same film again and a stop, Kodi's own end.

    Recorded from Kodi 20.1 by `python -m tests.players.record_kodi FILM`. It is replayed, as Kodi
    draws by software in a test machine: it takes a minute there and stalls while others work.
    """
    recorded = Recorded(Path(__file__).with_name("kodi_20_1.jsonl"))
    server = await asyncio.start_server(recorded.serve, place.host, place.port)
    async with server:
        await watching.until(lambda told: [s.end for s in told if s.end] == ENDS)
    statuses = [status for status, _ in groupby(state.status for state in watching.told)]
    playing, paused, stopped = PlayerStatus.PLAYING, PlayerStatus.PAUSED, PlayerStatus.STOPPED
    assert statuses == [playing, paused, playing, stopped, playing, stopped]
    assert {state.path for state in watching.told} == {"/films/The Film (1999).mkv"}
    assert watching.told[0].duration_seconds == pytest.approx(9.9)


ENDS = [End.FINISHED, End.CLOSED]

FILE = {"type": "movie", "title": "x.mkv", "file": "/films/x.mkv", "season": -1, "episode": -1}
EPISODE = {
    "id": 7, "type": "episode", "title": "Gray Matter", "showtitle": "Breaking Bad", "season": 1,
    "episode": 5, "tvshowid": 3, "file": "smb://nas/bb.s01e05.mkv",
    "uniqueid": {"imdb": "tt1054726", "tvdb": "349240"},
}  # fmt: skip
SHOW = {"title": "Breaking Bad", "year": 2008, "uniqueid": {"imdb": "tt0903747", "tmdb": "1396"}}
MOVIE = {
    "id": 9, "type": "movie", "title": "The Matrix", "year": 1999, "file": "/films/matrix.mkv",
    "uniqueid": {"imdb": "tt0133093", "tmdb": "603", "nonsense": "x", "tvdb": "not a number"},
}  # fmt: skip


class Scripted:
    """A Kodi that plays what the test says."""

    def __init__(self) -> None:
        self.item: dict[str, Any] | None = None
        self.seconds = 0.0
        self.live = False
        self.asked = asyncio.Semaphore(0)
        """Released whenever it has said where it is."""
        self.looked = asyncio.Semaphore(0)
        """Released whenever it is asked what plays."""
        self.hangs = False
        self.talks = False
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer calls, two objects in one piece and one in two."""
        self.writers.append(writer)
        objects = Objects()
        while chunk := await reader.read(65536):
            for call in objects.feed(chunk):
                if self.hangs:
                    continue
                if self.talks:
                    self.notify("Player.OnAVChange")
                answer = {"jsonrpc": "2.0", "id": call["id"], "result": self.result(call)}
                data = json.dumps(answer).encode()
                writer.write(data[:10])
                await writer.drain()
                writer.write(data[10:] + b'{"jsonrpc":"2.0","method":"Playlist.OnAdd"}')
        writer.close()

    def result(self, call: dict[str, Any]) -> object:
        """What a method answers."""
        match call["method"]:
            case "Player.GetActivePlayers":
                self.looked.release()
                return [{"playerid": 1, "type": "video"}] if self.item else []
            case "Player.GetItem":
                self.asked.release()
                return {"item": self.item or {}}
            case "Player.GetProperties":
                time = {"hours": 0, "minutes": 0, "seconds": self.seconds, "milliseconds": 0}
                total = {"hours": 1, "minutes": 0, "seconds": 0, "milliseconds": 0}
                return {"time": time, "totaltime": total, "speed": 1, "live": self.live}
            case "VideoLibrary.GetTVShowDetails":
                return {"tvshowdetails": SHOW}
            case _:
                return {}

    def notify(self, method: str, **data: object) -> None:
        """Tell everybody."""
        notice = {"jsonrpc": "2.0", "method": method, "params": {"sender": "xbmc", "data": data}}
        for writer in self.writers:
            writer.write(json.dumps(notice).encode())


@pytest.fixture
async def scripted(place: KodiPlace) -> AsyncIterator[Scripted]:
    """It listens."""
    told = Scripted()
    server = await asyncio.start_server(told.serve, place.host, place.port)
    yield told
    for writer in told.writers:
        writer.close()
    server.close()


@pytest.mark.parametrize(
    ("item", "content"),
    [
        (FILE, None),
        (MOVIE, Content(Kind.MOVIE, "The Matrix", 1999, Ids(imdb="tt0133093", tmdb="603"))),
        (
            EPISODE,
            Content(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747", tmdb="1396"), 1, (5,)),
        ),
    ],
)
async def test_what_the_library_knows(
    scripted: Scripted, watching: Watch, item: dict[str, Any], content: Content | None
) -> None:
    """An episode by its series' ids, never its own; a plain file by its path alone."""
    scripted.item, scripted.seconds = item, 30
    scripted.notify("Player.OnAVStart")
    await watching.until_plays(item["file"], 30)
    assert watching.told[-1].content == content


@pytest.mark.parametrize("change", [{"live": True}, {"type": "channel"}, {"type": "song"}])
async def test_television_and_music_are_nobodys_viewing(
    scripted: Scripted, watching: Watch, change: dict[str, Any]
) -> None:
    """PVR is left out; what plays afterwards is seen."""
    scripted.live = change.pop("live", False)
    scripted.item = {**FILE, "file": "pvr://channel/1", **change}
    scripted.notify("Player.OnAVStart")
    async with asyncio.timeout(SAFETY_SECONDS):
        await scripted.asked.acquire()
    scripted.live, scripted.item = False, FILE
    scripted.notify("Player.OnAVStart")
    await watching.until_plays(FILE["file"])  # type: ignore[arg-type]
    assert {state.path for state in watching.told} == {FILE["file"]}


async def test_a_skip_without_a_stop(scripted: Scripted, watching: Watch) -> None:
    """The one before ends where it was seen last."""
    scripted.item, scripted.seconds = MOVIE, 100
    scripted.notify("Player.OnAVStart")
    await watching.until_plays("/films/matrix.mkv", 100)
    scripted.item, scripted.seconds = FILE, 0
    scripted.notify("Player.OnPlay")
    await watching.until_plays("/films/x.mkv")
    (ended,) = watching.ends
    assert (ended.path, ended.end) == ("/films/matrix.mkv", End.REPLACED)
    assert ended.position_seconds == pytest.approx(100, abs=13)


async def test_kodi_goes_away_and_comes_back(scripted: Scripted, watching: Watch) -> None:
    """The connection breaks in the midst of a film; it is another viewing afterwards."""
    scripted.item, scripted.seconds = MOVIE, 100
    scripted.notify("Player.OnAVStart")
    await watching.until_plays("/films/matrix.mkv", 100)
    for writer in scripted.writers:
        writer.close()
    assert (await watching.until_ended()).end is End.LOST
    await watching.until(lambda told: told[-1].status is PlayerStatus.PLAYING)
    assert len({state.item for state in watching.told}) == 2


async def test_a_kodi_that_hangs(
    scripted: Scripted, watching: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It accepts and says nothing more: its film has played to where it was heard of last."""
    monkeypatch.setattr(kodi, "_ANSWER_SECONDS", 0.5)
    scripted.item, scripted.seconds = MOVIE, 100
    scripted.notify("Player.OnAVStart")
    await watching.until_plays("/films/matrix.mkv", 100)
    scripted.hangs = True
    assert (await watching.until_ended()).end is End.LOST
    assert watching.told[-1].position_seconds == 100


async def test_a_kodi_that_never_stops_talking(
    place: KodiPlace, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not asked more often for that."""
    clock = FakeClock()
    scripted.talks = True
    seen = Watch(KodiWatcher(place, clock))
    async with asyncio.timeout(SAFETY_SECONDS):
        for _ in range(20):
            await scripted.looked.acquire()
    await seen.stop()
    assert clock.sleeps.count(kodi._NOTICES_SECONDS) >= 19


@pytest.mark.parametrize("seconds", [HUGE, -5, "x", None, True])
async def test_a_kodi_that_lies_about_time(
    scripted: Scripted, watching: Watch, seconds: Any
) -> None:
    """What is no position is not known; the next one that is counts."""
    scripted.item, scripted.seconds = MOVIE, seconds
    scripted.notify("Player.OnAVStart")
    await watching.until(lambda told: bool(told))
    assert watching.told[0].position_seconds is None
    scripted.seconds = 100
    await watching.until_plays("/films/matrix.mkv", 100)


async def test_another_program_on_the_port(watching: Watch, place: KodiPlace) -> None:
    """It is left alone, and nothing is told."""
    asked = asyncio.Semaphore(0)

    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        asked.release()

    server = await asyncio.start_server(web, place.host, place.port)
    async with server, asyncio.timeout(SAFETY_SECONDS):
        await asked.acquire()
        await asked.acquire()
    assert watching.told == []


@given(
    st.lists(st.dictionaries(st.text(), st.text() | st.integers(), max_size=3), max_size=5),
    st.integers(1, 7),
)
def test_objects_in_any_pieces(values: list[dict[str, Any]], size: int) -> None:
    """Nothing between them, and cut anywhere."""
    data = "".join(json.dumps(value, ensure_ascii=False) for value in values).encode()
    objects = Objects()
    found = [
        value
        for start in range(0, len(data), size)
        for value in objects.feed(data[start : start + size])
    ]
    assert found == values


@pytest.mark.parametrize("data", [b"[1]", b"nonsense", b'{"a": ' + b"[" * 600_000])
def test_what_is_no_object_ends_it(data: bytes) -> None:
    """Nothing grows without end."""
    with pytest.raises((ValueError, RecursionError)):
        Objects().feed(data)
