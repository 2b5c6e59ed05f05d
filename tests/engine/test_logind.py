"""What logind says of the sleep of this machine, on a real bus with a logind of the test's own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from dbus_fast.aio import MessageBus

from dodo_tui.bus import ask_bus
from dodo_tui.clock import SystemClock
from dodo_tui.engine import logind
from dodo_tui.engine.logind import Logind, LogindError
from tests.engine.support import LONGEST_SECONDS
from tests.players.programs import session_bus
from tests.support.login1 import Login1, login1, say_falsely

pytestmark = pytest.mark.needs("dbus-daemon")


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a bus."""
    with session_bus() as address:
        yield address


@pytest.fixture
def manager(bus: str) -> Iterator[Login1]:
    """The logind on it."""
    with login1(bus) as made:
        yield made


def at(address: str) -> Logind:
    """What listens there."""
    return Logind(SystemClock(), {"DBUS_SYSTEM_BUS_ADDRESS": address})


class Minded:
    """What a process did about the nights of its machine."""

    def __init__(self, manager: Login1) -> None:
        self.manager = manager
        self.seen: list[str] = []
        self.hangs = False
        self.fails = False

    async def before(self) -> None:
        """It is about to sleep."""
        self.seen.append(f"before, held {self.manager.held()}")
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise RuntimeError("a mistake of ours")

    def after(self) -> None:
        """It is awake."""
        self.seen.append("after")

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not is_so():
                await SystemClock().sleep(0.01)


@pytest.fixture
async def minded(bus: str, manager: Login1) -> AsyncIterator[Minded]:
    """A process that holds the sleep up."""
    made = Minded(manager)
    task = asyncio.create_task(at(bus).mind(made.before, made.after))
    await made.until(lambda: manager.held() == 1)
    yield made
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await made.until(lambda: manager.held() == 0)


async def test_the_lock_is_held_until_all_is_done_and_taken_again(minded: Minded) -> None:
    """The lock is held until all is done, let go of at once then, and taken again when awake."""
    for _ in range(2):
        minded.manager.say(about_to_sleep=True)
        await minded.until(lambda: minded.manager.held() == 0)
        minded.manager.say(about_to_sleep=False)
        await minded.until(lambda: minded.manager.held() == 1)
    assert minded.seen == ["before, held 1", "after"] * 2
    what, who, why, mode = minded.manager.asked[0]
    assert (what, who, mode) == ("sleep", "dodo", "delay")
    assert why


@pytest.mark.parametrize("trouble", ["hangs", "fails"])
async def test_nothing_holds_the_machine_up_for_long(
    minded: Minded, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """What takes too long, or is a mistake, is left; the next night is as any other."""
    monkeypatch.setattr(logind, "LONGEST_SECONDS", 0.2)
    setattr(minded, trouble, True)
    minded.manager.say(about_to_sleep=True)
    await minded.until(lambda: minded.manager.held() == 0)
    minded.manager.say(about_to_sleep=False)
    await minded.until(lambda: minded.manager.held() == 1)
    assert minded.seen == ["before, held 1", "after"]


def test_dodo_is_done_before_logind_loses_patience() -> None:
    """`man 5 logind.conf`: InhibitDelayMaxSec is 5 s; with less than one nothing could be told."""
    assert 1 <= logind.LONGEST_SECONDS <= 4.5


async def test_anybody_can_say_it_and_only_logind_is_believed(bus: str, minded: Minded) -> None:
    """The same signal from another connection to the bus pauses nobody's film."""
    link = await MessageBus(bus_address=bus).connect()
    answer = await ask_bus(link, "ListNames")
    link.disconnect()
    assert answer is not None
    for name in answer[0]:
        if name.startswith(":") and name != link.unique_name:
            await say_falsely(bus, name)
    minded.manager.say(about_to_sleep=False)
    await minded.until(lambda: bool(minded.seen))
    assert minded.seen == ["after"]


async def test_a_logind_that_is_started_anew(minded: Minded) -> None:
    """Its locks went with it: another one is taken."""
    minded.manager.stop()
    minded.manager.start()
    await minded.until(lambda: len(minded.manager.asked) == 2)
    minded.manager.say(about_to_sleep=True)
    await minded.until(lambda: minded.manager.held() == 0)
    assert minded.seen == ["before, held 1"]


async def test_without_logind_nothing_happens(
    bus: str, manager: Login1, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing happens until there is one."""
    monkeypatch.setattr(logind, "_RETRY_SECONDS", 0.02)
    manager.stop()
    with pytest.raises(LogindError, match="logind does not say"):
        await at(bus).look()
    minded = Minded(manager)
    task = asyncio.create_task(at(bus).mind(minded.before, minded.after))
    await asyncio.sleep(0)
    manager.start()
    await minded.until(lambda: manager.held() == 1)
    task.cancel()


async def test_a_look_leaves_nothing_behind(bus: str, manager: Login1) -> None:
    """The doctor sees that it could be held up, and does not hold it up."""
    await at(bus).look()
    assert len(manager.asked) == 1
    manager.until_held(0)


@pytest.mark.parametrize("address", ["unix:path=/nobody/there", "nonsense", "tcp:host=127.0.0.1"])
async def test_without_a_bus_one_sentence_is_said(address: str) -> None:
    """One sentence."""
    with pytest.raises(LogindError, match="There is no system bus here"):
        await at(address).look()


async def test_a_bus_that_accepts_and_never_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor does not wait for it."""
    monkeypatch.setattr(logind, "_LOOK_SECONDS", 0.1)
    path = tmp_path / "bus"
    let_go = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        let_go.set()

    async with await asyncio.start_unix_server(say_nothing, path):
        with pytest.raises(LogindError, match="does not answer"):
            await at(f"unix:path={path}").look()
        async with asyncio.timeout(LONGEST_SECONDS):
            await let_go.wait()
