"""A stand-in for Simkl with a library of any size, in a process of its own.

    .venv/bin/python -m benchmarks.big_library --episodes 20000 --films 3000

It prints its address, approves every sign-in at once, and does as it is told on standard input:
`watch N` marks so many more episodes or films as watched, in as many titles, and answers `done`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.titles import FILM, Title

EPISODES_OF_A_SHOW = 100
_SPARE = 20
"""Episodes of each show that nobody has watched yet."""


def fill(standin: StandIn, episodes: int, films: int) -> list[Title]:
    """Give the stand-in's user that many watched episodes and films; answers the shows."""
    catalogue, now = standin.world.catalogue, standin.world.clock.now()
    library = standin.person().member.library
    shows: list[Title] = []
    with standin.world.lock:
        for number in range(max(episodes // EPISODES_OF_A_SHOW, 1)):
            length = min(EPISODES_OF_A_SHOW, episodes) + _SPARE
            aired = now - timedelta(days=3650)
            show = catalogue.add_show(
                f"Show number {number}",
                2000 + number % 25,
                ids={"imdb": f"tt{20_000_000 + number}", "tvdb": str(700_000 + number)},
                seasons=[length],
                first_aired=aired,
            )
            shows.append(show)
            watched = [
                (each.key, now - timedelta(days=400, hours=index + number * 3))
                for index, each in enumerate(show.regular[: length - _SPARE])
            ]
            library.mark(show, watched, now)
        for number in range(films):
            film = catalogue.add_movie(
                f"Film number {number}",
                1950 + number % 75,
                ids={"imdb": f"tt{30_000_000 + number}", "tmdb": str(900_000 + number)},
                runtime_minutes=100,
            )
            library.mark(film, [(FILM, now - timedelta(days=500, hours=number))], now)
    return shows


def serve(episodes: int, films: int) -> None:
    """Serve until standard input ends."""
    with StandIn(auto_approve_after_seconds=0.0, faithful_limits=False) as standin:
        shows = fill(standin, episodes, films)
        turns = cycle(shows)
        next_number = {show.simkl_id: len(show.regular) - _SPARE for show in shows}
        print(standin.url, flush=True)
        for line in sys.stdin:
            _, _, count = line.partition(" ")
            with standin.world.lock:
                for _ in range(int(count)):
                    show = next(turns)
                    number = next_number[show.simkl_id]
                    next_number[show.simkl_id] = (number + 1) % len(show.regular)
                    standin.person().mark_watched(show, *show.regular[number].key)
            print("done", flush=True)


@dataclass
class Server:
    """A server that runs."""

    url: str
    _process: subprocess.Popen[str]

    def watch(self, count: int) -> None:
        """Let so many more be watched there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"watch {count}\n")
        self._process.stdin.flush()
        self._process.stdout.readline()


@contextmanager
def served(episodes: int, films: int) -> Iterator[Server]:
    """A server in a process of its own."""
    command = [
        sys.executable, "-m", "benchmarks.big_library",
        "--episodes", str(episodes), "--films", str(films),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield Server(process.stdout.readline().strip(), process)
        process.stdin.close()
        process.wait(20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=20_000)
    parser.add_argument("--films", type=int, default=3_000)
    given = parser.parse_args()
    serve(given.episodes, given.films)
