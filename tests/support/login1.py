"""A login1 of the tests' own on a private bus: lends inhibitor locks and says when it sleeps.

It is on a thread of its own, as logind is a process of its own. What it does is what logind's
interface says (`man 5 org.freedesktop.login1`): no machine sleeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from dodo_tui.bus import ask_bus
from dodo_tui.engine.logind import INTERFACE, NAME, OBJECT, SIGNAL
from tests.support.waiting import LONGEST_SECONDS, until

T = TypeVar("T")


class Login1:
    """One logind on one bus, from `start` to `stop`."""

    def __init__(self, address: str) -> None:
        self.asked: list[list[object]] = []
        """What each lock was wanted for."""
        self._address = address
        self._locks: list[int] = []
        """Our ends; the other end of each is with whoever holds it, until it is closed."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._bus: MessageBus | None = None

    def start(self) -> None:
        """Be there."""
        self._do(self._connect())

    def stop(self) -> None:
        """Go away, as if it had crashed."""

        async def leave() -> None:
            if self._bus is not None:
                self._bus.disconnect()
                self._bus = None

        self._do(leave())

    def say(self, about_to_sleep: bool) -> None:
        """Tell everybody that the machine is about to sleep, or awake again."""
        assert self._bus is not None
        self._do(_say(self._bus, about_to_sleep))

    def held(self) -> int:
        """How many hold the machine up now."""
        ended, _, _ = select.select(self._locks, [], [], 0)
        return len(self._locks) - len(ended)

    def until_held(self, count: int = 1) -> None:
        """Wait for so many to hold it up."""
        until(lambda: self.held() == count, f"{count} locks, not {self.held()}")

    def close(self) -> None:
        """End for good."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LONGEST_SECONDS)
        self._loop.close()
        for lock in self._locks:
            os.close(lock)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LONGEST_SECONDS)

    async def _connect(self) -> None:
        bus = MessageBus(bus_address=self._address, negotiate_unix_fd=True)
        self._bus = await bus.connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name(NAME)

    def _answer(self, message: Message) -> bool:
        is_call = message.message_type is MessageType.METHOD_CALL
        if not is_call or (message.interface, message.member) != (INTERFACE, "Inhibit"):
            return False
        ours, theirs = os.pipe()
        self._locks.append(ours)
        self.asked.append(list(message.body))
        assert self._bus is not None
        reply = Message.new_method_return(message, "h", [0], unix_fds=[theirs])
        self._bus.send(reply).add_done_callback(lambda _sent: os.close(theirs))
        return True


async def _say(bus: MessageBus, about_to_sleep: bool) -> None:
    await bus.send(Message.new_signal(OBJECT, INTERFACE, SIGNAL, "b", [about_to_sleep]))


async def say_falsely(address: str, to: str) -> None:
    """Somebody who is not logind says to one connection that the machine is about to sleep."""
    bus = await MessageBus(bus_address=address).connect()
    signal = Message(
        message_type=MessageType.SIGNAL,
        destination=to,
        path=OBJECT,
        interface=INTERFACE,
        member=SIGNAL,
        signature="b",
        body=[True],
    )
    await bus.send(signal)
    await ask_bus(bus, "GetId")  # it has arrived
    bus.disconnect()


@contextlib.contextmanager
def login1(address: str) -> Iterator[Login1]:
    """A logind on a bus."""
    made = Login1(address)
    try:
        made.start()
        yield made
    finally:
        made.close()
