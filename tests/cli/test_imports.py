"""What each command imports: a small board pays for every module."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.terminal import Session
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

UNTIL_FIRST_CARD = """
import os, sys
from pathlib import Path
from textual.drivers.linux_driver import LinuxDriver
write = LinuxDriver.write
def look(driver, data):
    if sys.argv[1] in data:
        Path(sys.argv[2]).write_text(" ".join(sys.modules))
        os._exit(0)
    write(driver, data)
LinuxDriver.write = look
from dodo_tui.cli.main import run
run([])
"""

MOST_MODULES = 115
"""So many modules of ours may stand between a start and the first card; each takes its time."""

AFTER_FIRST_CARD = (
    "dodo_tui.cli.commands",
    "dodo_tui.domain.playback",
    "dodo_tui.domain.queue",
    "dodo_tui.engine.cataloguing",
    "dodo_tui.engine.control",
    "dodo_tui.engine.delivery",
    "dodo_tui.engine.watchers",
    "dodo_tui.library",
    "dodo_tui.players.mpv",
    "dodo_tui.providers.simkl",
    "dodo_tui.tracking.cataloguing",
    "dodo_tui.tracking.record",
    "dodo_tui.tracking.sync",
    "dodo_tui.tracking.watching.desk",
)
"""What is ours and has time until Home is painted, also where an account is to be synced."""


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


def test_status_knows_nothing_of_queues_and_viewings(dodo: Dodo, standin: StandIn) -> None:
    """Each class of theirs would take its time, and nothing of them is said."""
    dodo.connect(standin)
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dodo_tui", "status"],
        capture_output=True,
        env=dodo.environment,
        timeout=SAFETY_SECONDS,
        cwd=dodo.home,
        text=True,
    )
    seen = {line.split("|")[-1].strip() for line in ended.stderr.splitlines()}
    assert "dodo_tui.domain.status" in seen
    for name in ("account", "cards", "ids", "playback", "queue"):
        assert f"dodo_tui.domain.{name}" not in seen


def test_the_first_card_waits_for_nothing_that_has_time(
    dodo: Dodo, standin: StandIn, tmp_path: Path
) -> None:
    """Up to the moment when it is written to the terminal, in a real one."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    dodo.connect(standin)
    report = tmp_path / "modules"
    command = [sys.executable, "-c", UNTIL_FIRST_CARD, "Inception", str(report)]
    with Session(command, dodo.environment, dodo.home) as session:
        deadline = time.monotonic() + SAFETY_SECONDS
        while session._process.poll() is None and time.monotonic() < deadline:
            session.read(0.1)
    seen = set(report.read_text().split())
    heavy = {"httpx", "pydantic", "guessit", "segno", "plotext", "PIL", "dbus_fast", "argparse"}
    heavy |= {"json", "secrets", "hashlib"}
    assert seen.isdisjoint(heavy)
    ours = {name for name in seen if name.split(".")[0] == "dodo_tui"}
    assert "dodo_tui.tui.screens.home" in ours
    assert [name for name in sorted(ours) if name.startswith(AFTER_FIRST_CARD)] == []
    assert len(ours) <= MOST_MODULES


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
