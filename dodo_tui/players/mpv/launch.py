"""The command that starts mpv, and the place of its socket.

Files are not on the command line: mpv starts idle and is given them over the socket. So nothing of
an item can be missed however slowly we connect, a start position and a title belong to one file
only, no file name can be taken for an option, and the addresses of streams, which may hold keys,
are in no process list.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shlex
import shutil
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dodo_tui.domain.text import clean_text
from dodo_tui.players.errors import PlayerError, PlayerMissingError
from dodo_tui.players.mpv.display import DisplayMode
from dodo_tui.players.protocol import PlayRequest

DEFAULT_PROGRAM = "mpv"

MAX_SOCKET_PATH_BYTES = 106
"""One less than Linux allows: with a longer path mpv 0.35 plays on without a socket."""


def split_arguments(text: str, source: str = "DODO_MPV_ARGS") -> tuple[str, ...]:
    """The words of a shell-quoted list of arguments.

    Raises:
        PlayerError: the quoting is broken, or `--` would turn dodo's own options into files;
            `source` names the setting.
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise PlayerError(f"{source} cannot be read: {str(error).lower()}.") from error
    if "--" in words:
        raise PlayerError(f"{source} may hold options only, so it cannot contain “--”.")
    return words


def find_program(program: str) -> str:
    """The path of mpv's program.

    Raises:
        PlayerMissingError: there is no such program; the text says how to get one.
    """
    found = shutil.which(str(Path(program).expanduser()) if program.startswith("~") else program)
    if found is not None:
        return found
    if program != DEFAULT_PROGRAM:
        raise PlayerMissingError(
            f"{clean_text(program)} was not found or is no program. Correct DODO_MPV, "
            "or install mpv: sudo apt install mpv"
        )
    raise PlayerMissingError("mpv was not found. Install it: sudo apt install mpv")


def arguments(
    extra_args: Sequence[str],
    socket_path: Path,
    display: DisplayMode,
    lifeline_descriptor: int | None = None,
) -> list[str]:
    """What mpv is started with, without the program: the user's own options between dodo's.

    Under a television a film fills the screen, which the user's options may change; how dodo hears
    of it they may not.

    `lifeline_descriptor` is mpv's end of a socket pair; mpv quits when the other end is closed.
    """
    options = [
        "--fullscreen",
        *extra_args,
        f"--input-ipc-server={socket_path}",
        "--idle=once",
        "--resume-playback=no",
        "--save-position-on-quit=no",
    ]
    if display is not DisplayMode.CONSOLE:
        # Not --no-terminal: that would hide why mpv refuses to start, and mpv would die of
        # SIGTERM without a word. It has no terminal anyway: a session of its own, no input.
        options.append("--msg-level=all=error")
    if lifeline_descriptor is not None:
        options.append(f"--input-ipc-client=fd://{lifeline_descriptor}")
    return options


def load_commands(request: PlayRequest) -> list[dict[str, object]]:
    """The commands that fill mpv's playlist; only the first file gets the start and the title.

    The form with names is the only one that works before and since mpv 0.38.
    """
    first: dict[str, str] = {}
    if request.start_seconds > 0:
        first["start"] = f"+{request.start_seconds:.3f}"
    elif request.start_ratio:
        first["start"] = f"{min(request.start_ratio, 1.0) * 100:.2f}%"
    if request.title and (title := clean_text(request.title)):
        first["force-media-title"] = title
    commands: list[dict[str, object]] = []
    for number, path in enumerate(request.paths):
        command: dict[str, object] = {"name": "loadfile", "url": _address(path), "flags": "append"}
        if number == 0 and first:
            command["options"] = first
        commands.append(command)
    return commands


def _address(path: str) -> str:
    """A path that mpv cannot take for something else: `-` alone would be standard input."""
    return f"./{path}" if path.startswith("-") else path


@dataclass(frozen=True, slots=True)
class SocketPlace:
    """Where an mpv's socket is, and what to remove when that mpv has gone."""

    path: Path
    own_folder: Path | None = None
    """A folder made for this socket alone, where the usual one could not be used."""

    def remove(self) -> None:
        """Remove the socket file, which mpv itself never does, and its folder if it was ours."""
        with contextlib.suppress(OSError):
            self.path.unlink()
        if self.own_folder is not None:
            with contextlib.suppress(OSError):
                self.own_folder.rmdir()


_OWN_SOCKET = re.compile(rb"/mpv-\d+-[0-9a-f]{16}\.sock\0")


def is_own(command_line: bytes) -> bool:
    """Whether a process, by its arguments (each with a NUL after it), is an mpv of some dodo's."""
    return _OWN_SOCKET.search(command_line) is not None


def make_socket_place(runtime_folder: Path) -> SocketPlace:
    """A new name for a socket, in a folder that only this user can enter.

    Whoever reaches the socket can run programs as this user. Where the runtime folder cannot be
    made private, or its path is too long, a private temporary folder takes its place.

    Raises:
        PlayerError: there is no folder to put it in.
    """
    name = f"mpv-{os.getpid()}-{secrets.token_hex(8)}.sock"
    path = runtime_folder / name
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES and _make_private(runtime_folder):
        _remove_stale(runtime_folder)
        return SocketPlace(path)
    try:
        folder = Path(tempfile.mkdtemp(prefix="dodo-"))
        if len(os.fsencode(folder / name)) > MAX_SOCKET_PATH_BYTES:
            folder.rmdir()
            folder = Path(tempfile.mkdtemp(prefix="dodo-", dir="/tmp"))  # short
    except OSError as error:
        raise PlayerError(f"There is no place for mpv's socket: {error.strerror}.") from error
    return SocketPlace(folder / name, own_folder=folder)


def _make_private(folder: Path) -> bool:
    """Make a folder that only its owner can enter; whether that is what it is now."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError:
        return False
    return status.st_uid == os.getuid() and os.access(folder, os.W_OK | os.X_OK)


def _remove_stale(folder: Path) -> None:
    """Remove the sockets left by a dodo that was killed: mpv never removes its own."""
    for path in folder.glob("mpv-*-*.sock"):
        with contextlib.suppress(OSError, ValueError):
            if not _is_alive(int(path.name.split("-")[1])):
                path.unlink()


def _is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
