"""The control channel, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.domain.playback import Playback
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.engine.airing import Airing, seen_on_air
from dodo_tui.engine.control import messages, places
from dodo_tui.engine.control.client import GONE, ControlClient
from dodo_tui.engine.control.follower import Follower
from dodo_tui.engine.control.server import MOST_CLIENTS, ControlServer
from dodo_tui.engine.on_air import Offer, OnAir
from dodo_tui.players.errors import PlayerError
from tests.support.clock import START

PATIENCE_SECONDS = 60.0

FILM = OnAir(
    Playback("play-1", 1, "tt0903747:1:5", "Breaking Bad", "S1 E5", "mpv", "", START, START, 0.0,
             position_seconds=61.5, duration_seconds=2700.0),
    device="tv",
    is_here=True,
    previous="S1 E4",
    next="S1 E6",
)  # fmt: skip

TRACKS = (
    Track(1, TrackKind.AUDIO, "eng", "", "5.1", selected=True),
    Track(2, TrackKind.SUBTITLES, "deu", "Für alle"),
)


class Hands:
    """A controller that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.trouble: str | None = None

    def _note(self, *what: object) -> None:
        self.asked.append(what)
        if self.trouble is not None:
            raise PlayerError(self.trouble)

    async def pause(self, paused: bool) -> None:
        """Note it."""
        self._note("pause", paused)

    async def seek(self, seconds: float) -> None:
        """Note it."""
        self._note("seek", seconds)

    async def step(self, episodes: int) -> None:
        """Note it."""
        self._note("step", episodes)

    async def tracks(self) -> tuple[Track, ...]:
        """Two."""
        self._note("tracks")
        return TRACKS

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Note it."""
        self._note("select", kind, track_id)

    async def change_volume(self, percent: float) -> None:
        """Note it."""
        self._note("volume", percent)

    async def toggle_mute(self) -> None:
        """Note it."""
        self._note("mute")

    async def answer_offer(self, accepted: bool) -> None:
        """Note it."""
        self._note("offer", accepted)

    async def stop(self) -> None:
        """Note it."""
        self._note("stop")


class Channel:
    """A server in a folder, and ways to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hands = Hands()
        self.server = ControlServer(folder, self.hands)
        self.news = asyncio.Event()

    @property
    def path(self) -> Path:
        """The one socket there is."""
        (path,) = self.folder.glob("control-*.sock")
        return path

    async def connect(self) -> ControlClient:
        """A new client."""
        client = await ControlClient.connect(self.path, SystemClock(), self.news.set)
        assert client is not None
        return client

    def plain(self) -> socket.socket:
        """A client that is no dodo."""
        link = places.connect(self.path)
        assert link is not None
        link.setblocking(True)
        link.settimeout(PATIENCE_SECONDS)
        return link


@asynccontextmanager
async def channel(folder: Path) -> AsyncIterator[Channel]:
    """A server that tells of a film; its socket is gone afterwards."""
    made = Channel(folder)
    await made.server.open()
    made.server.tell(FILM)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield made
    finally:
        await made.server.close()
    assert _names_in(folder) == []


def _names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _sockets_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.sock"))


async def test_everything_a_remote_can_do(tmp_path: Path) -> None:
    """Each act arrives with what it is about, and its answer comes back."""
    async with channel(tmp_path / "run") as there:
        client = await there.connect()
        await client.pause(True)
        await client.seek(-30.5)
        await client.step(1)
        await client.step(-1)
        assert await client.tracks() == TRACKS
        await client.select_track(TrackKind.SUBTITLES, 2)
        await client.select_track(TrackKind.SUBTITLES, None)
        await client.change_volume(-5)
        await client.toggle_mute()
        await client.answer_offer(False)
        await client.stop()
        assert there.hands.asked == [
            ("pause", True),
            ("seek", -30.5),
            ("step", 1),
            ("step", -1),
            ("tracks",),
            ("select", TrackKind.SUBTITLES, 2),
            ("select", TrackKind.SUBTITLES, None),
            ("volume", -5.0),
            ("mute",),
            ("offer", False),
            ("stop",),
        ]
        there.hands.trouble = "mpv cannot jump in this one."
        with pytest.raises(PlayerError, match="cannot jump"):
            await client.seek(1)
        await client.close()


