"""Watching a Jellyfin server: what its one chosen user plays, on whatever device.

The server hears from its clients about every ten seconds, so it is asked as seldom. A session that
ends is simply not there any more; one answer without it says little, two say that it is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dodo_tui import __version__
from dodo_tui.clock import Clock
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.playback import Content, End, PlayerStatus
from dodo_tui.domain.text import clean_text
from dodo_tui.players.http import HttpError, JsonClient
from dodo_tui.players.names import ids_of
from dodo_tui.players.numbers import seconds_of, speed_of
from dodo_tui.players.polled import Moment, Polled, Reading, Step, end, last_heard, read
from dodo_tui.players.watching import Report, Sight, Tell

POLL_SECONDS = 10.0
IDLE_SECONDS = 20.0
GONE_SECONDS = 60.0
"""How often it is asked while somebody watches, while nobody does, and while it is away."""

LAG_SECONDS = 12.0
"""Clients report about every ten seconds."""

_TICKS_PER_SECOND = 10_000_000
_MOST_SESSIONS = 32
_MOST_MISSED = 2
_MOST_NAMED = 8
_MOST_CHARACTERS = 40
_MOST_TITLE_CHARACTERS = 300
_MOST_SERIES = 256
_MOST_EPISODES_IN_A_FILE = 20


@dataclass(frozen=True, slots=True)
class JellyfinPlace:
    """A server, a key for it, and whose viewings count."""

    url: str
    token: str = field(repr=False)
    user: str


@dataclass(frozen=True, slots=True)
class _Series:
    title: str = ""
    year: int | None = None
    ids: Ids = field(default_factory=Ids)


@dataclass(slots=True)
class _Seen:
    polled: Polled
    missed: int = 0


class JellyfinWatcher:
    """Watches what one user of one server plays."""

    id = "jellyfin"
    name = "Jellyfin"

    def __init__(self, place: JellyfinPlace, clock: Clock) -> None:
        """Nothing is asked yet."""
        self._user = place.user.casefold()
        self._clock = clock
        authorisation = (
            f'MediaBrowser Token="{place.token}", Client="dodo-tui", Device="dodo", '
            f'DeviceId="dodo-tui", Version="{__version__}"'
        )
        self._client = JsonClient(place.url.rstrip("/"), headers={"Authorization": authorisation})
        self._sessions: dict[str, _Seen] = {}
        self._series: dict[str, _Series] = {}
        self._is_known = False
        self._report = Report(Sight.NONE, "Not asked yet.")

    def report(self) -> Report:
        """Whether the server answers, and whether anybody watches."""
        return self._report

    async def watch(self, tell: Tell) -> None:
        """Watch until cancelled."""
        try:
            while True:
                try:
                    seconds = await self._look(tell)
                except HttpError as error:
                    self._report = _trouble(error)
                    await self._miss(set(), tell, is_silent=True)
                    seconds = POLL_SECONDS if self._sessions else GONE_SECONDS
                await self._clock.sleep(seconds)
        finally:
            for name in list(self._sessions):
                await self._end(name, End.LOST, tell)
            await self._client.close()

    async def _look(self, tell: Tell) -> float:
        """Ask once; answers after how long to ask again.

        Raises:
            HttpError: there is no usable answer.
        """
        stranger = await self._stranger()
        if stranger is not None:
            self._report = stranger
            await self._miss(set(), tell)
            return GONE_SECONDS
        sessions = await self._client.get("/Sessions", {"activeWithinSeconds": "60"})
        if not isinstance(sessions, list):
            raise HttpError("its answer makes no sense", 200)
        seen: set[str] = set()
        for session in sessions:
            if len(seen) >= _MOST_SESSIONS or not self._is_ours(session):
                continue
            name = str(session.get("Id"))
            reading = await self._reading(session)
            if reading is None:
                continue
            seen.add(name)
            known = self._sessions.setdefault(name, _Seen(Polled(self.id, name, LAG_SECONDS)))
            known.missed = 0
            await self._hand_out(name, read(known.polled, reading, self._moment()), tell)
        await self._miss(seen, tell)
        words = f"{len(seen)} playing." if seen else "nobody plays."
        self._report = Report(Sight.SEEN, f"Watching Jellyfin, {words}")
        return POLL_SECONDS if self._sessions else IDLE_SECONDS

    async def _stranger(self) -> Report | None:
        """That the server has no such user; None where it has, or does not say.

        Raises:
            HttpError: there is no usable answer.
        """
        if self._is_known:
            return None
        try:
            users = await self._client.get("/Users")
        except HttpError as error:
            if error.status not in (401, 403, 404):
                raise
            users = None  # that is for administrators; what a refused token is, /Sessions tells
        names = _names_of(users)
        if not names or self._user in {name.casefold() for name in names}:
            self._is_known = True
            return None
        return Report(
            Sight.REFUSED,
            "Jellyfin has no such user.",
            f"Set jellyfin_user to one of: {', '.join(names[:_MOST_NAMED])}",
        )

    def _is_ours(self, session: object) -> bool:
        """Whether a session is the chosen user's; where that is not said, it is not."""
        return (
            isinstance(session, dict) and str(session.get("UserName", "")).casefold() == self._user
        )

    async def _reading(self, session: Mapping[str, object]) -> Reading | None:
        """What a session plays; None: nothing that is a film or an episode."""
        item, state = _object(session.get("NowPlayingItem")), _object(session.get("PlayState"))
        content = await self._content(item)
        if content is None:
            return None
        return Reading(
            identity=str(item.get("Id")),
            path=f"jellyfin://{item.get('Id')}",
            status=PlayerStatus.PAUSED if state.get("IsPaused") is True else PlayerStatus.PLAYING,
            position_seconds=seconds_of(state.get("PositionTicks"), _TICKS_PER_SECOND) or 0.0,
            duration_seconds=seconds_of(item.get("RunTimeTicks"), _TICKS_PER_SECOND),
            speed=speed_of(state.get("PlaybackRate")),
            content=content,
        )

    async def _content(self, item: Mapping[str, object]) -> Content | None:
        """What an item is; an episode's own ids are not its series', which is asked for its own."""
        if item.get("Type") == "Movie":
            title, year = _name(item.get("Name")), _year(item.get("ProductionYear"))
            return Content(Kind.MOVIE, title, year, ids_of(Kind.MOVIE, item.get("ProviderIds")))
        season, number = item.get("ParentIndexNumber"), item.get("IndexNumber")
        if item.get("Type") != "Episode" or not _is_number(season) or not _is_number(number):
            return None
        assert isinstance(season, int)
        assert isinstance(number, int)
        last = item.get("IndexNumberEnd")
        if not isinstance(last, int) or not number <= last <= number + _MOST_EPISODES_IN_A_FILE:
            last = number
        series = await self._series_of(str(item.get("SeriesId") or ""))
        title = _name(item.get("SeriesName")) or series.title
        numbers = tuple(range(number, last + 1))
        return Content(Kind.SHOW, title, series.year, series.ids, season, numbers)

    async def _series_of(self, series_id: str) -> _Series:
        """A series by its id on the server, asked for once.

        Raises:
            HttpError: there is no usable answer.
        """
        if not series_id.isalnum() or len(series_id) > _MOST_CHARACTERS:
            return _Series()
        if series_id not in self._series:
            answer = await self._client.get("/Items", {"ids": series_id, "fields": "ProviderIds"})
            items = _object(answer).get("Items")
            found = _object(items[0] if isinstance(items, list) and items else None)
            while len(self._series) >= _MOST_SERIES:
                del self._series[next(iter(self._series))]
            self._series[series_id] = _Series(
                _name(found.get("Name")),
                _year(found.get("ProductionYear")),
                ids_of(Kind.SHOW, found.get("ProviderIds")),
            )
        return self._series[series_id]

    async def _miss(self, seen: set[str], tell: Tell, *, is_silent: bool = False) -> None:
        """Sessions that were not told of this time; those missing twice are over.

        `is_silent`: the server said nothing at all.
        """
        for name, known in list(self._sessions.items()):
            if name not in seen:
                known.missed += 1
                if known.missed >= _MOST_MISSED:
                    await self._end(name, End.CLOSED, tell, is_silent=is_silent)

    async def _end(self, name: str, how: End, tell: Tell, *, is_silent: bool = False) -> None:
        polled, moment = self._sessions[name].polled, self._moment()
        if is_silent:
            moment = last_heard(polled, moment)
        await self._hand_out(name, end(polled, moment, how), tell)
        del self._sessions[name]

    async def _hand_out(self, name: str, step: Step, tell: Tell) -> None:
        self._sessions[name].polled, states = step
        for state in states:
            await tell(state)

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic())


def _trouble(error: HttpError) -> Report:
    if error.status in (401, 403):
        return Report(Sight.REFUSED, "Jellyfin refuses the token.", "Make another one there.")
    return Report(
        Sight.NONE, "The Jellyfin server does not answer.", "See that it runs, and jellyfin_url."
    )


def _names_of(users: object) -> list[str]:
    """What the users of a server are called."""
    known = [_object(user).get("Name") for user in users] if isinstance(users, list) else []
    return [clean_text(name, _MOST_CHARACTERS) for name in known if isinstance(name, str)]


def _name(value: object) -> str:
    return clean_text(value, _MOST_TITLE_CHARACTERS) if isinstance(value, str) else ""


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and 1870 < value < 2200 else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
