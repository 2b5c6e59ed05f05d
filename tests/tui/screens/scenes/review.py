"""Review and Why?."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

from textual.pilot import Pilot

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.lookup import Outcome
from dodo_tui.domain.media import Media
from dodo_tui.domain.review import TitleSearch
from dodo_tui.providers.changes import RemoteTitle
from dodo_tui.storage import lookups
from dodo_tui.storage.database import transaction
from dodo_tui.tracking.imports.merging import import_records
from dodo_tui.tui.app import DodoApp
from tests.tui.screens.scenes.scene import Scene, connected, settings_row
from tests.tui.screens.support import World, seen

THINGS = (
    Candidate("tt0084787", Kind.MOVIE, "The Thing", 1982, why="the same title and year"),
    Candidate("tt0044121", Kind.MOVIE, "The Thing", 1951, why="the same title, 31 years apart"),
)


def _at_home(connection: sqlite3.Connection, folder: str) -> None:
    """The same paths on every machine."""
    rows = connection.execute("SELECT id, path FROM file").fetchall()
    for row in rows:
        path = os.fsdecode(row["path"]).replace(folder, "/home/anna/Videos")
        connection.execute("UPDATE file SET path = ? WHERE id = ?", (os.fsencode(path), row["id"]))


def _unknown(connection: sqlite3.Connection, media_id: str, now: datetime) -> None:
    with transaction(connection, durable=False):
        lookups.note_lookup(connection, "simkl", media_id, Outcome.NONE, now)


def unsure(world: World) -> None:
    """A film and a series that may be several things, and one that nobody knew."""
    world.store.run_now(_at_home, world.settings.library[0])
    world.suppose("Inception", *THINGS)
    world.suppose(
        "Andor",
        Candidate("tt9253284", Kind.SHOW, "Andor", 2022, season=1, number=1, why="the same title"),
        Candidate("tt0000001", Kind.MOVIE, "Andor", 2004, why="a film, but an episode's name"),
    )
    world.store.run_now(_unknown, world.key_of("Sintel"), world.clock.now())


def waiting(world: World) -> None:
    """What two facts wait for."""
    world.store.run_now(_at_home, world.settings.library[0])
    connected(world)


async def found(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """A search has come upon something."""
    hit = Candidate("tt1375666", Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666"))
    app.screen._searched = True  # type: ignore[attr-defined]
    app.title_search = TitleSearch("inception", found=(hit,))
    await seen(app, pilot, "Found for")


SCENES = {
    "review": Scene("Not known to anybody", settings_row("review"), prepare=unsure),
    "review-empty": Scene("Nothing to review", settings_row("review")),
    "review-entry": Scene("31 years apart", settings_row("review"), "enter", prepare=unsure),
    "review-found": Scene("Found for", settings_row("review"), "down enter", found, prepare=unsure),
    "review-scope": Scene(
        "The whole series", settings_row("review"), "down enter enter", prepare=unsure
    ),
    "review-search": Scene(
        "Done", settings_row("review"), "down enter down down enter", prepare=unsure
    ),
    "home-review": Scene("to review", prepare=unsure),
    "why": Scene("Viewings", "y enter", prepare=waiting),
    "why-unsure": Scene("perhaps The Thing", "m end up enter", prepare=unsure),
}


def imported(world: World) -> None:
    """A film that an import told by name alone, and that may be one of that name."""

    def bring(connection: sqlite3.Connection) -> None:
        record = RemoteTitle(
            Media(MediaId.parse("local:00000000000000aa"), Kind.MOVIE, "Heat", 1995),
            watched=True,
            watched_at=world.clock.now(),
        )
        import_records(connection, world.profile.id, [record], world.clock.now())
        heat = Candidate("tt0113277", Kind.MOVIE, "Heat", 1995, why="the same title and year")
        with transaction(connection, durable=False):
            lookups.save_candidates(connection, "local:00000000000000aa", [heat])

    world.store.run_now(bring)