async def test_what_is_only_watched_is_shown_and_not_steered(tmp_path: Path) -> None:
    """The socket is there while it plays; whoever wants to steer is told what does."""
    clock = SystemClock()
    airing = Airing(tmp_path)
    running = asyncio.create_task(airing.run())
    playback = replace(FILM.playback, source="kodi", started_at=START - timedelta(hours=1))
    before = replace(playback, play_id="play-0", started_at=START - timedelta(hours=2))
    airing.show(seen_on_air((("kodi:tv", playback), ("mpv:a", before))))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (paths := _sockets_in(tmp_path)):
            await clock.sleep(0.02)
        client = await ControlClient.connect(paths[0], clock)
        assert client is not None
        on_air = await client.first_word(PATIENCE_SECONDS)
        assert on_air is not None
        assert (on_air.playback.play_id, on_air.device) == ("play-1", "Kodi")
        assert on_air.is_watched
        with pytest.raises(PlayerError, match="It plays in Kodi: use its own keys"):
            await client.stop()
        airing.show(seen_on_air(()))
        while _names_in(tmp_path):
            await clock.sleep(0.02)
        await client.close()
    running.cancel()
    await asyncio.wait({running})


async def test_what_plays_is_told_at_once_and_at_every_change(tmp_path: Path) -> None:
    """A new client hears the last word first; a change reaches everybody; times survive."""
    async with channel(tmp_path / "run") as there:
        clients = [await there.connect() for _ in range(3)]
        for client in clients:
            seen = await client.first_word(PATIENCE_SECONDS)
            assert seen is not None
            assert seen.is_here is False
            clock_seconds = seen.playback.clock_seconds
            assert (
                replace(seen, is_here=True, playback=replace(seen.playback, clock_seconds=0.0))
                == FILM
            ), clock_seconds
        later = replace(
            FILM,
            playback=replace(FILM.playback, paused=True, watched_at=START),
            offer=Offer("Breaking Bad S1 E6", 12),
        )
        there.server.tell(later)
        for client in clients:
            while client.on_air is None or client.on_air.offer is None:
                there.news.clear()
                await there.news.wait()
            assert client.on_air.offer == later.offer
            assert client.on_air.playback.paused
            assert client.on_air.playback.watched_at == START
            await client.close()


async def test_hostile_words_arrive_as_plain_text(tmp_path: Path) -> None:
    """What a file calls itself moves no cursor on the other side either, and is bounded."""
    async with channel(tmp_path / "run") as there:
        evil = "\x1b[2J\u202e" + "x" * 5000
        there.server.tell(replace(FILM, playback=replace(FILM.playback, title=evil), next=evil))
        client = await there.connect()
        seen = await client.first_word(PATIENCE_SECONDS)
        assert seen is not None
        for text in (seen.playback.title, seen.next):
            assert text.isprintable()
            assert len(text) <= 300
        await client.close()


