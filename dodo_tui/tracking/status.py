"""How everything stands, for `dodo status`, `doctor` and the screens."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from dodo_tui.config import Settings
from dodo_tui.domain.status import PROVIDER_NAMES, ProviderStatus, SyncStatus
from dodo_tui.storage.account_status import provider_status, sync_status
from dodo_tui.storage.owner import is_alive
from dodo_tui.storage.profiles import is_playing
from dodo_tui.storage.settings import setting

if TYPE_CHECKING:
    from dodo_tui.domain.playback import Playback
from dodo_tui.values import dataclass


def configured(settings: Settings) -> dict[str, bool]:
    """Which providers have a client id."""
    return {
        "simkl": settings.simkl_client_id is not None,
        "trakt": settings.trakt_client_id is not None,
    }


@dataclass(frozen=True, slots=True)
class Overview:
    """Every provider of a profile, and what plays now."""

    providers: tuple[ProviderStatus, ...]
    syncs: tuple[SyncStatus, ...]
    auto_sync_enabled: bool
    now_playing: Playback | None


def overview(connection: sqlite3.Connection, profile_id: int, settings: Settings) -> Overview:
    """How everything stands for a profile. A play whose process is gone is not playing."""
    is_configured = configured(settings)
    return Overview(
        providers=tuple(
            provider_status(connection, profile_id, id_, name, is_configured[id_])
            for id_, name in PROVIDER_NAMES.items()
        ),
        syncs=tuple(sync_status(connection, profile_id, id_) for id_ in PROVIDER_NAMES),
        auto_sync_enabled=auto_sync_enabled(connection, settings),
        now_playing=_now_playing(connection, profile_id),
    )


def _now_playing(connection: sqlite3.Connection, profile_id: int) -> Playback | None:
    """What a profile is watching."""
    if not is_playing(connection, profile_id):
        return None
    from dodo_tui.storage.plays import open_plays  # with all that a viewing is made of

    playing = [
        play.playback
        for play in open_plays(connection)
        if play.playback.profile_id == profile_id and play.owner and is_alive(play.owner)
    ]
    return playing[-1] if playing else None


def auto_sync_enabled(connection: sqlite3.Connection, settings: Settings) -> bool:
    """Whether syncs start by themselves: the switch on the screen, else the configuration."""
    switched = setting(connection, "auto_sync")
    return settings.auto_sync if switched is None else switched == "on"
