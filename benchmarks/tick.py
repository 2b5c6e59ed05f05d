"""What a player's tick costs, with an empty history and with a long one.

A film plays and its position is recorded every five seconds of film, through the same `Recorder`
that the engine uses. Bytes are those the process hands to the file system, the database's own
bookkeeping included, and those the file system then has to write. Both histories take turns.
"""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.history import PLAYS, TITLES, database_of, dodo_with_history
from benchmarks.paired import Ratio, percentile, show_ratio, show_value
from dodo_tui.clock import SystemClock
from dodo_tui.domain.ids import Key
from dodo_tui.domain.playback import Playback
from dodo_tui.domain.thresholds import TICK_SECONDS
from dodo_tui.storage.database import transaction
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.marks import ensure_known
from dodo_tui.tracking.record import Recorder

_FILM = Key.parse("tt0133093")
_FILM_SECONDS = 8_160.0
_LARGEST_BYTES = 16 * 1024


@dataclass(slots=True)
class Measured:
    """What the ticks of one history cost."""

    seconds: list[float] = field(default_factory=list)
    handed_bytes: list[float] = field(default_factory=list)
    disk_bytes: list[float] = field(default_factory=list)


class Viewing:
    """A film that plays in a dodo of its own."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self.store = Store.open(database_of(own))
        clock = SystemClock()
        now = clock.now()
        profile = self.store.run_now(active_profile, None, now)
        self.store.run_now(_add_film, now)
        self._recorder = Recorder(self.store, clock, lambda error: print(error))
        self._playback = Playback(
            play_id="benchmark-tick",
            profile_id=profile.id,
            key=str(_FILM),
            title="A film",
            label="",
            source="mpv",
            item="1",
            started_at=now,
            at=now,
            clock_seconds=0.0,
            position_seconds=600.0,
            duration_seconds=_FILM_SECONDS,
            furthest_seconds=600.0,
            played_seconds=600.0,
        )
        self._note()

    def tick(self) -> None:
        """Five seconds later."""
        last = self._playback
        position = 600.0 + (last.position_seconds - 600.0 + TICK_SECONDS) % 3600.0
        self._playback = replace(
            last,
            at=last.at + timedelta(seconds=TICK_SECONDS),
            clock_seconds=last.clock_seconds + TICK_SECONDS,
            position_seconds=position,
            furthest_seconds=max(last.furthest_seconds, position),
            played_seconds=last.played_seconds + TICK_SECONDS,
        )
        self._note()

    def _note(self) -> None:
        written = self._recorder.note(self._playback)
        if written is None:
            raise RuntimeError("nothing was written")
        written.result()


def _add_film(connection: sqlite3.Connection, now: datetime) -> None:
    with transaction(connection, durable=True):
        ensure_known(connection, _FILM, now)


def written_bytes() -> tuple[int, int]:
    """What this process has handed to the file system, and what that has had to write."""
    lines = Path("/proc/self/io").read_text("ascii").splitlines()
    counts = {name: int(value) for name, value in (line.split(": ") for line in lines)}
    return counts["wchar"], counts["write_bytes"]


def measure(viewing: Viewing, ticks: int, measured: Measured) -> None:
    """So many ticks: the time of each, and the mean of what they write."""
    before = written_bytes()
    for _ in range(ticks):
        began = time.perf_counter()
        viewing.tick()
        measured.seconds.append(time.perf_counter() - began)
    after = written_bytes()
    measured.handed_bytes.append((after[0] - before[0]) / ticks)
    measured.disk_bytes.append((after[1] - before[1]) / ticks)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tick", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=20, help="turns of each history")
    parser.add_argument("--ticks", type=int, default=100, help="ticks in a turn")
    parser.add_argument("--plays", type=int, default=PLAYS, help="plays in the long history")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        empty = Viewing(stack.enter_context(dodo_with_history(0, 0)))
        stack.callback(empty.store.close)
        long = Viewing(stack.enter_context(dodo_with_history(options.plays, TITLES)))
        stack.callback(long.store.close)
        costs = (Measured(), Measured())
        for turn in range(options.rounds):
            order = [(empty, costs[0]), (long, costs[1])]
            for viewing, cost in reversed(order) if turn % 2 else order:
                measure(viewing, options.ticks, cost)
        _show(costs[0], costs[1], options.plays)


def _show(empty: Measured, long: Measured, plays: int) -> None:
    for name, cost in (("no history", empty), (f"{plays} plays", long)):
        most = max(cost.disk_bytes)
        show_value(
            f"tick, {name}: written to disk",
            statistics.median(cost.disk_bytes),
            "bytes",
            _LARGEST_BYTES,
            f"most in a turn {most:.0f}; handed over {statistics.median(cost.handed_bytes):.0f}",
        )
        p95 = percentile(cost.seconds, 95) * 1000
        middle = statistics.median(cost.seconds) * 1000
        show_value(f"tick, {name}: time", middle, "ms", None, f"p95 {p95:.2f}")
    ratio = Ratio.of(long.handed_bytes, empty.handed_bytes)
    show_ratio(f"tick, bytes, {plays} plays / none", ratio, None, "KiB", 1 / 1024)
    share = len(long.seconds) // len(long.handed_bytes)
    times = Ratio.of(_medians(long.seconds, share), _medians(empty.seconds, share))
    show_ratio(f"tick, time, {plays} plays / none", times, None, "ms", 1000)


def _medians(values: list[float], share: int) -> list[float]:
    """The median of each turn."""
    return [
        statistics.median(values[start : start + share]) for start in range(0, len(values), share)
    ]


if __name__ == "__main__":
    main()
