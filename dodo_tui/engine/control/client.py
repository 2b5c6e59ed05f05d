"""The side that looks on: hears what another dodo plays, and steers it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.engine.control import messages, places
from dodo_tui.engine.control.messages import Message, NonsenseError
from dodo_tui.engine.on_air import OnAir
from dodo_tui.players.errors import PlayerError

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 8.0
"""Stopping mpv in order may take five."""

GONE = "The dodo that played has gone."


class ControlClient:
    """One connection to one dodo that plays: a `Controller` of it. Made by `connect`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        clock: Clock,
        on_change: Callable[[], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._on_change = on_change
        self._ids = itertools.count(1)
        self._calls: dict[int, asyncio.Future[Message]] = {}
        self._heard = asyncio.Event()
        self.on_air: OnAir | None = None
        """What plays there; None before it is known, and when it has gone."""
        self.is_gone = False
        self._reading = asyncio.create_task(self._read(), name="control-client")

    @classmethod
    async def connect(
        cls, path: Path, clock: Clock, on_change: Callable[[], None] = lambda: None
    ) -> ControlClient | None:
        """Connect and start listening; None if nobody is there. `on_change` is told of news.

        Raises:
            OSError: it cannot be reached.
        """
        link = places.connect(path)  # local and listening: it does not block
        if link is None:
            return None
        if not places.is_ours(link):
            link.close()
            return None
        reader, writer = await asyncio.open_unix_connection(
            sock=link, limit=messages.MAX_REPLY_BYTES
        )
        return cls(reader, writer, clock, on_change)

    async def first_word(self, seconds: float) -> OnAir | None:
        """What plays there, waited for at most so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), seconds)
        return self.on_air

    async def close(self) -> None:
        """Go."""
        self._reading.cancel()
        await asyncio.wait({self._reading})
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def pause(self, paused: bool) -> None:
        """Pause or resume."""
        await self._ask("pause", paused=paused)

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative."""
        await self._ask("seek", seconds=seconds)

    async def step(self, episodes: int) -> None:
        """Go to the next episode (1) or the previous one (-1)."""
        await self._ask("step", episodes=episodes)

    async def tracks(self) -> tuple[Track, ...]:
        """The sound and subtitle tracks."""
        try:
            return messages.read_tracks(await self._ask("tracks"))
        except NonsenseError as error:
            raise PlayerError("The dodo that plays does not say what tracks there are.") from error

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a track; None switches that kind off."""
        await self._ask("select", kind=kind, track=track_id)

    async def change_volume(self, percent: float) -> None:
        """Louder, or softer if negative."""
        await self._ask("volume", percent=percent)

    async def toggle_mute(self) -> None:
        """Sound off, or on again."""
        await self._ask("mute")

    async def answer_offer(self, accepted: bool) -> None:
        """Play the offered episode now, or let nothing follow."""
        await self._ask("offer", accepted=accepted)

    async def stop(self) -> None:
        """End what plays."""
        await self._ask("stop")

    async def _ask(self, act: str, **arguments: object) -> Message:
        """Ask, and wait for the answer.

        Raises:
            PlayerError: it cannot be done, or nobody answers.
        """
        if self.is_gone:
            raise PlayerError(GONE)
        number = next(self._ids)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._calls[number] = answer
        try:
            self._writer.write(messages.encode({"id": number, "do": act, **arguments}))
            async with asyncio.timeout(_ANSWER_SECONDS):
                reply = await answer
        except TimeoutError as error:
            raise PlayerError("The dodo that plays does not answer.") from error
        except OSError as error:
            raise PlayerError(GONE) from error
        finally:
            self._calls.pop(number, None)
        trouble = reply.get("error")
        if isinstance(trouble, str):
            raise PlayerError(clean_text(trouble))
        return reply

    async def _read(self) -> None:
        """Listen until the other side goes or talks nonsense."""
        try:
            while line := await self._reader.readline():
                self._take(messages.decode(line))
        except (OSError, ValueError) as error:
            log.info("the connection to the dodo that plays broke: %s", error)
        finally:
            self.is_gone, self.on_air = True, None
            self._writer.close()
            for answer in self._calls.values():
                if not answer.done():
                    answer.set_exception(PlayerError(GONE))
            self._heard.set()
            self._on_change()

    def _take(self, message: Message) -> None:
        if message.get("dodo", messages.VERSION) != messages.VERSION:
            raise NonsenseError("another version of dodo plays")
        number = message.get("re")
        answer = self._calls.get(number) if isinstance(number, int) else None
        if answer is not None and not answer.done():
            answer.set_result(message)
        on_air = messages.read_state(message, self._clock.monotonic())
        if on_air is not None:
            self.on_air = on_air
            self._heard.set()
            self._on_change()
