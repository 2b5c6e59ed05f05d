"""What Simkl made of each fact of a history write.

Simkl: a 201 does not mean stored. `not_found` holds copies of what was sent and not matched, and
`added` counts nothing for what was watched before, so only `not_found` tells.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from dodo_tui.domain.text import clean_text
from dodo_tui.providers.batches import DONE, UNKNOWN
from dodo_tui.providers.facts import Answer, Fact
from dodo_tui.providers.simkl.payloads import Place, place_of
from dodo_tui.providers.simkl.replies import SimklReply

_log = logging.getLogger(__name__)

_SLOTS = {"movies": "movies", "shows": "shows", "anime": "shows", "episodes": "shows"}
"""Where not-found entries come, and the list they were sent in. Simkl: anime are under shows."""


def verdicts(facts: Sequence[Fact], reply: SimklReply) -> tuple[Answer, ...]:
    """One answer per fact, in order: `DONE`, or `UNKNOWN_TITLE` where it was not found."""
    missing = lost([place_of(fact.item) for fact in facts], reply)
    return tuple(UNKNOWN if index in missing else DONE for index in range(len(facts)))


def lost(places: Sequence[Place], reply: SimklReply) -> frozenset[int]:
    """Which of the things that were sent were not found."""
    found: set[int] = set()
    for slot, entry in _not_found(reply):
        alike = matches(slot, entry, places)
        if not alike:
            _log.warning("Simkl: something was not found that was not sent: %s", _named(entry))
        found.update(alike)
    return frozenset(found)


def _not_found(reply: SimklReply) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of `not_found` with the list they were sent in."""
    not_found = reply.record.get("not_found")
    if not isinstance(not_found, dict):
        return
    for name, slot in _SLOTS.items():
        entries = not_found.get(name)
        if isinstance(entries, list):
            yield from ((slot, entry) for entry in entries if isinstance(entry, dict))


def matches(slot: str, entry: dict[str, Any], places: Sequence[Place]) -> list[int]:
    """Which facts an entry stands for: the same title, and its episodes where it names any.

    The very title is looked for first; ids in common will do when Simkl has changed the copy.
    """
    nested = (entry.get(key) for key in ("show", "anime", "movie"))
    title = next((part for part in nested if isinstance(part, dict)), entry)
    here = [i for i, place in enumerate(places) if place.slot == slot]
    same = [i for i in here if _is_same_title(places[i].title, title)]
    alike = same or [i for i in here if _is_alike(places[i].title, title)]
    episodes = set(_episodes(entry))
    if not episodes:
        return alike
    return [i for i in alike if (places[i].season, places[i].number) in episodes]


def _episodes(entry: dict[str, Any]) -> Iterator[tuple[object, object]]:
    """The (season, number) pairs that an entry names."""
    for season in _records(entry.get("seasons")):
        for episode in _records(season.get("episodes")):
            yield season.get("number"), episode.get("number")
    for episode in _records(entry.get("episodes")):
        yield episode.get("season", 1), episode.get("number")
    nested = entry.get("episode")
    single = nested if isinstance(nested, dict) else entry
    number = single.get("number", single.get("episode"))
    if isinstance(number, int):
        yield single.get("season", 1), number


def _ids(title: dict[str, Any]) -> dict[str, str]:
    """Ids as texts: Simkl answers with texts what it was sent as numbers."""
    ids = title.get("ids")
    return {str(k): str(v) for k, v in ids.items()} if isinstance(ids, dict) else {}


def _is_same_title(sent: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether an entry is the copy of what was sent."""
    if _ids(sent) or _ids(told):
        return _ids(sent) == _ids(told)
    return _words(sent) == _words(told) and sent.get("year") == told.get("year")


def _is_alike(sent: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether an entry has an id in common with what was sent, or else its name."""
    if _ids(sent) and _ids(told):
        return bool(_ids(sent).items() & _ids(told).items())
    return bool(_words(sent)) and _words(sent) == _words(told)


def _words(title: dict[str, Any]) -> str:
    return str(title.get("title") or "").casefold()


def _named(entry: dict[str, Any]) -> str:
    return clean_text(str({"title": entry.get("title"), "ids": entry.get("ids")}), 200)


def _records(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
