"""Text from outside is data: whatever is in it, a terminal sees plain text."""

from __future__ import annotations

import json
import os
from pathlib import Path

from dodo_tui.domain.text import MAX_TITLE_CHARACTERS
from dodo_tui.standin import faults
from dodo_tui.standin.simkl.server import StandIn
from tests.cli.samples import FILM, HOSTILE, SHOW, write_export
from tests.support.cli import Dodo, has_no_controls

READERS = (["status"], ["continue"], ["history"], ["queue"], ["library", "list"], ["doctor"])


def assert_plain(dodo: Dodo) -> None:
    """Every reader's output is plain text, and its JSON is valid and plain as well."""
    for command in READERS:
        for option in ([], ["--json"]):
            result = dodo.read(*command, *option)
            assert "Traceback" not in result.err
            assert has_no_controls(result.out + result.err), (command, result)
            if option:
                json.loads(result.out)


def test_a_hostile_title_is_text(dodo: Dodo, standin: StandIn, tmp_path: Path) -> None:
    """It is cut, cleaned and shown; its markup is text."""
    dodo.do("import", str(write_export(tmp_path / "export.json", HOSTILE)))
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01")
    dodo.do("mark", f"{SHOW}:1:2", "--watched", "--at", "2026-11-01")
    assert_plain(dodo)
    title = next(play["title"] for play in dodo.json("history") if play["key"] == FILM)
    assert len(title) <= MAX_TITLE_CHARACTERS
    assert "[red]markup[/] [/]" in title
    assert "\U0001f3ac" in title
    assert "[red]markup[/] [/]" in dodo.ok("history").out


def test_hostile_file_names_are_text(dodo: Dodo, tmp_path: Path) -> None:
    """A file name may hold all but a slash and NUL."""
    videos = tmp_path / "Vi\x1b[31m\u202edeos"
    videos.mkdir()
    for name in (
        "\x1b]0;owned\x07 Film (2001).mkv",
        "Two\nLines (2002).mkv",
        "\u202eknamE [red] (2003).mkv",
        "\x9b31m C1 (2004).mkv",
    ):
        (videos / name).write_bytes(b"x")
    (videos / os.fsdecode(b"\xff\xfe\x1b Film (2005).mkv")).write_bytes(b"x")
    added = dodo.ok("library", "add", str(videos))
    assert has_no_controls(added.out + added.err)
    assert_plain(dodo)
    assert len(dodo.json("library", "list")) == 5


def test_what_is_typed_comes_back_plain(dodo: Dodo) -> None:
    """Also what is typed comes back plain."""
    for code, *command in (
        (2, "mark", "tt\x1b[31m", "--watched"),
        (1, "play", "\x1b[31m\u202e.mkv"),
        (1, "library", "add", "\x1b[31m"),
        (1, "mark", FILM, "--watched", "--at", "\x1b[31m"),
        (1, "import", "\x1b[31m"),
        (1, "export", "no\x1b/such/folder"),
    ):
        result = dodo.read(*command)
        assert result.code == code
        assert has_no_controls(result.out + result.err), result
        assert result.sentence


def test_what_a_server_says_is_text(dodo: Dodo, standin: StandIn) -> None:
    """Names and error messages of a provider are data, too."""
    standin.settings.auto_approve_after_seconds = 0
    standin.settings.auto_approve_user = HOSTILE
    dodo.use(standin)
    assert has_no_controls(dodo.ok("connect", "simkl").err)
    dodo.do("mark", FILM, "--watched")
    standin.faults.add("/sync/history", faults.error(400, "bad", HOSTILE), count=None)
    dodo.run("sync")
    assert dodo.json("queue")[0]["state"] == "held"
    assert_plain(dodo)


def test_a_profile_of_an_import_is_text(dodo: Dodo, tmp_path: Path) -> None:
    """Profiles come with an import."""
    path = tmp_path / "export.json"
    document = {"format": "dodo", "version": 1, "profiles": [{"name": f"{HOSTILE}"[:200]}]}
    path.write_text(json.dumps(document))
    dodo.do("import", str(path))
    assert_plain(dodo)
    assert has_no_controls(dodo.run("status", DODO_PROFILE="\x1b[31m").err)
