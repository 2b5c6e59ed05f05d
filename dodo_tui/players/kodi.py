"""Watching Kodi over JSON-RPC on TCP: it tells when something changes, and is asked where it is.

Facts about Kodi that shape this (20.1, observed): the stream has no delimiter between objects; a
manual skip brings no `OnStop`; after a stop every position is zero; a plain file is called a
`movie` with its file name as title and no id, which says nothing.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from dodo_tui.clock import Clock
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.playback import Content, End, PlayerStatus
from dodo_tui.domain.text import clean_text
from dodo_tui.players.names import ids_of
from dodo_tui.players.numbers import number_of, seconds_of, speed_of
from dodo_tui.players.polled import Moment, Polled, Reading, Step, end, last_heard, read
from dodo_tui.players.watching import Report, Sight, Tell

log = logging.getLogger(__name__)

DEFAULT_PORT = 9090

POLL_SECONDS = 5.0
"""How often the position is asked for while something plays; changes come by themselves."""

FIRST_RETRY_SECONDS = 2.0
LONGEST_RETRY_SECONDS = 60.0

HOW_TO = "In Kodi: Settings, Services, Control: allow remote control by applications here."

MAX_OBJECT_CHARACTERS = 512 * 1024
_NOTICES_SECONDS = 0.25
"""Notices come in swarms; one look serves all of them."""

_ANSWER_SECONDS = 5.0
_CONNECT_SECONDS = 5.0

_UNTRACKED_TYPES = frozenset({"channel", "song", "musicvideo", "picture"})
_ITEM_PROPERTIES = (
    "title", "showtitle", "season", "episode", "year", "uniqueid", "file", "tvshowid",
)  # fmt: skip
_PER_SECOND = {"hours": 1 / 3600, "minutes": 1 / 60, "seconds": 1.0, "milliseconds": 1000.0}
_PLAYER_PROPERTIES = ("time", "totaltime", "speed", "live")


@dataclass(frozen=True, slots=True)
class KodiPlace:
    """Where Kodi's TCP interface is."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT


class KodiGoneError(Exception):
    """The connection has ended, or Kodi does not answer."""


class KodiSilentError(KodiGoneError):
    """Kodi is there and does not answer: nobody knows since when its film stands."""


class KodiRefusedError(Exception):
    """Kodi answered a call with an error."""


