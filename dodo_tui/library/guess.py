"""The one place that asks guessit; it is imported when the first name is guessed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dodo_tui.domain.text import clean_text

MAX_GUESSED_CHARACTERS = 200
"""guessit's time grows steeply with repeated patterns: 1 200 characters can take 12 s."""

# A country is part of a title here ("The Office US", the film "Us"). The settings of a guessit
# that the user may have are not ours.
_OPTIONS: Mapping[str, Any] = {"no_user_config": True, "excludes": ["country"]}

_lock = threading.Lock()
"""guessit keeps one parser for the process; a scan and a `play` may ask at once."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What guessit made of a name; all text is cleaned."""

    title: str = ""
    year: int | None = None
    season: int | None = None
    numbers: tuple[int, ...] = ()
    episode_title: str | None = None
    website: str | None = None
    is_ova: bool = False


def guess(name: str, *, is_episode: bool, count_through: bool = False) -> Guess:
    """Guess the parts of one name, told whether it is an episode's.

    `count_through` reads `101` as episode 101 and not as season 1, episode 1. A name on which
    guessit breaks gives an empty guess.
    """
    from guessit import guessit
    from guessit.api import GuessitException

    options = {
        **_OPTIONS,
        "type": "episode" if is_episode else "movie",
        "episode_prefer_number": count_through,
    }
    asked = name.replace("/", " ").replace("\\", " ")[:MAX_GUESSED_CHARACTERS]
    try:
        with _lock:
            found = guessit(asked, options)
    except GuessitException:
        return Guess()
    return Guess(
        title=_title(found),
        year=_number(found.get("year")),
        season=_number(found.get("season")),
        numbers=_numbers(found.get("episode")),
        episode_title=_text(found.get("episode_title")) or None,
        website=_text(found.get("website")) or None,
        is_ova="Original Animated Video" in _several(found.get("other")),
    )


def _title(found: Mapping[str, Any]) -> str:
    """The whole title: guessit cuts it at dashes and takes `Part 2` off."""
    title = _text(found.get("title"))
    rest = [_text(part) for part in _several(found.get("alternative_title"))]
    title = " - ".join(part for part in (title, *rest) if part)
    part = _number(found.get("part"))
    if title and part is not None and found.get("type") == "movie":
        title = f"{title} Part {part}"
    return title


def _several(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _text(value: object) -> str:
    first = next(iter(_several(value)), "")
    return clean_text(first) if isinstance(first, str) else ""


def _number(value: object) -> int | None:
    first = next(iter(_several(value)), None)
    return first if isinstance(first, int) else None


def _numbers(value: object) -> tuple[int, ...]:
    return tuple(number for number in _several(value) if isinstance(number, int))
