"""Which players are watched, from the settings and from what is found on this machine."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from dodo_tui.clock import Clock
from dodo_tui.config import ConfigError, Paths, Settings
from dodo_tui.domain.playback import PlayerState
from dodo_tui.players.kodi import DEFAULT_PORT, KodiPlace, KodiWatcher
from dodo_tui.players.mpris import PLAYERS, MprisWatcher
from dodo_tui.players.mpv.sockets import default_patterns
from dodo_tui.players.mpv.watch import MpvWatcher
from dodo_tui.players.vlc import VlcPlace, VlcWatcher, configured_place
from dodo_tui.players.watching import Report, Watcher


def make_watchers(
    settings: Settings,
    paths: Paths,
    clock: Clock,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> tuple[Watcher, ...]:
    """A watcher for each kind of player; empty where watching is switched off.

    Kodi is looked for where it is installed or named; VLC where its web interface has a password
    (on a desktop it is seen on the session bus anyway); Jellyfin where it is named.

    Raises:
        ConfigError: an address in the settings is none.
    """
    if not settings.watch_players:
        return ()
    home = home or Path.home()
    watchers: list[Watcher] = [
        MpvWatcher(
            settings.mpv_sockets or default_patterns(environment, home), clock, (paths.runtime,)
        ),
        MprisWatcher(clock, environment, settings.mpris_players or PLAYERS),
        VlcWatcher(_vlc_place(settings, environment, home), clock),
    ]
    if (kodi := _kodi_place(settings, home)) is not None:
        watchers.append(KodiWatcher(kodi, clock))
    if settings.jellyfin_url or settings.jellyfin_token or settings.jellyfin_user:
        watchers.append(_jellyfin(settings, clock))
    return tuple(watchers)


async def glance(watchers: Sequence[Watcher], clock: Clock, seconds: float) -> list[Report]:
    """Let watchers look for so long without recording anything; answers what each then says."""

    async def tell(_state: PlayerState) -> None:
        return None

    tasks = [asyncio.create_task(watcher.watch(tell)) for watcher in watchers]
    try:
        await clock.sleep(seconds)
        return [watcher.report() for watcher in watchers]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _jellyfin(settings: Settings, clock: Clock) -> Watcher:
    """A watcher of the Jellyfin server in the settings.

    Raises:
        ConfigError: something about it is missing, or its address is none.
    """
    from dodo_tui.players.jellyfin import JellyfinPlace, JellyfinWatcher

    url, token, user = settings.jellyfin_url, settings.jellyfin_token, settings.jellyfin_user
    if not url or not token or not user:
        values = {"jellyfin_url": url, "jellyfin_token": token, "jellyfin_user": user}
        missing = " and ".join(name for name, value in values.items() if not value)
        raise ConfigError(f"Jellyfin also needs {missing}.")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_address &= parts.port is None or parts.port > 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ConfigError(
            f"jellyfin_url must be an address like http://host:8096, not {url[:80]!r}."
        )
    if not (token.isascii() and token.isprintable()):
        raise ConfigError("jellyfin_token holds characters that no token has.")
    return JellyfinWatcher(JellyfinPlace(url, token, user), clock)


def _kodi_place(settings: Settings, home: Path) -> KodiPlace | None:
    if settings.kodi:
        return KodiPlace(*host_and_port("kodi", settings.kodi, DEFAULT_PORT))
    is_here = shutil.which("kodi") is not None or (home / ".kodi").is_dir()
    return KodiPlace() if is_here else None


def _vlc_place(settings: Settings, environment: Mapping[str, str], home: Path) -> VlcPlace | None:
    base = environment.get("XDG_CONFIG_HOME")
    folder = Path(base) if base else home / ".config"
    own = configured_place(folder / "vlc" / "vlcrc")
    password = settings.vlc_password or (own.password if own else "")
    if settings.vlc:
        host, port = host_and_port("vlc", settings.vlc, 8080)
        own = VlcPlace(host, port)
    elif own is None:
        own = VlcPlace()
    return replace(own, password=password) if password else None


def host_and_port(name: str, text: str, default_port: int) -> tuple[str, int]:
    """`host`, `host:port` or `[address]:port` taken apart.

    Raises:
        ConfigError: it is none of them.
    """
    host, port = text, str(default_port)
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or "/" in host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"{name} must be a host, or host:port, not {text[:80]!r}.")
    return host, int(port)
