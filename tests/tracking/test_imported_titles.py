"""Titles that an import told by name alone: the user says what they are, as of files."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lookup import Outcome
from dodo_tui.domain.review import Choice, Correction, Place, Reason, ReviewEntry, Scope
from dodo_tui.library.names import parse_name
from dodo_tui.storage import lookups, queued
from dodo_tui.storage.database import transaction
from dodo_tui.storage.history import history
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.review import entry_of_key, review_entries
from dodo_tui.storage.store import Store
from dodo_tui.storage.unsure import count_unsure_titles
from dodo_tui.tracking.correcting.correct import CannotCorrectError, correct
from dodo_tui.tracking.correcting.reaching import reach_of
from dodo_tui.tracking.files import keep_file
from dodo_tui.tracking.imports.importers import importer_for
from dodo_tui.tracking.imports.merging import import_records
from dodo_tui.tracking.imports.source import Source
from tests.storage.support import put_account, put_profile
from tests.support.clock import START, FakeClock

HEAT = Candidate("tt0113277", Kind.MOVIE, "Heat", 1995, Ids(imdb="tt0113277"), why="the same title")
DARK = Candidate("tt5753856", Kind.SHOW, "Dark", 2017, Ids(imdb="tt5753856"))

TABLE = """title,year,season,episode,watched_at,status
Heat,1995,,,2026-11-22T21:00:00Z,
Dark,,1,3,2026-11-20T21:00:00Z,
Dark,,1,4,2026-11-20T22:00:00Z,
Nobody Knows This,1950,,,2026-11-19T20:00:00Z,
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Imported while an account listens, one of them watched since it does; and asked about."""
    made = Store.open(tmp_path / "dodo.db")
    made.run_now(put_profile)
    made.run_now(put_account, provider="simkl")
    (tmp_path / "own.csv").write_text(TABLE)
    source = Source(tmp_path / "own.csv")
    importer = importer_for(source)
    assert importer is not None
    made.run_now(import_records, 1, importer.records(source), START + timedelta(hours=2))

    def ask(connection: sqlite3.Connection) -> None:
        with transaction(connection, durable=False):
            for title, candidates in (("Heat", (HEAT,)), ("Dark", (DARK, HEAT))):
                lookups.save_candidates(connection, _id(connection, title), candidates)
            nobody = _id(connection, "Nobody Knows This")
            lookups.note_lookup(connection, "simkl", nobody, Outcome.NONE, START)

    made.run_now(ask)
    return made


def _id(connection: sqlite3.Connection, title: str) -> str:
    row = connection.execute("SELECT id FROM media WHERE title = ?", (title,)).fetchone()
    return str(row[0])


def entries(store: Store) -> dict[str, ReviewEntry]:
    """What waits for the user's word, by what it is called."""
    return {entry.file_name: entry for entry in store.run_now(review_entries)}


async def say(store: Store, name: str, chosen: Candidate | None, place: Place | None = None) -> int:
    """The user says what one of them is; answers how many viewings moved."""
    choice = None
    if chosen is not None:
        choice = Choice(chosen.kind, chosen.title, chosen.year, chosen.ids, chosen.media_id)
    correction = Correction(entries(store)[name].subject, Scope.SERIES, choice, place)
    return (await correct(store, FakeClock(), correction)).plays


def test_they_wait_in_review(store: Store) -> None:
    """Those that may be something, then those that nobody knew; none has a file."""
    found = entries(store)
    assert [(name, entry.reason) for name, entry in found.items()] == [
        ("Dark", Reason.UNSURE),
        ("Heat (1995)", Reason.UNSURE),
        ("Nobody Knows This (1950)", Reason.UNKNOWN),
    ]
    assert found["Heat (1995)"].candidates == (HEAT,)
    assert {entry.folder for entry in found.values()} == {""}
    assert store.run_now(count_unsure_titles) == 2


async def test_a_candidate_is_accepted(store: Store) -> None:
    """What was watched follows, and nobody is told: it was imported."""
    local_id = entries(store)["Heat (1995)"].media_id
    assert await say(store, "Heat (1995)", HEAT) == 1
    assert "Heat (1995)" not in entries(store)
    assert "tt0113277" in {entry.key for entry in store.run_now(history, 1)}
    progress = store.run_now(find_progress, 1, "tt0113277")
    assert progress is not None
    assert progress.watched
    assert store.run_now(find_progress, 1, local_id) is None
    assert store.run_now(queued.all_facts, 1) == ()


async def test_a_series_follows_with_all_its_episodes(store: Store) -> None:
    """And a file that comes later with that name is known at once."""
    reach = await reach_of(store, entries(store)["Dark"].subject)
    assert reach is not None
    assert (reach.named, reach.scopes(None)) == (Place(1, 3), [Scope.SERIES])
    assert await say(store, "Dark", DARK) == 2
    keys = {entry.key for entry in store.run_now(history, 1)}
    assert {"tt5753856:1:3", "tt5753856:1:4"} <= keys

    def keep(connection: sqlite3.Connection) -> list[str]:
        path = "/shows/Dark S01E05.mkv"
        with transaction(connection, durable=False):
            keys = keep_file(connection, path, None, 0, 0, parse_name(path), START)
        return [str(key) for key in keys]

    assert store.run_now(keep) == ["tt5753856:1:5"]
    assert store.run_now(queued.all_facts, 1) == ()


async def test_no_title_at_all(store: Store) -> None:
    """It is kept as it is, and is asked about no more, neither the user nor anybody else."""
    assert await say(store, "Nobody Knows This (1950)", None) == 0
    assert await say(store, "Heat (1995)", None) == 0
    assert list(entries(store)) == ["Dark"]
    later = START + timedelta(days=400)
    asked = store.run_now(lookups.imported_titles, later, 10)
    assert [media.title for media, _, _ in asked] == ["Dark"]
    assert len(store.run_now(history, 1)) == 4


async def test_another_one_and_what_makes_no_sense(store: Store) -> None:
    """A film may be an episode if one says which; several episodes are no film."""
    with pytest.raises(CannotCorrectError, match="Say which season and episode"):
        await say(store, "Heat (1995)", DARK)
    with pytest.raises(CannotCorrectError, match="it is no film"):
        await say(store, "Dark", HEAT)
    assert len(entries(store)) == 3
    await say(store, "Heat (1995)", DARK, Place(2, 1))
    assert "tt5753856:2:1" in {entry.key for entry in store.run_now(history, 1)}


def test_a_title_with_a_file_is_that_files_matter(store: Store) -> None:
    """It waits once, by its file."""

    def keep(connection: sqlite3.Connection) -> None:
        path = "/films/Heat (1995).mkv"
        with transaction(connection, durable=False):
            keep_file(connection, path, None, 0, 0, parse_name(path), START)
            lookups.save_candidates(connection, _id(connection, "Heat"), (HEAT,))

    store.run_now(keep)
    entry = store.run_now(entry_of_key, entries(store)["Heat (1995).mkv"].media_id)
    assert entry is not None
    assert entry.file_name == "Heat (1995).mkv"
    assert "Heat (1995)" not in entries(store)
