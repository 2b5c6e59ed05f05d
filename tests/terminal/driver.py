"""A real dodo in a real pseudo-terminal, driven by keys and read from its screen."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.terminal import PLAIN, Answers, Session

UP, DOWN, RIGHT, LEFT = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
OK, ESCAPE, BACKSPACE = b"\r", b"\x1b", b"\x7f"

PATIENCE_SECONDS = 60.0
"""A safety net for a slow machine, not a measure."""


def environment(home: Path, term: str) -> dict[str, str]:
    """Nothing of the developer's: a home, folders and a locale of the test's own."""
    folders = {
        f"XDG_{name}": str(home / name.lower())
        for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR")
    }
    return {
        **folders,
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TERM": term,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


class Couch(Session):
    """Somebody in front of the screen with a remote."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        term: str = "xterm-256color",
        columns: int = 100,
        lines: int = 36,
        more: Mapping[str, str] | None = None,
        answers: Answers = PLAIN,
    ) -> None:
        command = [sys.executable, "-m", "dodo_tui", *arguments]
        own = {**environment(home, term), **(more or {})}
        super().__init__(command, own, home, columns, lines, answers)
        self.output = b""

    def press(self, *keys: bytes) -> None:
        """Press keys one after another."""
        for key in keys:
            os.write(self.master, key)

    def sees(self, text: str) -> None:
        """Wait until a text is on the screen.

        Raises:
            AssertionError: it does not come.
        """
        self._until(lambda: text in self.screen.text, f"{text!r} did not appear")

    def presses_until(self, key: bytes, text: str) -> None:
        """Press a key that may not be heard yet, as just after the program moved the focus.

        Raises:
            AssertionError: a text does not come, however often it is pressed.
        """

        def pressed() -> bool:
            if text in self.screen.text:
                return True
            self.press(key)
            return False

        self._until(pressed, f"{text!r} did not appear")

    def sees_no_more(self, text: str) -> None:
        """Wait until a text has gone from the screen."""
        self._until(lambda: text not in self.screen.text, f"{text!r} stayed")

    def exit_code(self) -> int:
        """Wait until the program has ended."""
        self._until(lambda: self._process.poll() is not None, "it did not end")
        while (chunk := self.read(0.0)) is not None:  # its last words
            self.output += chunk[1]
            self.screen.feed(chunk[1])
        assert self._process.returncode is not None
        return self._process.returncode

    def _until(self, condition: object, failure: str) -> None:
        assert callable(condition)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"{failure}:\n{self.screen.text.rstrip()}"
            chunk = self.read(0.1)
            if chunk is not None:
                self.output += chunk[1]
                self.screen.feed(chunk[1])
