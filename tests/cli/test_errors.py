"""Whatever goes wrong: one clear line on standard error, the right exit code, no traceback."""

from __future__ import annotations

import os
import shlex
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from dodo_tui.storage.database import LATEST_VERSION
from tests.cli.samples import FILM, write_export
from tests.support.cli import REPOSITORY, SAFETY_SECONDS, Dodo, Result
from tests.support.video import make_video

HEADLESS = "--no-config --vo=null --ao=null"


def assert_refused(result: Result, *words: str, code: int = 1) -> None:
    """One line that holds these words, nothing on standard output."""
    assert (result.code, result.out) == (code, ""), result
    assert result.sentence.startswith("dodo: ")
    assert "Traceback" not in result.err
    for word in words:
        assert word in result.sentence


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["play"],
        ["mark", FILM],
        ["mark", FILM, "--watched", "--unwatched"],
        ["history", "--limit", "0"],
        ["history", "--limit", "many"],
        ["history", "--limit", "9" * 30],
        ["queue", "discard"],
        ["queue", "discard", "9" * 30],
        ["connect", "netflix"],
        ["library"],
        ["status", "--jason"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_meant(dodo: Dodo, arguments: list[str]) -> None:
    """Exit code 2, and argparse's own words on how it is meant."""
    result = dodo.read(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("usage: dodo")
    assert "Traceback" not in result.err
    assert "_positive" not in result.err


def test_options_that_do_not_go_together(dodo: Dodo) -> None:
    """`--at` is about watching."""
    result = dodo.run("mark", FILM, "--unwatched", "--at", "2026-11-01")
    assert_refused(result, "--at", "--unwatched", code=2)


@pytest.mark.parametrize("help_", ["--help", "--version"])
def test_help_and_version_need_nothing(dodo: Dodo, help_: str) -> None:
    """They are on standard output, and make no folder."""
    result = dodo.ok(help_)
    assert "dodo" in result.out
    assert not dodo.paths.data.exists()


@pytest.mark.parametrize(
    "key", ["nonsense", "tt1", "tt1375666:1", "tt1375666:a:b", "tmdb:1", "", "\x1b[31m", "é" * 500]
)
def test_what_is_no_key_is_wrong_usage(dodo: Dodo, key: str) -> None:
    """What does not parse as a key is wrong usage of mark and hide."""
    for command in (["mark", "--watched", "--", key], ["hide", "--", key]):
        result = dodo.read(*command)
        assert_refused(result, code=2)
        assert "\x1b" not in result.err
        assert len(result.err) < 300


@pytest.mark.parametrize("key", ["tmdb:tv:1399", "kitsu:7442", "mal:1"])
def test_a_series_that_nobody_has_heard_of_needs_an_episode(dodo: Dodo, key: str) -> None:
    """Its id says that it is one: marking it would mark every episode."""
    assert_refused(dodo.read("mark", key, "--watched"), "series", f"{key}:")
    assert dodo.read("history", "--json").json == []


def test_a_known_series_needs_an_episode(dodo: Dodo, tmp_path: Path) -> None:
    """Once a title is known as a series its bare id is refused."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    assert_refused(dodo.run("mark", "tt0903747", "--watched"), "Breaking Bad", "tt0903747:1:5")


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+23:00", ""])
def test_a_bad_time_is_told_how_one_is_written(dodo: Dodo, at: str) -> None:
    """It says how a time is written."""
    result = dodo.read("mark", FILM, "--watched", "--at", at)
    assert_refused(result, "is not a time", "2026-11-22T20:15:00Z")


def test_a_time_to_come(dodo: Dodo) -> None:
    """Nobody has watched tomorrow's film."""
    assert_refused(dodo.run("mark", FILM, "--watched", "--at", "2999-01-01"), "has not come yet")
    assert dodo.json("history") == []


@pytest.mark.parametrize("provider", ["simkl", "trakt"])
def test_connecting_without_a_client_id(dodo: Dodo, provider: str) -> None:
    """It says which variable to set and where to get an id."""
    result = dodo.run("connect", provider)
    if provider == "simkl":
        assert_refused(result, "DODO_SIMKL_CLIENT_ID", "simkl.com/settings/developer")
    else:
        assert_refused(result, "Trakt")


def test_what_cannot_be_played_is_said_in_a_sentence(dodo: Dodo, tmp_path: Path) -> None:
    """A file that is not there, a key without a file, an empty name, a folder."""
    assert_refused(dodo.read("play", str(tmp_path / "film.mkv")), "There is no file", "film.mkv")
    assert_refused(dodo.read("play", FILM), "not on this device")
    assert_refused(dodo.read("play", ""), "There is no file")
    assert_refused(dodo.read("play", str(tmp_path)), "is a folder", "dodo library add")
    assert_refused(dodo.read("resume"), "nothing to continue")
    assert dodo.json("library", "list") == []


@pytest.mark.needs("mpv")
def test_a_file_that_is_no_video(dodo: Dodo) -> None:
    """The real mpv says that it cannot play it."""
    text = dodo.home / "notes.mkv"
    text.write_text("This is no film.\n" * 100)
    result = dodo.run("play", str(text), DODO_MPV_ARGS=HEADLESS)
    assert_refused(result)
    assert dodo.json("history") == []


def test_a_missing_mpv_is_told_how_to_get_it(dodo: Dodo) -> None:
    """It says which package to install, or which variable to correct."""
    film = dodo.home / "film.mkv"
    film.write_bytes(b"x")
    result = dodo.run("play", str(film), DODO_MPV="/no/such/mpv", DODO_MPV_ARGS="--vo=null")
    assert_refused(result, "DODO_MPV", "apt install mpv")
    result = dodo.run("play", str(film), PATH=str(dodo.home), DODO_MPV_ARGS="--vo=null")
    assert_refused(result, "mpv was not found", "apt install mpv")


def test_there_is_no_screen_for_mpv(dodo: Dodo) -> None:
    """Without a display it says so, instead of playing into nowhere."""
    film = dodo.home / "film.mkv"
    film.write_bytes(b"x")
    assert_refused(dodo.run("play", str(film)), "no screen")


@pytest.mark.parametrize("text", ['--sub-font="Comic', "--vo=null -- other.mkv"])
def test_the_variable_with_broken_arguments_is_named(dodo: Dodo, text: str) -> None:
    """The variable is named."""
    film = dodo.home / "film.mkv"
    film.write_bytes(b"x")
    assert_refused(dodo.run("play", str(film), DODO_MPV_ARGS=text), "DODO_MPV_ARGS")


def test_folders_that_are_none(dodo: Dodo, tmp_path: Path) -> None:
    """Neither a file, nor an empty name, nor what is not there can be a media folder."""
    file = tmp_path / "film.mkv"
    file.write_bytes(b"x")
    for folder in (str(file), str(tmp_path / "missing"), ""):
        assert_refused(dodo.read("library", "add", folder), "is not a folder")
    assert_refused(dodo.read("library", "remove", str(tmp_path)), "not one of the media folders")


def test_an_empty_folder_is_remembered_and_said_to_be_empty(dodo: Dodo) -> None:
    """It may be where a disk belongs: it is remembered, and said to be empty."""
    result = dodo.run("library", "add", str(dodo.home))
    assert (result.code, result.out) == (1, "")
    assert f"{dodo.home}: the folder is empty" in result.sentence
    assert "No videos were found" in dodo.ok("library", "list").sentence
    (dodo.home / "Some Film (2001).mkv").write_bytes(b"x")
    assert dodo.ok("library", "scan").sentence == "1 video: 1 new."


def test_a_folder_that_vanishes(dodo: Dodo, tmp_path: Path) -> None:
    """What was in it is kept for its return."""
    videos = tmp_path / "Videos"
    videos.mkdir()
    (videos / "Some Film (2001).mkv").write_bytes(b"x")
    dodo.ok("library", "add", str(videos))
    videos.rename(tmp_path / "elsewhere")
    gone = dodo.run("library", "scan")
    assert (gone.code, gone.out) == (1, "")
    assert str(videos) in gone.sentence
    (tmp_path / "elsewhere").rename(videos)
    dodo.ok("library", "scan")
    assert [row["title"] for row in dodo.json("library", "list")] == ["Some Film"]


@pytest.mark.needs("mpv")
def test_a_name_that_is_not_utf8(dodo: Dodo, tmp_path: Path) -> None:
    """It is scanned, listed and played under its bytes."""
    videos = os.fsencode(tmp_path) + b"/Vid\xe9os"
    os.mkdir(videos)  # noqa: PTH102
    name = videos + b"/Am\xe9lie (2001).mkv"
    os.rename(make_video(tmp_path / "clip.mkv", 10), name)  # noqa: PTH104
    dodo.ok("library", "add", videos)
    (row,) = dodo.json("library", "list")
    assert row["path"].endswith("Vid\\xe9os/Am\\xe9lie (2001).mkv")
    assert "Am" in dodo.ok("library", "list").out
    played = dodo.run("play", name, DODO_MPV_ARGS=f"{HEADLESS} --speed=20")
    assert (played.code, played.out) == (0, ""), played
    assert dodo.json("history")[0]["key"] == row["key"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('simkl_client_id = "a"\nmvp = "mpv"\n', ["line 2", "mvp", "'mpv'"]),
        ('mpv = "mpv\n', ["line 1"]),
        ("auto_sync = 1\n", ["line 1", "auto_sync", "true or false"]),
        ('\nmpv_args = "--fs"\nmpv = ["mpv"]\n', ["line 3", "mpv", "quotes"]),
        ('library = "/media"\n', ["line 1", "library", "list"]),
        ("[mpv]\nargs = 1\n", ["line 1", "mpv"]),
    ],
)
def test_a_mistake_in_the_configuration(dodo: Dodo, text: str, words: list[str]) -> None:
    """File and line are named, and how to write it."""
    dodo.write_config(text)
    assert_refused(dodo.read("status"), str(dodo.paths.config_file), *words)


def test_a_configuration_that_cannot_be_read(dodo: Dodo) -> None:
    """A folder in its place, or bytes that are no text."""
    dodo.paths.config_file.mkdir(parents=True)
    assert_refused(dodo.run("status"), str(dodo.paths.config_file))
    dodo.paths.config_file.rmdir()
    dodo.paths.config_file.write_bytes(b'mpv = "\xff"\n')
    assert_refused(dodo.run("status"), str(dodo.paths.config_file))


def test_a_wrong_variable_is_named(dodo: Dodo) -> None:
    """The variable is named."""
    assert_refused(dodo.run("status", DODO_AUTO_SYNC="maybe"), "DODO_AUTO_SYNC", "maybe")
    assert dodo.json("status", DODO_AUTO_SYNC="")["auto_sync_enabled"] is True


def test_who_asks_for_nobody_is_told_who_there_is(dodo: Dodo) -> None:
    """It says who there is."""
    dodo.ok("status")
    assert_refused(dodo.run("status", DODO_PROFILE="Nobody"), "Nobody", "Me")


def test_a_database_from_the_future(dodo: Dodo) -> None:
    """Nothing is changed in it."""
    dodo.ok("status")
    connection = sqlite3.connect(dodo.paths.database)
    connection.execute(f"PRAGMA user_version = {LATEST_VERSION + 1}")
    connection.close()
    before = dodo.paths.database.read_bytes()
    for command in (["status"], ["history"], ["sync"], ["mark", FILM, "--watched"]):
        assert_refused(dodo.read(*command), "newer dodo", "Update dodo")
    assert dodo.paths.database.read_bytes() == before


def test_a_damaged_database_is_left_as_it_is(dodo: Dodo) -> None:
    """It is left as it is, and what to do is said."""
    dodo.paths.data.mkdir(parents=True)
    dodo.paths.database.write_bytes(b"This is not a database." * 1000)
    before = dodo.paths.database.read_bytes()
    assert_refused(dodo.run("status"), "damaged", "dodo import")
    assert dodo.paths.database.read_bytes() == before


def test_a_folder_in_place_of_the_database(dodo: Dodo) -> None:
    """It cannot be written."""
    dodo.paths.database.mkdir(parents=True)
    assert_refused(dodo.run("status"), str(dodo.paths.database))


def test_a_file_in_place_of_the_data_folder(dodo: Dodo) -> None:
    """The file is named."""
    dodo.paths.data.parent.mkdir()
    dodo.paths.data.write_text("")
    assert_refused(dodo.run("status"), str(dodo.paths.data))


def test_the_interface_needs_a_terminal(dodo: Dodo) -> None:
    """Piped, it says so."""
    assert_refused(dodo.run(), "needs a terminal", "dodo --help")


def test_no_reader_is_no_failure(dodo: Dodo, tmp_path: Path) -> None:
    """Whoever has read enough has read enough, whenever that is noticed."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    reader, writer = socket.socketpair()
    reader.close()
    for command in (["history"], ["status", "--json"], ["--help"]):
        ended = subprocess.run(
            dodo.command(*command),
            stdin=subprocess.DEVNULL,
            stdout=writer.fileno(),
            stderr=subprocess.PIPE,
            env=dodo.environment,
            timeout=SAFETY_SECONDS,
            cwd=dodo.home,
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
    writer.close()


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_do_no_harm(dodo: Dodo, closing: str) -> None:
    """A caller may have closed any of them."""
    line = shlex.join([str(word) for word in dodo.command("status", "--json")])
    ended = subprocess.run(
        ["sh", "-c", f"{line} {closing}"],
        capture_output=True,
        env=dodo.environment,
        timeout=SAFETY_SECONDS,
        cwd=dodo.home,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LANG": "C", "PYTHONIOENCODING": "ascii"},
        {"LANG": None, "PYTHONIOENCODING": "latin-1"},
    ],
)
def test_a_terminal_without_unicode_loses_letters_and_json_none(
    dodo: Dodo, tmp_path: Path, environment: dict[str, str | None]
) -> None:
    """Text loses what cannot be written; JSON loses nothing."""
    title = "Amélie 千と千尋 🎬"
    dodo.do("import", str(write_export(tmp_path / "export.json", title)))
    document = dodo.json("continue", **environment)
    assert document[0]["title"] == title
    assert "lie" in dodo.ok("continue", **environment).out


def test_without_home_and_runtime_folder(dodo: Dodo) -> None:
    """What is not set has a default."""
    names = ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME")
    nothing: dict[str, str | None] = dict.fromkeys(names)
    assert dodo.json("status", **{**nothing, "HOME": str(dodo.home)})["profile"] == "Me"
    assert (dodo.home / ".local/state/dodo").is_dir()
    # The user database names another home: only its data folder may be ours.
    assert dodo.json("status", XDG_RUNTIME_DIR=None, HOME=None)["profile"] == "Me"


def test_folders_are_private(dodo: Dodo) -> None:
    """Nobody else may read what was watched."""
    dodo.ok("status")
    for folder in (dodo.paths.data, dodo.paths.state, dodo.paths.cache, dodo.paths.runtime):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert dodo.paths.database.stat().st_mode & 0o777 == 0o600


def test_a_mistake_of_ours_is_one_line_and_a_log(dodo: Dodo) -> None:
    """A traceback is for the log; the user gets a sentence that names it."""
    broken = dodo.root / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import dodo_tui.tracking.status as module\n"
        "def overview(*_): raise ZeroDivisionError('simkl_at_' + 'x' * 30)\n"
        "module.overview = overview\n"
    )
    result = dodo.run("status", PYTHONPATH=f"{broken}:{REPOSITORY}")
    assert_refused(result, "mistake in dodo", "ZeroDivisionError", str(dodo.paths.log))
    log = dodo.paths.log.read_text()
    assert "Traceback" in log
    assert "simkl_at_" not in log + result.err
    assert dodo.paths.log.stat().st_mode & 0o777 == 0o600


def test_many_first_starts_at_once(dodo: Dodo) -> None:
    """The television, a shell and a timer may all be the first."""
    started = [dodo.start("status", "--json") for _ in range(6)]
    ended = [process.communicate(timeout=SAFETY_SECONDS) for process in started]
    assert [process.returncode for process in started] == [0] * 6, ended
    with dodo.store() as store:
        names = store.run_now(lambda c: c.execute("SELECT name FROM profile").fetchall())
    assert [row[0] for row in names] == ["Me"]
