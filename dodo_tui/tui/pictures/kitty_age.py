"""How old a kitty is: one before 0.28 cannot place pictures by characters, and shows rubbish.

The program is asked, not the terminal: an answer of the terminal's that comes late would be taken
for keys, and each of them does something.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_PLACES_FROM = (0, 28)
_VERSION = re.compile(r"kitty (\d{1,4})\.(\d{1,4})", re.ASCII)
_PATIENCE_SECONDS = 5.0


def is_local_kitty(environment: Mapping[str, str]) -> bool:
    """Whether this is a kitty on this machine, with no other terminal in between."""
    between = ("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY")
    return environment.get("TERM") == "xterm-kitty" and not any(map(environment.get, between))


def places_pictures(environment: Mapping[str, str]) -> bool:
    """Whether the kitty around us is new enough; False if that cannot be told. In a thread."""
    program = _program(environment)
    if program is None:
        return False
    try:
        said = subprocess.run(  # noqa: S603 - the user's own terminal, asked for its version
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = _VERSION.match(said)
    return found is not None and (int(found[1]), int(found[2])) >= _PLACES_FROM


def _program(environment: Mapping[str, str]) -> str | None:
    """The program that runs around us, by the number kitty gives; else the one that is found."""
    number = environment.get("KITTY_PID", "")
    if number.isascii() and number.isdigit():
        with contextlib.suppress(OSError):
            program = Path(f"/proc/{number}/exe").readlink()
            if program.name == "kitty":
                return str(program)
    return shutil.which("kitty", path=environment.get("PATH"))
