"""VLC's web interface: the real VLC, and servers that only look like one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.domain.playback import End
from dodo_tui.players import vlc
from dodo_tui.players.vlc import VlcPlace, VlcWatcher, configured_place
from dodo_tui.players.watching import Sight
from tests.players.conftest import SAFETY_SECONDS, Videos
from tests.players.programs import as_nobody, running
from tests.players.watch import Watch


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask often."""
    monkeypatch.setattr(vlc, "PLAYING_SECONDS", 0.2)
    monkeypatch.setattr(vlc, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(vlc, "GONE_SECONDS", 0.2)


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def watching(port: int) -> AsyncIterator[Watch]:
    """A watcher that knows the password."""
    seen = Watch(VlcWatcher(VlcPlace("127.0.0.1", port, "x"), SystemClock()))
    yield seen
    await seen.stop()


@pytest.mark.needs("cvlc")
async def test_the_real_vlc_from_start_to_end(
    watching: Watch, port: int, videos: Videos, tmp_path: Path
) -> None:
    """Its path, its length, its end, which it does not tell from a stop."""
    film = tmp_path / "The Film (1999).mkv"
    copy(videos.short, film)
    command = (
        "cvlc", "--no-dbus", "--intf", "http", "--http-host", "127.0.0.1",
        "--http-port", str(port), "--http-password", "x", "--vout", "dummy", "--aout", "dummy",
        "--start-time", "7", str(film),
    )  # fmt: skip
    async with running(*as_nobody(tmp_path, command)):
        await watching.until_plays(str(film), 7)
        assert watching.watcher.report().sight is Sight.SEEN
        ended = await watching.until_ended()
    assert ended.end is End.FINISHED
    assert ended.duration_seconds == pytest.approx(10, abs=1)


class Impostor:
    """A server that answers every request with the same bytes."""

    def __init__(self, body: bytes, status: str = "200 OK") -> None:
        self.body, self.status = body, status
        self.answers: list[str] = []
        """The status of each answer so far."""
        self._answered = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""
        await reader.readuntil(b"\r\n\r\n")
        status = self.status
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(self.body)}\r\nConnection: close"
        writer.write(head.encode() + b"\r\n\r\n" + self.body)
        await writer.drain()
        writer.close()
        async with self._answered:
            self.answers.append(status)
            self._answered.notify_all()

    async def answer(self, status: str, times: int) -> None:
        """Answer so often with a status."""
        self.status = status
        wanted = self.answers.count(status) + times
        async with asyncio.timeout(SAFETY_SECONDS), self._answered:
            await self._answered.wait_for(lambda: self.answers.count(status) >= wanted)


@pytest.mark.parametrize(
    ("body", "status", "sight"),
    [
        (b"", "401 Unauthorized", Sight.REFUSED),
        (b"<html>", "200 OK", Sight.NONE),
        (b"[1, 2]", "200 OK", Sight.NONE),
        (b"[" * 100_000, "200 OK", Sight.NONE),
        (b'{"state": "playing"}', "200 OK", Sight.SEEN),
        (b'{"state": "stopped", "currentplid": -1}', "200 OK", Sight.SEEN),
    ],
)
async def test_what_is_no_film_is_none(
    watching: Watch, port: int, body: bytes, status: str, sight: Sight
) -> None:
    """Another program on the port, a wrong password, a VLC at rest."""
    impostor = Impostor(body, status)
    server = await asyncio.start_server(impostor.serve, "127.0.0.1", port)
    async with server:
        await impostor.answer(status, 3)
        assert watching.watcher.report().sight is sight
    assert watching.told == []


async def test_one_hiccup_is_no_end(watching: Watch, port: int) -> None:
    """Three in a row are: where it was when it was heard of last, not where it would be by now."""
    playing = (
        b'{"state": "playing", "currentplid": 3, "length": 100, "position": 0.5, "time": 50,'
        b'"id": "0", "children": [{"id": "3", "uri": "file:///films/x.mkv"}]}'
    )
    impostor = Impostor(playing)
    server = await asyncio.start_server(impostor.serve, "127.0.0.1", port)
    async with server:
        await watching.until_plays("/films/x.mkv", 50)
        await impostor.answer("500 Oops", 1)
        await impostor.answer("200 OK", 3)
        assert watching.ends == []
        impostor.status = "500 Oops"
        ended = await watching.until_ended()
    assert ended.end is End.LOST
    assert ended.duration_seconds == 100
    assert ended.position_seconds == pytest.approx(50, abs=vlc.PLAYING_SECONDS + 0.001)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http-password=x\n", VlcPlace("127.0.0.1", 8080, "x")),
        ("#http-password=x\n", None),
        ("http-password=x\nhttp-port=9000\nhttp-host=::1\n", VlcPlace("::1", 9000, "x")),
        ("http-password=x\nhttp-port=99999\n", None),
        ("http-password=\n", None),
    ],
)
def test_what_vlc_says_of_itself(tmp_path: Path, text: str, expected: VlcPlace | None) -> None:
    """The settings file that VLC writes."""
    (tmp_path / "vlcrc").write_text(text)
    assert configured_place(tmp_path / "vlcrc") == expected


def test_the_password_is_in_no_repr() -> None:
    """Places may be logged."""
    assert "secret" not in repr(VlcPlace(password="secret"))