class KodiWatcher:
    """Watches one Kodi."""

    id = "kodi"
    name = "Kodi"

    def __init__(self, place: KodiPlace, clock: Clock) -> None:
        """Nothing is connected yet."""
        self._place = place
        self._clock = clock
        self._polled = Polled(self.id, f"{place.host}:{place.port}")
        self._report = Report(Sight.NONE, "Kodi does not run.", HOW_TO)

    def report(self) -> Report:
        """Whether it is connected."""
        return self._report

    async def watch(self, tell: Tell) -> None:
        """Watch until cancelled; connect again after it was gone, less and less often."""
        retry_seconds = FIRST_RETRY_SECONDS
        while True:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    link = await Link.connect(self._place)
            except (OSError, TimeoutError):
                self._report = Report(Sight.NONE, "Kodi does not run.", HOW_TO)
            else:
                is_silent = False
                try:
                    await self._follow(link, tell)
                except KodiGoneError as error:
                    log.info("Kodi: %s", error)
                    is_silent = isinstance(error, KodiSilentError)
                finally:
                    retry_seconds = FIRST_RETRY_SECONDS
                    await link.close()
                    self._report = Report(Sight.NONE, "Kodi does not run.")
                    moment = last_heard(self._polled, self._moment()) if is_silent else None
                    await self._hand_out(
                        end(self._polled, moment or self._moment(), End.LOST), tell
                    )
            await self._clock.sleep(retry_seconds)
            retry_seconds = min(retry_seconds * 2, LONGEST_RETRY_SECONDS)

    async def _follow(self, link: Link, tell: Tell) -> None:
        """One connection, until it ends.

        Raises:
            KodiGoneError: it ended, or Kodi hangs.
        """
        await link.call("JSONRPC.Version")
        self._report = Report(Sight.SEEN, "Watching Kodi.")
        identity: str | None = None
        content: Content | None = None
        path = ""
        while True:
            player_id = await self._video_player(link)
            if player_id is None:
                identity = None
                await self._hand_out(end(self._polled, self._moment(), End.CLOSED), tell)
            else:
                state = await self._ask(link, "Player.GetProperties", player_id, _PLAYER_PROPERTIES)
                item = _object(
                    (await self._ask(link, "Player.GetItem", player_id, _ITEM_PROPERTIES)).get(
                        "item"
                    )
                )
                now = _identity(item)
                if now != identity:
                    identity, path = now, _path(item)
                    content = await _content(link, item)
                await self._tell_reading(state, item, now, path, content, tell)
            await self._wait_for_news(link, player_id is not None, tell)

    async def _tell_reading(
        self,
        state: Mapping[str, object],
        item: Mapping[str, object],
        identity: str,
        path: str,
        content: Content | None,
        tell: Tell,
    ) -> None:
        """Hand out where it is; live television and music are nobody's viewing."""
        if state.get("live") is True or item.get("type") in _UNTRACKED_TYPES or not path:
            await self._hand_out(end(self._polled, self._moment(), End.CLOSED), tell)
            return
        speed = number_of(state.get("speed")) or 0.0
        reading = Reading(
            identity=identity,
            path=path,
            status=PlayerStatus.PLAYING if speed else PlayerStatus.PAUSED,
            position_seconds=_seconds(state.get("time")),
            duration_seconds=_seconds(state.get("totaltime")),
            speed=speed_of(abs(speed)),
            content=content,
        )
        await self._hand_out(read(self._polled, reading, self._moment()), tell)

    async def _wait_for_news(self, link: Link, plays: bool, tell: Tell) -> None:
        """Wait for a notification about players, or until the position is due.

        A stop is told with whether the film ran to its end, which nothing else tells.
        """
        await self._clock.sleep(_NOTICES_SECONDS)
        seconds = POLL_SECONDS if plays else LONGEST_RETRY_SECONDS
        notice = await link.news(self._clock, seconds)
        while notice is not None:
            if notice.get("method") == "Player.OnStop":
                data = _object(_object(notice.get("params")).get("data"))
                how = End.FINISHED if data.get("end") is True else End.CLOSED
                await self._hand_out(end(self._polled, self._moment(), how), tell)
            notice = link.more_news()

    async def _video_player(self, link: Link) -> int | None:
        """The player that shows a picture; None: there is none."""
        players = await link.call("Player.GetActivePlayers")
        for player in players if isinstance(players, list) else ():
            if isinstance(player, dict) and player.get("type") == "video":
                number = player.get("playerid")
                return number if isinstance(number, int) else None
        return None

    async def _ask(
        self, link: Link, method: str, player_id: int, properties: tuple[str, ...]
    ) -> Mapping[str, object]:
        try:
            answer = await link.call(method, playerid=player_id, properties=list(properties))
        except KodiRefusedError:
            return {}
        return _object(answer)

    async def _hand_out(self, step: Step, tell: Tell) -> None:
        self._polled, states = step
        for state in states:
            await tell(state)

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic())


