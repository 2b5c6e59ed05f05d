"""Which players are there, for `dodo doctor`."""

from __future__ import annotations

import subprocess

from dodo_tui.players.errors import PlayerMissingError
from dodo_tui.players.mpv.launch import find_program

_VERSION_SECONDS = 3.0


def mpv_version(program: str = "mpv") -> str | None:
    """The version that mpv says it has, like `0.35.1`.

    None if there is no such program, or it does not answer like mpv within three seconds.
    """
    try:
        found = find_program(program)
        answer = subprocess.run(  # noqa: S603 - the user's own program
            [found, "--no-config", "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_VERSION_SECONDS,
            check=False,
        )
    except (PlayerMissingError, OSError, subprocess.TimeoutExpired):
        return None
    words = answer.stdout.decode("utf-8", "replace").split()
    return words[1].removeprefix("v") if len(words) > 1 and words[0] == "mpv" else None
