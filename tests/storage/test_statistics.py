"""What the ledger says of a year."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.statistics import Tally
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes, save_media
from dodo_tui.storage.progress import unmark_watched
from dodo_tui.storage.statistics import statistics
from tests.storage.support import put_film, put_mark, put_profile, put_progress, put_show
from tests.support.clock import START

FILM = "tt0133093"
EPISODE = "tt0903747:1:5"


def played(connection: sqlite3.Connection, key: str, seconds: float, at: datetime = START) -> None:
    """A viewing by a player, to the end."""
    put_mark(connection, key, f"play-{key}-{at}", at=at, origin=Origin.PLAYER)
    connection.execute(
        "UPDATE play SET played_seconds = ? WHERE id = ?", (seconds, f"play-{key}-{at}")
    )


def test_played_seconds_count_before_lengths(connection: sqlite3.Connection) -> None:
    """A viewing has its own seconds; a mark has the episode's length, else the show's."""
    put_film(connection)
    show = MediaId.parse(put_show(connection))
    with transaction(connection, durable=False):
        save_media(
            connection,
            Media(show, Kind.SHOW, "Show", ids=Ids.of(show), runtime_minutes=45),
            START,
        )
        save_episodes(connection, [Episode(Key.parse(EPISODE), runtime_minutes=50)])
    played(connection, FILM, 5000.0)
    put_mark(connection, EPISODE, "mark")
    put_progress(connection, EPISODE, watched=True, duration=None)
    put_mark(connection, "tt0903747:1:6", "other", origin=Origin.SIMKL)
    put_progress(connection, "tt0903747:1:6", watched=True, duration=None)
    seen = statistics(connection, 1, None, START, UTC)
    assert seen.year.total == Tally(5000.0 + 3000.0 + 2700.0, 1, 2)
    assert (seen.year.played_seconds, seen.year.length_seconds) == (5000.0, 5700.0)
    assert (seen.first_year, seen.last_year, seen.undated) == (2026, 2026, 0)


def test_each_person_and_each_year_apart(connection: sqlite3.Connection) -> None:
    """Another profile's plays and another year's are not mine."""
    put_film(connection)
    other = put_profile(connection, "Ben")
    put_mark(connection, FILM, "ben", profile_id=other)
    put_mark(connection, FILM, "old", at=START - timedelta(days=730))
    seen = statistics(connection, 1, None, START, UTC)
    assert seen.year.is_empty
    assert (seen.first_year, seen.last_year) == (2024, 2026)
    assert statistics(connection, 1, 2024, START, UTC).year.total.films == 1
    assert statistics(connection, other, None, START, UTC).year.total.films == 1


def test_a_mark_that_was_taken_back_is_none(connection: sqlite3.Connection) -> None:
    """What was really played stays played."""
    put_film(connection)
    put_film(connection, "tt1375666")
    for key in (FILM, "tt1375666"):
        put_progress(connection, key, watched=True)
    put_mark(connection, FILM, "mark")
    played(connection, "tt1375666", 4000.0)
    for key in (FILM, "tt1375666"):
        unmark_watched(connection, 1, key, START)
    seen = statistics(connection, 1, None, START, UTC)
    assert seen.year.total == Tally(4000.0, 0, 0)


def test_what_has_no_date_is_in_no_year(connection: sqlite3.Connection) -> None:
    """It is counted apart, and not on the day on which it was learnt."""
    put_film(connection)
    put_progress(connection, FILM, watched=True)
    connection.execute("UPDATE progress SET watched_at = NULL")
    seen = statistics(connection, 1, None, START, UTC)
    assert seen.year.is_empty
    assert seen.undated == 1


def test_an_empty_ledger_is_an_empty_year(connection: sqlite3.Connection) -> None:
    """A household that has just installed dodo."""
    seen = statistics(connection, 1, None, START, UTC)
    assert seen.year.is_empty
    assert (seen.first_year, seen.last_year, seen.year.shows) == (2026, 2026, ())


def test_a_year_is_read_by_the_index(connection: sqlite3.Connection) -> None:
    """Its plan never looks through all plays or all episodes, however many there are."""
    plans: list[str] = []

    def explain(statement: str) -> None:
        if statement.lstrip().startswith("SELECT"):
            plans.append(statement)

    connection.set_trace_callback(explain)
    statistics(connection, 1, None, START, UTC)
    connection.set_trace_callback(None)
    assert len(plans) == 4
    for statement in plans:
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
            assert not str(row["detail"]).startswith("SCAN"), (statement, row["detail"])
