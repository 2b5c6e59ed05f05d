"""`dodo doctor`: looks at everything dodo needs and says the next step for what is not well.

Nothing secret is in its output: whether a client id or a token is there, never what it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sqlite3
import sys
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from dodo_tui import __version__
from dodo_tui.cli.output import DONE, FAILED, say, say_json
from dodo_tui.config import ConfigError, Paths, Settings, default_paths, load_settings
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.errors import StorageError, Trouble
from dodo_tui.storage.leases import WATCHING_LEASE, Lease

_CONNECT_SECONDS = 3.0

_LOOK_SECONDS = 1.0
"""How long other players are looked at."""

_FIRST_PROVIDER = "simkl"
"""The one to set up where there is none: it needs no more than a free client id."""

_ADDRESSES = {
    "simkl": (("simkl_api_url", "DODO_SIMKL_API_URL"),),
    "trakt": (
        ("trakt_api_url", "DODO_TRAKT_API_URL"),
        ("trakt_auth_url", "DODO_TRAKT_AUTH_URL"),
    ),
}
"""The settings that say where a provider is, and their variables."""

_NETWORK = {
    "simkl_api_url": "network",
    "trakt_api_url": "network",
    "trakt_auth_url": "sign-in page",
}
"""What is found there, as it is called in a check."""

_SMALLEST_FREE_BYTES = 50 * 1024 * 1024


_WAYS_OUT = {
    Trouble.NEWER: "Update dodo.",
    Trouble.DAMAGED: "Move it away, then bring back an export: dodo import FILE",
    Trouble.FULL: "Free some space.",
    Trouble.READ_ONLY: "Check the owner and the permissions of the file and its folder.",
    Trouble.BUSY: "Try again.",
    Trouble.OTHER: "Check the disk it is on.",
}


class Verdict(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    text: str
    next_step: str | None = None


def doctor(options: argparse.Namespace) -> int:
    """Run every check; exit code 1 if something is broken."""
    checks = list(_checks())
    if options.json:
        say_json(
            {
                "version": __version__,
                "checks": [
                    {
                        "name": check.name,
                        "verdict": check.verdict,
                        "text": check.text,
                        "next_step": check.next_step,
                    }
                    for check in checks
                ],
            }
        )
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            mark = {Verdict.OK: "ok", Verdict.WARNING: "!!", Verdict.FAILED: "XX"}[check.verdict]
            say(f"{mark}  {check.name.ljust(width)}  {check.text}")
            if check.next_step:
                say(f"    {' ' * width}  -> {check.next_step}")
    broken = any(check.verdict is Verdict.FAILED for check in checks)
    return FAILED if broken else DONE


def _checks() -> Iterator[Check]:
    paths = default_paths()
    try:
        settings = load_settings(paths.config_file, os.environ)
    except ConfigError as error:
        yield Check("settings", Verdict.FAILED, str(error), "Correct that line.")
        settings = Settings()
    else:
        there = "read" if paths.config_file.exists() else "not there, which is fine"
        yield Check("settings", Verdict.OK, f"{paths.config_file}: {there}")
    yield _folders(paths)
    yield _database(paths)
    yield _player(settings)
    yield from _other_players(settings, paths)
    yield _sleep()
    yield _terminal()
    yield _clock()
    for provider in PROVIDER_NAMES:
        yield from _provider(provider, settings, paths)


def _folders(paths: Paths) -> Check:
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


def _database(paths: Paths) -> Check:
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
    return Check("database", Verdict.OK, f"sound, {plays} plays")


def _player(settings: Settings) -> Check:
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


def _other_players(settings: Settings, paths: Paths) -> Iterator[Check]:
    """How the players that others start can be watched, after a short look at each."""
    import asyncio

    from dodo_tui.clock import SystemClock
    from dodo_tui.engine.watchers import glance, make_watchers
    from dodo_tui.players.watching import Sight

    clock = SystemClock()
    try:
        watchers = make_watchers(settings, paths, clock)
    except ConfigError as error:
        yield Check("players", Verdict.FAILED, str(error), "Correct that setting.")
        return
    yield _watching(paths, is_on=bool(watchers))
    reports = asyncio.run(glance(watchers, clock, _LOOK_SECONDS))
    for watcher, report in zip(watchers, reports, strict=True):
        verdict = Verdict.WARNING if report.sight is Sight.REFUSED else Verdict.OK
        yield Check(watcher.name, verdict, report.sentence, report.next_step)


def _watching(paths: Paths, *, is_on: bool) -> Check:
    """Whether a dodo runs that watches them: without one nothing of them is tracked."""
    name = "watching"
    if not is_on:
        return Check(name, Verdict.OK, "off (watch_players)")
    lease = Lease(paths.data / WATCHING_LEASE)
    try:
        is_free = lease.take()
    except OSError:
        return Check(name, Verdict.OK, "nobody does: no folder yet")
    lease.release()
    if not is_free:
        return Check(name, Verdict.OK, "a dodo is watching other players")
    return Check(
        name,
        Verdict.OK,
        "no dodo is running: only what it plays itself is tracked",
        "To track other players at any time: dodo service install",
    )


def _sleep() -> Check:
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


def _terminal() -> Check:
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


def _clock() -> Check:
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


def _provider(provider: str, settings: Settings, paths: Paths) -> Iterator[Check]:
    """A provider that is set up; one that nobody uses is no trouble, unless there is no other."""
    from dodo_tui.engine.services import HOW_TO_CONFIGURE
    from dodo_tui.tracking.status import configured

    is_configured, name = configured(settings), PROVIDER_NAMES[provider]
    if not is_configured[provider]:
        is_missed = not any(is_configured.values())
        verdict = Verdict.WARNING if is_missed and provider == _FIRST_PROVIDER else Verdict.OK
        text = "no client id; local only" if is_missed else "not used: no client id"
        yield Check(name, verdict, text, HOW_TO_CONFIGURE[provider] if is_missed else None)
        return
    yield Check(name, Verdict.OK, "a client id is set")
    for field, variable in _ADDRESSES[provider]:
        yield _network(_named(provider, _NETWORK[field]), getattr(settings, field), variable)
    yield from _account(provider, settings, paths)


def _network(name: str, address: str, variable: str) -> Check:
    try:
        parts = urllib.parse.urlsplit(address)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host = ""
    if not host:
        return Check(
            name,
            Verdict.FAILED,
            f"{address} is no address.",
            f"Correct {variable}, or leave it out.",
        )
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS):
            return Check(name, Verdict.OK, f"{host} answers")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no answer"
        return Check(
            name,
            Verdict.WARNING,
            f"{host} cannot be reached: {reason}.",
            "What is watched meanwhile waits in the queue.",
        )


def _account(provider: str, settings: Settings, paths: Paths) -> Iterator[Check]:
    from dodo_tui.storage import accounts
    from dodo_tui.storage.credentials import CredentialsError, TokenFile
    from dodo_tui.storage.database import open_database
    from dodo_tui.storage.profiles import UnknownProfileError, active_profile

    sign_in = _named(provider, "sign-in")
    try:
        connection = open_database(paths.database)
    except StorageError:
        return
    try:
        profile = active_profile(connection, settings.profile, datetime.now(UTC))
        account = accounts.find_account(connection, profile.id, provider)
        sync = sync_status(connection, profile.id, provider)
    except UnknownProfileError as error:
        yield Check("profile", Verdict.FAILED, str(error), "Correct DODO_PROFILE.")
        return
    finally:
        connection.close()
    if account is None:
        yield Check(
            sign_in,
            Verdict.WARNING,
            f"{profile.name} is not connected to {PROVIDER_NAMES[provider]}.",
            f"Run: dodo connect {provider}",
        )
        return
    try:
        tokens = TokenFile(paths.data, provider, profile.id).read()
    except CredentialsError as error:
        yield Check(sign_in, Verdict.FAILED, str(error), f"Run: dodo connect {provider}")
        return
    if tokens is None or account.needs_reconnect:
        yield Check(
            sign_in,
            Verdict.WARNING,
            f"{PROVIDER_NAMES[provider]} does not accept the sign-in.",
            f"Run: dodo connect {provider}",
        )
    else:
        yield Check(sign_in, Verdict.OK, f"{profile.name} is {account.user.name or 'signed in'}")
    if sync.last_error and not account.needs_reconnect:
        yield Check(
            _named(provider, "sync"), Verdict.WARNING, sync.last_error, "Try again: dodo sync"
        )
    if sync.held:
        yield Check(
            _named(provider, "queue"),
            Verdict.WARNING,
            f"{sync.waiting} waiting, {sync.held} held",
            "See why: dodo queue",
        )
    else:
        yield Check(_named(provider, "queue"), Verdict.OK, f"{sync.waiting} waiting")


def _named(provider: str, check: str) -> str:
    """The name of a check about a provider; the first one's go without its name."""
    return check if provider == _FIRST_PROVIDER else f"{PROVIDER_NAMES[provider]} {check}"
