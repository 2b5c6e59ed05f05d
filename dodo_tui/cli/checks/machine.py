"""The machine dodo runs on: folders, database, mpv, sleep, terminal, clock."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from dodo_tui.cli.checks.check import Check, Verdict
from dodo_tui.config import Paths, Settings
from dodo_tui.domain.figures import counted
from dodo_tui.storage.errors import StorageError, Trouble

_SMALLEST_FREE_BYTES = 50 * 1024 * 1024


_WAYS_OUT = {
    Trouble.NEWER: "Update dodo.",
    Trouble.DAMAGED: "Move it away, then bring back an export: dodo import FILE",
    Trouble.FULL: "Free some space.",
    Trouble.READ_ONLY: "Check the owner and the permissions of the file and its folder.",
    Trouble.BUSY: "Try again.",
    Trouble.OTHER: "Check the disk it is on.",
}


def check_folders(paths: Paths) -> Check:
    """Whether dodo's folders are there and can be written."""
    try:
        paths.make()
        free_bytes = shutil.disk_usage(paths.data).free
    except OSError as error:
        return Check(
            "folders", Verdict.FAILED, f"{error.filename}: {error.strerror}", "Check its owner."
        )
    if free_bytes < _SMALLEST_FREE_BYTES:
        return Check(
            "folders",
            Verdict.WARNING,
            f"The disk of {paths.data} is nearly full.",
            "Free some space.",
        )
    return Check("folders", Verdict.OK, f"{paths.data} can be written")


def check_database(paths: Paths) -> Check:
    """Whether the database is sound."""
    from dodo_tui.storage.database import integrity_problem, open_database
    from dodo_tui.storage.history import count_plays

    if not os.path.exists(paths.database):  # noqa: PTH110 - False also where nobody may look
        return Check("database", Verdict.OK, "none yet; it is made at the first start")
    try:
        connection = open_database(paths.database)
    except StorageError as error:
        return Check("database", Verdict.FAILED, str(error), _WAYS_OUT[error.trouble])
    try:
        problem = integrity_problem(connection)
        plays = count_plays(connection)
    except sqlite3.Error as error:
        problem, plays = str(error), 0
    finally:
        connection.close()
    if problem is not None:
        return Check(
            "database",
            Verdict.FAILED,
            f"{paths.database} is damaged: {problem}",
            "Save what can be read with 'dodo export FILE'.",
        )
    return Check("database", Verdict.OK, f"sound, {counted(plays, 'play')}")


def check_player(settings: Settings) -> Check:
    """Whether there is an mpv that can be started as it is set up."""
    from dodo_tui.players.discovery import mpv_version
    from dodo_tui.players.errors import PlayerError
    from dodo_tui.players.mpv.launch import split_arguments

    version = mpv_version(settings.mpv)
    if version is None:
        return Check(
            "mpv",
            Verdict.FAILED,
            f"{settings.mpv} was not found.",
            "Install it: sudo apt install mpv",
        )
    try:
        split_arguments(settings.mpv_args)
    except PlayerError as error:
        return Check("mpv", Verdict.FAILED, str(error), "Correct its quotes.")
    return Check("mpv", Verdict.OK, version)


def check_sleep() -> Check:
    """Whether what plays can be kept and told before this machine sleeps."""
    import asyncio

    from dodo_tui.clock import SystemClock
    from dodo_tui.engine.logind import Logind, LogindError

    try:
        asyncio.run(Logind(SystemClock()).look())
    except LogindError as error:
        text = f"{error} What plays is kept every few seconds, and a sleep noticed after it."
        return Check("sleep", Verdict.OK, text, error.next_step)
    return Check("sleep", Verdict.OK, "logind tells before this machine sleeps")


def check_terminal() -> Check:
    """What kind of terminal this is, and whether there is room."""
    if not sys.stdout.isatty():
        return Check("terminal", Verdict.OK, "output goes to a pipe or file")
    columns, rows = shutil.get_terminal_size()
    name = os.environ.get("TERM", "unknown")
    text = f"{name}, {columns} x {rows}"
    if columns < 60 or rows < 18:
        return Check("terminal", Verdict.WARNING, text, "Make it 80 x 24 or larger.")
    if os.environ.get("TMUX"):
        return Check(
            "terminal", Verdict.OK, f"{text}, in tmux", "For a quick Back: set -sg escape-time 20"
        )
    return Check("terminal", Verdict.OK, text)


def check_clock() -> Check:
    """A Pi without a clock of its own starts years back until the network tells the time."""
    built = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    now = datetime.now(UTC)
    if now < built and (built - now).days > 1:
        return Check(
            "clock",
            Verdict.WARNING,
            f"It is said to be {now:%Y-%m-%d}, before dodo was installed.",
            "Switch time synchronisation on: sudo timedatectl set-ntp true",
        )
    return Check("clock", Verdict.OK, f"{now:%Y-%m-%d %H:%M} UTC")
