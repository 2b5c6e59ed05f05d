"""Times that have not come yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage import plays
from dodo_tui.storage.database import open_database
from dodo_tui.storage.future import mend_future
from tests.storage.support import put_film, put_profile
from tests.support.clock import START

HOUR = timedelta(hours=1)
AHEAD = timedelta(days=2000)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database with a person and a film."""
    with closing(open_database(tmp_path / "dodo.db")) as opened:
        yield opened


def _times(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    rows = connection.execute("SELECT id, started_at, watched_at FROM play")
    return {row["id"]: (row["started_at"], row["watched_at"]) for row in rows}


def test_viewings_keep_their_order_and_length(connection: sqlite3.Connection) -> None:
    """Laid end to end before now; what was dated rightly stays as it was."""
    profile_id, key = put_profile(connection), put_film(connection)
    begun = {"old": START - 9 * HOUR, "first": START + AHEAD, "second": START + AHEAD + 5 * HOUR}
    for play_id, at in begun.items():
        plays.insert_manual_play(connection, play_id, profile_id, key, Origin.MANUAL, at, at)
        connection.execute(
            "UPDATE play SET watched_at = ?, tick_at = ?, ended_at = ? WHERE id = ?",
            (*[to_iso(at + 2 * HOUR)] * 3, play_id),
        )
    watched_at = begun["second"] + 2 * HOUR
    row = Progress(profile_id, key, 0.0, None, None, watched_at, Origin.MANUAL, watched_at, True)
    plays.save_progress(connection, row)
    assert mend_future(connection, START)
    times = _times(connection)
    assert times["second"] == (to_iso(START - 2 * HOUR), to_iso(START))
    started_at, ended_at = (from_iso(text) for text in times["first"])
    assert ended_at - started_at == 2 * HOUR
    assert timedelta(0) < START - 2 * HOUR - ended_at < timedelta(seconds=1)
    assert times["old"] == (to_iso(begun["old"]), to_iso(begun["old"] + 2 * HOUR))
    progress = plays.find_progress(connection, profile_id, key)
    assert progress is not None
    assert (progress.watched_at, progress.touched_at) == (START, START)
    assert not mend_future(connection, START)
    assert _times(connection) == times


def test_a_clock_that_ran_ahead_in_the_midst_of_a_film(connection: sqlite3.Connection) -> None:
    """It began in the future and ended now: it began no later than it ended."""
    profile_id, key = put_profile(connection), put_film(connection)
    at = START - HOUR
    plays.insert_manual_play(connection, "p", profile_id, key, Origin.MANUAL, at, at)
    connection.execute("UPDATE play SET started_at = ?", (to_iso(START + AHEAD),))
    assert mend_future(connection, START)
    assert _times(connection)["p"] == (to_iso(at), to_iso(at))


def test_what_was_hidden_and_forgotten_is_so_as_of_now(connection: sqlite3.Connection) -> None:
    """Nothing that comes later may be swallowed by it for years."""
    profile_id, key = put_profile(connection), put_film(connection)
    ahead = to_iso(START + AHEAD)
    connection.execute("INSERT INTO hidden VALUES (?, ?, ?)", (profile_id, key, ahead))
    connection.execute(
        "INSERT INTO forgotten (profile_id, media_id, forgotten_at, there) VALUES (?, ?, ?, 0)",
        (profile_id, key, ahead),
    )
    assert mend_future(connection, START)
    found = connection.execute(
        "SELECT hidden_at, forgotten_at FROM hidden JOIN forgotten USING (media_id)"
    ).fetchone()
    assert tuple(found) == (to_iso(START), to_iso(START))
