"""Export and import: there and back, merging, and files that are none."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.lookups import unnamed_titles
from tests.cli.samples import FILM, SHOW, export, write_export
from tests.support.cli import Dodo


def without_time(path: Path) -> Any:
    """An export, but for when it was made; what was imported has come by import."""
    document = json.loads(path.read_text())
    document.pop("exported_at")
    for row in (*document["profiles"], *document["plays"], *document["progress"]):
        row.pop("created_at", None)
        row.pop("origin", None)
    return document


def test_what_one_dodo_exports_another_has_after_importing_it(dodo: Dodo, tmp_path: Path) -> None:
    """What one dodo exports another one has after importing it, and again after twice."""
    dodo.ok("import", str(write_export(tmp_path / "given.json")))
    dodo.ok("mark", f"{SHOW}:1:2", "--watched", "--at", "2026-11-20T10:00:00Z")
    dodo.ok("hide", FILM)
    first = tmp_path / "first.json"
    assert dodo.ok("export", str(first)).sentence.startswith("4 plays of 3 titles are in ")
    other = Dodo(tmp_path / "other")
    assert other.ok("import", str(first)).sentence.startswith("4 plays and 4 resume points")
    assert other.ok("import", str(first)).sentence.startswith("0 plays and 0 resume points")
    second = tmp_path / "second.json"
    other.ok("export", str(second))
    assert without_time(second) == without_time(first)
    for command in ("continue", "history"):
        assert other.json(command) == dodo.json(command)
    assert first.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.glob("*.new")) == []


def test_an_export_has_the_promised_fields(dodo: Dodo, tmp_path: Path) -> None:
    """Format, version, and the fields of a play."""
    dodo.ok("import", str(write_export(tmp_path / "given.json")))
    path = tmp_path / "export.json"
    dodo.ok("export", str(path))
    document = json.loads(path.read_text())
    assert (document["format"], document["version"]) == ("dodo", 1)
    assert document["exported_at"].endswith("Z")
    assert {"profiles", "media", "plays", "progress", "hidden"} <= set(document)
    promised = {
        "play_id",
        "profile",
        "key",
        "source",
        "started_at",
        "ended_at",
        "watched_at",
        "position_seconds",
        "duration_seconds",
        "ratio",
    }
    for play in document["plays"]:
        assert promised <= set(play)


def test_imports_are_never_told(dodo: Dodo, standin: StandIn, tmp_path: Path) -> None:
    """The origin rule: a mass import is no mass scrobble."""
    dodo.connect(standin)
    dodo.ok("import", str(write_export(tmp_path / "export.json")))
    assert dodo.json("queue") == []
    dodo.ok("sync")
    assert standin.person().entry(FILM) is None


def test_a_newer_resume_point_stays(dodo: Dodo, tmp_path: Path) -> None:
    """What is older loses, also when it comes by import."""
    dodo.ok("import", str(write_export(tmp_path / "new.json")))
    older = export()
    older["plays"] = [
        {**older["plays"][0], "play_id": "d" * 32, "started_at": "2026-11-01T20:00:00Z",
         "ended_at": "2026-11-01T20:05:00Z", "position_seconds": 300.0}
    ]  # fmt: skip
    path = tmp_path / "old.json"
    path.write_text(json.dumps(older))
    dodo.ok("import", str(path))
    assert dodo.json("continue")[0]["position_seconds"] == 2700.25
    assert len(dodo.json("history")) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"format": "dodo", "version": 2}',
        '{"format": "dodo", "version": 1, "plays": [{}]}',
        '{"format": "dodo", "version": 1, "plays": [{"play_id": "a", "key": "nonsense", '
        '"started_at": "2026-11-01"}]}',
        '{"format": "dodo", "version": 1, "plays": [{"play_id": "a", "key": "tt1375666", '
        '"started_at": "0001-01-01T00:00:00+23:00"}]}',
        '{"format": "dodo", "version": 1, "media": [{"id": "tmdb:movie:1", "title": "A", '
        '"episodes": [{"season": 1, "number": 1}]}]}',
        '{"format": "dodo", "version": 1, "progress": [{"key": "tt1375666", "ratio": 7, '
        '"updated_at": "2026-11-01"}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_export(dodo: Dodo, tmp_path: Path, text: str) -> None:
    """One sentence, and nothing of it is kept."""
    path = tmp_path / "export.json"
    path.write_text(text)
    result = dodo.read("import", str(path))
    assert (result.code, result.out) == (1, ""), result
    assert "mistake in dodo" not in result.sentence
    assert len(result.sentence) < 500
    assert dodo.read("history", "--json").json == dodo.read("continue", "--json").json == []


def test_files_that_cannot_be_used(dodo: Dodo, tmp_path: Path) -> None:
    """Missing, a folder, an empty name, a place that does not exist."""
    for command in (
        ["import", str(tmp_path / "missing.json")],
        ["import", str(tmp_path)],
        ["export", str(tmp_path)],
        ["export", str(tmp_path / "no" / "such" / "export.json")],
        ["export", ""],
        ["import", ""],
    ):
        result = dodo.read(*command)
        assert (result.code, result.out) == (1, ""), command
        assert "mistake in dodo" not in result.sentence
    assert not list(tmp_path.parent.glob("*.new"))


def test_a_failed_export_leaves_the_old_one(dodo: Dodo, tmp_path: Path) -> None:
    """It is replaced as a whole or not at all."""
    path = tmp_path / "export.json"
    path.write_text("before")
    (tmp_path / "export.json.new").mkdir()
    result = dodo.run("export", str(path))
    assert result.code == 1
    assert path.read_text() == "before"


def test_a_row_that_makes_no_sense_is_counted_and_not_talked_about(
    dodo: Dodo, tmp_path: Path
) -> None:
    """What is wrong with it is for the log."""
    path = tmp_path / "backlog.json"
    row = {"media_info": {"type": "movie", "title": "Heat", "year": 1995}, "updated_at": 1767225600}
    path.write_text(json.dumps([row, "junk"]))
    said = dodo.ok("import", str(path), "--dry-run").err
    assert "Left out, because it made no sense: 1 row." in said
    assert "malformed" not in said


def test_trakts_export_is_recognised_and_counted_first(dodo: Dodo, tmp_path: Path) -> None:
    """`--dry-run` says what would be new, and leaves everything as it was."""
    path = tmp_path / "trakt.zip"
    film = {"title": "Heat", "year": 1995, "ids": {"trakt": 5, "imdb": "tt0113277", "tmdb": 949}}
    row = {"id": 1, "watched_at": "2025-01-02T20:00:00.000Z", "type": "movie", "movie": film}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("history.json", json.dumps([row, 7]))
    counted = dodo.ok("import", str(path), "--dry-run").err.splitlines()
    assert counted == [
        "trakt.zip is Trakt's data export: 2 rows.",
        "New for Me: 1 film watched, 1 viewing for the history.",
        "  Heat (1995), watched on 2025-01-02",
        "Left out, because it made no sense: 1 row.",
        "Nothing was changed. Without --dry-run it is imported.",
    ]
    assert dodo.json("history") == []
    dodo.ok("import", str(path))
    (play,) = dodo.json("history")
    assert (play["title"], play["source"], play["watched_at"]) == (
        "Heat", "import", "2025-01-02T20:00:00Z",
    )  # fmt: skip
    assert "Nothing in it is new." in dodo.ok("import", str(path)).err
    assert dodo.json("queue") == []


def test_what_has_no_true_id_is_said_to_be_looked_up(dodo: Dodo, tmp_path: Path) -> None:
    """Names that a program made up for the time being are neither ids nor titles."""
    at = {"timestamp": "2025-11-22T20:00:00+00:00"}
    backlog = tmp_path / "backlog.json"
    entries = [
        {"simkl_id": "temp_1", "title": "temp_1", **at},
        {"simkl_id": "temp_2", "title": "Some Film", **at},
        {"simkl_id": "temp_3", "title": "Show", "type": "show", "season": 1, "episode": 2, **at},
        {"simkl_id": 999999, "title": None, **at},
    ]
    backlog.write_text(json.dumps(entries))
    lines = dodo.ok("import", str(backlog), "--dry-run").err.splitlines()
    assert lines[1] == "New for Me: 2 films and 1 episode watched, 3 viewings for the history."
    assert lines[5:] == [
        "2 titles are known by name alone: looked up at the next sync; Review asks about what is "
        "not sure.",
        "1 title is known by an id alone: its name is looked up at the next sync.",
        "Left out, because it names no title: 1 row.",
        "Nothing was changed. Without --dry-run it is imported.",
    ]
    dodo.ok("import", str(backlog))
    with dodo.store() as store:
        (unnamed,) = store.run_now(unnamed_titles, datetime.now(UTC), 9)
    assert str(unnamed.id) == "simkl:999999"


def test_an_archive_of_something_else_is_said_to_be_that(dodo: Dodo, tmp_path: Path) -> None:
    """One sentence, exit code 1."""
    path = tmp_path / "holiday.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("beach.jpg", b"x")
    failed = dodo.run("import", str(path))
    assert failed.code == 1
    assert failed.sentence == f"dodo: {path} is an archive, but of nothing that dodo knows."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.csv", "title,year,watched_at,imdb\nHeat,1995,2025-01-02T20:00:00Z,tt0113277\n"),
        ("simkl.json", json.dumps({"movies": [{
            "status": "completed", "last_watched_at": "2025-01-02T20:00:00Z",
            "movie": {"title": "Heat", "year": 1995, "ids": {"simkl": 1, "imdb": "tt0113277"}}}]})),
        ("backlog.json", json.dumps([{
            "progress": 99, "updated_at": 1735848000,
            "media_info": {"type": "movie", "title": "Heat", "ids": {"imdb": "tt0113277"}}}])),
        ("mps.json", json.dumps({"1": {
            "simkl_id": 1, "title": "Heat", "type": "movie",
            "timestamp": "2025-01-02T20:00:00+00:00"}})),
    ],
)  # fmt: skip
def test_nothing_of_others_is_told_to_the_provider(
    dodo: Dodo, standin: StandIn, tmp_path: Path, name: str, text: str
) -> None:
    """Neither by a sync nor by the first one, whichever way it is chosen."""
    with standin.world.lock:
        standin.world.catalogue.add_movie("Heat", 1995, ids={"imdb": "tt0113277"})
    (tmp_path / name).write_text(text)
    dodo.connect(standin)
    dodo.ok("import", str(tmp_path / name))
    (play,) = dodo.json("history")
    assert (play["source"], play["watched_at"]) == ("import", "2025-01-02T20:00:00Z")
    dodo.ok("sync", "--send-mine")
    dodo.ok("sync")
    assert dodo.json("queue") == []
    assert not standin.person().has_watched("tt0113277")


def test_an_export_of_its_own_is_counted_first_too(dodo: Dodo, tmp_path: Path) -> None:
    """The same numbers as when it is imported, and nothing of it is kept."""
    path = write_export(tmp_path / "given.json")
    counted = dodo.ok("import", str(path), "--dry-run").err.splitlines()
    assert counted[-1] == "Nothing was changed. Without --dry-run it is imported."
    assert dodo.json("history") == []
    assert dodo.ok("import", str(path)).err.splitlines() == counted[:-1]


def test_mpvs_folder_is_counted_and_imported(dodo: Dodo, tmp_path: Path) -> None:
    """What mpv kept of a file is where dodo goes on; a folder of something else is said so."""
    folder = tmp_path / "watch_later"
    folder.mkdir()
    (folder / ("0" * 32)).write_text("# /films/Heat (1995).mkv\nstart=1342.500000\n")
    (folder / ("1" * 32)).write_text("start=5\n")
    assert dodo.ok("import", str(folder), "--dry-run").err.splitlines() == [
        "watch_later is mpv's watch-later folder: 2 rows.",
        "New for Me: 1 resume point.",
        "  Heat (1995), stopped at 22:22",
        "Left out, because no file that dodo knows has this path: 1 row.",
        "Nothing was changed. Without --dry-run it is imported.",
    ]
    dodo.ok("import", str(folder))
    (card,) = dodo.json("continue")
    assert (card["title"], card["position_seconds"]) == ("Heat", 1342.5)
    failed = dodo.run("import", str(tmp_path / "empty"))
    assert failed.code == 1
    (tmp_path / "empty").mkdir()
    failed = dodo.run("import", str(tmp_path / "empty"))
    assert failed.sentence == (
        f"dodo: {tmp_path / 'empty'} is a folder, but of nothing that dodo knows."
    )


def test_a_table_of_something_else_says_what_is_taken(dodo: Dodo, tmp_path: Path) -> None:
    """One sentence about the file, and the way out."""
    (tmp_path / "bills.csv").write_text("date,amount\n2026-01-01,7\n")
    failed = dodo.read("import", str(tmp_path / "bills.csv"))
    assert failed.code == 1
    assert failed.sentence.startswith(f"dodo: {tmp_path / 'bills.csv'} is nothing that dodo can")
    assert "CSV" in failed.sentence
