"""Export and import: a round trip keeps everything, and a bad file changes nothing."""

from __future__ import annotations

import json
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_tui.domain.progress import Origin
from dodo_tui.storage import sending
from dodo_tui.storage.database import open_database, transaction
from dodo_tui.storage.hiding import hide_title
from dodo_tui.storage.history import history
from dodo_tui.storage.profiles import profiles
from dodo_tui.storage.progress import find_progress
from dodo_tui.tracking.imports.source import ImportFailedError
from dodo_tui.tracking.portable.document import read_export
from dodo_tui.tracking.portable.exporting import export_everything, write_export
from dodo_tui.tracking.portable.importing import import_everything
from tests.storage.support import (
    put_account,
    put_episodes,
    put_film,
    put_mark,
    put_profile,
    put_progress,
    put_show,
)
from tests.support.clock import START

_DAY = timedelta(days=1)
_KEYS = st.sampled_from(
    ["tt0133093", "tt0903747:1:1", "tt0903747:0:2", "kitsu:7442:5", "local:0123456789abcdef:1:1"]
)
_TIMES = st.integers(0, 400).map(lambda days: START - days * _DAY)


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(path)
    try:
        yield connection
    finally:
        connection.close()


def _known(connection: sqlite3.Connection) -> None:
    put_film(connection, "tt0133093", "The Matrix “é”")
    put_show(connection, "tt0903747")
    put_episodes(connection, "tt0903747:1:1", "tt0903747:0:2")
    put_show(connection, "kitsu:7442")
    put_show(connection, "local:0123456789abcdef")
    put_episodes(connection, "kitsu:7442:5", "local:0123456789abcdef:1:1", aired_at=None)


def _content(connection: sqlite3.Connection) -> dict[str, Any]:
    """An export without what an import changes on purpose: when, and who says so."""
    document = export_everything(connection, START)
    for row in (*document["plays"], *document["progress"]):
        del row["origin"]
    return document


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(_KEYS, _TIMES, st.sampled_from(["Me", "Anna"])), max_size=8),
    st.lists(st.tuples(_KEYS, _TIMES, st.floats(0, 6000), st.booleans()), max_size=5),
    st.booleans(),
)
def test_a_round_trip_keeps_everything(
    watched: list[tuple[str, Any, str]], stands: list[tuple[str, Any, float, bool]], hidden: bool
) -> None:
    """Into a new database; and into the same one again, which changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with _database(path / "one.db") as one, _database(path / "other.db") as other:
            people = {"Me": put_profile(one), "Anna": put_profile(one, "Anna")}
            _known(one)
            for number, (key, at, name) in enumerate(watched):
                put_mark(one, key, f"play-{number}", profile_id=people[name], at=at)
                put_progress(one, key, profile_id=people[name], at=at, watched=True)
            for key, at, position, is_watched in stands:
                put_progress(one, key, position, at=at, watched=is_watched)
            if hidden:
                with transaction(one, durable=True):
                    hide_title(one, 1, "tt0133093", START)
            write_export(path / "dodo.json", export_everything(one, START))
            document = read_export(path / "dodo.json")
            new_plays, _ = import_everything(other, document, START)
            assert new_plays == len(watched)
            assert _content(other) == _content(one)
            assert import_everything(one, document, START) == (0, 0)
            assert import_everything(other, document, START) == (0, 0)
            assert _content(other) == _content(one)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database of one person who is signed in."""
    with _database(tmp_path / "dodo.db") as connection:
        put_profile(connection)
        yield connection


def _import(connection: sqlite3.Connection, tmp_path: Path, **content: Any) -> tuple[int, int]:
    file = tmp_path / "in.json"
    file.write_text(json.dumps({"format": "dodo", "version": 1, **content}))
    return import_everything(connection, read_export(file), START)


_PLAY = {"play_id": "p1", "key": "tt0133093", "started_at": "2026-01-01T20:00:00Z",
         "watched_at": "2026-01-01T22:00:00Z"}  # fmt: skip


