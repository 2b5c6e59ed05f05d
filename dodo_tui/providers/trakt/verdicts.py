"""What Trakt made of each entry of a write: `not_found` holds what was sent and is not known.

Trakt: the counts do not say which entries were added, so only `not_found` tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.trakt.payloads import slot_of, title_of
from dodo_tui.providers.trakt.replies import TraktReply

Sent = Item | TitleRef


def lost(things: Sequence[Sent], reply: TraktReply) -> set[int]:
    """Which of the things sent were not found, by their places."""
    found: set[int] = set()
    told = reply.record.get("not_found")
    for slot in ("movies", "shows", "seasons", "episodes"):
        for entry in _records(told.get(slot)) if isinstance(told, dict) else ():
            found.update(_matches(slot, entry, things))
    return found


def lost_episodes(reply: TraktReply) -> set[int]:
    """Trakt's ids of the episodes, sent by these, that were not found."""
    told = reply.record.get("not_found")
    entries = _records(told.get("episodes")) if isinstance(told, dict) else []
    ids = [entry.get("ids") for entry in entries]
    numbers = [each.get("trakt") for each in ids if isinstance(each, dict)]
    return {number for number in numbers if isinstance(number, int)}


def _matches(slot: str, entry: dict[str, Any], things: Sequence[Sent]) -> Iterator[int]:
    """The things that an entry stands for: the same title, and the episodes it names."""
    title = entry.get("show") if isinstance(entry.get("show"), dict) else entry
    episodes = set(_episodes(entry))
    for index, thing in enumerate(things):
        if (slot == "movies") != (slot_of(thing) == "movies") or not _is_same(thing, title):
            continue
        place = (thing.season, thing.number) if isinstance(thing, Item) else None
        if not episodes or place in episodes:
            yield index


def _is_same(thing: Sent, told: object) -> bool:
    """Whether an entry has an id in common with what was sent."""
    ids = told.get("ids") if isinstance(told, dict) else None
    if not isinstance(ids, dict):
        return False
    sent = {name: str(value) for name, value in title_of(thing)["ids"].items()}
    return any(sent.get(str(name)) == str(value) for name, value in ids.items())


def _episodes(entry: dict[str, Any]) -> Iterator[tuple[object, object]]:
    """The (season, number) pairs that an entry names."""
    for season in _records(entry.get("seasons")):
        for episode in _records(season.get("episodes")):
            yield season.get("number"), episode.get("number")
    single = entry.get("episode") if isinstance(entry.get("episode"), dict) else entry
    if isinstance(single, dict) and isinstance(single.get("number"), int):
        yield single.get("season"), single.get("number")


def _records(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
