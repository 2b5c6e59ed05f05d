"""Home's newest rows are kept beside the progress, by whatever way it is written."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.storage import remote
from dodo_tui.storage.database import open_database, transaction
from dodo_tui.storage.media import save_media
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.progress import save_progress, unmark_watched
from dodo_tui.storage.shelves import recent_titles
from tests.support.clock import START

FILM, SHOW, BETTER = (MediaId.parse(text) for text in ("tt0113277", "simkl:5", "tt9253284"))
ACTS = ("save", "write", "delete", "unmark", "tick", "identify")

EXPECTED = """
    SELECT media_id, max(touched_at) FROM progress WHERE watched = 1 AND number IS NOT NULL
    OR position_seconds > 0 OR coalesce(ratio, 0) > 0 GROUP BY media_id ORDER BY 1
"""
"""What the rows must be, asked of the whole history."""


def act(connection: sqlite3.Connection, how: str, row: Progress) -> None:
    """One way to change what is known."""
    if how == "save":
        save_progress(connection, row)
    elif how == "write":
        remote.write_progress(connection, [row])
    elif how == "delete":
        remote.delete_progress(connection, 1, [row.key])
    elif how == "unmark":
        unmark_watched(connection, 1, row.key, row.touched_at)
    elif how == "tick":
        connection.execute(
            "UPDATE progress SET position_seconds = position_seconds + 5 WHERE ratio > 0"
        )
    else:
        ids = Ids(imdb=BETTER.value, simkl=SHOW.value)
        save_media(connection, Media(BETTER, Kind.SHOW, "Andor", ids=ids), START)


def row_of(
    connection: sqlite3.Connection, number: int, minutes: int, ratio: float, watched: bool
) -> Progress:
    """A row about the film (0) or an episode of the show, under the id that it has by now."""
    known = connection.execute("SELECT 1 FROM media WHERE id = ?", (str(BETTER),)).fetchone()
    show = SHOW if known is None else BETTER
    key = Key.episode(show, 1, number) if number else Key(FILM)
    touched_at = START + timedelta(minutes=minutes)
    watched_at = touched_at if watched else None
    return Progress(
        1,
        str(key),
        ratio * 6000,
        6000.0,
        ratio or None,
        touched_at,
        Origin.PLAYER,
        watched_at,
        watched,
    )


steps = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 3),
    st.integers(0, 500_000),
    st.sampled_from([0.0, 0.4]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=12))
def test_the_newest_is_the_newest(history: list[tuple[str, int, int, float, bool]]) -> None:
    """After every write, whatever it replaces, takes away, or moves to another id."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(Path(folder) / "dodo.db")) as connection,
    ):
        active_profile(connection, None, START)
        with transaction(connection, durable=False):
            for media_id, kind in ((FILM, Kind.MOVIE), (SHOW, Kind.SHOW)):
                media = Media(media_id, kind, str(media_id), ids=Ids.of(media_id))
                save_media(connection, media, START)
        for how, number, minutes, ratio, watched in history:
            row = row_of(connection, number, minutes, ratio, watched)
            with transaction(connection, durable=False):
                act(connection, how, row)
            kept = connection.execute(
                "SELECT media_id, touched_at FROM recent_title ORDER BY 1"
            ).fetchall()
            expected = connection.execute(EXPECTED).fetchall()
            assert [tuple(each) for each in kept] == [tuple(each) for each in expected]
            shown = {title.newest.media_id for title in recent_titles(connection, 1, START)}
            assert shown == {each[0] for each in expected}


def test_home_looks_at_no_more_than_it_shows(tmp_path: Path) -> None:
    """No part of the question scans or sorts the history."""
    with closing(open_database(tmp_path / "dodo.db")) as connection:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        recent_titles(connection, 1, START)
        connection.set_trace_callback(None)
        (question,) = [each for each in asked if "recent_title" in each]
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}")]
    assert not any(detail.startswith("SCAN progress") for detail in plan)
    assert not any("SCAN recent_title" in detail for detail in plan)
    assert sum("recent_title USING INDEX recent_title_order" in d for d in plan) == 2
