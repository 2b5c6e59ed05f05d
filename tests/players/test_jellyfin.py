"""Jellyfin's sessions, by a server that answers as Jellyfin's own documentation shows.

A real Jellyfin is no package of Debian's; the shapes are those of its API description.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.playback import Content, End, PlayerStatus
from dodo_tui.players import http, jellyfin
from dodo_tui.players.jellyfin import JellyfinPlace, JellyfinWatcher
from dodo_tui.players.watching import Sight
from tests.players.conftest import SAFETY_SECONDS
from tests.players.test_numbers import HUGE
from tests.players.watch import Watch

TICK = 10_000_000
MOVIE = {
    "Id": "m1", "Type": "Movie", "Name": "The Matrix", "ProductionYear": 1999,
    "RunTimeTicks": 8160 * TICK, "ProviderIds": {"Imdb": "tt0133093", "Tmdb": "603"},
}  # fmt: skip
EPISODE = {
    "Id": "e1", "Type": "Episode", "Name": "Gray Matter", "SeriesName": "Breaking Bad",
    "SeriesId": "s1", "ParentIndexNumber": 1, "IndexNumber": 5, "IndexNumberEnd": 6,
    "RunTimeTicks": 2820 * TICK, "ProviderIds": {"Imdb": "tt1054726"},
}  # fmt: skip
SERIES = {
    "Id": "s1", "Name": "Breaking Bad", "ProductionYear": 2008,
    "ProviderIds": {"Imdb": "tt0903747", "Tvdb": "81189"},
}  # fmt: skip


class Server:
    """A Jellyfin that says what the test says."""

    def __init__(self) -> None:
        self.sessions: object = []
        self.users: object = [{"Name": "Ben"}, {"Name": "Anna"}]
        self.status = "200 OK"
        self.requests: list[str] = []
        self.answered = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.requests.append(head)
        value = {"Items": [SERIES]} if head.startswith("GET /Items") else self.sessions
        value = self.users if head.startswith("GET /Users") else value
        body = json.dumps(value).encode()
        lines = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\nConnection: close"
        writer.write(lines.encode() + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()
        async with self.answered:
            self.answered.notify_all()

    async def asked(self, times: int) -> None:
        """Wait until it was asked so often from now on."""
        wanted = len(self.requests) + times
        async with asyncio.timeout(SAFETY_SECONDS), self.answered:
            await self.answered.wait_for(lambda: len(self.requests) >= wanted)


def session(item: dict[str, Any] | None, seconds: float = 0.0, **changes: Any) -> dict[str, Any]:
    """One session of the server."""
    return {
        "Id": "tv", "UserName": "Anna", "NowPlayingItem": item,
        "PlayState": {"PositionTicks": round(seconds * TICK), "IsPaused": False},
        **changes,
    }  # fmt: skip


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Server, str]]:
    """It listens, and is asked often."""
    for name in ("POLL_SECONDS", "IDLE_SECONDS", "GONE_SECONDS"):
        monkeypatch.setattr(jellyfin, name, 0.1)
    told = Server()
    listening = await asyncio.start_server(told.serve, "127.0.0.1", 0)
    yield told, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    listening.close()


@pytest.fixture
async def watching(server: tuple[Server, str]) -> AsyncIterator[Watch]:
    """A watcher of what Anna plays."""
    place = JellyfinPlace(server[1], "hush", "anna")
    seen = Watch(JellyfinWatcher(place, SystemClock()))
    yield seen
    await seen.stop()


@pytest.mark.parametrize(
    ("item", "content"),
    [
        (MOVIE, Content(Kind.MOVIE, "The Matrix", 1999, Ids(imdb="tt0133093", tmdb="603"))),
        (
            EPISODE,
            Content(
                Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747", tvdb="81189"), 1, (5, 6)
            ),
        ),
    ],
)
async def test_an_episode_is_told_by_the_ids_of_its_series(
    server: tuple[Server, str], watching: Watch, item: dict[str, Any], content: Content
) -> None:
    """An episode by its series' ids, which are asked for once; two episodes in a file are two."""
    server[0].sessions = [session(item, 300)]
    await watching.until_plays(f"jellyfin://{item['Id']}", 300)
    assert watching.told[-1].content == content
    await server[0].asked(5)
    assert sum(head.startswith("GET /Items") for head in server[0].requests) <= 1
    assert 'Token="hush"' in server[0].requests[0]


async def test_a_session_that_vanishes_has_ended(
    server: tuple[Server, str], watching: Watch
) -> None:
    """Missing once is nothing, twice is the end."""
    server[0].sessions = [session(MOVIE, 300)]
    await watching.until_plays("jellyfin://m1", 300)
    server[0].sessions = []
    ended = await watching.until_ended()
    assert ended.end is End.CLOSED
    assert ended.position_seconds == pytest.approx(300, abs=13)


