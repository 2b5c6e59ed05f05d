"""How the writes of section 12 name what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dodo_tui.standin.catalogue import OuterKey, resolve_part
from dodo_tui.standin.clock import parse_time
from dodo_tui.standin.messages import (
    ApiError,
    Json,
    JsonObject,
    as_int,
    as_list,
    as_object,
)
from dodo_tui.standin.simkl.endpoint import Call
from dodo_tui.standin.simkl.library import parts_of_whole
from dodo_tui.standin.titles import EpisodeKey, Title

Slot = Literal["movies", "shows"]
"""Where an item is counted: an anime counts as a show."""

_ARRAYS: tuple[tuple[str, OuterKey, Slot], ...] = (
    ("movies", "movie", "movies"),
    ("shows", "show", "shows"),
    ("anime", "anime", "shows"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a write."""

    sent: JsonObject
    """What was sent, as `not_found` repeats it."""
    slot: Slot
    """Where it is counted."""
    title: Title | None
    """What it means; None when nothing was found."""

    @property
    def type_name(self) -> str:
        """`movie` or `show`, as the answers say."""
        return "movie" if self.slot == "movies" else "show"

    @property
    def has_parts(self) -> bool:
        """Whether it names seasons or episodes instead of the whole title."""
        return isinstance(self.sent.get("seasons"), list) or isinstance(
            self.sent.get("episodes"), list
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a title an item names."""

    known: list[tuple[EpisodeKey, datetime]]
    """The parts that exist, and when each was watched."""
    unknown: list[JsonObject]
    """The seasons with the episodes that do not exist, as they were sent."""


def items_of(call: Call, *, with_anime: bool = True) -> list[Item]:
    """The items of a body, found in the catalogue; an `anime` array may be ignored."""
    body = call.request.json()
    if body is not None and not isinstance(body, dict | list):
        raise ApiError(400, "wrong_parameter", "The body is no object")
    items: list[Item] = []
    for array, outer, slot in _ARRAYS:
        if array == "anime" and not with_anime:
            continue
        for sent in as_list(as_object(body).get(array)):
            item = as_object(sent)
            items.append(Item(item, slot, call.world.catalogue.resolve(item, outer)))
    found = [item.title.simkl_id for item in items if item.title is not None]
    call.world.watch.wrote(call.who, found, call.request, call.now)
    call.world.watch.batch(len(items), call.request, call.now)
    return items


def not_found(items: list[Item]) -> dict[str, Json]:
    """The items nothing was found for, by slot."""
    return {
        slot: [item.sent for item in items if item.slot == slot and item.title is None]
        for slot in ("movies", "shows")
    }


def parts_of(item: Item, title: Title, now: datetime) -> Parts:
    """The parts an item names; a whole title when it names none.

    A time may stand on the episode, its season or the title; the nearest counts, else now.
    """
    at = parse_time(item.sent.get("watched_at")) or now
    if title.is_film or not item.has_parts:
        return Parts([(key, at) for key in parts_of_whole(title, now)], [])
    seasons = [as_object(season) for season in as_list(item.sent.get("seasons"))]
    if isinstance(item.sent.get("episodes"), list):
        seasons.append({"number": 1, "episodes": item.sent["episodes"]})
    use_tvdb = item.sent.get("use_tvdb_anime_seasons") is True
    parts = Parts([], [])
    for season in seasons:
        _add_season(parts, title, season, now, at, use_tvdb=use_tvdb)
    return parts


def _add_season(
    parts: Parts, title: Title, season: JsonObject, now: datetime, at: datetime, *, use_tvdb: bool
) -> None:
    season_at = parse_time(season.get("watched_at")) or at
    number = as_int(season.get("number"))
    if not isinstance(season.get("episodes"), list):
        whole = _whole_season(title, 1 if number is None else number, now, use_tvdb=use_tvdb)
        parts.known.extend((key, season_at) for key in whole)
        if not whole:
            parts.unknown.append(season)
        return
    missing: list[Json] = []
    for sent in as_list(season["episodes"]):
        episode = as_object(sent)
        wanted: JsonObject = {**episode, "season": number}
        key = resolve_part(title, wanted, tvdb_numbering=use_tvdb)
        if key is None:
            missing.append(sent)
        else:
            parts.known.append((key, parse_time(episode.get("watched_at")) or season_at))
    if missing:
        parts.unknown.append({"number": number, "episodes": missing})


def _whole_season(title: Title, season: int, now: datetime, *, use_tvdb: bool) -> list[EpisodeKey]:
    by_tvdb = use_tvdb and title.kind == "anime"
    return [
        episode.key
        for episode in title.episodes
        if (episode.tvdb_season if by_tvdb else episode.season) == season and episode.has_aired(now)
    ]
