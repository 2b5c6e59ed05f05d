"""Whoever delivers is killed at random moments, a hundred times, while plays and marks are made.

Two daemons, short films in a real mpv and marks by hand, over one database and the stand-ins for
Simkl and Trakt. Each round makes something to tell, waits for a random moment and kills the holder
of the lease with SIGKILL, be it a daemon or a player; now and then the player as well. In the end
nothing may be lost, nothing doubled, also not at Trakt, which keeps twice what it is told twice,
and the database is sound. The moments come from a seed, the races from the machine.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dodo_tui.domain.ids import Key
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage.database import integrity_problem
from dodo_tui.storage.history import history
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.queued import all_facts
from dodo_tui.tracking.marks import mark_watched
from tests.support.cli import Dodo
from tests.support.video import make_video

_FILM_SECONDS = 20
_SPEED = 10
_MPV = f"--no-config --vo=null --ao=null --speed={_SPEED}"
_LONGEST_ROUND_SECONDS = 3.0
_LOOK_EVERY_SECONDS = 0.002
_DRAIN_SECONDS = 240.0
_END_SECONDS = 60.0
_MOST_ROUNDS_PER_KILL = 4
_KILLS_PLAYER = 0.08
"""How likely the player is killed in a round, whoever holds the lease."""


@dataclass(slots=True)
class Outcome:
    """What was done, and what came of it."""

    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    marks: int = 0
    begun: int = 0
    """Films that were started."""
    plays: int = 0
    """Viewings in the ledger."""
    seen_at_work: int = 0
    """Viewings that were in the ledger when somebody was killed."""
    watched: int = 0
    """Viewings that ended as watched."""
    lost: list[str] = field(default_factory=list)
    """Viewings that were in the ledger and are not, or have moved back."""
    doubled: list[str] = field(default_factory=list)
    """What is in the ledger or at Trakt more than once."""
    untold: list[str] = field(default_factory=list)
    """What was watched and a provider does not have."""
    left: int = 0
    """Rows that wait and viewings that are open after all this time."""
    violations: list[str] = field(default_factory=list)
    database: str | None = None
    """What is wrong with the database."""

    @property
    def holders(self) -> int:
        """How many holders of the lease were killed."""
        return self.kills["holder"] + self.kills["holder that plays"]

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, doubled or left, and no rule broken."""
        wrong = (self.lost, self.doubled, self.untold, self.left, self.violations, self.database)
        return not any(wrong)

    def lines(self) -> tuple[str, ...]:
        """The outcome, to print."""
        return (
            f"{self.rounds} rounds, killed: {dict(self.kills)}",
            f"{self.marks} marks, {self.begun} films begun, {self.plays} viewings in the ledger, "
            f"{self.watched} watched; {self.seen_at_work} were there when somebody was killed",
            f"lost {self.lost}, doubled {self.doubled}, not told {self.untold}, left {self.left}",
            f"rules broken {self.violations}, database: {self.database or 'sound'}",
        )


class Household:
    """The processes, and what they must have told in the end."""

    def __init__(
        self, dodo: Dodo, simkl: StandIn, trakt: TraktStandIn | None, clip: Path, seed: int
    ) -> None:
        self.dodo, self.simkl, self.trakt, self.clip = dodo, simkl, trakt, clip
        self.random = random.Random(seed)
        self.daemons = [self._start("daemon") for _ in range(2)]
        self.player: subprocess.Popen[bytes] | None = None
        self.marked: list[str] = []
        self.seen: dict[str, float] = {}
        """How far each viewing had come when somebody was killed, by play id."""
        self.outcome = Outcome()

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

    def round(self, number: int) -> None:
        """Make something to tell, and kill somebody."""
        self.outcome.rounds += 1
        self._mark(film_key(2 * number))
        if self.player is None or self.player.poll() is not None:
            key = film_key(2 * number + 1)
            film = self.dodo.home / f"Soak {number} (2001) {{imdb-{key}}}.mkv"
            film.hardlink_to(self.clip)
            self.player = self._start("play", str(film))
            self.outcome.begun += 1
        moment = time.monotonic() + self.random.uniform(0, _LONGEST_ROUND_SECONDS)
        victim = None
        while time.monotonic() < moment or (victim is None and time.monotonic() < moment + 1):
            time.sleep(_LOOK_EVERY_SECONDS)
            victim = self.holder()
        self._note_seen()
        if self.random.random() < _KILLS_PLAYER:
            self._kill_player("player")
        self._kill(victim)

    def _mark(self, key: str) -> None:
        now = datetime.now(UTC)
        with self.dodo.store() as store:
            profile = store.run_now(active_profile, None, now)
            store.run_now(mark_watched, profile.id, Key.parse(key), now, now)
        self.marked.append(key)
        self.outcome.marks += 1

    def _note_seen(self) -> None:
        with self.dodo.store() as store:
            positions = store.run_now(_positions)
        self.outcome.seen_at_work += len(positions.keys() - self.seen.keys())
        self.seen |= positions

    def _kill(self, victim: int | None) -> None:
        """The holder, if it is ours; without one nobody."""
        if self.player is not None and self.player.pid == victim:
            self._kill_player("holder that plays")
        for index, process in enumerate(self.daemons):
            if process.pid == victim and process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
                self.outcome.kills["holder"] += 1
                self.daemons[index] = self._start("daemon")

    def _kill_player(self, what: str) -> None:
        if self.player is not None and self.player.poll() is None:
            self.player.kill()
            self.player.wait()
            self.outcome.kills[what] += 1

    def settle(self) -> None:
        """Let everything be told, as long as that may take."""
        if self.player is not None:
            self.player.wait(_END_SECONDS)
        deadline = time.monotonic() + _DRAIN_SECONDS
        with self.dodo.store() as store:
            profile = store.run_now(active_profile, None, datetime.now(UTC))
            while time.monotonic() < deadline:
                waiting = store.run_now(all_facts, profile.id)
                unfinished = [p for p in store.run_now(history, profile.id) if p.ended_at is None]
                self.outcome.left = len(waiting) + len(unfinished)
                if not self.outcome.left:
                    return
                time.sleep(0.2)

    def judge(self) -> Outcome:
        """Compare what was done with the ledger and with what the providers have."""
        outcome = self.outcome
        with self.dodo.store() as store:
            profile = store.run_now(active_profile, None, datetime.now(UTC))
            entries = store.run_now(history, profile.id)
            positions = store.run_now(_positions)
            outcome.database = store.run_now(integrity_problem)
        outcome.lost = [
            play for play, at in self.seen.items() if positions.get(play, -1.0) < at - 0.001
        ]
        outcome.doubled = [k for k, n in Counter(e.key for e in entries).items() if n > 1]
        plays = [entry for entry in entries if entry.source == "mpv"]
        outcome.plays = len(plays)
        outcome.watched = sum(entry.watched_at is not None for entry in plays)
        for key in [*self.marked, *(e.key for e in plays if e.watched_at)]:
            self._judge_told(key)
        for standin in (self.simkl, self.trakt):
            if standin is not None:
                wrong = (*standin.violations, *standin.errors)
                outcome.violations += [str(each) for each in wrong]
        return outcome

    def _judge_told(self, key: str) -> None:
        if not self.simkl.person().has_watched(key):
            self.outcome.untold.append(f"simkl {key}")
        if self.trakt is None:
            return
        times = len(self.trakt.person().plays(key))
        if times == 0:
            self.outcome.untold.append(f"trakt {key}")
        if times > 1:
            self.outcome.doubled.append(f"trakt {key} {times} times")

    def end(self) -> None:
        """End what runs."""
        for process in [*self.daemons, *([self.player] if self.player else [])]:
            if process.poll() is None:
                process.terminate()
        for process in [*self.daemons, *([self.player] if self.player else [])]:
            process.wait(_END_SECONDS)


