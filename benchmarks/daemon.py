"""What `dodo daemon` costs a small board all day: memory, and processor time while nothing happens.

It is signed in to the stand-in and has done a sync, so that everything it ever needs is loaded.
It is held against a bare Python that has imported the same libraries and sleeps, and against a
Textual app with one label, all over the same time.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.baselines import one_label
from benchmarks.history import DODO, ROOT, add_history_options, dodo_with_history
from benchmarks.paired import show_value
from benchmarks.terminal import Session, peak_memory_bytes, processor_seconds
from dodo_tui.standin.simkl.server import StandIn

BARE = """
import asyncio, json, logging, sqlite3, sys, time
import httpx, platformdirs, pydantic, textual.app
print("ready", file=sys.stderr, flush=True)
time.sleep(100000)
"""
"""A Python that has what the daemon imports, and does nothing."""

_ONE_LABEL = (sys.executable, "-m", "benchmarks.baselines.one_label")
_SETTLE_SECONDS = 25.0
"""The catalogue worker waits ten, and then asks what it does not know yet."""

_MIB = 1024 * 1024


def resident_bytes(pid: int) -> int:
    """The memory a process has now, what it shares counted in proportion."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not say")


@contextlib.contextmanager
def running(command: Sequence[str], own: Mapping[str, str], first: bytes) -> Iterator[int]:
    """A process that has said its first line; answers its id."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(own), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        if not line.startswith(first):
            raise RuntimeError(f"it began with {line!r}")
        yield process.pid
    finally:
        process.terminate()
        process.communicate()


def at_rest(pids: Sequence[int], seconds: float) -> list[float]:
    """The share of a core that each process takes, all over the same time."""
    before = [processor_seconds(pid) for pid in pids]
    began = time.perf_counter()
    time.sleep(seconds)
    passed = time.perf_counter() - began
    return [
        (processor_seconds(pid) - used) / passed for pid, used in zip(pids, before, strict=True)
    ]


def sign_in(standin: StandIn, own: dict[str, str]) -> None:
    """Sign in, and let the first sync be done; what the stand-in has counts."""
    standin.settings.auto_approve_after_seconds = 0
    own |= {"DODO_SIMKL_API_URL": standin.url, "DODO_SIMKL_CLIENT_ID": "demo-v2"}
    for arguments in (("connect", "simkl"), ("sync", "--take-theirs")):
        subprocess.run(
            [*DODO, *arguments],
            cwd=ROOT,
            env=own,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.daemon", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--idle", type=float, default=60, metavar="SECONDS", help="how long to look"
    )
    add_history_options(parser)
    options = parser.parse_args()
    with dodo_with_history(options.plays, options.titles) as made, StandIn() as standin:
        own = dict(made)
        sign_in(standin, own)
        with (
            running([*DODO, "daemon"], own, b"dodo runs for") as daemon,
            running([sys.executable, "-c", BARE], own, b"ready") as bare,
            Session(_ONE_LABEL, own, ROOT) as label,
        ):
            label.seconds_until(one_label.TEXT)
            time.sleep(_SETTLE_SECONDS)
            shares = at_rest((daemon, bare, label.pid), options.idle)
            peaks = [peak_memory_bytes(pid) for pid in (daemon, bare, label.pid)]
            now = [resident_bytes(pid) for pid in (daemon, bare, label.pid)]
    show_value("daemon / bare Python: peak memory", peaks[0] / peaks[1], "x", None)
    show_value("daemon / bare Python: memory at rest", now[0] / now[1], "x", None)
    show_value("daemon / one label: peak memory", peaks[0] / peaks[2], "x", 1.75)
    for name, share, peak, resident in zip(
        ("daemon", "bare Python", "one label"), shares, peaks, now, strict=True
    ):
        print(
            f"  {name:<12} {share * 100:.3f} % of a core, peak {peak / _MIB:.1f} MiB, "
            f"now {resident / _MIB:.1f} MiB"
        )


if __name__ == "__main__":
    main()
