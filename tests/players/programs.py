"""Other players of Debian's, started as their users start them, and always ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path

_PATIENCE_SECONDS = 5.0


@contextlib.asynccontextmanager
async def running(
    *command: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program and whatever it starts; ended at the end, also if it is frozen."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for numbers in ((signal.SIGCONT, signal.SIGTERM), (signal.SIGKILL,)):
            for number in numbers:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await process.wait()
                    break
        with contextlib.suppress(ProcessLookupError):  # what it started may outlive it
            os.killpg(process.pid, signal.SIGKILL)


def as_nobody(home: Path, command: Sequence[str]) -> list[str]:
    """A command that refuses to run as root, run by `nobody`, whose home this becomes."""
    variables = [f"HOME={home}", f"XDG_RUNTIME_DIR={home}", f"XDG_CONFIG_HOME={home}/.config"]
    if os.geteuid() != 0:
        return ["env", *variables, *command]
    for path in (home, *home.rglob("*")):
        shutil.chown(path, "nobody")
    for folder in home.parents:  # pytest makes its folders for their owner alone
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    return ["runuser", "-u", "nobody", "--", "env", *variables, *command]


@contextlib.contextmanager
def session_bus() -> Iterator[str]:
    """A session bus of its own; gives its address."""
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert bus.stdout is not None
        yield bus.stdout.readline().strip()
        bus.stdout.close()
    finally:
        bus.kill()
        bus.wait()
