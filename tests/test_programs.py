"""A missing program leaves its tests out, and says so; under CI it is an error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import PROGRAMS, left_out

ROOT = Path(__file__).parent.parent
OF_MPV = "tests/cli/test_errors.py::test_a_file_that_is_no_video"
OF_NOTHING = "tests/test_readme.py::test_the_table_of_keys_is_made_from_the_commands"


def _pytest(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run two tests where no program can be found."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("PYTEST", "CI"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env={**kept, **environment, "PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["one process", "workers"])
def test_a_missing_program_leaves_its_tests_out(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """The rest runs; one line says how many there would be, and how to have them run."""
    done = _pytest(tmp_path, *workers, OF_MPV, OF_NOTHING)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("Left out")]
    assert lines == [left_out({OF_MPV: ["mpv"]})]


def test_under_ci_it_is_an_error(tmp_path: Path) -> None:
    """Nothing can be left out unnoticed."""
    done = _pytest(tmp_path, OF_MPV, OF_NOTHING, CI="true")
    assert done.returncode == 1, done.stdout
    assert "1 passed, 1 error" in done.stdout
    assert "not here: mpv. sudo apt install mpv" in done.stdout
    assert "Left out" not in done.stdout


def test_what_is_left_out_is_counted_by_program() -> None:
    """A test that lacks two counts for both, and each package is named once."""
    said = left_out({"a": ["mpv"], "b": ["mpv", "cvlc"], "c": ["cvlc", "mpv"]})
    assert said == (
        "Left out for want of programs: 3 (3 of mpv, 2 of cvlc). "
        "All run after sudo apt install mpv vlc-bin vlc-plugin-base"
    )


def test_every_program_has_a_package() -> None:
    """So `.ci/run` can install it."""
    assert all(program.packages for program in PROGRAMS.values())