def film_key(number: int) -> str:
    """The key of a film that both stand-ins know."""
    return f"tt{5_000_000 + number}"


def _positions(connection: sqlite3.Connection) -> dict[str, float]:
    rows = connection.execute("SELECT id, furthest_seconds FROM play WHERE source = 'mpv'")
    return dict(rows.fetchall())


def soak(kills: int, seed: int, folder: Path, runtime: Path, *, with_trakt: bool) -> Outcome:
    """Kill so many holders of the lease, and tell what came of it.

    What Trakt may have been told is looked for half a minute later, so it takes longer with it.
    """
    most_rounds = _MOST_ROUNDS_PER_KILL * kills
    with ExitStack() as stack:
        simkl = stack.enter_context(StandIn(seed=seed))
        with simkl.world.lock:
            for number in range(2 * most_rounds):
                ids = {"imdb": film_key(number)}
                simkl.world.catalogue.add_movie(f"Film {number}", 2001, ids=ids)
        dodo = Dodo(folder / "dodo", DODO_MPV_ARGS=_MPV)
        dodo.use_runtime(runtime)
        dodo.connect(simkl)
        trakt = None
        if with_trakt:
            catalogue = simkl.world.catalogue
            trakt = stack.enter_context(TraktStandIn(seed=seed, catalogue=catalogue))
            _connect_trakt(dodo, trakt)
        clip = make_video(dodo.home / "clip.mkv", _FILM_SECONDS)
        household = Household(dodo, simkl, trakt, clip, seed)
        try:
            while household.outcome.holders < kills and household.outcome.rounds < most_rounds:
                household.round(household.outcome.rounds)
            household.settle()
        finally:
            household.end()
        return household.judge()


def _connect_trakt(dodo: Dodo, trakt: TraktStandIn) -> None:
    """Sign in at once, as its user would on the command line."""
    trakt.settings.poll_interval_seconds = 1
    trakt.settings.auto_approve_after_seconds = 0
    dodo.environment |= {
        "DODO_TRAKT_CLIENT_ID": "demo-trakt",
        "DODO_TRAKT_CLIENT_SECRET": "demo-secret",
        "DODO_TRAKT_API_URL": trakt.url,
        "DODO_TRAKT_AUTH_URL": trakt.auth_url,
    }
    dodo.ok("connect", "trakt")


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--kills", type=int, default=100, help="how many holders of the lease")
    parser.add_argument("--seed", type=int, default=1, help="other moments")
    options = parser.parse_args()
    if shutil.which("mpv") is None:
        parser.error("mpv is needed")
    with (
        tempfile.TemporaryDirectory(prefix="dodo-soak-") as folder,
        tempfile.TemporaryDirectory(prefix="dodo-run-") as runtime,
    ):
        outcome = soak(options.kills, options.seed, Path(folder), Path(runtime), with_trakt=True)
    print(*outcome.lines(), sep="\n")
    return int(not outcome.is_well)


if __name__ == "__main__":
    sys.exit(main())
