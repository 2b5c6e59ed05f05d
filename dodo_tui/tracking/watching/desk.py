"""Where the samples of all watchers arrive: which player they are of, and who may be recorded.

Each running player is a session of its own. What another source tells already is left to that
source.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.playback import Playback, PlayerState
from dodo_tui.domain.twins import LATE_SECONDS, Report, is_settled, is_twin
from dodo_tui.library.paths import has_video_extension
from dodo_tui.storage.owner import is_at_work
from dodo_tui.storage.plays import open_plays
from dodo_tui.storage.store import Store
from dodo_tui.tracking.playing import is_address
from dodo_tui.tracking.record import Recorder
from dodo_tui.tracking.watching.session import Hearers, Session

_LOOK_EVERY_SECONDS = 5.0
"""How often silent players are looked after."""

_LONGEST_HOLD_SECONDS = 60.0
"""By the clock that stands while the machine sleeps: it was to sleep, and does not."""


class Desk:
    """Takes the samples of all watchers and keeps one session for each player."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        whose: Callable[[], Viewers],
        hearers: Hearers | None = None,
    ) -> None:
        """`whose` answers who watches what begins now; it stays theirs to its end."""
        self.store = store
        self.clock = clock
        self.whose = whose
        self.hearers = hearers or Hearers()
        self._sessions: dict[str, Session] = {}
        self._reports: dict[str, Report] = {}
        self._play_ids: set[str] = set()
        """Viewings that go on, and those whose end may not be written yet."""
        self._ended_ids: set[str] = set()
        self._owing: list[Recorder] = []
        """Of players that have gone: what they showed last could not be written."""
        self._held_until_seconds = 0.0

    async def tell(self, state: PlayerState) -> None:
        """Take one sample."""
        is_held = state.end is None and self.clock.monotonic() < self._held_until_seconds
        if is_held or not _may_be_video(state):
            return
        name = f"{state.source}:{state.session}"
        session = self._sessions.get(name)
        if session is None or session.is_closing or session.is_done:
            if session is not None:
                self._owing.append(session.recorder)
            if state.end is not None:
                return
            session = self._sessions[name] = Session(name, self)
        await session.put(state)

    async def hold(self) -> None:
        """The machine is about to sleep: every viewing pauses where it is now.

        Whatever players say then, it stays so until `go_on`.
        """
        self._held_until_seconds = self.clock.monotonic() + _LONGEST_HOLD_SECONDS
        for session in self._sessions.values():
            await session.pause()

    def go_on(self) -> None:
        """Listen to the players again."""
        self._held_until_seconds = 0.0

    async def look_after(self, on_look: Callable[[], None] = lambda: None) -> None:
        """End what silent players left open, until cancelled; then end every viewing in order.

        `on_look` is called after every look.
        """
        try:
            while True:
                await self.clock.sleep(_LOOK_EVERY_SECONDS)
                await self.look(self.clock.monotonic())
                on_look()
        finally:
            await self.close()

    async def look(self, now_seconds: float) -> None:
        """Look once after every session, and write what could not be written."""
        for name, session in list(self._sessions.items()):
            await session.end_if_dead(now_seconds)
            if session.is_done:
                del self._sessions[name]
                self._owing.append(session.recorder)
        self._pay()
        for name, report in list(self._reports.items()):
            if report.is_over and now_seconds - report.clock_seconds > LATE_SECONDS:
                del self._reports[name]

    def _pay(self) -> None:
        """Write what is owed, if one can now."""
        self._owing = [recorder for recorder in self._owing if recorder.owes]
        owing = [*self._owing, *(session.recorder for session in self._sessions.values())]
        owing = [recorder for recorder in owing if recorder.owes]
        for recorder in owing:
            recorder.flush().add_done_callback(lambda _written: self.hearers.written())
        if not owing:
            self._play_ids -= self._ended_ids
            self._ended_ids.clear()

    async def close(self) -> None:
        """End every viewing at its last good position."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()
        for recorder in self._owing:
            await asyncio.wrap_future(recorder.flush())

    def admits(self, session: str, playback: Playback, begun_seconds: float) -> bool:
        """Whether a viewing is to be recorded from this session, and not from another one."""
        now_seconds = playback.clock_seconds
        return is_settled(session, begun_seconds, now_seconds) and not is_twin(
            session, playback.key, tuple(self._reports.values()), now_seconds
        )

    async def is_anothers(self, playback: Playback) -> bool:
        """Whether dodo's own mpv, or another dodo, is recording the same film just now."""
        own = frozenset(self._play_ids)
        return playback.key in await self.store.run(_played_by_others, own, self.clock.now())

    def note(self, session: str, playback: Playback) -> None:
        """A viewing of a session was recorded."""
        is_over = playback.end is not None
        self._reports[session] = Report(session, playback.key, playback.clock_seconds, is_over)
        self._play_ids.add(playback.play_id)
        if is_over:
            self._ended_ids.add(playback.play_id)
        self.hearers.playback(session, playback)


def _may_be_video(state: PlayerState) -> bool:
    """Music and pictures are nobody's viewing; addresses say nothing about what they hold."""
    return state.content is not None or is_address(state.path) or has_video_extension(state.path)


def _played_by_others(
    connection: sqlite3.Connection, own_play_ids: frozenset[str], now: datetime
) -> frozenset[str]:
    """The keys that anybody but these sessions is recording: dodo's own mpv, another dodo."""
    return frozenset(
        play.playback.key
        for play in open_plays(connection)
        if play.playback.play_id not in own_play_ids
        and play.owner is not None
        and is_at_work(play.owner, play.playback.at, now)
    )
