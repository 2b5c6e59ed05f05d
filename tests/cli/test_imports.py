"""What each command imports: a small board pays for every module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.cli.samples import FILM, SHOW, write_export
from tests.support.cli import SAFETY_SECONDS, Dodo

RUNNER = """
import sys
from dodo_tui.cli.main import run
code = run(sys.argv[1:])
heavy = {"textual", "rich", "httpx", "pydantic", "guessit", "segno", "click"} & set(sys.modules)
heavy = sorted(name for name in heavy if sys.modules[name] is not None)
print("imported:", *heavy, file=sys.stderr)
sys.exit(code)
"""


def imported(dodo: Dodo, *arguments: str, code: int = 0) -> set[str]:
    """Run a command and look at what it has imported by its end."""
    ended = subprocess.run(
        [sys.executable, "-c", RUNNER, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=dodo.environment,
        timeout=SAFETY_SECONDS,
        cwd=dodo.home,
    )
    assert ended.returncode == code, ended.stderr
    last = ended.stderr.decode().splitlines()[-1]
    assert last.startswith("imported:")
    return set(last.split()[1:])


@pytest.mark.parametrize("option", [[], ["--json"]])
@pytest.mark.parametrize("command", ["status", "history", "continue", "queue", "stats"])
def test_readers_import_nothing_heavy(
    dodo: Dodo, standin: StandIn, tmp_path: Path, command: str, option: list[str]
) -> None:
    """Also where there is something to show."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    assert imported(dodo, command, *option) == set()


def test_why_imports_nothing_heavy(dodo: Dodo, standin: StandIn, tmp_path: Path) -> None:
    """It reads, also where there is something to tell."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    for option in ([], ["--json"]):
        assert imported(dodo, "why", FILM, *option) == set()


def test_marks_import_nothing_heavy(dodo: Dodo) -> None:
    """A mark by hand is a row."""
    assert imported(dodo, "mark", FILM, "--watched") == set()
    assert imported(dodo, "rate", FILM, "8") == set()
    assert imported(dodo, "list", SHOW, "planned") == set()
    assert imported(dodo, "forget", FILM, "--here") == set()
    assert imported(dodo, "unhide", FILM) == set()


def test_steering_imports_nothing_heavy(dodo: Dodo) -> None:
    """A phone's shortcut must not take a second."""
    assert imported(dodo, "control", code=1) == set()


def test_signing_in_and_syncing_draw_nothing(dodo: Dodo, standin: StandIn) -> None:
    """They talk, so httpx and pydantic are theirs; textual and rich are not."""
    standin.settings.auto_approve_after_seconds = 0
    dodo.use(standin)
    heavy = {"textual", "rich", "click", "guessit"}
    assert imported(dodo, "connect", "simkl").isdisjoint(heavy)
    dodo.do("mark", FILM, "--watched")
    seen = imported(dodo, "sync")
    assert "httpx" in seen
    assert seen.isdisjoint(heavy | {"segno"})
