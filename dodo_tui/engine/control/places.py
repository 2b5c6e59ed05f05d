"""Where control sockets are: in the runtime folder, one for each process that plays.

Whoever reaches one can steer the player, so that the folder and the socket are this user's alone,
and both sides ask the kernel who is at the other end.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

MAX_PATH_BYTES = 107
"""What Linux allows in the address of a socket."""

_BACKLOG = 8
_NEW = ".new"


def listen(folder: Path) -> tuple[socket.socket, Path]:
    """A socket of this process, and the name under which others find it.

    The name appears when somebody listens there already, so that a refused connection always means
    that the process has gone.

    Raises:
        OSError: it cannot be made here.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.getuid():
        raise PermissionError(f"{folder} is somebody else's")
    if stat.S_IMODE(status.st_mode) & 0o077:
        folder.chmod(0o700)
    _remove_stale(folder)
    path = folder / f"control-{os.getpid()}-{secrets.token_hex(4)}.sock"
    draft = path.with_name(path.name + _NEW)
    listener = socket.socket(socket.AF_UNIX)
    try:
        with _short(draft) as address:
            listener.bind(address)
        draft.chmod(0o600)
        listener.listen(_BACKLOG)
        draft.rename(path)
    except OSError:
        listener.close()
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    return listener, path


def connect(path: Path) -> socket.socket | None:
    """A connection to a socket; None if nobody listens there any more, and its file is removed.

    Raises:
        OSError: it cannot be reached for another reason.
    """
    link = socket.socket(socket.AF_UNIX)
    link.setblocking(False)  # a process that hangs must not hang this one
    try:
        with _short(path) as address:
            link.connect(address)
    except (ConnectionRefusedError, FileNotFoundError):
        link.close()
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    except OSError:
        link.close()
        raise
    return link


def control_sockets(folder: Path) -> tuple[Path, ...]:
    """Every control socket but this process's own, the one that was made last first."""
    own = f"control-{os.getpid()}-"
    found: list[tuple[float, Path]] = []
    with contextlib.suppress(OSError):
        for path in folder.glob("control-*.sock"):
            if not path.name.startswith(own):
                with contextlib.suppress(OSError):
                    found.append((path.stat().st_mtime, path))
    return tuple(path for _, path in sorted(found, reverse=True))


def folder_mark(folder: Path) -> int:
    """A cheap mark that changes when a socket comes or goes."""
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - on the loop once a second
    except OSError:
        return 0


def is_ours(link: socket.socket) -> bool:
    """Whether this user is at the other end."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # only the folder's permissions tell here
    packed = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user_id, _ = struct.unpack("3i", packed)
    return user_id in (os.getuid(), 0)


def _remove_stale(folder: Path) -> None:
    """Remove what killed processes have left."""
    for path in folder.glob("control-*-*.sock*"):
        with contextlib.suppress(OSError, ValueError):
            try:
                os.kill(int(path.name.split("-")[1]), 0)
            except ProcessLookupError:
                path.unlink()


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address for a path that may be longer than an address can be."""
    if len(os.fsencode(path)) <= MAX_PATH_BYTES:
        yield str(path)
        return
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{path.name}"
    finally:
        os.close(descriptor)
