"""Where the sockets of mpvs that others started may be.

mpv makes its socket 0600 and leaves it behind at its end, so a file says nothing; only connecting
does. Sockets of other users are passed over: who owns one can make it say anything.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MOST_SOCKETS = 64
"""More than any household runs; a pattern that matches half a disk is cut off here."""

_MOST_FILES = 10_000
_MAX_CONFIG_BYTES = 256 * 1024
_OPTION = re.compile(r"^\s*(?:--)?input-ipc-server\s*=\s*(.+?)\s*$", re.MULTILINE)

CONFIG_LINE = "input-ipc-server=~~/socket"
"""What to add to mpv.conf so that every mpv can be watched."""


def default_patterns(environment: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Where to look when the user has said nothing: what mpv.conf names, and the usual places."""
    base = environment.get("XDG_CONFIG_HOME") or str(home / ".config")
    folder = Path(environment.get("MPV_HOME") or Path(base) / "mpv")
    named = configured_socket(folder / "mpv.conf", folder, home)
    runtime = environment.get("XDG_RUNTIME_DIR")
    usual = [str(folder / "socket"), "/tmp/mpvsocket", "/tmp/mpv-socket"]  # noqa: S108 - looked at
    if runtime:
        usual += [f"{runtime}/mpvsocket", f"{runtime}/mpv/*"]
    return tuple(dict.fromkeys([*([named] if named else []), *usual]))


def configured_socket(config_file: Path, folder: Path, home: Path) -> str | None:
    """The socket that an mpv.conf asks for, `~/` and `~~/` spelt out; None if it asks for none."""
    try:
        with config_file.open("rb") as file:
            text = file.read(_MAX_CONFIG_BYTES).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    found = _OPTION.findall(text)
    if not found:
        return None
    value = found[-1].split(" #")[0].strip().strip("\"'")
    if value.startswith("~~/"):
        return str(folder / value[3:])
    if value.startswith("~/"):
        return str(home / value[2:])
    return value if value.startswith("/") else None


def find_sockets(
    patterns: Sequence[str], not_below: Iterable[Path] = ()
) -> dict[tuple[str, int], Path]:
    """This user's sockets that match, by path and inode: a new mpv makes a new file.

    The newest ones, if there are too many: nobody clears away what dead mpvs leave. `not_below`:
    folders whose sockets are dodo's own.
    """
    found: list[tuple[int, str, int]] = []
    own = tuple(str(folder).rstrip("/") + "/" for folder in not_below)
    for pattern in patterns:
        expanded = os.path.expanduser(pattern)  # noqa: PTH111 - a pattern, not a path
        names = glob.iglob(expanded) if glob.has_magic(expanded) else iter((expanded,))  # noqa: PTH207
        for name in names:
            if len(found) >= _MOST_FILES:
                break
            if name.startswith(own):
                continue
            try:
                status = os.stat(name)  # noqa: PTH116 - names need not be UTF-8
            except OSError:
                continue
            if stat.S_ISSOCK(status.st_mode) and status.st_uid == os.getuid():
                found.append((status.st_mtime_ns, name, status.st_ino))
    newest = sorted(found, reverse=True)[:MOST_SOCKETS]
    return {(name, number): Path(name) for _, name, number in newest}
