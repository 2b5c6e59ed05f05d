"""The demo's world: a throw-away folder, files to play, a stand-in for Simkl, a past."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.config import Paths, Settings
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.engine.services import RealServices
from dodo_tui.players.protocol import Player
from dodo_tui.players.simulated import SimulatedPlayer
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage.database import transaction
from dodo_tui.storage.plays import insert_manual_play
from dodo_tui.storage.progress import save_progress
from dodo_tui.storage.shelves import library_cards, title_episodes
from dodo_tui.storage.store import Store
from dodo_tui.tracking.scanning import scan_library
from dodo_tui.tracking.viewing import new_play_id

CLIENT_ID = "demo-v2"
TRAKT_CLIENT_ID = "demo-trakt"
FILM_SECONDS = 120
_ENCODE_SECONDS = 30.0

SAMPLE_FILES = (
    "Films/The Matrix (1999).mkv",
    "Films/Inception (2010).mkv",
    "Films/Big Buck Bunny (2008).mkv",
    "Films/Sintel (2010).mkv",
    "Films/Tears of Steel (2012).mkv",
    "Films/Charade (1963).mkv",
    "Shows/Breaking Bad (2008)/Season 1/Breaking Bad S01E04.mkv",
    "Shows/Breaking Bad (2008)/Season 1/Breaking Bad S01E05.mkv",
    "Shows/Breaking Bad (2008)/Season 1/Breaking Bad S01E06.mkv",
    "Shows/Andor (2022)/Season 1/Andor S01E01.mkv",
    "Shows/Andor (2022)/Season 1/Andor S01E02.mkv",
    "Shows/Andor (2022)/Season 1/Andor S01E03.mkv",
    "Shows/Pioneer One (2010)/Season 1/Pioneer One S01E01.mkv",
    "Shows/Pioneer One (2010)/Season 1/Pioneer One S01E02.mkv",
)


def demo_paths(folder: Path) -> Paths:
    """Every folder of dodo inside one that is thrown away."""
    return Paths(
        config_file=folder / "config" / "config.toml",
        data=folder / "data",
        state=folder / "state",
        cache=folder / "cache",
        runtime=folder / "run",
    )


def demo_settings(
    settings: Settings, stand_in: StandIn, trakt: TraktStandIn, library: Path
) -> Settings:
    """The user's own player; everything else is the demo's."""
    return Settings(
        watch_players=False,
        simkl_client_id=CLIENT_ID,
        simkl_api_url=stand_in.url,
        trakt_client_id=TRAKT_CLIENT_ID,
        trakt_api_url=trakt.url,
        trakt_auth_url=trakt.auth_url,
        mpv=settings.mpv,
        mpv_args=settings.mpv_args,
        library=(os.fspath(library),),
    )


def make_library(library: Path, mpv: str | None) -> bool:
    """Make the sample files; answers whether they hold a picture that mpv can play.

    One test picture is made by mpv itself and linked under every name. Without mpv the files hold
    a word (a scan passes over empty ones) and are played by the simulated player.
    """
    picture = library / ".picture.mkv"
    library.mkdir(parents=True)
    is_real = mpv is not None and _encode(mpv, picture)
    if not is_real:
        picture.write_text("demo")
    for name in SAMPLE_FILES:
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(picture)
    return is_real


def _encode(mpv: str, target: Path) -> bool:
    """Let mpv make its own test picture; False where it cannot."""
    source = f"av://lavfi:testsrc2=duration={FILM_SECONDS}:size=640x360:rate=10"
    command = [mpv, "--no-config", "--no-terminal", source, f"--o={target}", "--ovc=mpeg4"]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own mpv, on our own arguments
            command, timeout=_ENCODE_SECONDS, capture_output=True, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and target.is_file()


class DemoServices(RealServices):
    """The real providers, and mpv where there is one."""

    def __init__(self, settings: Settings, paths: Paths, clock: Clock, simulate: bool) -> None:
        """`simulate`: play without mpv."""
        super().__init__(settings, paths, clock)
        self._clock = clock
        self._simulate = simulate

    def player(self) -> Player:
        """mpv, or a player that only pretends."""
        if self._simulate:
            return SimulatedPlayer(self._clock, default_duration_seconds=float(FILM_SECONDS))
        return super().player()


def find_mpv(program: str) -> str | None:
    """The path of mpv, None if it is not installed."""
    return shutil.which(program)


def seed(store: Store, settings: Settings, profile_id: int, clock: Clock) -> None:
    """Scan the sample files and give the visitor a past: a film begun, a series under way."""
    scan_library(store, settings, clock, lambda _progress: None, lambda: False)
    store.run_now(_seed_history, profile_id, clock.now())


def seed_other_devices(stand_in: StandIn, trakt: TraktStandIn) -> None:
    """What the visitor did on a phone: a film begun, some watched, some planned."""
    phone = stand_in.person()
    phone.pause("Sintel", 42.0)
    phone.mark_watched("The Godfather")
    phone.plan("John Wick")
    other_phone = trakt.person()
    other_phone.watch("The Shawshank Redemption")
    other_phone.plan("Cosmos Laundromat")


def _seed_history(connection: sqlite3.Connection, profile_id: int, now: datetime) -> None:
    cards = {card.title: card for card in library_cards(connection, profile_id, now)}
    yesterday = now - timedelta(days=1)
    with transaction(connection, durable=False):
        _begun(connection, profile_id, cards["Inception"].key, 0.42, now - timedelta(hours=3))
        episodes = title_episodes(connection, profile_id, cards["Breaking Bad"].media_id)
        _watched(connection, profile_id, episodes[0].card.key, yesterday - timedelta(hours=1))
        _begun(connection, profile_id, episodes[1].card.key, 0.3, yesterday)
        andor = title_episodes(connection, profile_id, cards["Andor"].media_id)
        _watched(connection, profile_id, andor[0].card.key, now - timedelta(days=2))


def _begun(
    connection: sqlite3.Connection, profile_id: int, key: str, ratio: float, at: datetime
) -> None:
    save_progress(
        connection,
        Progress(
            profile_id, key, ratio * FILM_SECONDS, float(FILM_SECONDS), ratio, at, Origin.IMPORT
        ),
    )


def _watched(connection: sqlite3.Connection, profile_id: int, key: str, at: datetime) -> None:
    insert_manual_play(connection, new_play_id(), profile_id, key, Origin.IMPORT, at, at)
    save_progress(
        connection, Progress(profile_id, key, 0.0, None, None, at, Origin.IMPORT, at, watched=True)
    )
