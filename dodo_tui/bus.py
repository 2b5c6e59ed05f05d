"""The two message buses of a machine (D-Bus), where dbus-fast is installed.

`players.mpris` listens to the session bus, `engine.logind` to the system bus. dbus-fast is
imported when a bus is used: 37 ms, for who has one only.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

BUS = "org.freedesktop.DBus"
BUS_OBJECT = "/org/freedesktop/DBus"

HOW_TO_LISTEN = "pipx inject dodo-tui dbus-fast"
"""What to do where dbus-fast is missing."""

_ANSWER_SECONDS = 3.0


async def reply_to(
    bus: MessageBus,
    destination: str,
    path: str,
    interface: str,
    member: str,
    signature: str = "",
    body: list[object] | None = None,
) -> Message | None:
    """Call a method; None where the other side refuses, has gone or does not answer."""
    from dbus_fast import Message, MessageType

    message = Message(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature=signature,
        body=body or [],
    )
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            reply = await bus.call(message)
    except TimeoutError:
        return None
    return reply if reply.message_type is MessageType.METHOD_RETURN else None


async def call(
    bus: MessageBus,
    destination: str,
    path: str,
    interface: str,
    member: str,
    signature: str = "",
    body: list[object] | None = None,
) -> list[Any] | None:
    """What a method answers; None where the other side refuses, has gone or does not answer."""
    reply = await reply_to(bus, destination, path, interface, member, signature, body)
    return None if reply is None else list(reply.body)


async def ask_bus(bus: MessageBus, member: str, *texts: str) -> list[Any] | None:
    """What the bus itself answers to a method that takes texts; None if it refuses."""
    return await call(bus, BUS, BUS_OBJECT, BUS, member, "s" * len(texts), list(texts))


async def disconnected(bus: MessageBus) -> None:
    """Wait until a connection has ended."""
    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
