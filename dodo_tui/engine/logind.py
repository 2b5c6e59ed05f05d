"""What systemd's logind says on the system bus: that this machine is about to sleep, and is awake.

A process may hold up the sleep for a moment (a *delay inhibitor*): a file descriptor that logind
gives out, and that is closed when the process has done what it has to. logind waits five seconds
for it, unless its settings say otherwise. See `man 5 org.freedesktop.login1`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dodo_tui.bus import HOW_TO_LISTEN, ask_bus, disconnected, reply_to
from dodo_tui.clock import Clock

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

log = logging.getLogger(__name__)

_SOCKET = Path("/run/dbus/system_bus_socket")
SYSTEM_BUS = f"unix:path={_SOCKET}"
NAME = "org.freedesktop.login1"
OBJECT = "/org/freedesktop/login1"
INTERFACE = "org.freedesktop.login1.Manager"
SIGNAL = "PrepareForSleep"

LONGEST_SECONDS = 4.0
"""So long a sleep is held up at most: logind goes to sleep after five, whatever we do."""

_RETRY_SECONDS = 300.0
_LOOK_SECONDS = 3.0
_MOST_UNREAD = 16

BeforeSleep = Callable[[], Awaitable[None]]
AfterSleep = Callable[[], None]


class LogindError(Exception):
    """Nobody says when this machine goes to sleep; the text is one sentence on why."""

    def __init__(self, sentence: str, next_step: str | None = None) -> None:
        """`next_step`: what to do about it, where something can be done."""
        super().__init__(sentence)
        self.next_step = next_step


class Logind:
    """Hears of every sleep of this machine, and holds it up until what must be done is done."""

    def __init__(self, clock: Clock, environment: Mapping[str, str] = os.environ) -> None:
        """Nothing is connected yet."""
        self._clock = clock
        self._address = environment.get("DBUS_SYSTEM_BUS_ADDRESS") or SYSTEM_BUS

    async def mind(self, before: BeforeSleep, after: AfterSleep) -> None:
        """Call `before` when the machine is about to sleep and `after` when it is awake again.

        Until cancelled. Without logind nothing happens; it is looked for again now and then.
        """
        while True:
            try:
                async with _connected(self._address) as bus:
                    await _Nights(bus, before, after).follow()
            except LogindError as error:
                log.info("sleep is noticed when it is over: %s", error)
            await self._clock.sleep(_RETRY_SECONDS)

    async def look(self) -> None:
        """See whether logind would tell, and let itself be held up.

        Raises:
            LogindError: it would not.
        """
        try:
            async with asyncio.timeout(_LOOK_SECONDS), _connected(self._address) as bus:
                os.close(await _hold_up(bus))
        except TimeoutError:
            raise LogindError("The system bus does not answer.") from None


class _Nights:
    """One connection to the bus, and the sleeps of the machine while it lasts."""

    def __init__(self, bus: MessageBus, before: BeforeSleep, after: AfterSleep) -> None:
        self._bus = bus
        self._before = before
        self._after = after
        self._lock: int | None = None
        self._news: asyncio.Queue[Message] = asyncio.Queue(_MOST_UNREAD)

    async def follow(self) -> None:
        """Do what is to be done at each signal, until the connection breaks.

        Raises:
            LogindError: logind is not there, or the bus has gone.
        """
        self._bus.add_message_handler(self._note)
        gone = asyncio.create_task(disconnected(self._bus))
        try:
            for rule in (
                f"type='signal',sender='{NAME}',path='{OBJECT}',member='{SIGNAL}'",
                f"type='signal',member='NameOwnerChanged',arg0='{NAME}'",
            ):
                await ask_bus(self._bus, "AddMatch", rule)
            self._lock = await _hold_up(self._bus)
            while True:
                await self._act(await self._next(gone))
        finally:
            gone.cancel()
            self._let_go()

    async def _next(self, gone: asyncio.Task[None]) -> Message:
        """The next signal.

        Raises:
            LogindError: the bus has gone.
        """
        news = asyncio.create_task(self._news.get())
        try:
            await asyncio.wait({news, gone}, return_when=asyncio.FIRST_COMPLETED)
            if news.done():
                return news.result()
            raise LogindError("The system bus has gone.")
        finally:
            news.cancel()

    async def _act(self, message: Message) -> None:
        """Go to sleep, wake, or hold on to a logind that has been started anew."""
        if message.member == "NameOwnerChanged":
            if message.body[2]:
                self._let_go()
                self._lock = await _hold_up(self._bus)
        elif await self._is_from_logind(message):
            if message.body[0]:
                await self._go_to_sleep()
            else:
                self._after()
                if self._lock is None:
                    self._lock = await _hold_up(self._bus)

    async def _is_from_logind(self, message: Message) -> bool:
        """Anybody may send a signal by that name to whoever is on the bus."""
        owner = await ask_bus(self._bus, "GetNameOwner", NAME)
        return owner is not None and message.sender == owner[0]

    async def _go_to_sleep(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self._before()
        except TimeoutError:
            log.info("not all was told before the machine goes to sleep")
        except Exception:
            log.exception("the machine goes to sleep, and something could not be done before")
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Hold the machine up no longer."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def _note(self, message: Message) -> None:
        is_ours = message.member == SIGNAL and message.signature == "b"
        is_ours |= message.member == "NameOwnerChanged" and message.signature == "sss"
        if is_ours and (message.member == SIGNAL or message.body[0] == NAME):
            with contextlib.suppress(asyncio.QueueFull):
                self._news.put_nowait(message)


def _may_be_there(address: str) -> bool:
    """False where nothing needs to be imported to know that there is no bus."""
    return address != SYSTEM_BUS or _SOCKET.is_socket()


@contextlib.asynccontextmanager
async def _connected(address: str) -> AsyncIterator[MessageBus]:
    """A connection to the system bus over which descriptors can come.

    Raises:
        LogindError: there is none.
    """
    if not _may_be_there(address):
        raise LogindError("There is no system bus here.")
    try:
        from dbus_fast.aio import MessageBus
        from dbus_fast.errors import DBusFastError
    except ImportError:
        raise LogindError("The system bus is not listened to.", HOW_TO_LISTEN) from None
    try:
        bus = MessageBus(bus_address=address, negotiate_unix_fd=True)
    except (DBusFastError, OSError, EOFError):
        raise LogindError("There is no system bus here.") from None
    try:
        try:
            await bus.connect()
        except (DBusFastError, OSError, EOFError):
            raise LogindError("There is no system bus here.") from None
        yield bus
    except (DBusFastError, OSError, EOFError) as error:
        raise LogindError("The system bus has gone.") from error
    finally:
        bus.disconnect()


async def _hold_up(bus: MessageBus) -> int:
    """Ask that no sleep begins before the descriptor that is answered has been closed.

    Raises:
        LogindError: logind is not there, or refuses.
    """
    words = ["sleep", "dodo", "Keeps where what plays was stopped", "delay"]
    reply = await reply_to(bus, NAME, OBJECT, INTERFACE, "Inhibit", "ssss", list(words))
    if reply is None or not reply.unix_fds:
        raise LogindError("logind does not say when this machine goes to sleep.")
    return int(reply.unix_fds[0])
