"""What posters cost Home, in a real pseudo-terminal of 120x40 with true colour.

Over a long history, the same dodo with posters (every title has one, all in the cache) and without
takes turns: the first card, a key to the first change of the picture, what a key writes, and the
peak memory. Posters are blocks of colour, and then sixel, each against none.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.first_paint import THROUGH_HOME, Program, first_paint
from benchmarks.history import (
    DODO,
    FIRST_CARD,
    ROOT,
    add_history_options,
    database_of,
    dodo_with_history,
)
from benchmarks.paired import Ratio, in_turns, percentile, show_ratio
from benchmarks.terminal import PLAIN, WITH_SIXEL, Answers, Session, peak_memory_bytes
from dodo_tui.standin.posters import poster_png
from dodo_tui.storage.pictures import PictureCache

_POSTERS = 40
"""Different pictures; titles share them."""


@contextlib.contextmanager
def dodo_with_posters(plays: int, titles: int) -> Iterator[Mapping[str, str]]:
    """The environment of a dodo whose titles all have a poster in the cache."""
    with dodo_with_history(plays, titles) as own:
        cache = PictureCache(Path(own["XDG_CACHE_HOME"]) / "dodo" / "posters")
        for number in range(_POSTERS):
            cache.put(f"14/{number}", poster_png(f"14/{number}"))
        with contextlib.closing(sqlite3.connect(database_of(own))) as connection, connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM media")]
            connection.executemany(
                "UPDATE media SET poster = ? WHERE id = ?",
                [(f"14/{number % _POSTERS}", each) for number, each in enumerate(ids)],
            )
        yield {**own, "COLORTERM": "truecolor"}


class Keys(NamedTuple):
    """What came of keys in one session."""

    seconds: list[float]
    """From each key to the first change."""
    bytes_for_a_key: float
    peak_bytes: int
    """Of memory."""


def keys(own: Mapping[str, str], answers: Answers = PLAIN) -> Keys:
    """Move through Home, in a terminal that answers so when it is asked what it is."""
    program: Program = (DODO, FIRST_CARD)
    found: list[float] = []
    written = 0
    with Session(program[0], own, ROOT, answers=answers) as session:
        session.seconds_until(program[1])
        session.until_quiet(1.0, 5.0)
        for key in THROUGH_HOME:
            before = session.screen.cells
            sent = time.perf_counter()
            os.write(session.master, key)
            changed: float | None = None
            for at, chunk in session.until_quiet(0.1, 2.0):
                written += len(chunk)
                session.screen.feed(chunk)
                if changed is None and session.screen.cells != before:
                    changed = at - sent
            if changed is not None:
                found.append(changed)
        return Keys(found, written / len(THROUGH_HOME), peak_memory_bytes(session.pid))


def show_keys(name: str, some: Sequence[Keys], without: Sequence[Keys]) -> None:
    """Print the ratios of sessions with posters and without."""
    for share in (50, 95):
        ratio = Ratio.of(
            [percentile(each.seconds, share) for each in some],
            [percentile(each.seconds, share) for each in without],
        )
        show_ratio(f"key to change, p{share}, {name} / no posters", ratio, None, "ms", 1000)
    ratio = Ratio.of(
        [each.bytes_for_a_key for each in some], [each.bytes_for_a_key for each in without]
    )
    show_ratio(f"bytes for a key, {name} / no posters", ratio, None, "bytes", 1)
    ratio = Ratio.of([each.peak_bytes for each in some], [each.peak_bytes for each in without])
    show_ratio(f"peak memory, {name} / no posters", ratio, None, "MiB", 2**-20)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=10, help="pairs of starts")
    parser.add_argument("--key-rounds", type=int, default=3, help="pairs of sessions with keys")
    add_history_options(parser)
    options = parser.parse_args()
    os.chdir(ROOT)
    home: Program = (DODO, FIRST_CARD)
    with dodo_with_posters(options.plays, options.titles) as own:
        off = {**own, "DODO_PICTURES": "off"}
        starts = in_turns(
            options.rounds, lambda: first_paint(home, own), lambda: first_paint(home, off)
        )
        show_ratio("first card of Home, with / without posters", starts, None, "ms", 1000)
        blocks, sixel, without = [], [], []
        for _ in range(options.key_rounds):
            blocks.append(keys(own))
            sixel.append(keys(own, WITH_SIXEL))
            without.append(keys(off))
        show_keys("blocks", blocks, without)
        show_keys("sixel", sixel, without)


if __name__ == "__main__":
    main()
