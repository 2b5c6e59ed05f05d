"""Textual's driver for terminals that may go away: an SSH session that ends, a closed window.

A terminal that hangs up sends SIGHUP, on which dodo ends in order, and SIGCONT, on which Textual
would start on the dead terminal anew. Writing to it fails; the thread that writes would die of it,
and the next writer would wait for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import select
import struct
import termios
from codecs import getincrementaldecoder
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, cast

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from dodo_tui.tui.replies import ReplyFilter, is_last_reply

if TYPE_CHECKING:
    from textual.app import App

    from dodo_tui.tui.pictures.sixel_layer import SixelLayer

_ANSWER_WITHIN_SECONDS = 1.0
"""How long a terminal is waited for, if need be across the world; nothing else waits for it."""
_LOOK_UP_SECONDS = 0.1
"""How often the thread that reads keys looks whether it is to end, or an Escape was just that."""
_READ_BYTES = 4096
_NOT_BEHIND_WRITES = 1
"""A frame begins with a write of its own, which may be on its way when the rest follows."""


class _Forgiving:
    """A file whose other end may be gone: what cannot be written is lost, and that is all."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write, if there is still somebody."""
        with contextlib.suppress(OSError):
            return self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if there is still somebody."""
        with contextlib.suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """The file's own."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal, still."""
        return self._file.isatty()


class CouchDriver(LinuxDriver):
    """The driver that dodo runs on."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = cast("Any", _Forgiving(self._file))
        self.layer: SixelLayer | None = None
        """What draws pictures on top of the text, where the terminal does."""
        self._answers: list[str] = []
        self._answered = asyncio.Event()
        self._unanswered = 0

    @property
    def is_gone(self) -> bool:
        """Whether there was a terminal and it has hung up."""
        return self.input_tty and not os.isatty(self.fileno)

    @property
    def is_behind(self) -> bool:
        """Whether what was written before is still on its way to the terminal."""
        waiting = self._writer_thread and self._writer_thread._queue.qsize()  # noqa: SLF001
        return bool(waiting and waiting > _NOT_BEHIND_WRITES)

    def write(self, data: str) -> None:
        """Write, with pictures."""
        super().write(data if self.layer is None else self.layer.translate(data))

    async def ask(self, question: str) -> tuple[str, ...]:
        """What the terminal answers to a question and then to one that every terminal answers.

        Nothing if it is silent. No answer ever becomes a key, however late it comes.
        """
        self._answers = []
        self._answered.clear()
        self._unanswered += 1
        self.write(f"{question}\x1b[c")
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
                await self._answered.wait()
        except TimeoutError:
            self._unanswered = 0
            return ()
        return tuple(self._answers)

    def _hear(self, answers: Sequence[str]) -> None:
        self._answers += answers
        for _ in filter(is_last_reply, answers):
            self._unanswered -= 1
        if self._unanswered <= 0:
            self._unanswered = 0
            self._answered.set()

    def cell_size(self) -> tuple[int, int] | None:
        """Width and height of a cell in pixels by the window's size, where that is known."""
        try:
            window = fcntl.ioctl(self.fileno, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            return None
        rows, columns, width, height = struct.unpack("HHHH", window)
        return (width // columns, height // rows) if rows and columns else None

    def _sigcont_application(self, *_: object) -> None:
        """Come back from a suspension, but not from a hang-up."""
        if not self.is_gone:
            super()._sigcont_application()

    def run_input_thread(self) -> None:
        """Read keys until it is enough; what the terminal answers is taken out of them.

        Textual's own takes an answer that it does not know for as many keys as it has characters.
        """
        parser = XTermParser()
        answers = ReplyFilter()
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _LOOK_UP_SECONDS)[0]:
                data = os.read(self.fileno, _READ_BYTES)
                if not data:  # whoever sent keys is gone; `is_gone` sees to it
                    self.exit_event.wait(_LOOK_UP_SECONDS)
                keys, replies = answers.split(decode(data))
                if replies:
                    self._loop.call_soon_threadsafe(self._hear, replies)
                if keys:
                    for event in parser.feed(keys):
                        self.process_message(event)
            for event in parser.tick():
                self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            list(parser.feed(""))

    def _run_input_thread(self) -> None:
        """A terminal that is gone has no more keys; it is no mistake of ours."""
        try:
            self.run_input_thread()
        except OSError:
            return
        except Exception as error:  # noqa: BLE001 - the app says it and logs it whole
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001
