"""What other programs and services leave, each in the form in which they write it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.audience import Rule, RuleKind
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Progress
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.storage import audience, queued, standing
from dodo_tui.storage.database import transaction
from dodo_tui.storage.files import find_file
from dodo_tui.storage.history import history
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.review import entry_of_key
from dodo_tui.storage.shelves import home_shelves
from dodo_tui.storage.store import Store
from dodo_tui.tracking.files import keep_file
from dodo_tui.tracking.imports.counts import Counts
from dodo_tui.tracking.imports.file_stops import digest_of
from dodo_tui.tracking.imports.importers import IMPORTERS, importer_for
from dodo_tui.tracking.imports.merging import import_records
from dodo_tui.tracking.imports.source import ImportFailedError, Source
from dodo_tui.tracking.imports.when import UNKNOWN, When, read_when
from tests.storage.support import put_account, put_mark, put_profile
from tests.support.clock import START

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
STOPPED = datetime(2026, 11, 1, 21, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A profile that is signed in at both providers."""
    made = Store.open(tmp_path / "dodo.db")
    made.run_now(put_profile)
    made.run_now(put_account, provider="simkl")
    made.run_now(put_account, provider="trakt")
    return made


def written(path: Path, content: object, name: str = "x.json") -> Source:
    """A file with a text, or with JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    (path / name).write_text(text, "utf-8")
    return Source(path / name)


def imported(store: Store, source: Source, what: str, *, dry_run: bool = False) -> Counts:
    """Import what must be recognised as something; nobody is ever told of it."""
    importer = importer_for(source)
    assert importer is not None
    assert importer.name == what
    records = importer.records(source)
    counts = store.run_now(import_records, 1, records, START, dry_run=dry_run)
    assert store.run_now(queued.all_facts, 1) == ()
    return counts


def stands(store: Store, key: str) -> Progress | None:
    """Where the profile stands."""
    return store.run_now(find_progress, 1, key)


def watched(store: Store) -> dict[str, datetime | None]:
    """What the history says was watched, and when."""
    return {entry.key: entry.watched_at for entry in store.run_now(history, 1)}


def local(kind: Kind, title: str, year: int | None = None, place: str = "") -> str:
    """The key that a file so named would get."""
    numbers = (1,) if place else ()
    return f"{local_media_id(ParsedName(kind, title, year, numbers=numbers))}{place}"


# mpv


def watch_later(folder: Path, path: str, start: str, *, says_path: bool = True) -> Path:
    """What mpv 0.35 writes when it is left."""
    folder.mkdir(exist_ok=True)
    made = folder / digest_of(path)
    named = b"# " + os.fsencode(path) + b"\n" if says_path else b""
    made.write_bytes(named + f"start={start}\nvolume=80.000000\n".encode())
    os.utime(made, (STOPPED.timestamp(), STOPPED.timestamp()))
    return made


def test_the_places_that_mpv_kept(store: Store, tmp_path: Path) -> None:
    """By the path it wrote down, absolute or relative, or by the hash of a file known here."""
    folder = tmp_path / "watch_later"
    film, known = tmp_path / "Heat.1995.mkv", "/films/Alien (1979).mkv"
    film.write_bytes(b"x")
    watch_later(folder, str(film), "1342.500000")
    watch_later(folder, known, "61.250000", says_path=False)
    watch_later(folder, "shows/Dark/Dark.S01E03.mkv", "100.5")
    watch_later(folder, "/nobody/knows.mkv", "12", says_path=False)
    watch_later(folder, "https://example.org/Film.2001.mkv", "12")
    (folder / ("A" * 32)).write_bytes(b"# redirect entry\n")
    (folder / ("B" * 32)).write_bytes(b"volume=100\n")
    (folder / ("C" * 32)).write_bytes(b"\x00\xff nonsense")
    (folder / "notes.txt").write_text("mine")

    def keep(connection: sqlite3.Connection) -> None:
        with transaction(connection, durable=False):
            keep_file(connection, known, None, 0, 0, parse_name(known), START)

    store.run_now(keep)
    source = Source(folder)
    before = imported(store, source, "mpv's watch-later folder", dry_run=True)
    assert stands(store, local(Kind.MOVIE, "Heat", 1995)) is None
    counts = imported(store, source, "mpv's watch-later folder")
    assert counts == before == Counts(resume_points=3, left_out=4)
    assert counts.entries == 7
    assert set(counts.reasons.values()) == {1}
    heat = stands(store, local(Kind.MOVIE, "Heat", 1995))
    assert heat is not None
    assert (heat.position_seconds, heat.duration_seconds, heat.ratio) == (1342.5, None, None)
    assert heat.touched_at == STOPPED
    alien = stands(store, local(Kind.MOVIE, "Alien", 1979))
    assert alien is not None
    assert alien.position_seconds == 61.25
    assert stands(store, local(Kind.SHOW, "Dark", None, ":1:3")) is not None
    assert store.run_now(find_file, str(film)) is not None
    assert store.run_now(entry_of_key, heat.key) is not None
    assert store.run_now(find_file, "shows/Dark/Dark.S01E03.mkv") is None
    assert imported(store, source, "mpv's watch-later folder").is_nothing
    assert watched(store) == {}


def test_a_place_moves_nothing_back(store: Store, tmp_path: Path) -> None:
    """What was played since stays, and a newer place counts."""
    path = "/films/Heat (1995).mkv"
    key = local(Kind.MOVIE, "Heat", 1995)
    watch_later(tmp_path / "w", path, "900")
    source = Source(tmp_path / "w")
    imported(store, source, "mpv's watch-later folder")
    later = watch_later(tmp_path / "w", path, "90")
    os.utime(later, (STOPPED.timestamp() - 60, STOPPED.timestamp() - 60))
    assert imported(store, source, "mpv's watch-later folder").is_nothing
    os.utime(later, (STOPPED.timestamp() + 60, STOPPED.timestamp() + 60))
    assert imported(store, source, "mpv's watch-later folder").resume_points == 1
    kept = stands(store, key)
    assert kept is not None
    assert kept.position_seconds == 90.0


def test_a_short_look_takes_nothing_out_of_continue_watching(store: Store, tmp_path: Path) -> None:
    """Neither its own film, nor the episode of its series that is really being watched.

    As with what dodo plays itself; and nothing is counted that would not be seen.
    """
    folder = tmp_path / "w"
    watch_later(folder, "/films/Heat (1995).mkv", "900")
    older = watch_later(folder, "/shows/Dark S01E02.mkv", "800")
    os.utime(older, (STOPPED.timestamp() - 60, STOPPED.timestamp() - 60))
    watch_later(folder, "/shows/Dark S01E03.mkv", "20")
    assert imported(store, Source(folder), "mpv's watch-later folder").resume_points == 2
    again = watch_later(folder, "/films/Heat (1995).mkv", "30")
    os.utime(again, (STOPPED.timestamp() + 60, STOPPED.timestamp() + 60))
    counts = imported(store, Source(folder), "mpv's watch-later folder")
    assert counts == Counts(left_out=2)
    assert list(counts.reasons) == ["it stopped in the first minute, which is a short look"]
    cards, _ = store.run_now(home_shelves, 1, START)
    assert [(card.title, card.position_seconds) for card in cards] == [
        ("Heat", 900.0),
        ("Dark", 800.0),
    ]


def test_what_is_never_tracked_stays_out(store: Store, tmp_path: Path) -> None:
    """A rule about a folder holds for what another program kept of it."""
    store.run_now(audience.add_rule, Rule(RuleKind.FOLDER, "/private"))
    watch_later(tmp_path / "w", "/private/Film (2001).mkv", "900")
    counts = imported(store, Source(tmp_path / "w"), "mpv's watch-later folder")
    assert counts == Counts(left_out=1)
    assert list(counts.reasons) == ["you chose that it is never tracked"]


@pytest.mark.needs("mpv")
def test_mpv_itself_writes_what_is_read(store: Store, tmp_path: Path) -> None:
    """The real thing is left in the midst of a file."""
    folder = tmp_path / "kept"
    folder.mkdir()
    (tmp_path / "quit.lua").write_text(
        "mp.observe_property('time-pos', 'number', function(_, at)\n"
        "  if at and at > 21 then mp.command('quit-watch-later') end\nend)\n"
    )
    film = "av://lavfi:testsrc=duration=60"
    subprocess.run(
        ["mpv", "--no-config", "--no-terminal", "--vo=null", "--ao=null", "--untimed", "--start=20",
         f"--watch-later-directory={folder}", "--write-filename-in-watch-later-config",
         f"--script={tmp_path / 'quit.lua'}", film],
        check=False, timeout=30,
    )  # fmt: skip
    (made,) = folder.iterdir()
    assert made.name == digest_of(film)
    importer = importer_for(Source(folder))
    assert importer is not None
    (record,) = importer.records(Source(folder))
    assert getattr(record, "path", None) == film
    assert 20 < getattr(record, "position_seconds", 0) < 60


# trakt-scrobbler

TRAKT_SCROBBLER = [
    {"state": 0, "progress": 96.4, "updated_at": 1763928915.45,
     "media_info": {"type": "movie", "title": "Heat", "year": 1995}},
    {"state": 0, "progress": 91.0, "updated_at": 1763928000.0,
     "media_info": {"type": "episode", "title": "Dark", "season": 1, "episode": 3}},
    {"state": 0, "progress": 100, "updated_at": 1763929000,
     "media_info": {"type": "episode", "title": "Severance", "season": 1, "episode": [1, 2],
                    "ids": {"imdb": "tt11280740"}}},
    {"state": 0, "progress": 40.0, "updated_at": 1763928000.0,
     "media_info": {"type": "movie", "title": "Begun"}},
    {"state": 0, "progress": 90.0, "updated_at": "soon", "media_info": {"title": "x"}},
    {"state": 0, "progress": 90.0, "updated_at": 1763928000.0, "media_info": {"type": "episode"}},
    {"state": 0, "progress": 90.0, "updated_at": 1763928000.0,
     "media_info": {"type": "episode", "title": "Dark"}},
    7,
]  # fmt: skip


def test_what_trakt_scrobbler_could_not_send(store: Store, tmp_path: Path) -> None:
    """Watched at its time; what nobody has identified is a local title."""
    source = written(tmp_path, TRAKT_SCROBBLER)
    counts = imported(store, source, "trakt-scrobbler's backlog")
    assert counts == Counts(plays=4, watched=4, left_out=5)
    assert watched(store) == {
        local(Kind.MOVIE, "Heat", 1995): datetime(2025, 11, 23, 20, 15, 15, 450000, UTC),
        local(Kind.SHOW, "Dark", None, ":1:3"): datetime(2025, 11, 23, 20, 0, tzinfo=UTC),
        "tt11280740:1:1": datetime(2025, 11, 23, 20, 16, 40, tzinfo=UTC),
        "tt11280740:1:2": datetime(2025, 11, 23, 20, 16, 40, tzinfo=UTC),
    }
    assert imported(store, source, "trakt-scrobbler's backlog").is_nothing


# Media Player Scrobbler for Simkl

MPS = {
    "53434": {"simkl_id": 53434, "title": "The Godfather", "type": "movie",
              "timestamp": "2025-11-20T22:10:00.123456+01:00"},
    "3407": {"simkl_id": 3407, "title": "Futurama", "type": "show", "season": 8, "episode": 2,
             "timestamp": "2025-11-21T20:00:00+00:00"},
    "37089": {"simkl_id": 37089, "title": "Cowboy Bebop", "type": "anime", "episode": 4,
              "timestamp": "2025-11-21T21:00:00+00:00"},
    "temp_1a2b3c4d": {"simkl_id": "temp_1a2b3c4d", "title": "Heat", "year": 1995,
                      "timestamp": "2025-11-22T20:00:00+00:00"},
    "/tv/Dark/Dark.S01E03.mkv": {
        "simkl_id": "/tv/Dark/Dark.S01E03.mkv", "title": "Dark.S01E03.mkv", "type": "episode",
        "original_filepath": "/tv/Dark/Dark.S01E03.mkv", "timestamp": "2025-11-22T21:00:00+00:00"},
    "/tv/Dark/Dark.S01E04.mkv": {
        "simkl_id": "/tv/Dark/Dark.S01E04.mkv", "title": "Dark.S01E04.mkv", "type": "episode",
        "original_filepath": "/tv/Dark/Dark.S01E04.mkv", "source": "failed_file_search",
        "timestamp": "2025-11-22T21:00:00+00:00"},
    "99": {"simkl_id": 99, "title": "No episode", "type": "show", "timestamp": "never"},
    "98": "nonsense",
}  # fmt: skip


def test_what_the_simkl_scrobbler_could_not_send(store: Store, tmp_path: Path) -> None:
    """Keyed by id, by path or by a name for the time being."""
    name = "what Media Player Scrobbler for Simkl has kept"
    source = written(tmp_path, MPS)
    counts = imported(store, source, name)
    assert counts == Counts(plays=5, watched=5, left_out=3)
    assert watched(store) == {
        "simkl:53434": datetime(2025, 11, 20, 21, 10, 0, 123000, UTC),
        "simkl:3407:8:2": datetime(2025, 11, 21, 20, tzinfo=UTC),
        "simkl:37089:1:4": datetime(2025, 11, 21, 21, tzinfo=UTC),
        local(Kind.MOVIE, "Heat", 1995): datetime(2025, 11, 22, 20, tzinfo=UTC),
        local(Kind.SHOW, "Dark", None, ":1:3"): datetime(2025, 11, 22, 21, tzinfo=UTC),
    }
    assert imported(store, source, name).is_nothing
    old = written(tmp_path, [MPS["53434"], MPS["3407"]], "old.json")
    assert imported(store, old, name).is_nothing


def test_its_clock_is_the_one_on_the_wall(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes no offset, and ran on this machine."""
    import time

    monkeypatch.setenv("TZ", "Etc/GMT-2")
    time.tzset()
    try:
        entry = {
            "simkl_id": 5,
            "title": "Heat",
            "type": "movie",
            "watched_at": "2025-07-01T22:00:00",
        }
        source = written(tmp_path, [entry])
        imported(store, source, "what Media Player Scrobbler for Simkl has kept")
    finally:
        monkeypatch.undo()
        time.tzset()
    zone = timezone(timedelta(hours=2))
    assert watched(store) == {"simkl:5": datetime(2025, 7, 1, 22, tzinfo=zone)}


