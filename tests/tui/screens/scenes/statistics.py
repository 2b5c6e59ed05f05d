"""A year to look at."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Origin
from dodo_tui.storage import plays
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_media
from tests.tui.screens.scenes.scene import Scene
from tests.tui.screens.support import World


def two_years(world: World) -> None:
    """Two years of viewing that are the same on every machine."""
    world.store.run_now(_watch, world)


def _watch(connection: sqlite3.Connection, world: World) -> None:
    now = world.clock.now()
    with transaction(connection, durable=False):
        for number, title in enumerate(("Severance", "Slow Horses", "[red]Dark[/]")):
            media = MediaId.parse(f"tt{5_000_000 + number}")
            known = Media(media, Kind.SHOW, title, ids=Ids.of(media), runtime_minutes=50)
            save_media(connection, known, now)
        for number in range(400):
            if number * 7919 % 11 < 4:
                continue
            at = now - timedelta(days=number + 1, hours=number % 3)
            key = f"tt{5_000_000 + number % 17 % 3}:1:{number + 1}"
            origin = Origin.SIMKL if number % 3 else Origin.PLAYER
            plays.insert_manual_play(
                connection, f"s{number}", world.profile.id, key, origin, at, at
            )
            if origin is Origin.PLAYER:
                connection.execute(
                    "UPDATE play SET played_seconds = ? WHERE id = ?",
                    (600.0 + number * 7919 % 15_000, f"s{number}"),
                )


SCENES = {
    "statistics": Scene("Hours by month", "t", prepare=two_years),
    "statistics-month": Scene("[Nov]", "t down", prepare=two_years),
    "statistics-plays": Scene("Nov 2026", "t down enter", prepare=two_years),
}
