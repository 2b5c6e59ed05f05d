"""The systemd user unit of `dodo daemon`, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

UNIT_NAME = "dodo.service"

MARK = "# Written by: dodo service install"
"""Units that begin otherwise are somebody else's and are left alone."""

WATCHDOG_SECONDS = 60
STOP_SECONDS = 20
"""Ending in order takes a few seconds: what other players show is closed, the queue told."""

MEMORY_MAX = "512M"

READ_ONLY = "ProtectSystem=strict"

SANDBOX = (
    "PrivateUsers=yes",
    READ_ONLY,
    "ProtectKernelTunables=yes",
    "ProtectControlGroups=yes",
    "RestrictNamespaces=yes",
)
"""What shows the daemon less than there is. Each needs name spaces; containers allow some of them
and others not. The first one is what the others stand on. No PrivateTmp: the sockets of other
people's mpvs are often in /tmp."""

PASSED_ON = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
"""Variables that say where this user's dodo keeps things; the service must look there too."""


def unit_text(
    command: Sequence[str],
    writable: Iterable[Path],
    environment: Mapping[str, str],
    *,
    sandbox: Sequence[str],
) -> str:
    """The unit.

    `command` starts the daemon; `writable` are the folders it writes to. `sandbox`: those of
    `SANDBOX` that this machine can do; without `READ_ONLY` among them all folders can be written.
    """
    lines = [
        MARK,
        "[Unit]",
        "Description=dodo: tracks, delivers and syncs what is watched",
        "StartLimitIntervalSec=300",
        "StartLimitBurst=5",
        "",
        "[Service]",
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={_as_command(command)}",
        "Restart=on-failure",
        "RestartSec=5",
        f"WatchdogSec={WATCHDOG_SECONDS}",
        f"TimeoutStopSec={STOP_SECONDS}",
        *(
            f"Environment={quoted(f'{name}={value}')}"
            for name in PASSED_ON
            if (value := environment.get(name))
        ),
        # Other dodos have their sockets in there: it must outlive the service.
        "RuntimeDirectory=dodo",
        "RuntimeDirectoryMode=0700",
        "RuntimeDirectoryPreserve=yes",
        "UMask=0077",
        "NoNewPrivileges=yes",
        "LockPersonality=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        f"MemoryMax={MEMORY_MAX}",
        "TasksMax=64",
    ]
    lines += sandbox
    if READ_ONLY in sandbox:
        # The dash: a folder that is missing must not keep it from starting.
        lines.append(f"ReadWritePaths={' '.join(quoted(f'-{folder}') for folder in writable)}")
    return "\n".join([*lines, "", "[Install]", "WantedBy=default.target", ""])


def quoted(word: str) -> str:
    """A word as units have it: in quotes where it has to be, nothing in it being special."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"' if set(word) & set(" \n\r\t'\"\\;") else escaped


def _as_command(words: Sequence[str]) -> str:
    """A command line; there a dollar sign would begin the name of a variable."""
    return " ".join(quoted(word.replace("$", "$$")) for word in words)