# Simkl

SIMKL: dict[str, Any] = {
    "shows": [
        {"added_to_watchlist_at": "2026-05-15T00:35:15Z", "last_watched_at": "2026-05-16T20:00:00Z",
         "user_rated_at": None, "user_rating": None, "status": "watching",
         "last_watched": "S08E02", "next_to_watch": "S08E03", "watched_episodes_count": 2,
         "show": {"title": "Futurama", "year": 1999,
                  "ids": {"simkl": 3407, "slug": "futurama", "imdb": "tt0149460", "tvdb": "73871"}},
         "seasons": [{"number": 8, "episodes": [
             {"number": 1, "watched_at": "2026-05-15T20:00:00Z"}, {"number": 2}]}]},
        {"status": "watching", "show": {"title": "No ids", "ids": {}}},
    ],
    "movies": [
        {"added_to_watchlist_at": "2026-04-10T20:13:02Z", "last_watched_at": "2026-04-11T11:30:00Z",
         "user_rated_at": "2026-04-12T09:00:00Z", "user_rating": 9, "status": "completed",
         "movie": {"title": "The Godfather", "year": 1972,
                   "ids": {"simkl": 53434, "imdb": "tt0068646", "tmdb": "238"}}},
        {"added_to_watchlist_at": "2026-04-10T20:13:02Z", "last_watched_at": None,
         "status": "plantowatch",
         "movie": {"title": "Heat", "year": 1995, "ids": {"simkl": 1, "imdb": "tt0113277"}}},
    ],
    "anime": [
        {"last_watched_at": "2026-05-16T14:02:10Z", "status": "watching", "anime_type": "tv",
         "show": {"title": "Cowboy Bebop", "year": 1998, "ids": {"simkl": 37089, "mal": "1"}},
         "seasons": [{"number": 1, "episodes": [
             {"number": 1, "watched_at": "2026-05-16T13:40:00Z"}]}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_backup_of_simkl(store: Store, tmp_path: Path, is_zip: bool) -> None:
    """The zip that Simkl gives, or what its API answers: viewings, lists and ratings."""
    source = written(tmp_path, SIMKL)
    if is_zip:
        with zipfile.ZipFile(tmp_path / "SimklBackup.zip", "w") as made:
            made.writestr("SimklBackup.json", json.dumps(SIMKL))
        source = Source(tmp_path / "SimklBackup.zip")
    counts = imported(store, source, "a backup of Simkl")
    assert counts == Counts(plays=3, watched=4, ratings=1, planned=1, listed=3, left_out=1)
    assert watched(store) == {
        "tt0149460:8:1": datetime(2026, 5, 15, 20, tzinfo=UTC),
        "tt0068646": datetime(2026, 4, 11, 11, 30, tzinfo=UTC),
        "simkl:37089:1:1": datetime(2026, 5, 16, 13, 40, tzinfo=UTC),
    }
    second = stands(store, "tt0149460:8:2")
    assert second is not None
    assert (second.watched, second.watched_at) == (True, None)
    planned = store.run_now(standing.title_standing, 1, "tt0113277")
    assert planned.status is ListStatus.PLANNED
    assert imported(store, source, "a backup of Simkl").is_nothing


# Tables

SIMKL_CSV = """\
"SIMKL_ID","Title","Type","Year","Watchlist","LastEpWatched","WatchedDate",\
"Rating","Memo","TVDB","TMDB","IMDB"
"53434","The Godfather","movie","1972","completed","",\
"2024-06-01 20:10:00","9","","","238","tt0068646"
"3407","Futurama","tv","1999","watching","S08E02","01/06/2024","","","73871","","tt0149460"
"1","Heat","movie","1995","plantowatch","","","","","","","tt0113277"
"37089","Cowboy Bebop","anime","1998","watching","E4","","","","","",""
"""
IMDB_CSV = """\
Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,\
Runtime (mins),Year,Genres
tt0113277,9,2024-06-01,"Heat, the film",Heat,https://imdb.com/title/tt0113277,Movie,\
8.3,170,1995,"Crime, Drama"
tt0903747,10,2024-06-02,Breaking Bad,Breaking Bad,,TV Series,9.5,45,2008,Crime
tt2301451,10,2024-06-02,Breaking Bad: Ozymandias,,,TV Episode,10,47,2013,Crime
tt0000001,8,2024-06-02,A Game,,,Video Game,9,,2013,Action
"""
DIARY = """\
Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2024-06-03,Heat,1995,https://boxd.it/1,4.5,,,2024-06-01
2024-06-09,Heat,1995,https://boxd.it/1,,Yes,,2024-06-08
2024-06-03,Alien,1979,https://boxd.it/2,,,,
"""
OWN = """\
title;year;season;episode;watched_at;imdb_id;tmdb_id
Heat;1995;;;2024-06-01T20:10:00+02:00;tt0113277;949
Dark;2017;1;3;2024-06-02;;70523
Dark;2017;;S01E04;;;70523
"Matrix, The (1999)";;;;1717272000;;
;;;;2024-06-02;;
Nobody knows;;;;03/04/2024;;
"""


def test_simkls_table_names_the_episode_watched_last(store: Store, tmp_path: Path) -> None:
    """Of a series it names the episode that was watched last, and no other is made up."""
    counts = imported(store, written(tmp_path, SIMKL_CSV, "s.csv"), "a table")
    assert counts == Counts(plays=2, watched=3, ratings=1, planned=1, listed=3)
    assert watched(store) == {
        "tt0068646": datetime(2024, 6, 1, 20, 10, tzinfo=UTC),
        "tt0149460:8:2": NOON,
    }
    bebop = stands(store, "simkl:37089:1:4")
    assert bebop is not None
    assert (bebop.watched, bebop.watched_at) == (True, None)
    assert imported(store, Source(tmp_path / "s.csv"), "a table").is_nothing


def test_imdbs_ratings_are_no_viewings(store: Store, tmp_path: Path) -> None:
    """A rating is no viewing; an episode has an id there that says nothing about its show."""
    counts = imported(store, written(tmp_path, IMDB_CSV, "r.csv"), "a table")
    assert counts == Counts(ratings=2, left_out=2)
    assert store.run_now(standing.title_standing, 1, "tt0113277").rating == 9
    assert watched(store) == {}


def test_letterboxds_archive_gives_diary_watchlist_and_ratings(
    store: Store, tmp_path: Path
) -> None:
    """The diary with its days, what was watched some day, the watchlist and the ratings."""
    four = "Date,Name,Year,Letterboxd URI\n2024-01-01,{},{},https://boxd.it/9\n"
    rated = "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Alien,1979,https://boxd.it/2,0.5\n"
    with zipfile.ZipFile(tmp_path / "letterboxd.zip", "w") as made:
        made.writestr("diary.csv", DIARY)
        made.writestr("watched.csv", four.format("Vertigo", 1958))
        made.writestr("watchlist.csv", four.format("Ran", 1985))
        made.writestr("ratings.csv", rated)
        made.writestr("likes/films.csv", four.format("Liked", 2001))
        made.writestr("deleted/diary.csv", DIARY.replace("Heat", "Deleted"))
        made.writestr("lists/best.csv", four.format("Listed", 2001))
        made.writestr("profile.csv", "Date Joined,Username\n2020-01-01,dodo\n")
    source = Source(tmp_path / "letterboxd.zip")
    counts = imported(store, source, "a table")
    assert counts == Counts(plays=2, watched=3, ratings=2, planned=1)
    heat = local(Kind.MOVIE, "Heat", 1995)
    days = sorted(e.watched_at for e in store.run_now(history, 1) if e.watched_at)
    assert days == [NOON, NOON + timedelta(days=7)]
    assert store.run_now(standing.title_standing, 1, heat).rating == 9
    alien = stands(store, local(Kind.MOVIE, "Alien", 1979))
    assert alien is not None
    assert (alien.watched, alien.watched_at) == (True, None)
    assert stands(store, local(Kind.MOVIE, "Vertigo", 1958)) is not None
    ran = store.run_now(standing.title_standing, 1, local(Kind.MOVIE, "Ran", 1985))
    assert ran.status is ListStatus.PLANNED
    assert imported(store, source, "a table").is_nothing


def test_films_of_letterboxd_that_are_only_listed(store: Store, tmp_path: Path) -> None:
    """Nothing in the file says whether they were watched, so nothing is made up."""
    text = "Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,https://boxd.it/9\n"
    counts = imported(store, written(tmp_path, text, "export.csv"), "a table")
    assert counts == Counts(left_out=1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_table_of_ones_own(store: Store, tmp_path: Path, encoding: str, ending: str) -> None:
    """Whatever a spreadsheet makes of it; a day that may be two is none."""
    (tmp_path / "own.csv").write_bytes(OWN.replace("\n", ending).encode(encoding))
    counts = imported(store, Source(tmp_path / "own.csv"), "a table")
    assert counts == Counts(plays=3, watched=5, left_out=1)
    assert watched(store) == {
        "tt0113277": datetime(2024, 6, 1, 18, 10, tzinfo=UTC),
        "tmdb:tv:70523:1:3": NOON + timedelta(days=1),
        local(Kind.MOVIE, "Matrix, The", 1999): datetime(2024, 6, 1, 20, tzinfo=UTC),
    }
    unknown = stands(store, "tmdb:tv:70523:1:4")
    assert unknown is not None
    assert unknown.watched
    assert imported(store, Source(tmp_path / "own.csv"), "a table").is_nothing


@pytest.mark.parametrize(
    "header",
    ["Title,Season Number,Episode Number,Watched At", "show_title,season,ep,Last Watched",
     "Series Name\tSeason\tNumber\tDate Watched", "Name;Season;Episode;timestamp"],
)  # fmt: skip
def test_columns_are_known_by_several_names(store: Store, tmp_path: Path, header: str) -> None:
    """In any spelling, with any of the usual separators."""
    separator = next(each for each in "\t;," if each in header)
    row = separator.join(("Dark", "1", "3", "2024-06-01"))
    imported(store, written(tmp_path, f"{header}\n{row}\n", "t.csv"), "a table")
    assert watched(store) == {local(Kind.SHOW, "Dark", None, ":1:3"): NOON}


@pytest.mark.parametrize(
    "text",
    ["Title,Date\nDark: Season 1: Secrets,12/31/21\n", "name,phone\nAnna,1\n", "a;b;c\n1;2;3\n",
     "title\nHeat\n", "", "\x00\x00,\x00", '"title', "date,amount,rating\n"],
)  # fmt: skip
def test_tables_of_something_else_are_left_alone(tmp_path: Path, text: str) -> None:
    """A title alone, or none, tells nothing."""
    assert importer_for(written(tmp_path, text, "t.csv")) is None


# What holds for all of them


def test_a_day_that_holds_a_viewing_holds_it_once(store: Store, tmp_path: Path) -> None:
    """A table that knows the day only tells of the evening that is here already."""

    def put(connection: sqlite3.Connection) -> None:
        save_media(connection, _heat(), START)
        put_mark(connection, "tt0113277", "mine", at=NOON + timedelta(hours=9))

    store.run_now(put)
    assert imported(store, written(tmp_path, DIARY, "diary.csv"), "a table").plays == 1
    assert sorted(key for key in watched(store)) == ["tt0113277"]


def _heat() -> Media:
    ids = Ids(imdb="tt0113277")
    media_id = ids.preferred(Kind.MOVIE)
    assert media_id is not None
    return Media(media_id, Kind.MOVIE, "Heat", 1995, ids)


def test_a_title_identified_since_is_found_again(store: Store, tmp_path: Path) -> None:
    """What was a local title when it was imported is not there twice after the second time."""
    source = written(tmp_path, DIARY, "diary.csv")
    imported(store, source, "a table")
    heat = _heat()
    was = local_media_id(ParsedName(Kind.MOVIE, "Heat", 1995))
    store.run_now(save_media, Media(was, heat.kind, heat.title, heat.year, heat.ids), START)
    assert store.run_now(find_media, str(was)) == heat
    assert imported(store, source, "a table").is_nothing


def test_names_from_outside_are_made_safe(store: Store, tmp_path: Path) -> None:
    """No control character is kept, and no title is longer than any."""
    evil = "Evil\x1b[31m\u202e" + "x" * 5000
    rows = [{"progress": 99, "updated_at": 1763928915, "media_info": {"title": evil}}]
    counts = imported(store, written(tmp_path, rows), "trakt-scrobbler's backlog")
    (entry,) = store.run_now(history, 1)
    assert entry.title.isprintable()
    assert len(entry.title) <= 300
    assert all(sample.isprintable() for sample in counts.samples)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2024-06-01", When(NOON, is_day=True)),
        ("2024/6/1", When(NOON, is_day=True)),
        ("2024-06-01T12:00:00Z", When(NOON)),
        ("2024-06-01 12:00:00 UTC", When(NOON)),
        ("31/05/2024", When(NOON - timedelta(days=1), is_day=True)),
        ("05/31/2024", When(NOON - timedelta(days=1), is_day=True)),
        ("05/06/2024", UNKNOWN),
        ("1717243200", When(NOON)),
        ("1717243200000", When(NOON)),
        ("0", UNKNOWN),
        ("1970-01-01", UNKNOWN),
        ("0001-01-01T00:00:00+23:00", UNKNOWN),
        ("2024-02-31", UNKNOWN),
        ("yesterday", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_time_that_names_no_day_is_unknown(text: str, when: When) -> None:
    """What does not say a day for certain is unknown."""
    assert read_when(text) == when


_scraps = st.sampled_from(
    ["title", "imdb", "watched_at", "rating", "start=", "# ", "media_info", "updated_at", '"', ",",
     "{", "}", "[", "]", "\n", "1e999", "NaN", "simkl_id", "timestamp", ":", "null", "tt0113277",
     "9" * 400]
)  # fmt: skip
_bytes = st.one_of(
    st.binary(max_size=400),
    st.lists(_scraps, max_size=40).map(lambda parts: "".join(parts).encode()),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | _scraps,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
            st.sampled_from(["media_info", "updated_at", "progress", "title", "type", "episode",
                             "season", "simkl_id", "timestamp", "ids", "movie", "show", "status",
                             "movies", "shows", "seasons", "episodes", "number", "imdb", "simkl"]),
            inner, max_size=6),
        max_leaves=30,
    ).map(lambda value: json.dumps(value).encode()),
)  # fmt: skip


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One for many examples, which leave nothing in it."""
    made = Store.open(tmp_path_factory.mktemp("shared") / "dodo.db")
    made.run_now(put_profile)
    return made


@given(content=_bytes)
def test_no_bytes_break_an_importer(content: bytes, shared_store: Store) -> None:
    """Each reads them whether or not they are its own, and says so in one sentence at most."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / ("A" * 32)
        path.write_bytes(content)
        for source in (Source(path.parent), Source(path)):
            for importer in IMPORTERS:
                try:
                    importer.recognises(source)
                    records = list(importer.records(source))
                except ImportFailedError as error:
                    assert str(error).isprintable()
                    continue
                counts = shared_store.run_now(import_records, 1, records, START, dry_run=True)
                assert counts.entries >= len(records)
