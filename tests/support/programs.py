"""The programs outside Python that some tests start, and what happens where one is missing.

A test says what it needs by `@pytest.mark.needs("mpv")`, for itself or its module, or by using a
fixture of `STARTED_BY_FIXTURES`. Where a program is missing its tests are left out, and the summary
says how many and how to get it; where the variable CI is set they are errors instead.
`python3 -m tests.support.programs` prints the Debian packages of those that are missing.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Program:
    """One program: what it is called, the Debian packages to install for it, and where it is."""

    name: str
    packages: tuple[str, ...]
    file: Path | None = None
    """A part of another program, by its path; None: a command."""

    @property
    def is_here(self) -> bool:
        """Whether this machine has it."""
        return self.file.exists() if self.file else shutil.which(self.name) is not None


MPRIS_PLUGIN = Path("/usr/lib/mpv-mpris/mpris.so")

PROGRAMS = {
    program.name: program
    for program in (
        Program("mpv", ("mpv",)),
        Program("ffmpeg", ("ffmpeg",)),
        Program("cvlc", ("vlc-bin", "vlc-plugin-base")),
        Program("mpv-mpris", ("mpv-mpris",), MPRIS_PLUGIN),
        Program("dbus-daemon", ("dbus",)),
        Program("tmux", ("tmux",)),
    )
}

STARTED_BY_FIXTURES = {
    "bus": "dbus-daemon",
    "clip": "mpv",
    "mpv": "mpv",
    "tmux": "tmux",
    "two_of_each": "ffmpeg",
    "videos": "mpv",
}
"""Which fixture starts which program."""


def missing(marked: Iterable[str], fixtures: Collection[str]) -> tuple[str, ...]:
    """The programs that a test needs, by its marks and its fixtures, and that are not here.

    Raises:
        KeyError: a mark names no program of `PROGRAMS`.
    """
    by_fixtures = (name for fixture, name in STARTED_BY_FIXTURES.items() if fixture in fixtures)
    needed = dict.fromkeys((*marked, *by_fixtures))
    return tuple(name for name in needed if not PROGRAMS[name].is_here)


def packages_of(names: Iterable[str]) -> list[str]:
    """The Debian packages of programs."""
    return list(dict.fromkeys(package for name in names for package in PROGRAMS[name].packages))


def how_to_get(names: Iterable[str]) -> str:
    """The command that installs programs."""
    return f"sudo apt install {' '.join(packages_of(names))}"


def left_out(tests: Mapping[str, Collection[str]]) -> str:
    """The line that says what was left out; `tests` are their names with what each lacks."""
    counts = Counter(name for lacks in tests.values() for name in lacks)
    each = ", ".join(f"{count} of {name}" for name, count in counts.most_common())
    return (
        f"Left out for want of programs: {len(tests)} ({each}). All run after {how_to_get(counts)}"
    )


if __name__ == "__main__":
    print(*packages_of(missing(PROGRAMS, ())))  # noqa: T201