def test_an_import_is_told_to_nobody(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """Defect 36, also when it says of itself that it was played: mass scrobbles are how
    accounts are ruined.
    """
    account = put_account(connection)
    assert _import(
        connection, tmp_path, plays=[{**_PLAY, "origin": "player", "source": "mpv"}]
    ) == (1, 1)
    assert sending.next_rows(connection, account.id, 9) == ()
    row = connection.execute("SELECT origin, source FROM play").fetchone()
    assert tuple(row) == (Origin.IMPORT, "mpv")
    progress = find_progress(connection, 1, "tt0133093")
    assert progress is not None
    assert progress.origin is Origin.IMPORT


def test_the_least_that_is_an_export(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """Plays alone: titles, profiles and where one stands follow from them."""
    half = {**_PLAY, "play_id": "p2", "key": "tt0903747:1:2", "watched_at": None,
            "position_seconds": 600, "duration_seconds": 2400}  # fmt: skip
    assert _import(connection, tmp_path, plays=[_PLAY, half]) == (2, 2)
    film = find_progress(connection, 1, "tt0133093")
    episode = find_progress(connection, 1, "tt0903747:1:2")
    assert film is not None
    assert film.watched
    assert episode is not None
    assert (episode.position_seconds, episode.ratio) == (600, 0.25)


def test_newer_progress_stays_and_watched_wins_a_tie(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    """Defect F3: an import never moves anybody back."""
    put_film(connection)
    put_progress(connection, "tt0133093", 3000.0)
    row = {"key": "tt0133093", "position_seconds": 60}
    for at, expected in (("2026-11-22T20:14:59Z", 3000.0), ("2026-11-22T20:15:00Z", 3000.0),
                         ("2026-11-22T20:15:01Z", 60.0)):  # fmt: skip
        _import(connection, tmp_path, progress=[{**row, "touched_at": at}])
        progress = find_progress(connection, 1, "tt0133093")
        assert progress is not None
        assert progress.position_seconds == expected
    tie = {**row, "position_seconds": 0, "watched": True, "touched_at": "2026-11-22T20:15:01Z"}
    assert _import(connection, tmp_path, progress=[tie]) == (0, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"format": "trakt", "version": 1}',
        b'{"format": "dodo", "version": 2}',
        b'{"format": "dodo", "version": 1, "plays": 5}',
        b'{"format": "dodo", "version": 1, "plays": [{}]}',
        b"[" * 100_000,
        b'{"format": "dodo", "version": 1, "progress": [{"key": "tt0133093", '
        b'"touched_at": "2026-01-01", "position_seconds": NaN}]}',
    ],
)
def test_a_foreign_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    """Whatever it is."""
    file = tmp_path / "in.json"
    file.write_bytes(content)
    with pytest.raises(ImportFailedError) as refused:
        read_export(file)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "\x1b[31mevil"},
        {"key": "tt0133093:1:5abc"},
        {"started_at": "yesterday"},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"position_seconds": -1},
        {"position_seconds": 1e999},
        {"ratio": 2},
        {"play_id": ""},
        {"play_id": "x" * 65},
        {"play_id": "evil\x1b[2J"},
        {"origin": "nobody"},
    ],
)
def test_a_hostile_row_is_named_and_harmless(tmp_path: Path, changes: dict[str, Any]) -> None:
    """With its place, and without what would reach the terminal."""
    file = tmp_path / "in.json"
    file.write_text(
        json.dumps({"format": "dodo", "version": 1, "plays": [_PLAY, {**_PLAY, **changes}]})
    )
    with pytest.raises(ImportFailedError) as refused:
        read_export(file)
    assert "plays.1" in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_titles_from_a_file_are_plain_text(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """Control characters are taken out, and long ones are cut."""
    _import(
        connection, tmp_path, plays=[{**_PLAY, "source": "\x1b[2Jmpv"}],
        media=[{"id": "tt0133093", "kind": "movie", "title": "\x1b[31mRed\u202e" + "x" * 1000}],
    )  # fmt: skip
    (entry,) = history(connection, 1)
    assert entry.title.startswith("[31mRedx")
    assert len(entry.title) == 300
    assert entry.source == "[2Jmpv"


def test_a_file_that_contradicts_itself_changes_nothing(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    """All of it or nothing: an episode of what the same file calls a film."""
    media = {"id": "tmdb:movie:5", "kind": "movie", "title": "Film", "ids": {"tvdb": 9}}
    plays = [_PLAY, {**_PLAY, "key": "tvdb:9:1:2", "profile": "Zoe"}]
    before, people = _content(connection), profiles(connection)
    with pytest.raises(ImportFailedError) as refused:
        _import(connection, tmp_path, media=[media], plays=plays)
    assert "tmdb:movie:5" in str(refused.value)
    with pytest.raises(ImportFailedError):
        _import(connection, tmp_path, media=[{**media, "episodes": [{"season": 1, "number": 1}]}])
    assert (_content(connection), profiles(connection)) == (before, people)


def test_a_missing_file_or_a_folder_is_one_sentence(tmp_path: Path) -> None:
    """By its name."""
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(ImportFailedError, match="cannot be read"):
            read_export(path)


def test_an_export_is_private_and_replaces_the_old_one_whole(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    """0600: a history says much about a person."""
    file = tmp_path / "dodo.json"
    file.write_text("old")
    document = export_everything(connection, START)
    write_export(file, document)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_export(file).profiles[0].name == "Me"
    with pytest.raises(TypeError):
        write_export(file, {"format": object()})
    assert read_export(file).profiles[0].name == "Me"
    assert sorted(path.name for path in tmp_path.glob("*json*")) == ["dodo.json"]


def test_an_export_holds_no_secret_and_no_account(connection: sqlite3.Connection) -> None:
    """It may be shown to somebody."""
    put_account(connection, "user-4711")
    document = export_everything(connection, START)
    assert "4711" not in json.dumps(document)
    assert list(document) == [
        "format", "version", "exported_at", "profiles", "media", "plays", "progress", "hidden",
        "lists",
    ]  # fmt: skip
