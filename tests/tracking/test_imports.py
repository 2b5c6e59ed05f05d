"""Importing Trakt's data export: what becomes of it, a dry run, and hostile files."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dodo_tui.domain.ids import Key
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.progress import Progress
from dodo_tui.storage import queued, standing
from dodo_tui.storage.history import history
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.store import Store
from dodo_tui.tracking import listing
from dodo_tui.tracking.imports import source as source_module
from dodo_tui.tracking.imports.counts import Counts
from dodo_tui.tracking.imports.importers import importer_for
from dodo_tui.tracking.imports.merging import import_records
from dodo_tui.tracking.imports.source import ImportFailedError, Source
from tests.providers.trakt_support import movie, show
from tests.storage.support import put_account, put_mark, put_profile, put_progress
from tests.support.clock import START

AT = "2026-11-20T20:10:00.000Z"
EARLIER = "2025-03-01T18:00:00.000Z"
FILM_KEY, SHOW_KEY = "tt1000001", "tt2000001:1:2"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A profile that is signed in at Trakt."""
    made = Store.open(tmp_path / "dodo.db")
    made.run_now(put_profile)
    made.run_now(put_account, provider="trakt")
    return made


def history_row(at: str | None = AT, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A play of a film."""
    row = {"id": 2**34, "watched_at": at, "action": "watch", "type": "movie"}
    return row | {"movie": movie(number)} | changes


EXPORT: dict[str, Any] = {
    "watched-history-1.json": [
        history_row(),
        history_row(EARLIER),
        {"id": 9, "watched_at": AT, "action": "scrobble", "type": "episode",
         "episode": {"season": 1, "number": 2, "ids": {"trakt": 3}}, "show": show(1)},
    ],
    "watched-movies.json": [{"plays": 2, "last_watched_at": AT, "movie": movie(1)}],
    "watched-shows.json": [
        {"plays": 1, "last_watched_at": AT, "show": show(1), "seasons": [
            {"number": 1, "episodes": [{"number": 2, "plays": 1, "last_watched_at": AT}]}]},
    ],
    "ratings-movies.json": [{"rated_at": AT, "rating": 9, "type": "movie", "movie": movie(1)}],
    "ratings-episodes.json": [{"rated_at": AT, "rating": 3, "type": "episode", "show": show(1),
                               "episode": {"season": 1, "number": 2}}],
    "lists-watchlist.json": [{"rank": 1, "listed_at": AT, "type": "movie", "movie": movie(2)}],
    "lists-list-1-best.json": [{"rank": 1, "listed_at": AT, "type": "movie", "movie": movie(4)}],
    "watched-playback.json": [{"id": 5, "progress": 40.5, "paused_at": AT, "type": "movie",
                               "movie": movie(3)}],
    "collection-movies.json": [{"collected_at": AT, "movie": movie(5)}],
    "user-profile.json": {"username": "dodo", "ids": {"slug": "dodo"}},
}  # fmt: skip


def archive(path: Path, files: dict[str, Any] = EXPORT) -> Source:
    """An export as Trakt packs it."""
    with zipfile.ZipFile(path / "export.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(f"dodo/{name}", data if isinstance(data, str) else json.dumps(data))
    return Source(path / "export.zip")


def imported(store: Store, source: Source, *, dry_run: bool = False) -> Counts:
    """Import a file that must be recognised."""
    importer = importer_for(source)
    assert importer is not None
    records = importer.records(source)
    return store.run_now(import_records, 1, records, START, dry_run=dry_run)


def stands(store: Store, key: str) -> Progress | None:
    """Where the profile stands."""
    return store.run_now(find_progress, 1, key)


def test_everything_in_it_is_here_afterwards(store: Store, tmp_path: Path) -> None:
    """Each viewing once, though several files tell it; ratings, watchlist, resume points."""
    counts = imported(store, archive(tmp_path))
    assert counts == Counts(plays=3, watched=2, resume_points=1, ratings=1, planned=1)
    plays = store.run_now(history, 1)
    assert sorted((play.key, play.source) for play in plays) == [
        (FILM_KEY, "import"), (FILM_KEY, "import"), (SHOW_KEY, "import"),
    ]  # fmt: skip
    film = stands(store, FILM_KEY)
    assert film is not None
    assert film.watched_at == datetime.fromisoformat(AT)
    paused = stands(store, "tt1000003")
    assert paused is not None
    assert paused.ratio == pytest.approx(0.405)
    planned = store.run_now(standing.title_standing, 1, "tt1000002")
    assert planned.status is ListStatus.PLANNED
    assert store.run_now(standing.title_standing, 1, FILM_KEY).rating == 9
    assert store.run_now(standing.title_standing, 1, "tt2000001").rating is None


def test_what_was_forgotten_stays_forgotten(store: Store, tmp_path: Path) -> None:
    """Neither its viewings nor where it was paused come back; the rest does."""
    imported(store, archive(tmp_path))
    for key in (FILM_KEY, "tt1000003"):
        store.run_now(listing.forget, 1, Key.parse(key), START, there=False)
    again = imported(store, archive(tmp_path))
    assert (again.plays, again.resume_points) == (0, 0)
    assert stands(store, "tt1000003") is None


def test_nothing_imported_is_told_to_anybody(store: Store, tmp_path: Path) -> None:
    """It is not even queued."""
    imported(store, archive(tmp_path))
    assert store.run_now(queued.all_facts, 1) == ()


def test_twice_is_once(store: Store, tmp_path: Path) -> None:
    """The second time nothing is new."""
    imported(store, archive(tmp_path))
    assert imported(store, archive(tmp_path)).is_nothing
    assert len(store.run_now(history, 1)) == 3


def test_a_dry_run_counts_the_same_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    """Everything is taken back, also the titles."""

    def content(connection: sqlite3.Connection) -> list[str]:
        return list(connection.iterdump())

    before = store.run_now(content)
    counts = imported(store, archive(tmp_path), dry_run=True)
    assert store.run_now(content) == before
    assert counts == imported(store, archive(tmp_path))


def test_what_is_here_and_newer_stays(store: Store, tmp_path: Path) -> None:
    """A viewing that is here already is the same one; a newer resume point is not moved back."""
    store.run_now(_put_film, FILM_KEY)
    store.run_now(put_mark, FILM_KEY, "mine", at=datetime.fromisoformat(AT) + timedelta(minutes=2))
    store.run_now(_put_film, "tt1000003")
    store.run_now(put_progress, "tt1000003", 3000.0, at=START)
    counts = imported(store, archive(tmp_path))
    assert counts.plays == 2
    assert counts.resume_points == 0
    kept = stands(store, "tt1000003")
    assert kept is not None
    assert kept.position_seconds == 3000.0


def _put_film(connection: sqlite3.Connection, key: str) -> None:
    from tests.storage.support import put_film

    put_film(connection, key)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("history.json", [history_row()]),
        ("all.json", {"history": [history_row()], "other": 7}),
        ("HISTORY.JSON", [{"nonsense": 1}, history_row()]),
    ],
)
def test_a_single_file_of_it_will_do(store: Store, tmp_path: Path, name: str, data: Any) -> None:
    """Also with a byte-order mark; a row that is none of its rows is passed over."""
    path = tmp_path / name
    path.write_text(json.dumps(data), "utf-8-sig")
    assert imported(store, Source(path)).plays == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "7", "nonsense", '[{"a": 1}]', '{"format": "dodo", "plays": []}',
     '[{"watched_at": "x", "movie": {"ids": {"imdb": "tt1"}}}]', "[" * 100_000],
)  # fmt: skip
def test_what_is_none_of_it_is_not_taken_for_it(tmp_path: Path, text: str) -> None:
    """Somebody else's file is left alone."""
    path = tmp_path / "x.json"
    path.write_text(text)
    assert importer_for(Source(path)) is None


def test_rows_that_make_no_sense_are_counted(store: Store, tmp_path: Path) -> None:
    """They take nothing with them; a file that ends in its midst gives what came before."""
    files = {
        "a.json": [history_row(), 7, history_row(movie=None), {"rating": 99, "movie": movie(1)}],
        "b.json": json.dumps([history_row(EARLIER, 2)])[:-1],
        "c.json": "not json",
    }
    counts = imported(store, archive(tmp_path, files))
    assert counts.plays == 2
    assert counts.left_out == 5


@pytest.mark.parametrize(
    "name", ["../../evil.json", "/etc/passwd.json", "a\x1b[31m.json", "x" * 3000]
)
def test_names_inside_are_never_paths(
    store: Store, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written anywhere, and none is shown as it is."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = sorted(tmp_path.rglob("*"))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as made:
        made.writestr(
            name if name.endswith(".json") else f"{name}.json", json.dumps([history_row()])
        )
    source = Source(tmp_path / "export.zip")
    assert imported(store, source).plays == 1
    assert all(part.name.isprintable() and len(part.name) <= 120 for part in source.parts())
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "export.zip"])


