"""Whoever delivers is killed at random moments, a hundred times, while plays and marks are made.

Two daemons, short films in a real mpv and marks by hand, over one database and the stand-in for
Simkl. Each round makes something to tell, waits for a random moment and kills the holder of the
lease with SIGKILL; now and then the player's process as well. In the end nothing may be lost,
nothing doubled, and the database sound. The moments come from a seed, the races from the machine.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from dodo_tui.domain.ids import Key
from dodo_tui.standin.server import StandIn
from dodo_tui.storage.database import integrity_problem
from dodo_tui.storage.history import history
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.queue import all_facts
from dodo_tui.tracking.marks import mark_watched
from tests.support.cli import Dodo
from tests.support.video import make_video

_FILM_SECONDS = 20
_SPEED = 10
_MPV = f"--no-config --vo=null --ao=null --speed={_SPEED}"
_LONGEST_ROUND_SECONDS = 3.0
_DRAIN_SECONDS = 180.0


class Household:
    """The processes, and what they must have told in the end."""

    def __init__(self, dodo: Dodo, standin: StandIn, clip: Path, seed: int) -> None:
        self.dodo = dodo
        self.standin = standin
        self.random = random.Random(seed)
        self.clip = clip
        self.daemons = [self._start("daemon") for _ in range(2)]
        self.player: subprocess.Popen[bytes] | None = None
        self.marked: list[str] = []
        self.kills: Counter[str] = Counter()
        self.plays = 0

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.dodo.command(*arguments),
            env=self.dodo.environment,
            cwd=self.dodo.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def holder(self) -> int | None:
        """The process that has the right to deliver just now."""
        try:
            inode = (self.dodo.paths.data / "queue.lock").stat().st_ino
        except FileNotFoundError:
            return None
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
                return int(fields[4])
        return None

    def round(self, number: int, films: list[str]) -> None:
        """Make something to tell, and kill somebody."""
        key = films[number]
        with self.dodo.store() as store:
            profile = store.run_now(active_profile, None, datetime.now(UTC))
            now = datetime.now(UTC)
            store.run_now(mark_watched, profile.id, Key.parse(key), now, now)
        self.marked.append(key)
        if self.player is None or self.player.poll() is not None:
            film = self.dodo.home / f"Soak {number} (2001) {{imdb-{films[-1 - number]}}}.mkv"
            shutil.copy(self.clip, film)
            self.player = self._start("play", str(film))
            self.plays += 1
        deadline = time.monotonic() + self.random.uniform(0, _LONGEST_ROUND_SECONDS)
        victim = None
        while time.monotonic() < deadline or victim is None:
            victim = self.holder()
            if victim is not None and time.monotonic() >= deadline:
                break
            if time.monotonic() >= deadline + 1:
                break
            time.sleep(0.002)
        self._kill(victim)

    def _kill(self, victim: int | None) -> None:
        """The holder, if it is ours; else any daemon; now and then the player too."""
        if self.player is not None and self.random.random() < 0.2:
            self.player.kill()
            self.kills["player"] += 1
        for index, process in enumerate(self.daemons):
            is_it = process.pid == victim
            if is_it or (victim is None and index == 0):
                process.send_signal(signal.SIGKILL)
                process.wait()
                self.kills["holder" if is_it else "idle daemon"] += 1
                self.daemons[index] = self._start("daemon")
                return

    def settle(self) -> int:
        """Let everything be told; answers how many rows are left."""
        if self.player is not None:
            self.player.wait(60)
        deadline = time.monotonic() + _DRAIN_SECONDS
        with self.dodo.store() as store:
            profile = store.run_now(active_profile, None, datetime.now(UTC))
            while time.monotonic() < deadline:
                left = len(store.run_now(all_facts, profile.id))
                open_plays = [p for p in store.run_now(history, profile.id) if p.ended_at is None]
                if not left and not open_plays:
                    return 0
                time.sleep(0.2)
        return left + len(open_plays)

    def end(self) -> None:
        """End what runs."""
        for process in [*self.daemons, *([self.player] if self.player else [])]:
            if process.poll() is None:
                process.terminate()
            process.wait(60)


def soak(kills: int, seed: int) -> int:
    """Run, count and print; answers 0 if all is well."""
    with (
        tempfile.TemporaryDirectory(prefix="dodo-soak-") as name,
        tempfile.TemporaryDirectory(prefix="dodo-run-") as runtime,
        StandIn(seed=seed) as standin,
    ):
        films = [f"tt{5_000_000 + number}" for number in range(2 * kills)]
        with standin.world.lock:
            for number, key in enumerate(films):
                standin.world.catalogue.add_movie(f"Film {number}", 2001, ids={"imdb": key})
        clip = make_video(Path(name) / "clip.mkv", _FILM_SECONDS)
        dodo = Dodo(Path(name) / "dodo", DODO_MPV_ARGS=_MPV)
        dodo.use_runtime(Path(runtime))
        dodo.connect(standin)
        household = Household(dodo, standin, clip, seed)
        try:
            for number in range(kills):
                household.round(number, films)
            left = household.settle()
        finally:
            household.end()
        person = standin.person()
        missing = [key for key in household.marked if not person.has_watched(key)]
        with dodo.store() as store:
            profile = store.run_now(active_profile, None, datetime.now(UTC))
            entries = store.run_now(history, profile.id)
            problem = store.run_now(integrity_problem)
        doubled = [k for k, n in Counter(e.key for e in entries).items() if n > 1]
        plays = [entry for entry in entries if entry.source == "mpv"]
        told = [entry for entry in plays if entry.watched_at and not person.has_watched(entry.key)]
        print(f"killed: {dict(household.kills)}, marks {len(household.marked)}")
        print(f"plays begun {household.plays}, in the ledger {len(plays)}")
        print(f"marks lost {len(missing)}, keys doubled {len(doubled)}, left {left}")
        print(f"watched in a player and not told {len(told)}, rules broken {standin.violations}")
        print(f"database: {problem or 'sound'}")
        return int(bool(missing or doubled or left or told or problem))


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--kills", type=int, default=100, help="how many rounds")
    parser.add_argument("--seed", type=int, default=1, help="other moments")
    options = parser.parse_args()
    return soak(options.kills, options.seed)


if __name__ == "__main__":
    sys.exit(main())
