"""A hand on the mpv that dodo started, as another client of its socket."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.waiting import LONGEST_SECONDS, until

HEADLESS = "--no-config --vo=null --ao=null"


class Mpv:
    """One connection to the one mpv that plays below a runtime folder."""

    def __init__(self, runtime: Path, dodo: subprocess.Popen[bytes]) -> None:
        """Wait for the socket of the mpv that a dodo starts, and connect."""

        def look() -> socket.socket | None:
            if dodo.poll() is not None:
                raise AssertionError(f"dodo ended: {dodo.communicate()}")
            return _connected(runtime)

        self._socket = until(look, "mpv's socket")
        self._lines = self._socket.makefile("rb")
        self._last_id = 0
        self.pid = int(self.get("pid"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._socket.close()

    def ask(self, *command: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._last_id += 1
        message = {"command": command, "request_id": self._last_id}
        self._socket.sendall(json.dumps(message).encode() + b"\n")
        for line in self._lines:
            answer: dict[str, Any] = json.loads(line)
            if answer.get("request_id") == self._last_id and "event" not in answer:
                return answer
        raise AssertionError("mpv went away")

    def get(self, name: str) -> Any:
        """A property; None while it is not available."""
        return self.ask("get_property", name).get("data")

    def set(self, name: str, value: object) -> None:
        """Change a property."""
        assert self.ask("set_property", name, value)["error"] == "success"

    def position(self) -> float:
        """Where it is, in seconds; waits for there being a picture, be it the first one."""

        def look() -> tuple[float] | None:
            seen = self.get("time-pos")
            return None if seen is None else (float(seen),)

        (seconds,) = until(look, "a picture")
        return seconds

    def seek(self, seconds: float) -> None:
        """Jump to a second, as soon as there is a picture to jump from."""
        self.position()
        until(
            lambda: self.ask("seek", seconds, "absolute")["error"] == "success",
            "a jump",  # refused while a file is being opened
        )

    def reach(self, seconds: float) -> float:
        """Wait until it has played so far; answers where it is then."""
        until(lambda: (self.get("time-pos") or 0.0) >= seconds, f"second {seconds}")
        return self.position()

    def quit(self) -> None:
        """End it as its user would."""
        self._socket.sendall(b'{"command": ["quit"]}\n')


def _connected(runtime: Path) -> socket.socket | None:
    for path in runtime.glob("mpv-*.sock"):
        candidate = socket.socket(socket.AF_UNIX)
        candidate.settimeout(LONGEST_SECONDS)
        try:
            candidate.connect(str(path))
        except OSError:
            candidate.close()
        else:
            return candidate
    return None


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that has ended and was not reaped yet is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in "ZX"
