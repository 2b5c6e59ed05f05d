"""Answers with their age, candidates, and what older databases knew of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lookup import Outcome
from dodo_tui.storage.database import open_database, transaction
from dodo_tui.storage.lookups import (
    candidates_for,
    find_lookup,
    fresh_lookup,
    note_lookup,
    save_candidates,
)
from tests.storage.support import put_film
from tests.support.clock import START

_LOCAL = "local:0123456789abcdef"


def test_an_older_database_keeps_its_candidates_and_what_was_asked(tmp_path: Path) -> None:
    """What waited for the user before the update waits after it; nothing is asked again at once."""
    path = tmp_path / "dodo.db"
    old = {"media_id": "tt0133093", "kind": "movie", "title": "The Matrix", "year": 1999}
    with closing(open_database(path, latest=6)) as connection:
        put_film(connection, _LOCAL, "matrix")
        connection.execute(
            "INSERT INTO file (id, path, size_bytes, modified_ns, match, decided_by, asked_at, "
            "candidate, added_at) VALUES (1, ?, 1, 1, 'unsure', 'name', ?, ?, ?)",
            (b"/m/matrix.mkv", "2026-11-20T20:15:00.000Z", json.dumps(old), "2026-11-01T00:00:00Z"),
        )
        connection.execute("INSERT INTO file_part VALUES (1, 0, ?, ?)", (_LOCAL, _LOCAL))
    with closing(open_database(path)) as connection:
        (candidate,) = candidates_for(connection, _LOCAL)
        assert candidate == Candidate("tt0133093", Kind.MOVIE, "The Matrix", 1999)
        lookup = fresh_lookup(connection, _LOCAL, START)
        assert lookup is not None
        assert lookup.outcome is Outcome.FOUND
        assert fresh_lookup(connection, _LOCAL, START + timedelta(days=40)) is None


def test_candidates_come_back_as_they_were(connection: sqlite3.Connection) -> None:
    """With ids, place and reason, in their order; a new answer takes their place."""
    put_film(connection, _LOCAL, "matrix")
    several = [
        Candidate("tt1", Kind.SHOW, "One", 2001, Ids(imdb="tt1", tvdb="7"), 0, 3, "the same"),
        Candidate("mal:2", Kind.ANIME, "Two", None),
    ]
    with transaction(connection, durable=False):
        save_candidates(connection, _LOCAL, several)
    assert candidates_for(connection, _LOCAL) == tuple(several)
    with transaction(connection, durable=False):
        save_candidates(connection, _LOCAL, several[1:])
    assert candidates_for(connection, _LOCAL) == (several[1],)


def test_an_answer_from_the_future_is_none(connection: sqlite3.Connection) -> None:
    """A clock that ran ahead must not keep a title from being asked about for years."""
    ahead = START + timedelta(days=3000)
    with transaction(connection, durable=False):
        note_lookup(connection, "simkl", "tvdb:1", Outcome.NONE, ahead)
    assert fresh_lookup(connection, "tvdb:1", START) is None
    assert find_lookup(connection, "tvdb:1") is not None


def test_later_is_never_an_answer(connection: sqlite3.Connection) -> None:
    """It counts its attempts, and the first answer ends that."""
    for attempt in range(3):
        with transaction(connection, durable=False):
            note_lookup(connection, "simkl", "tvdb:1", Outcome.LATER, START, trouble="Busy.")
        lookup = find_lookup(connection, "tvdb:1")
        assert lookup is not None, attempt
        assert lookup.trouble == "Busy."
        assert fresh_lookup(connection, "tvdb:1", START) is None
    with transaction(connection, durable=False):
        note_lookup(connection, "simkl", "tvdb:1", Outcome.FOUND, START)
    assert fresh_lookup(connection, "tvdb:1", START) is not None