async def test_a_pause_is_told_as_it_is(server: tuple[Server, str], watching: Watch) -> None:
    """Told as it is."""
    paused = {"PositionTicks": 300 * TICK, "IsPaused": True}
    server[0].sessions = [session(MOVIE, PlayState=paused)]
    await watching.until(lambda told: bool(told) and told[-1].status is PlayerStatus.PAUSED)


@pytest.mark.parametrize(
    "sessions",
    [
        [session(MOVIE, 300, UserName="Ben")],
        [session(MOVIE, 300, UserName=None)],
        [session(None)],
        [session({**MOVIE, "Type": "Audio"})],
        [session({**MOVIE, "Type": "TvChannel"})],
        [session({**EPISODE, "IndexNumber": None})],
        [session({**EPISODE, "ParentIndexNumber": -1})],
        [None, 7, "x", {}],
        {"not": "a list"},
    ],
)
async def test_what_is_nobodys_viewing(
    server: tuple[Server, str], watching: Watch, sessions: object
) -> None:
    """Somebody else's, nobody's, music, television, and nonsense."""
    server[0].sessions = sessions
    await server[0].asked(4)
    assert watching.told == []


async def test_a_token_that_is_refused(server: tuple[Server, str], watching: Watch) -> None:
    """It is said, and the token is not in it."""
    server[0].status = "401 Unauthorized"
    await server[0].asked(4)
    report = watching.watcher.report()
    assert report.sight is Sight.REFUSED
    assert "hush" not in report.sentence
    assert "hush" not in repr(JellyfinPlace("http://x", "hush", "anna"))


async def test_a_range_that_is_a_lie(server: tuple[Server, str], watching: Watch) -> None:
    """A file of a thousand episodes is one of one."""
    server[0].sessions = [session({**EPISODE, "IndexNumberEnd": 5000}, 10)]
    await watching.until_plays("jellyfin://e1", 10)
    content = watching.told[-1].content
    assert content is not None
    assert content.numbers == (5,)


async def test_a_user_that_the_server_does_not_have(
    server: tuple[Server, str], watching: Watch
) -> None:
    """A slip in a name is said, with the names that there are; it is mended while it runs."""
    server[0].users = [{"Name": "Ben"}, {"Name": "\x1b[31mEve"}, {"Name": 7}, None]
    server[0].sessions = [session(MOVIE, 300)]
    await server[0].asked(3)
    report = watching.watcher.report()
    assert report.sight is Sight.REFUSED
    assert report.next_step == "Set jellyfin_user to one of: Ben, [31mEve"
    assert watching.told == []
    server[0].users = [{"Name": "ANNA"}]
    await watching.until_plays("jellyfin://m1", 300)


@pytest.mark.parametrize("ticks", [HUGE, -5, "x", None, True, 1.5e30])
async def test_a_server_that_lies_about_time(
    server: tuple[Server, str], watching: Watch, ticks: Any
) -> None:
    """Nothing is watched any less for it."""
    item = {**MOVIE, "RunTimeTicks": ticks}
    state = {"PositionTicks": ticks, "IsPaused": False, "PlaybackRate": ticks}
    server[0].sessions = [session(item, PlayState=state)]
    await watching.until(lambda told: bool(told))
    assert watching.told[-1].duration_seconds is None
    server[0].sessions = [session(MOVIE, 300)]
    await watching.until_plays("jellyfin://m1", 300)


async def test_a_server_that_goes_silent_in_a_film(
    server: tuple[Server, str], watching: Watch
) -> None:
    """Nobody knows how far it has played since: it has ended where it was heard of last."""
    server[0].sessions = [session(MOVIE, 300)]
    await watching.until_plays("jellyfin://m1", 300)
    server[0].status = "500 Internal Server Error"
    ended = await watching.until_ended()
    assert ended.position_seconds == watching.told[-2].position_seconds


async def test_what_is_kept_of_series_is_bounded(
    server: tuple[Server, str], watching: Watch
) -> None:
    """What is kept of them is bounded, and so are their names."""
    told = watching.watcher
    assert isinstance(told, JellyfinWatcher)
    for number in range(jellyfin._MOST_SERIES + 20):
        series = await told._series_of(f"s{number}")
        assert series.title == "Breaking Bad"
    assert len(told._series) == jellyfin._MOST_SERIES


async def test_a_server_that_dawdles(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says nothing for long: that is said, and what to look at."""
    monkeypatch.setattr(http, "_SECONDS", 0.1)
    monkeypatch.setattr(jellyfin, "GONE_SECONDS", 0.1)
    asked = asyncio.Event()

    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(dawdle, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        place = JellyfinPlace(f"http://127.0.0.1:{port}", "hush", "anna")
        seen = Watch(JellyfinWatcher(place, SystemClock()))
        async with asyncio.timeout(SAFETY_SECONDS):
            for _ in range(2):
                await asked.wait()
                asked.clear()
        assert seen.watcher.report().sentence == "The Jellyfin server does not answer."
        assert seen.watcher.report().next_step
        await seen.stop()
