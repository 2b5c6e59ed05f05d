"""The way to the first picture, counted in instructions of the processor.

    .venv/bin/python -m benchmarks.instructions --plays 100 --titles 20

Seconds depend on what else the machine does; what valgrind counts does not, and two runs differ by
less than a thousandth. It counts what the processor is told, not how long memory and disk take, and
runs fifty times slower. `valgrind` has to be installed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.baselines import one_label
from benchmarks.history import FIRST_CARD, ROOT, add_history_options, dodo_with_history
from benchmarks.paired import show_value
from benchmarks.terminal import Session

_UNTIL = """
import os, sys
from textual.drivers.linux_driver import LinuxDriver
write = LinuxDriver.write
def look(driver, data):
    if sys.argv[1] in data:
        os._exit(0)
    write(driver, data)
LinuxDriver.write = look
"""
"""Ends as soon as a text is written to the terminal."""

_DODO = f"{_UNTIL}from dodo_tui.cli.main import run\nrun([])"
_ONE_LABEL = f"{_UNTIL}from benchmarks.baselines.one_label import OneLabel\nOneLabel().run()"

_LONGEST_SECONDS = 300.0
_TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


def instructions(program: str, text: str, own: Mapping[str, str]) -> int:
    """How many there are from the start of a Python until it writes a text.

    Raises:
        TimeoutError: it never does.
    """
    with tempfile.TemporaryDirectory() as name:
        report = Path(name, "report")
        valgrind = ("valgrind", "--tool=callgrind", f"--callgrind-out-file={report}", "-q")
        command = (*valgrind, sys.executable, "-c", program, text)
        with Session(command, {**own, "PYTHONHASHSEED": "0"}, ROOT) as session:
            deadline = time.monotonic() + _LONGEST_SECONDS
            while not report.exists() or not _TOTAL.search(report.read_text("utf-8")):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{text!r} was not written")
                session.read(0.2)
        return int(_TOTAL.findall(report.read_text("utf-8"))[-1])


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_history_options(parser)
    options = parser.parse_args()
    with dodo_with_history(options.plays, options.titles) as own:
        ours = instructions(_DODO, FIRST_CARD, own)
        label = instructions(_ONE_LABEL, one_label.TEXT, own)
    note = f"{ours / 1e6:.0f} / {label / 1e6:.0f} million"
    show_value("instructions until the first card / one label", ours / label, "x", 1.3, note)


if __name__ == "__main__":
    main()
