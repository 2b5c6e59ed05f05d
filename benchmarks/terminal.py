"""A terminal to run programs in: a pty that answers what programs ask, and a screen to read.

What a program writes is kept with the time it came and only looked at afterwards, so that reading
the screen never slows down what is being measured.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

COLUMNS = 120
LINES = 40

Answers = Sequence[tuple[re.Pattern[bytes], bytes]]
"""What a terminal is asked, and what it says."""

WHAT_ARE_YOU = re.compile(rb"\x1b\[0?c")

PLAIN: Answers = (
    (WHAT_ARE_YOU, b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),  # where is the cursor
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),  # synchronised output: known, off
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),  # resizing in band: unknown
)
"""The answers of a terminal that draws text."""
WITH_SIXEL: Answers = (
    (WHAT_ARE_YOU, b"\x1b[?62;4;22c"),
    (re.compile(rb"\x1b\[16t"), b"\x1b[6;20;10t"),  # how large is a cell
    *PLAIN[1:],
)
"""The answers of a terminal that draws sixel, in cells of 10 by 20 pixels."""

_LONGEST_QUESTION = 16

_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*(?:\$[a-z]|S)|\x1bP[^\x1b]*\x1b\\"
)
_CUT_SHORT = re.compile(r"\x1b(\[[<>=?0-9;$ ]*|P[^\x1b]*\x1b?)?\Z")

_FOREVER = 30.0


class Screen:
    """What is to be seen after a program's output, chunk by chunk."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, chunk: bytes) -> None:
        """Show one more chunk."""
        text = self._rest + self._decoder.decode(chunk)
        cut = _CUT_SHORT.search(text)
        self._rest = text[cut.start() :] if cut else ""
        whole = text[: cut.start()] if cut else text
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", whole))

    @property
    def text(self) -> str:
        """The rows as text."""
        return "\n".join(self._screen.display)

    @property
    def cells(self) -> tuple[object, ...]:
        """Everything that is visible, colours included, to compare."""
        buffer = self._screen.buffer
        return tuple(
            tuple(buffer[y][x] for x in range(self._screen.columns))
            for y in range(self._screen.lines)
        )


class Session:
    """A program running in a terminal of its own, for a `with` block; it is ended at the end."""

    def __init__(
        self,
        command: Sequence[str],
        own: Mapping[str, str],
        folder: Path,
        columns: int = COLUMNS,
        lines: int = LINES,
        answers: Answers = PLAIN,
    ) -> None:
        self.screen = Screen(columns, lines)
        self._answers = answers
        self.master, program_end = pty.openpty()
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(program_end, termios.TIOCSWINSZ, size)
        self._tail = b""
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=program_end,
            stdout=program_end,
            stderr=program_end,
            cwd=folder,
            env={**own, "COLUMNS": "", "LINES": ""},
            start_new_session=True,
        )
        os.close(program_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        deadline = time.perf_counter() + _FOREVER
        while self._process.poll() is None and time.perf_counter() < deadline:
            self.read(0.05)  # a program that cannot write cannot end
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self.master)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def read(self, seconds: float) -> tuple[float, bytes] | None:
        """The next chunk and when it came; None if there is none within so many seconds."""
        ready, _, _ = select.select([self.master], [], [], max(seconds, 0.0))
        if not ready:
            return None
        try:
            chunk = os.read(self.master, 65536)
        except OSError:  # the program has gone
            time.sleep(min(seconds, 0.01))
            return None
        at = time.perf_counter()
        self._answer(chunk)
        return at, chunk

    def _answer(self, chunk: bytes) -> None:
        """Reply to each question in turn, one that came in two pieces included, once."""
        known = len(self._tail)
        seen = self._tail + chunk
        replies = [
            (found.end(), reply)
            for question, reply in self._answers
            for found in question.finditer(seen)
            if found.end() > known
        ]
        for _, reply in sorted(replies):
            os.write(self.master, reply)
        self._tail = seen[-_LONGEST_QUESTION:]

    def until_quiet(self, quiet: float, at_most: float) -> list[tuple[float, bytes]]:
        """Everything until nothing comes for `quiet` seconds, or `at_most` have passed."""
        chunks: list[tuple[float, bytes]] = []
        deadline = time.perf_counter() + at_most
        while time.perf_counter() < deadline:
            chunk = self.read(quiet)
            if chunk is None:
                break
            chunks.append(chunk)
        return chunks

    def seconds_until(self, text: str, quiet: float = 0.5) -> float:
        """How long after the start a text was on the screen; reads until the program is quiet.

        Raises:
            RuntimeError: it never was.
        """
        chunks = self._until_started(quiet)
        first: float | None = None
        for at, chunk in chunks:
            self.screen.feed(chunk)
            if first is None and text in self.screen.text:
                first = at - self.began
        if first is None:
            raise RuntimeError(f"{text!r} never appeared:\n{self.screen.text.rstrip()}")
        return first

    def _until_started(self, quiet: float) -> list[tuple[float, bytes]]:
        first = self.read(_FOREVER)
        if first is None:
            raise RuntimeError("the program wrote nothing")
        return [first, *self.until_quiet(max(quiet, 1.0), _FOREVER)]

    def seconds_after_key(self, key: bytes) -> float | None:
        """How long after a key the picture first changed; None if it did not."""
        before = self.screen.cells
        sent = time.perf_counter()
        os.write(self.master, key)
        chunks = self.until_quiet(0.1, 2.0)
        changed: float | None = None
        for at, chunk in chunks:
            self.screen.feed(chunk)
            if changed is None and self.screen.cells != before:
                changed = at - sent
        return changed


def peak_memory_bytes(pid: int) -> int:
    """The most memory a process has had so far."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not say")


def processor_seconds(pid: int) -> float:
    """The processor time of a process so far, all its threads together."""
    tasks: Iterable[Path] = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e9
