"""On the console mpv gets dodo's terminal: its keys work, and it comes back as it was."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import sys
import termios
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.players.conftest import SAFETY_SECONDS, Videos

_PLAY_ON_CONSOLE = """
import asyncio, os, sys
from contextlib import aclosing
from pathlib import Path
from dodo_tui.clock import SystemClock
from dodo_tui.players.mpv.display import DisplayMode
from dodo_tui.players.mpv.player import MpvPlayer
from dodo_tui.players.mpv.run import Patience
from dodo_tui.players.protocol import PlayRequest

os.close(os.open(os.ttyname(0), os.O_RDWR))  # makes it this session's terminal

async def main():
    player = MpvPlayer(
        extra_args=("--no-config", "--vo=null", "--ao=null", "--really-quiet"),
        runtime_folder=Path(sys.argv[1]), clock=SystemClock(), display=DisplayMode.CONSOLE,
        patience=Patience(60, 60, 60, 60),
    )
    async with aclosing(player.play(PlayRequest((sys.argv[2],)))) as states:
        async for state in states:
            if state.end or state.position_seconds is not None:
                print("SAID", state.end or state.status, player.pid, flush=True)

asyncio.run(main())
"""


class Console:
    """The far end of a terminal on which dodo plays."""

    def __init__(self, master: int) -> None:
        self._master = master
        self._reader = asyncio.StreamReader()

    async def open(self) -> asyncio.ReadTransport:
        """Start reading what is written to the terminal."""
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self._reader), os.fdopen(self._master, "rb", 0)
        )
        return transport

    async def said(self, word: str) -> int:
        """Wait until the program says a word; the number that it says with it."""
        while line := await self._reader.readline():
            # mpv may have written something on the same line, to restore the terminal
            if match := re.search(rf"SAID {word} (\d+)", line.decode("utf-8", "replace")):
                return int(match[1])
        raise AssertionError(f"the program ended without saying {word}")

    def press(self, key: bytes) -> None:
        """Press a key."""
        os.write(self._master, key)

    def echoes(self) -> bool:
        """Whether the terminal is in its usual, line-editing state."""
        local_flags = termios.tcgetattr(self._master)[3]
        return bool(local_flags & termios.ECHO) and bool(local_flags & termios.ICANON)


@asynccontextmanager
async def console(runtime: Path, film: str) -> AsyncGenerator[Console, None]:
    """A film playing on a terminal; the program has ended when the block has."""
    master, slave = pty.openpty()
    player = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PLAY_ON_CONSOLE, str(runtime), film,
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    terminal = Console(master)
    transport = await terminal.open()
    try:
        async with asyncio.timeout(SAFETY_SECONDS):
            yield terminal
            assert await player.wait() == 0
            assert terminal.echoes()
    finally:
        if player.returncode is None:
            player.kill()
            await player.wait()
        transport.close()
        os.close(slave)


async def test_mpv_reads_the_keys_of_the_console(runtime: Path, videos: Videos) -> None:
    """`q` typed on the terminal quits mpv, and the viewing ends closed."""
    async with console(runtime, videos.long) as terminal:
        await terminal.said("playing")
        terminal.press(b"q")
        await terminal.said("closed")


async def test_a_killed_mpv_leaves_a_usable_terminal(runtime: Path, videos: Videos) -> None:
    """After `kill -9` of mpv nobody has to type `stty sane` in the dark."""
    async with console(runtime, videos.long) as terminal:
        pid = await terminal.said("playing")
        os.kill(pid, 9)
        await terminal.said("lost")