def test_a_bomb_is_read_to_the_bound_and_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A megabyte of zeros for every kilobyte of archive."""
    monkeypatch.setattr(source_module, "LARGEST_MEMBER_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.json", b"[" + b" " * 20_000_000 + b"]")
    with pytest.raises(ImportFailedError, match="larger than any export"):
        list(Source(tmp_path / "bomb.zip").parts())


def test_many_small_parts_share_one_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together they may be no larger than one file; and there may not be endlessly many."""
    monkeypatch.setattr(source_module, "LARGEST_BYTES", 2_500)
    source = archive(tmp_path, {f"{n}.json": " " * 1_000 for n in range(5)})
    with pytest.raises(ImportFailedError, match="larger than any export"):
        list(source.parts())
    monkeypatch.setattr(source_module, "MOST_MEMBERS", 3)
    with pytest.raises(ImportFailedError, match="larger than any export"):
        list(source.parts())


def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path) -> None:
    """Cut off, or with bytes changed: one sentence."""
    good = archive(tmp_path).path.read_bytes()
    for content in (good[:200] + b"\x00" * 50 + good[250:],):
        (tmp_path / "bad.zip").write_bytes(content)
        with pytest.raises(ImportFailedError, match="damaged"):
            list(Source(tmp_path / "bad.zip").parts())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """One sentence with the system's own reason."""
    with pytest.raises(ImportFailedError, match="cannot be read"):
        importer_for(Source(tmp_path / "missing.json"))
