"""One mpv process: started, listened to for its last words, ended in order, never left behind.

Who ends it, whatever happens to dodo:

- In a window mpv has a session of its own, so that neither Ctrl+C nor a closed terminal reaches it
  past dodo, which ends it over the socket. On the console it shares dodo's session and process
  group, as it must to read the keys there.
- A crash or `kill -9` of dodo closes the lifeline, and mpv quits. A film that played on unseen
  would lose far more than the five seconds that a crash may cost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import termios
from collections.abc import Callable, Sequence

from dodo_tui.domain.text import clean_text
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv.display import DisplayMode

log = logging.getLogger(__name__)

_TerminalSettings = list[int | list[bytes | int]]

_TAIL_BYTES = 4096
_LAST_WORDS_SECONDS = 0.5
_KILLED_SECONDS = 2.0


class _Tail(asyncio.Protocol):
    """Keeps the end of what a process writes."""

    def __init__(self) -> None:
        self._kept = b""
        self.finished = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        """Keep the last few kilobytes."""
        self._kept = (self._kept + data)[-_TAIL_BYTES:]

    def connection_lost(self, _error: Exception | None) -> None:
        """Everything was written."""
        self.finished.set()

    def last_lines(self, count: int) -> str:
        """The last lines that say something, as one line of plain text."""
        lines = [
            line for line in self._kept.decode("utf-8", "replace").splitlines() if line.strip()
        ]
        return clean_text(" ".join(line.strip().rstrip(".") + "." for line in lines[-count:]))


class MpvProcess:
    """A running mpv. Made by `start`; `end` must be awaited, or `kill` called."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        display: DisplayMode,
        lifeline: socket.socket | None,
        output: asyncio.ReadTransport | None,
        tail: _Tail,
        terminal: _TerminalSettings | None,
    ) -> None:
        self._process = process
        self._display = display
        self._lifeline = lifeline
        self._output = output
        self._tail = tail
        self._terminal = terminal
        self._exit = asyncio.create_task(process.wait(), name="mpv-exit")

    @classmethod
    async def start(
        cls,
        program: str,
        make_arguments: Callable[[int | None], Sequence[str]],
        display: DisplayMode,
        *,
        lifeline: bool,
    ) -> MpvProcess:
        """Start mpv; `make_arguments` gets the descriptor of its end of the lifeline, if any.

        Raises:
            PlayerError: the program cannot be run.
        """
        console = display is DisplayMode.CONSOLE
        terminal = _terminal_settings() if console else None
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            near = far = None
            if lifeline:
                near, far = socket.socketpair()
                ours.enter_context(near)
                theirs.enter_context(far)
            tail, output, write_end = _Tail(), None, None
            if not console:
                read_end, write_end = os.pipe()
                theirs.callback(os.close, write_end)
                output, _ = await asyncio.get_running_loop().connect_read_pipe(
                    lambda: tail, os.fdopen(read_end, "rb", buffering=0)
                )
                ours.callback(output.close)
            try:
                process = await asyncio.create_subprocess_exec(
                    program,
                    *make_arguments(far.fileno() if far else None),
                    stdin=None if console else asyncio.subprocess.DEVNULL,
                    stdout=write_end,
                    stderr=write_end,
                    pass_fds=(far.fileno(),) if far else (),
                    start_new_session=not console,
                )
            except OSError as error:
                reason = error.strerror or str(error)
                raise PlayerError(f"{clean_text(program)} cannot be run: {reason}.") from error
            ours.pop_all()
        if near is not None:
            with contextlib.suppress(OSError):
                near.send(b'{"command":["disable_event","all"]}\n')
        return cls(process, display, near, output, tail, terminal)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended: mpv's own code, minus a signal's number, or None while it runs."""
        return self._process.returncode

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end, at most so long; whether it has ended."""
        await asyncio.wait({self._exit}, timeout=seconds)
        return self._exit.done()

    async def last_words(self) -> str:
        """Its last two lines of output, once it has ended; empty on the console."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                if self._output is not None:
                    await self._tail.finished.wait()
        return self._tail.last_lines(2)

    async def end(self, quit_seconds: float, terminate_seconds: float) -> None:
        """Wait for an mpv that was asked to quit; after that SIGTERM, then SIGKILL."""
        try:
            if not await self.wait(quit_seconds):
                log.warning("mpv (%d) did not quit; sending SIGTERM", self.pid)
                self._signal(signal.SIGTERM)
                if not await self.wait(terminate_seconds):
                    log.warning("mpv (%d) ignored SIGTERM; killing it", self.pid)
                    self._signal(signal.SIGKILL)
                    if not await self.wait(_KILLED_SECONDS):
                        log.error("mpv (%d) could not be killed", self.pid)
        finally:
            self._let_go()
        log.debug("mpv (%d) ended with exit code %s", self.pid, self.exit_code)

    def kill(self) -> None:
        """End it at once."""
        if not self._exit.done():
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to mpv, and to what it has started where that is a group of its own."""
        with contextlib.suppress(ProcessLookupError):
            if self._display is DisplayMode.CONSOLE:
                self._process.send_signal(number)
            else:
                os.killpg(self.pid, number)

    def _let_go(self) -> None:
        """Close what was shared with it and give the terminal back as it was."""
        if self._lifeline is not None:
            self._lifeline.close()
        if self._output is not None:
            self._output.close()
        if not self._exit.done():
            self._exit.cancel()
        if self._terminal is not None:
            with contextlib.suppress(OSError, termios.error):
                termios.tcsetattr(0, termios.TCSADRAIN, self._terminal)


def _terminal_settings() -> _TerminalSettings | None:
    """How the terminal is set: a killed mpv would leave it without echo and line editing."""
    try:
        return termios.tcgetattr(0)
    except (OSError, termios.error):
        return None
