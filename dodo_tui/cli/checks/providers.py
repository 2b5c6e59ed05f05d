"""Simkl and Trakt: set up, reached, signed in, and what waits for them.

Nothing secret is said: whether a client id or a token is there, never what it is.
"""

from __future__ import annotations

import socket
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime

from dodo_tui.cli.checks.check import Check, Verdict
from dodo_tui.config import Paths, Settings
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.errors import StorageError

_CONNECT_SECONDS = 3.0

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


def check_provider(provider: str, settings: Settings, paths: Paths) -> Iterator[Check]:
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