class Link:
    """One TCP connection: calls and their answers, and the notifications between them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._calls: dict[int, asyncio.Future[object]] = {}
        self._last_id = 0
        self._notices: asyncio.Queue[Mapping[str, object]] = asyncio.Queue(256)
        self._reading = asyncio.create_task(self._read(), name="kodi")

    @classmethod
    async def connect(cls, place: KodiPlace) -> Link:
        """Connect and begin to read.

        Raises:
            OSError: nobody is there.
        """
        return cls(*await asyncio.open_connection(place.host, place.port))

    async def call(self, method: str, **params: object) -> object:
        """Call a method and wait for its result.

        Raises:
            KodiGoneError: there is no answer.
            KodiRefusedError: Kodi answers with an error.
        """
        self._last_id += 1
        request_id = self._last_id
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._calls[request_id] = answer
        message = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}
        try:
            self._writer.write(json.dumps(message).encode())
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._writer.drain()
                return await answer
        except (OSError, TimeoutError) as error:
            silent = KodiSilentError if isinstance(error, TimeoutError) else KodiGoneError
            raise silent(f"no answer to {method}") from error
        finally:
            self._calls.pop(request_id, None)
            answer.cancel()

    async def news(self, clock: Clock, seconds: float) -> Mapping[str, object] | None:
        """The next notification about a player; None after so many seconds without one.

        Raises:
            KodiGoneError: the connection has ended.
        """
        pause = asyncio.create_task(clock.sleep(seconds))
        notice = asyncio.create_task(self._notices.get())
        try:
            await asyncio.wait({pause, notice, self._reading}, return_when=asyncio.FIRST_COMPLETED)
            if notice.done():
                return notice.result()
            if self._reading.done():
                raise KodiGoneError("the connection ended")
            return None
        finally:
            pause.cancel()
            notice.cancel()

    def more_news(self) -> Mapping[str, object] | None:
        """A notification that is there already."""
        try:
            return self._notices.get_nowait()
        except asyncio.QueueEmpty:
            return None

    async def close(self) -> None:
        """End the connection."""
        self._reading.cancel()
        self._writer.transport.abort()  # who does not read would be waited for
        await asyncio.wait({self._reading})
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        objects = Objects()
        try:
            while chunk := await self._reader.read(64 * 1024):
                for message in objects.feed(chunk):
                    self._take(message)
        except (OSError, ValueError) as error:
            log.info("Kodi: the connection broke: %s", type(error).__name__)
        finally:
            for answer in self._calls.values():
                if not answer.done():
                    answer.set_exception(KodiGoneError("the connection ended"))

    def _take(self, message: Mapping[str, object]) -> None:
        answer = (
            self._calls.get(request_id)
            if isinstance(request_id := message.get("id"), int)
            else None
        )
        if answer is not None and not answer.done():
            if "error" in message:
                answer.set_exception(KodiRefusedError(clean_text(str(message["error"]), 200)))
            else:
                answer.set_result(message.get("result"))
        elif str(message.get("method")).startswith("Player.") and not self._notices.full():
            self._notices.put_nowait(message)


class Objects:
    """Bytes to JSON objects that follow each other without anything between them."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, chunk: bytes) -> list[dict[str, object]]:
        """The objects that these bytes complete.

        Raises:
            ValueError: what comes is no object, or one without an end.
        """
        self._rest = (self._rest + self._decoder.decode(chunk)).lstrip()
        found: list[dict[str, object]] = []
        while self._rest:
            if not self._rest.startswith("{") or len(self._rest) > MAX_OBJECT_CHARACTERS:
                raise ValueError("no object")
            try:
                value, length = json.JSONDecoder().raw_decode(self._rest)
            except json.JSONDecodeError:
                return found
            self._rest = self._rest[length:].lstrip()
            found.append(value)
        return found


async def _content(link: Link, item: Mapping[str, object]) -> Content | None:
    """What an item of Kodi's library is; None for anything else.

    An episode's own ids name the episode, so the series is asked for its ids.
    """
    kind, number = item.get("type"), item.get("id")
    if not isinstance(number, int) or number <= 0:
        return None
    if kind == "movie":
        title = str(item.get("title") or "")
        return Content(Kind.MOVIE, title, _year(item), ids_of(Kind.MOVIE, item.get("uniqueid")))
    show_id = item.get("tvshowid")
    season, episode = item.get("season"), item.get("episode")
    if kind != "episode" or not isinstance(show_id, int) or show_id <= 0:
        return None
    if not isinstance(season, int) or not isinstance(episode, int) or min(season, episode) < 0:
        return None
    try:
        answer = await link.call(
            "VideoLibrary.GetTVShowDetails",
            tvshowid=show_id,
            properties=["uniqueid", "year", "title"],
        )
    except KodiRefusedError:
        return None
    show = _object(_object(answer).get("tvshowdetails"))
    title = str(show.get("title") or item.get("showtitle") or "")
    return Content(
        Kind.SHOW, title, _year(show), ids_of(Kind.SHOW, show.get("uniqueid")), season, (episode,)
    )


def _identity(item: Mapping[str, object]) -> str:
    return f"{item.get('type')} {item.get('id')} {item.get('file')} {item.get('title')}"


def _path(item: Mapping[str, object]) -> str:
    """The file, or what stands for it: a title out of an add-on has no other name."""
    path = item.get("file")
    return path if isinstance(path, str) else ""


def _year(item: Mapping[str, object]) -> int | None:
    year = item.get("year")
    return year if isinstance(year, int) and 1870 < year < 2200 else None


def _seconds(value: object) -> float | None:
    """Kodi's `{hours, minutes, seconds, milliseconds}` as seconds."""
    parts = _object(value)
    found = [seconds_of(parts.get(name), per_second) for name, per_second in _PER_SECOND.items()]
    known = [seconds for seconds in found if seconds is not None]
    return sum(known) if len(known) == len(found) else None


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
