"""The interface from outside, in a real pseudo-terminal of 120x40, over a long history.

First paint: from starting the process until the first card of Continue Watching is on the screen,
against a Textual app with one label. Keys: from a key to the first change of the picture, moving
through Home, against a stock list of 500 rows; the programs take turns. Then the peak memory, and
what Home costs while nobody does anything: processor time, and bytes to the terminal.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence

from benchmarks.baselines import one_label, one_list
from benchmarks.history import DODO, FIRST_CARD, ROOT, add_history_options, dodo_with_history
from benchmarks.paired import Ratio, in_turns, percentile, show_ratio, show_value
from benchmarks.terminal import Session, peak_memory_bytes, processor_seconds

_ONE_LABEL = (sys.executable, "-m", "benchmarks.baselines.one_label")
_ONE_LIST = (sys.executable, "-m", "benchmarks.baselines.one_list")

_UP, _DOWN, _RIGHT, _LEFT = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
THROUGH_HOME = (_RIGHT,) * 8 + (_LEFT,) * 4 + (_DOWN,) + (_RIGHT,) * 6 + (_UP,) + (_LEFT,) * 4
_THROUGH_LIST = (_DOWN,) * 16 + (_UP,) * 8

Program = tuple[Sequence[str], str]
"""A command, and the text by which its first picture is known."""


def first_paint(program: Program, own: Mapping[str, str]) -> float:
    """Seconds from the start to the first picture."""
    command, text = program
    with Session(command, own, ROOT) as session:
        return session.seconds_until(text)


def key_times(
    program: Program, keys: Sequence[bytes], own: Mapping[str, str], times: int
) -> list[float]:
    """Seconds from each key to the first change; keys that change nothing are left out."""
    command, text = program
    found: list[float] = []
    with Session(command, own, ROOT) as session:
        session.seconds_until(text)
        for key in keys[:2]:
            session.seconds_after_key(key)
        for key in tuple(keys) * times:
            seconds = session.seconds_after_key(key)
            if seconds is not None:
                found.append(seconds)
    return found


def at_rest(program: Program, own: Mapping[str, str], seconds: float) -> tuple[float, int, int]:
    """Share of a core and bytes written while idle, and the peak memory."""
    command, text = program
    with Session(command, own, ROOT) as session:
        session.seconds_until(text)
        session.until_quiet(2.0, 10.0)
        before, began = processor_seconds(session.pid), time.perf_counter()
        written = 0
        while (left := began + seconds - time.perf_counter()) > 0:
            chunk = session.read(left)
            written += len(chunk[1]) if chunk else 0
        passed = time.perf_counter() - began
        used = processor_seconds(session.pid) - before
        return used / passed, written, peak_memory_bytes(session.pid)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_paint", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=15, help="pairs of starts")
    parser.add_argument("--key-rounds", type=int, default=3, help="pairs of sessions with keys")
    parser.add_argument("--idle", type=float, default=20, metavar="SECONDS", help="0: leave it out")
    add_history_options(parser)
    options = parser.parse_args()
    os.chdir(ROOT)
    home: Program = (DODO, FIRST_CARD)
    label: Program = (_ONE_LABEL, one_label.TEXT)
    rows: Program = (_ONE_LIST, one_list.TEXT)
    with dodo_with_history(options.plays, options.titles) as own:
        if options.rounds:
            starts = in_turns(
                options.rounds, lambda: first_paint(home, own), lambda: first_paint(label, own)
            )
            show_ratio("first card of Home / one label", starts, 1.3, "ms", 1000)
        if options.key_rounds:
            _keys(home, rows, own, options.key_rounds)
        if options.idle:
            _rest(home, label, own, options.idle)


def _keys(home: Program, rows: Program, own: Mapping[str, str], rounds: int) -> None:
    """Keys of both programs, session by session in turns."""
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    for _ in range(rounds):
        ours.append(key_times(home, THROUGH_HOME, own, 4))
        theirs.append(key_times(rows, _THROUGH_LIST, own, 4))
    keys = f"{sum(map(len, ours))} keys"
    for share, budget in ((50, None), (95, 1.25)):
        ratio = Ratio.of(
            [percentile(times, share) for times in ours],
            [percentile(times, share) for times in theirs],
        )
        show_ratio(f"key to change, p{share}, Home / one list, {keys}", ratio, budget, "ms", 1000)


def _rest(home: Program, label: Program, own: Mapping[str, str], seconds: float) -> None:
    """Both at rest."""
    floor, _, floor_memory = at_rest(label, own, seconds)
    share, written, memory = at_rest(home, own, seconds)
    show_value("idle processor", share * 100, "% of a core", 0.5, f"one label: {floor * 100:.2f}")
    show_value("idle bytes to the terminal", written, f"bytes in {seconds:g} s", 0)
    show_ratio(
        "peak memory, Home / one label", Ratio.of([memory], [floor_memory]), 2, "MiB", 2**-20
    )


if __name__ == "__main__":
    main()
