"""How long the reading commands take, against a Python that does nothing.

Each command runs as a user runs it, in a process of its own, over a long history. Time is from
starting the process to its end; processor time is given beside it, which a busy machine disturbs
less.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks.history import DODO, ROOT, add_history_options, dodo_with_history
from benchmarks.paired import Ratio, show_ratio

_NOTHING = (sys.executable, "-c", "pass")
_COMMANDS = (
    (("status", "--json"), 6.0),
    (("continue", "--json"), None),
    (("history", "--json", "--limit", "20"), None),
)


def timed_run(command: Sequence[str], own: Mapping[str, str]) -> tuple[float, float]:
    """Run a command to its end; answers its seconds by the clock and of the processor.

    Raises:
        RuntimeError: it failed.
    """
    away = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    began = time.perf_counter()
    process = os.posix_spawn(command[0], tuple(command), own, file_actions=away)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"failed: {' '.join(command)}")
    return seconds, usage.ru_utime + usage.ru_stime


def compare(
    rounds: int, one: Callable[[], tuple[float, float]], other: Callable[[], tuple[float, float]]
) -> tuple[Ratio, Ratio]:
    """Both in turns; answers the ratio by the clock and of processor time."""
    pairs = []
    for number in range(-1, rounds):
        if number % 2:
            second, first = other(), one()
        else:
            first, second = one(), other()
        if number >= 0:
            pairs.append((first, second))
    return (
        Ratio.of([a[0] for a, _ in pairs], [b[0] for _, b in pairs]),
        Ratio.of([a[1] for a, _ in pairs], [b[1] for _, b in pairs]),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=30, help="pairs of runs per command")
    add_history_options(parser)
    options = parser.parse_args()
    os.chdir(ROOT)
    with dodo_with_history(options.plays, options.titles) as own:
        for arguments, budget in _COMMANDS:
            command = (*DODO, *arguments)
            clock, processor = compare(
                options.rounds,
                lambda command=command: timed_run(command, own),  # type: ignore[misc]
                lambda: timed_run(_NOTHING, own),
            )
            what = f"dodo {' '.join(arguments)} / python -c pass"
            show_ratio(what, clock, budget, "ms", 1000)
            show_ratio("  processor time", processor, None, "ms", 1000)


if __name__ == "__main__":
    main()
