"""One running player as a session: from its samples to viewings, by the rules of dodo's own mpv."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from dodo_tui.clock import Clock
from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.broken_off import LONGEST_GAP_SECONDS, begun_at, find_broken_off, joined
from dodo_tui.domain.playback import Content, End, Playback, PlayerState, PlayerStatus
from dodo_tui.domain.twins import SILENT_SECONDS, STANDS_SECONDS, is_late
from dodo_tui.players.polled import carried
from dodo_tui.storage.audience import is_recorded
from dodo_tui.storage.broken_off import broken_off_plays
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.store import Store
from dodo_tui.tracking.content import parts_of_content
from dodo_tui.tracking.playing import parts_of
from dodo_tui.tracking.record import Recorder
from dodo_tui.tracking.viewing import Part, viewings

log = logging.getLogger(__name__)

_MOST_UNREAD = 64


@dataclass(frozen=True, slots=True)
class Hearers:
    """Who hears of what is recorded."""

    playback: Callable[[str, Playback], None] = lambda _session, _playback: None
    """Every recorded value of a viewing, with the name of its session."""
    written: Callable[[], None] = lambda: None
    """Something was written, on the storage thread."""
    trouble: Callable[[StorageError], None] = lambda error: log.warning("%s", error)
    """Writing failed, on the storage thread; it is tried again."""


class Host(Protocol):
    """What a session needs of where it is kept."""

    store: Store
    clock: Clock
    whose: Callable[[], Viewers]
    hearers: Hearers

    def admits(self, session: str, playback: Playback, begun_seconds: float) -> bool:
        """Whether a viewing is to be recorded from this session."""

    async def is_anothers(self, playback: Playback) -> bool:
        """Whether another process is recording this viewing."""

    def note(self, session: str, playback: Playback) -> None:
        """A viewing of a session was recorded."""


class Session:
    """One running player: a bounded buffer of samples and the task that reads it."""

    def __init__(self, name: str, host: Host) -> None:
        self._name = name
        self._host = host
        self._clock = host.clock
        self.recorder = Recorder(host.store, host.clock, host.hearers.trouble)
        self._contents: dict[str, Content] = {}
        self._states: asyncio.Queue[PlayerState | None] = asyncio.Queue(_MOST_UNREAD)
        self._last: PlayerState | None = None
        self._heard_seconds = host.clock.monotonic()
        self._moved_seconds = self._heard_seconds
        self._lives = 0
        self._dead: PlayerState | None = None
        self.is_closing = False
        self._reading = asyncio.create_task(self._read(), name=f"watched {name}")

    @property
    def is_done(self) -> bool:
        """Whether nothing more comes of it."""
        return self._reading.done()

    async def put(self, state: PlayerState) -> None:
        """Take a sample; of what was given up, only once it moves again."""
        self._heard_seconds = self._clock.monotonic()
        if self._dead is not None:
            if _stands(self._dead, state):
                return
            self._dead = None
        if self._last is None or not _stands(self._last, state):
            self._moved_seconds = self._heard_seconds
        self._last = state
        if state.content is not None:
            self._contents = {state.path: state.content}
        await self._states.put(self._in_this_life(state))

    async def pause(self) -> None:
        """Let its viewing pause where it is now, by the clock."""
        last, now_seconds = self._last, self._clock.monotonic()
        if last is None or last.end is not None or last.status is PlayerStatus.PAUSED:
            return
        if not self.is_closing:
            still = replace(
                last,
                status=PlayerStatus.PAUSED,
                at=self._clock.now(),
                clock_seconds=now_seconds,
                position_seconds=carried(last, now_seconds),
            )
            await self.put(still)

    async def end_if_dead(self, now_seconds: float) -> None:
        """End a viewing whose player is silent, or whose clock stands; it may begin anew."""
        if self.is_done:
            return
        last = self._last
        is_silent = now_seconds - self._heard_seconds > SILENT_SECONDS
        if last is not None and last.end is None and last.status is not PlayerStatus.PAUSED:
            if is_silent or now_seconds - self._moved_seconds > STANDS_SECONDS:
                self._dead = last
                self._last = replace(last, end=End.LOST, status=PlayerStatus.STOPPED)
                await self._states.put(self._in_this_life(self._last))
                self._lives += 1
        elif is_silent and (last is None or last.end is not None):
            await self._close_soon()

    async def close(self) -> None:
        """End its viewing, and wait until that is written."""
        await self._close_soon()
        await self._reading
        await asyncio.wrap_future(self.recorder.flush())

    async def _close_soon(self) -> None:
        if not self.is_closing:
            self.is_closing = True
            if not self.is_done:
                await self._states.put(None)

    def _in_this_life(self, state: PlayerState) -> PlayerState:
        """A player that came back from the dead begins another viewing of the same item."""
        return replace(state, item=f"{state.item}@{self._lives}")

    async def _read(self) -> None:
        """Make viewings of the samples until it closes, or nothing can be read or written.

        What the player shows then begins anew with its next sample.
        """
        try:
            await self._follow()
        except StorageError as error:
            self._host.hearers.trouble(error)
        except Exception:
            log.exception("what %s shows cannot be followed", self._name)
        while not self._states.empty():
            self._states.get_nowait()  # nobody waits for room that nobody makes

    async def _follow(self) -> None:
        opened: Playback | None = None
        theirs: Playback | None = None
        recorded = ""
        before: Playback | None = None
        states = self._take()
        playbacks = viewings(states, self._resolve, self._host.whose)
        async with contextlib.aclosing(states), contextlib.aclosing(playbacks):
            async for playback in playbacks:
                if opened is None or playback.play_id != opened.play_id:
                    opened, theirs = playback, None
                if playback.play_id != recorded:
                    if not self._host.admits(self._name, playback, opened.clock_seconds):
                        continue
                    if await self._host.is_anothers(playback):
                        theirs = playback
                        continue
                    before = await self._broken_off(begun_at(theirs) if theirs else opened)
                    if before is None and theirs is not None and is_late(theirs, playback):
                        continue
                    recorded = playback.play_id
                if before is None:
                    whole = playback
                else:
                    whole = joined(before, playback, theirs)
                    before = replace(before, watched_at=whole.watched_at)
                self._record(whole)

    async def _broken_off(self, opened: Playback) -> Playback | None:
        """The viewing that goes on with one that has just been opened; it is not told again."""
        if not opened.recorded:
            return None
        since = opened.started_at - timedelta(seconds=LONGEST_GAP_SECONDS)
        now = self._clock.now()
        candidates = await self._host.store.run(broken_off_plays, opened.key, since, now)
        before = find_broken_off(candidates, opened)
        if before is None:
            return None
        self.recorder.go_on_with(before)
        return before.playback

    def _record(self, playback: Playback) -> None:
        if self.is_closing and not playback.recorded and playback.end is End.LOST:
            return  # it plays on: who watches it next must find it private still
        written = self.recorder.note(playback)
        if written is not None:
            written.add_done_callback(self._on_written)
        self._host.note(self._name, playback)

    def _on_written(self, _written: Future[bool]) -> None:
        self._host.hearers.written()

    async def _take(self) -> AsyncGenerator[PlayerState, None]:
        while (state := await self._states.get()) is not None:
            yield state

    async def _resolve(self, path: str) -> Sequence[Part]:
        content = self._contents.get(path)
        if content is not None and await self._host.store.run(is_recorded, path):
            now = self._clock.now()
            parts = await self._host.store.run(parts_of_content, content, now)
            if parts:
                return parts
        return await parts_of(self._host.store, path, self._clock)


def _stands(before: PlayerState, after: PlayerState) -> bool:
    """Whether nothing has moved between two samples of a player that says it plays."""
    return (
        before.item == after.item
        and before.position_seconds == after.position_seconds
        and after.end is None
        and after.status is not PlayerStatus.PAUSED
    )
