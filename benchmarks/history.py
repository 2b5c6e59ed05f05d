"""Make a long history: an export file with any number of plays of any number of titles.

    .venv/bin/python -m benchmarks.history --plays 10000 --titles 2000 history.json

The same seed gives the same file. The other benchmarks import it with `dodo import` into folders
of their own, which they throw away.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PLAYS = 10_000
TITLES = 2_000

ROOT = Path(__file__).resolve().parent.parent
DODO = (sys.executable, "-m", "dodo_tui")

FIRST_CARD = "The Last Reel"
"""The title that is touched last, unfinished: the first card of Continue Watching."""

_NEWEST = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
_SHARE_OF_SERIES = 0.4
_SHARE_UNFINISHED = 0.04
_SHARE_UNFINISHED_LATELY = 0.5
_LATELY = 40
_FIRST_WORDS = ("Silent", "Northern", "Paper", "Second", "Electric", "Hidden", "Late", "Glass")
_SECOND_WORDS = ("Harbour", "Winter", "Orchard", "Signal", "Border", "Kitchen", "Summit", "Tide")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Playable:
    """A film or an episode."""

    key: str
    seconds: float


def make_history(plays: int, titles: int, seed: int = 1) -> Json:
    """An export with so many plays of so many titles; with none of either it is empty."""
    random_ = random.Random(seed)
    media: list[Json] = []
    shelves: list[list[_Playable]] = []
    for number in range(titles):
        is_series = number % 10 < _SHARE_OF_SERIES * 10 and number != titles - 1
        entry, playable = (_series if is_series else _film)(number, random_)
        media.append(entry)
        shelves.append(playable)
    if media:
        media[-1]["title"] = FIRST_CARD
    return {
        "format": "dodo",
        "version": 1,
        "media": media,
        "plays": _plays(plays, shelves, random_) if shelves else [],
    }


def _title(number: int) -> str:
    first = _FIRST_WORDS[number % len(_FIRST_WORDS)]
    second = _SECOND_WORDS[number // len(_FIRST_WORDS) % len(_SECOND_WORDS)]
    return f"{first} {second} {number}"


def _film(number: int, random_: random.Random) -> tuple[Json, list[_Playable]]:
    minutes = random_.randint(80, 160)
    media_id = f"tt{1_000_000 + number}"
    entry = {
        "id": media_id,
        "kind": "movie",
        "title": _title(number),
        "year": random_.randint(1950, 2026),
        "runtime_minutes": minutes,
        "ids": {"tmdb": number + 1},
    }
    return entry, [_Playable(media_id, minutes * 60.0)]


def _series(number: int, random_: random.Random) -> tuple[Json, list[_Playable]]:
    media_id = f"tt{1_000_000 + number}"
    minutes = random_.choice((24, 45, 55))
    begun = _NEWEST - timedelta(days=random_.randint(400, 8000))
    episodes = []
    playable = []
    for season in range(1, random_.randint(1, 4) + 1):
        for episode in range(1, random_.randint(6, 13) + 1):
            aired = begun + timedelta(days=365 * (season - 1) + 7 * (episode - 1))
            episodes.append(
                {
                    "season": season,
                    "number": episode,
                    "title": f"{_title(episode * season)}, part {episode}",
                    "aired_at": _iso(aired),
                }
            )
            playable.append(_Playable(f"{media_id}:{season}:{episode}", minutes * 60.0))
    entry = {
        "id": media_id,
        "kind": "show",
        "title": _title(number),
        "year": begun.year,
        "runtime_minutes": minutes,
        "ids": {"tvdb": number + 1},
        "episodes": episodes,
    }
    return entry, playable


def _plays(count: int, shelves: list[list[_Playable]], random_: random.Random) -> list[Json]:
    """Plays, oldest first: every title at least once if there are enough, series in order."""
    order = [number % len(shelves) for number in range(count - 1)]
    random_.shuffle(order)
    order = [*order, len(shelves) - 1][:count]
    seen = [0] * len(shelves)
    plays = []
    for index, shelf in enumerate(order):
        is_last = index == count - 1
        item = shelves[shelf][seen[shelf] % len(shelves[shelf])]
        share = _SHARE_UNFINISHED if index < count - _LATELY else _SHARE_UNFINISHED_LATELY
        unfinished = is_last or random_.random() < share
        seen[shelf] += not unfinished
        ratio = random_.uniform(0.1, 0.8) if unfinished else random_.uniform(0.92, 1.0)
        position = round(item.seconds * ratio, 1)
        ended = _NEWEST - timedelta(hours=3 * (count - 1 - index))
        plays.append(
            {
                "play_id": f"benchmark-{index:06d}",
                "key": item.key,
                "source": "mpv",
                "started_at": _iso(ended - timedelta(seconds=position)),
                "ended_at": _iso(ended),
                "watched_at": None if unfinished else _iso(ended),
                "position_seconds": position,
                "duration_seconds": item.seconds,
                "ratio": round(ratio, 4),
            }
        )
    return plays


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def environment(folder: Path) -> dict[str, str]:
    """An environment of dodo's own in a folder, with nothing of the user's in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    folders = {
        f"XDG_{kind}_HOME": str(folder / kind.lower())
        for kind in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {
        "LANG": "C.UTF-8",
        **kept,
        **folders,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(runtime),
        "TERM": "xterm-256color",
    }


@contextlib.contextmanager
def dodo_with_history(
    plays: int = PLAYS, titles: int = TITLES, seed: int = 1
) -> Iterator[Mapping[str, str]]:
    """The environment of a dodo that has a history; all of it is thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="dodo-benchmark-") as name:
        folder = Path(name)
        file = folder / "history.json"
        file.write_text(json.dumps(make_history(plays, titles, seed)), "utf-8")
        own = environment(folder)
        subprocess.run(
            [*DODO, "import", str(file)],
            cwd=ROOT,
            env=own,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield own


def database_of(own: Mapping[str, str]) -> Path:
    """The database of such a dodo."""
    return Path(own["XDG_DATA_HOME"]) / "dodo" / "dodo.db"


def add_history_options(parser: argparse.ArgumentParser) -> None:
    """`--plays` and `--titles`."""
    parser.add_argument("--plays", type=int, default=PLAYS, help="plays in the history")
    parser.add_argument("--titles", type=int, default=TITLES, help="titles they are of")


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_history_options(parser)
    parser.add_argument("--seed", type=int, default=1, help="another history of the same size")
    parser.add_argument("file", type=Path, metavar="FILE")
    options = parser.parse_args()
    history = make_history(options.plays, options.titles, options.seed)
    options.file.write_text(json.dumps(history), "utf-8")


if __name__ == "__main__":
    main()