def test_only_this_user_can_reach_it(tmp_path: Path) -> None:
    """A private socket in a private folder, also where the folder was open before."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    listener, path = places.listen(folder)
    listener.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_folder_with_a_long_name(tmp_path: Path) -> None:
    """An address may have 107 bytes; a path may have more."""
    folder = tmp_path / ("long-" * 30) / "run"
    async with channel(folder) as there:
        client = await there.connect()
        await client.toggle_mute()
        await client.close()


NONSENSE = [
    b"not json\n",
    b"[1, 2]\n",
    b"\xff\xfe\n",
    b"x" * 100_000,
    b"[" * 4000 + b"\n",
]


@pytest.mark.parametrize("line", NONSENSE)
async def test_who_talks_nonsense_is_let_go(tmp_path: Path, line: bytes) -> None:
    """Nobody else notices."""
    async with channel(tmp_path / "run") as there:
        good = await there.connect()
        with there.plain() as bad:
            await asyncio.to_thread(_send_all, bad, line)
            assert await asyncio.to_thread(_read_all, bad)
        await good.pause(False)
        await good.close()
        assert there.hands.asked == [("pause", False)]


def _send_all(link: socket.socket, line: bytes) -> None:
    with contextlib.suppress(OSError):  # it may be let go before it has finished
        link.sendall(line)


def _read_all(link: socket.socket) -> bool:
    """Read until the other side closes; whether it did."""
    try:
        while link.recv(65536):
            pass
    except ConnectionError:
        return True
    return True


WRONG: list[dict[str, object]] = [
    {},
    {"do": "dance"},
    {"do": "seek"},
    {"do": "seek", "seconds": "30"},
    {"do": "seek", "seconds": True},
    {"do": "seek", "seconds": 1e300},
    {"do": "pause", "paused": 1},
    {"do": "select", "kind": "video", "track": 1},
    {"do": "select", "kind": "audio", "track": "1"},
    {"do": ["seek"], "seconds": 3},
]


async def test_wrong_requests_are_answered_with_an_error(tmp_path: Path) -> None:
    """And do nothing; the connection stays."""
    async with channel(tmp_path / "run") as there:
        with there.plain() as link:
            lines = link.makefile("rb")
            assert json.loads(await asyncio.to_thread(lines.readline))["dodo"] == messages.VERSION
            for number, request in enumerate(WRONG):
                link.sendall(messages.encode({"id": number, **request}))
                answer = json.loads(await asyncio.to_thread(lines.readline))
                assert answer["re"] == number
                assert answer["error"]
            lines.close()
        assert there.hands.asked == []


async def test_more_clients_than_a_household_has(tmp_path: Path) -> None:
    """The first ones are served, the others let go; afterwards there is room again."""
    async with channel(tmp_path / "run") as there:
        clients = [await there.connect() for _ in range(MOST_CLIENTS + 4)]
        seen = [await client.first_word(PATIENCE_SECONDS) for client in clients]
        assert sum(on_air is not None for on_air in seen) == MOST_CLIENTS
        for client in clients:
            await client.close()


async def test_a_client_that_never_reads_is_let_go(tmp_path: Path) -> None:
    """What is kept for it is bounded."""
    async with channel(tmp_path / "run") as there:
        with there.plain() as deaf:
            await asyncio.to_thread(deaf.recv, 10)
            for number in range(4000):
                playback = replace(FILM.playback, position_seconds=float(number))
                there.server.tell(replace(FILM, playback=playback))
                if number % 100 == 0:
                    await asyncio.sleep(0)
            assert there.server._writers == set()


async def test_a_server_that_dies_is_noticed(tmp_path: Path) -> None:
    """What plays there plays no more; who asks hears why."""
    async with channel(tmp_path / "run") as there:
        client = await there.connect()
        await client.first_word(PATIENCE_SECONDS)
        await there.server.close()
        while not client.is_gone:
            there.news.clear()
            await there.news.wait()
        assert client.on_air is None
        with pytest.raises(PlayerError, match=GONE):
            await client.pause(True)
        await client.close()


async def test_another_version_is_left_alone(tmp_path: Path) -> None:
    """Nothing of what it says is taken for something else."""
    listener, path = places.listen(tmp_path / "run")

    async def hello(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'{"dodo": 2, "state": {"play_id": "x"}}\n')
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_unix_server(hello, sock=listener)
    client = await ControlClient.connect(path, SystemClock())
    assert client is not None
    assert await client.first_word(PATIENCE_SECONDS) is None
    assert client.is_gone
    await client.close()
    server.close()


async def test_sockets_of_the_dead_are_removed(tmp_path: Path) -> None:
    """By whoever looks, and by whoever opens one; a living one is never touched."""
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("control-1-dead.sock", "control-999999999-dead.sock"):
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(folder / name))
    listener, path = places.listen(folder)
    assert sorted(p.name for p in folder.iterdir()) == ["control-1-dead.sock", path.name]
    follower = Follower(folder, SystemClock(), lambda: None)
    assert follower.may_have_news
    await follower.look()
    assert [p.name for p in folder.iterdir()] == [path.name]
    assert follower.current is None
    await follower.close()
    listener.close()


def test_a_follower_does_not_follow_its_own_process(tmp_path: Path) -> None:
    """What plays here is known without a socket."""
    listener, path = places.listen(tmp_path / "run")
    assert places.control_sockets(path.parent) == ()
    path.rename(path.with_name(f"control-{os.getppid()}-x.sock"))
    assert len(places.control_sockets(path.parent)) == 1
    listener.close()
