"""What dodo holds after a sync: the interface and the daemon, against an app with one label.

    .venv/bin/python -m benchmarks.memory

Each is started for an account that has just been connected, syncs with the stand-in for Simkl (in
another process) and is looked at once the library has been merged and the picture is quiet. Linux
only: memory is read from `/proc`.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.baselines import one_label
from benchmarks.big_library import served
from benchmarks.history import DODO, ROOT, database_of, environment
from benchmarks.paired import show_value
from benchmarks.terminal import Session
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.staging import choose
from dodo_tui.storage.store import Store

_ONE_LABEL = (sys.executable, "-m", "benchmarks.baselines.one_label")
_LONGEST_SECONDS = 90.0
_SYNCED = "SELECT count(*) FROM account WHERE last_sync_at IS NOT NULL AND sync_state = 'idle'"


def memory_mib(pid: int, what: str) -> float:
    """`VmHWM`, the peak of a process, or `VmRSS`, what it holds now."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise LookupError(what)


@contextmanager
def connected(url: str) -> Iterator[Mapping[str, str]]:
    """The environment of a dodo that has been signed in and may merge, but has never synced."""
    with tempfile.TemporaryDirectory(prefix="dodo-benchmark-") as name:
        own = {
            **environment(Path(name)),
            "DODO_SIMKL_CLIENT_ID": "demo-v2",
            "DODO_SIMKL_API_URL": url,
        }
        subprocess.run(
            [*DODO, "connect", "simkl"], cwd=ROOT, env=own, check=True, capture_output=True
        )
        with closing(Store.open(database_of(own))) as store:
            for account in store.run_now(connected_accounts):
                store.run_now(choose, account.id, "merge")
        yield own


def until_synced(own: Mapping[str, str], wait: Callable[[], object]) -> None:
    """Wait until the first sync is done, `wait` by `wait`."""
    with closing(sqlite3.connect(f"file:{database_of(own)}?mode=ro", uri=True)) as connection:
        deadline = time.monotonic() + _LONGEST_SECONDS
        while not connection.execute(_SYNCED).fetchone()[0]:
            if time.monotonic() > deadline:
                raise TimeoutError("the sync does not come to an end")
            wait()


def interface(url: str) -> tuple[float, float]:
    """What the interface holds after its first sync, and its peak."""
    with connected(url) as own, Session(DODO, own, ROOT) as session:
        session.seconds_until("Continue Watching")
        until_synced(own, lambda: session.read(0.1))
        session.until_quiet(2.0, 10.0)
        return memory_mib(session.pid, "VmRSS"), memory_mib(session.pid, "VmHWM")


def daemon(url: str) -> tuple[float, float]:
    """What the daemon holds after its first sync, and its peak."""
    with (
        connected(url) as own,
        subprocess.Popen(
            [*DODO, "daemon"], cwd=ROOT, env=own, stderr=subprocess.DEVNULL
        ) as process,
    ):
        until_synced(own, lambda: time.sleep(0.1))
        time.sleep(2.0)
        found = memory_mib(process.pid, "VmRSS"), memory_mib(process.pid, "VmHWM")
        process.terminate()
        process.wait(20)
    return found


def label() -> tuple[float, float]:
    """The floor."""
    with (
        tempfile.TemporaryDirectory() as name,
        Session(_ONE_LABEL, environment(Path(name)), ROOT) as session,
    ):
        session.seconds_until(one_label.TEXT)
        session.until_quiet(1.0, 5.0)
        return memory_mib(session.pid, "VmRSS"), memory_mib(session.pid, "VmHWM")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--episodes", type=int, default=20_000)
    parser.add_argument("--films", type=int, default=3_000)
    given = parser.parse_args()
    floor, floor_peak = label()
    for episodes, films in ((1_000, 100), (given.episodes, given.films)):
        with served(episodes, films) as server:
            for what, measure, budget in (
                ("interface", interface, 2.0), ("daemon", daemon, 1.75)
            ):  # fmt: skip
                held, peak = measure(server.url)
                name = f"{what}, {episodes} episodes, {films} films"
                note = f"{held:.0f} / {floor:.0f} MiB, peak {peak / floor_peak:.2f} x"
                show_value(name, held / floor, "x", budget, note)


if __name__ == "__main__":
    main()
